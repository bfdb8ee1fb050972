"""Numbers as people read them, in the language in force."""

from __future__ import annotations

from bot.languages import language


def count(number: int) -> str:
    """ "1,234", "1.234"."""
    if language() == "en":
        return f"{number:,}"
    from babel.numbers import format_decimal

    return format_decimal(number, locale=language())


def decimal(number: float) -> str:
    """With one place: "1.2", "1,2"."""
    text = f"{number:.1f}"
    return text if language() == "en" else text.replace(".", ",")


def percent(share: float) -> str:
    """ "83%", "83 %"."""
    text = f"{share:.0%}"
    if language() == "en":
        return text
    from babel.numbers import format_percent

    return format_percent(int(text[:-1]) / 100, locale=language())
