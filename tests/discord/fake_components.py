"""What Discord refuses in buttons, selects and modals.

Layouts of the second version (flag 1 << 15) are not known here: they fail as an unknown type.
"""

from __future__ import annotations

from collections.abc import Iterator

from fake_errors import Problem
from fake_payloads import Payload
from fake_texts import required, too_long, too_many

ROW, BUTTON, STRING_SELECT, TEXT_INPUT, TEXT_DISPLAY, LABEL = 1, 2, 3, 4, 10, 18
OTHER_SELECTS = (5, 6, 7, 8)
LINK, PREMIUM = 5, 6
ONE_OF = "Value must be one of {}."


def message_components(rows: list[Payload]) -> Iterator[Problem]:
    """Problems of a message's components: 5 rows of 5 buttons or of one select."""
    yield from too_many("components", rows, 5)
    for n, row in enumerate(rows):
        where = f"components.{n}"
        if row.get("type") != ROW:
            yield Problem(f"{where}.type", ONE_OF.format({ROW}), "BASE_TYPE_CHOICES")
            continue
        inside = row.get("components") or []
        selects = [one for one in inside if one.get("type") != BUTTON]
        if not 1 <= len(inside) <= 5 or (selects and len(inside) > 1):
            text = "Must be between 1 and 5 in length."
            yield Problem(f"{where}.components", text, "BASE_TYPE_BAD_LENGTH")
        for m, one in enumerate(inside):
            yield from _interactive(f"{where}.components.{m}", one)
    yield from _same_twice(rows)


def modal_problems(modal: Payload) -> Iterator[Problem]:
    """Problems of a modal: title 45, 1 to 5 parts, each input labelled with at most 45."""
    yield from required("data.title", modal.get("title"), 45)
    yield from required("data.custom_id", modal.get("custom_id"), 100)
    parts = modal.get("components") or []
    if not 1 <= len(parts) <= 5:
        text = "Must be between 1 and 5 in length."
        yield Problem("data.components", text, "BASE_TYPE_BAD_LENGTH")
    for n, part in enumerate(parts):
        where = f"data.components.{n}"
        match part.get("type"):
            case 1 if len(part.get("components") or []) == 1:
                (inside,) = part["components"]
                yield from required(f"{where}.components.0.label", inside.get("label"), 45)
                yield from _text_input(f"{where}.components.0", inside)
            case 18:
                yield from required(f"{where}.label", part.get("label"), 45)
                yield from too_long(f"{where}.description", part.get("description"), 100)
                inside = part.get("component") or {}
                check = _text_input if inside.get("type") == TEXT_INPUT else _select
                yield from check(f"{where}.component", inside)
            case 10:
                yield from required(f"{where}.content", part.get("content"), 4000)
            case _:
                yield Problem(f"{where}.type", ONE_OF.format({ROW, TEXT_DISPLAY, LABEL}))
    yield from _same_twice(parts)


def leaves(parts: list[Payload]) -> Iterator[Payload]:
    """The buttons, selects and inputs inside rows and labels."""
    for part in parts:
        if part.get("component"):
            yield part["component"]
        yield from part.get("components") or ()


def _interactive(where: str, one: Payload) -> Iterator[Problem]:
    if one.get("type") == BUTTON:
        yield from _button(where, one)
    else:
        yield from _select(where, one)


def _button(where: str, button: Payload) -> Iterator[Problem]:
    yield from too_long(f"{where}.label", button.get("label"), 80)
    style = button.get("style")
    if style not in range(1, 7):
        yield Problem(f"{where}.style", ONE_OF.format("{1, 2, 3, 4, 5, 6}"), "BASE_TYPE_CHOICES")
    if style != PREMIUM and not button.get("label") and not button.get("emoji"):
        yield Problem(where, "A button needs a label or an emoji", "BUTTON_COMPONENT_EMPTY")
    if style == LINK:
        yield from required(f"{where}.url", button.get("url"), 512)
        url = str(button.get("url") or "https:")
        if not url.startswith(("http:", "https:", "discord:")):
            text = "Scheme must be one of ('http', 'https', 'discord')."
            yield Problem(f"{where}.url", text, "URL_TYPE_INVALID_SCHEME")
        if button.get("custom_id"):
            text = "A custom id and url cannot both be specified"
            yield Problem(where, text, "BUTTON_COMPONENT_CUSTOM_ID_URL_BOTH_SPECIFIED")
    elif style != PREMIUM:
        yield from required(f"{where}.custom_id", button.get("custom_id"), 100)
        if button.get("url"):
            text = "A custom id and url cannot both be specified"
            yield Problem(where, text, "BUTTON_COMPONENT_CUSTOM_ID_URL_BOTH_SPECIFIED")


def _select(where: str, select: Payload) -> Iterator[Problem]:
    if select.get("type") not in (STRING_SELECT, *OTHER_SELECTS):
        yield Problem(f"{where}.type", ONE_OF.format("{2, 3, 5, 6, 7, 8}"), "BASE_TYPE_CHOICES")
        return
    yield from required(f"{where}.custom_id", select.get("custom_id"), 100)
    yield from too_long(f"{where}.placeholder", select.get("placeholder"), 150)
    options = select.get("options") or []
    least, most = select.get("min_values", 1), select.get("max_values", 1)
    if not 0 <= least <= 25 or not 1 <= most <= 25 or least > most:
        yield Problem(f"{where}.max_values", "Must be between 1 and 25.", "NUMBER_TYPE_MAX")
    if select["type"] != STRING_SELECT:
        return
    if not 1 <= len(options) <= 25:
        text = "Must be between 1 and 25 in length."
        yield Problem(f"{where}.options", text, "BASE_TYPE_BAD_LENGTH")
    elif most > len(options):
        yield Problem(f"{where}.max_values", f"Must be {len(options)} or less.", "NUMBER_TYPE_MAX")
    for n, option in enumerate(options):
        yield from required(f"{where}.options.{n}.label", option.get("label"), 100)
        yield from required(f"{where}.options.{n}.value", option.get("value"), 100)
        yield from too_long(f"{where}.options.{n}.description", option.get("description"), 100)
    if len({option.get("value") for option in options}) < len(options):
        text = "The specified option value is already used"
        yield Problem(f"{where}.options", text, "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED")


def _text_input(where: str, text_input: Payload) -> Iterator[Problem]:
    if text_input.get("type") != TEXT_INPUT:
        yield Problem(f"{where}.type", ONE_OF.format({TEXT_INPUT}), "BASE_TYPE_CHOICES")
        return
    yield from required(f"{where}.custom_id", text_input.get("custom_id"), 100)
    yield from too_long(f"{where}.placeholder", text_input.get("placeholder"), 100)
    yield from too_long(f"{where}.value", text_input.get("value"), 4000)
    if text_input.get("style") not in (1, 2):
        yield Problem(f"{where}.style", ONE_OF.format({1, 2}), "BASE_TYPE_CHOICES")
    least = text_input.get("min_length")
    most = text_input.get("max_length")
    if not 0 <= (0 if least is None else least) <= (4000 if most is None else most) <= 4000:
        yield Problem(f"{where}.max_length", "Must be between 1 and 4000.", "NUMBER_TYPE_MAX")


def _same_twice(parts: list[Payload]) -> Iterator[Problem]:
    ids = [one["custom_id"] for one in leaves(parts) if one.get("custom_id")]
    if len(set(ids)) < len(ids):
        text = "Component custom id cannot be duplicated"
        yield Problem("components", text, "COMPONENT_CUSTOM_ID_DUPLICATED")
