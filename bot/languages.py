"""The languages of the interface: English in the code, the others in catalogues of GNU gettext.

`_`, `ngettext` and `pgettext` give a text in the language in force, which is one for each task and
each thread that `asyncio.to_thread` starts. `N_` and `NP_` only mark texts that are evaluated at
import: whoever shows them passes them on to `_` and `ngettext`. Nothing from outside is looked up:
texts have fields in braces, which `str.format` fills in after the translation.
"""

from __future__ import annotations

import contextlib
import gettext as gnu
import io
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Literal, get_args

Language = Literal["en", "de", "fr", "es"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

OWN_NAMES: Mapping[Language, str] = {
    "de": "Deutsch",
    "en": "English",
    "es": "Español",
    "fr": "Français",
}

CATALOGUES = Path(__file__).parent / "ui" / "locales"

_in_force: ContextVar[Language] = ContextVar("language", default="en")


class Message(str):
    """A marked text with values, evaluated at import. As a string, it is the English one."""

    template: str
    values: Mapping[str, object]

    def __new__(cls, template: str, **values: object) -> Message:
        message = super().__new__(cls, template.format(**values))
        message.template, message.values = template, values
        return message


# -- the language in force -----------------------------------------------------------------


def language() -> Language:
    return _in_force.get()


def speak(language: Language) -> None:
    """The language from here on in the current task, and in those that it starts."""
    _in_force.set(language)


@contextlib.contextmanager
def speaking(language: Language) -> Iterator[None]:
    before = _in_force.set(language)
    try:
        yield
    finally:
        _in_force.reset(before)


def of_locale(locale: str) -> Language | None:
    """The language of one of Discord's locales, such as "es-ES"; None if there is none."""
    found = locale.partition("-")[0]
    return next((one for one in LANGUAGES if one == found), None)


# -- texts ---------------------------------------------------------------------------------


def _(message: str) -> str:
    """The text in the language in force; English where the catalogue has none."""
    if isinstance(message, Message):
        return _(message.template).format(**message.values)
    # The catalogue's own header stands under "".
    return catalogue(language()).gettext(message) if message else ""


def ngettext(singular: str, plural: str, count: int) -> str:
    return catalogue(language()).ngettext(singular, plural, count)


def pgettext(context: str, message: str) -> str:
    """The text where the English one could mean different things; `context` tells which."""
    return catalogue(language()).pgettext(context, message)


def N_(message: str) -> str:
    return message


def NP_(singular: str, plural: str) -> tuple[str, str]:
    return singular, plural


# -- catalogues ----------------------------------------------------------------------------


@cache
def catalogue(language: Language) -> gnu.NullTranslations:
    """Reads the file the first time, which takes some milliseconds: see `load`."""
    if language == "en":
        return gnu.NullTranslations()
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with (CATALOGUES / language / "LC_MESSAGES" / "dateline.po").open("rb") as file:
        texts = read_po(file, locale=language)
    compiled = io.BytesIO()
    write_mo(compiled, texts)
    compiled.seek(0)
    return gnu.GNUTranslations(compiled)


def load() -> None:
    """Reads all catalogues, and what Babel knows of their languages. Blocking."""
    import datetime as dt

    from babel.dates import format_skeleton

    for one in LANGUAGES:
        catalogue(one)
        format_skeleton("yMMMd", dt.date(2022, 10, 6), locale=one)
