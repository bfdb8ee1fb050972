"""The catalogues of the interface: every text is there, and says it with the same parts."""

from __future__ import annotations

import ast
import re
import string
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.catalog import Message as Entry
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po

from bot.languages import (
    CATALOGUES,
    LANGUAGES,
    OWN_NAMES,
    Language,
    Message,
    _,
    language,
    ngettext,
    of_locale,
    speak,
    speaking,
)

ROOT = Path(__file__).parents[2]
KEYWORDS = {**DEFAULT_KEYWORDS, "NP_": (1, 2)}
TRANSLATED: tuple[Language, ...] = tuple(one for one in LANGUAGES if one != "en")
MARKUP = re.compile(r"`[^`]*`|[*_~|<>#\[\]\\]|^- |\n|→|…", re.MULTILINE)

Key = tuple[str | None, str | tuple[str, ...]]

in_each_language = pytest.mark.parametrize("lang", TRANSLATED)


@cache
def extracted() -> frozenset[Key]:
    """The texts that the code marks, each with its context."""
    found = extract_from_dir(ROOT / "bot", keywords=KEYWORDS)
    return frozenset((context, text) for _file, _line, text, _comments, context in found)


@cache
def entries(lang: Language) -> Catalog:
    with (CATALOGUES / lang / "LC_MESSAGES" / "dateline.po").open("rb") as file:
        return read_po(file, locale=lang)


def texts(lang: Language) -> Iterator[tuple[Entry, str, str]]:
    """Each entry with each of its translations, and the English text that stands for that one."""
    for entry in entries(lang):
        if not entry.id:
            continue
        if isinstance(entry.id, tuple):
            for translated in entry.string:
                yield entry, entry.id[1], translated
        else:
            yield entry, entry.id, str(entry.string)


def fields(text: str) -> set[str]:
    return {name for _literal, name, _spec, _conversion in string.Formatter().parse(text) if name}


def test_there_is_something_to_translate() -> None:
    assert (None, "Which do you mean?") in extracted()
    assert (None, ("{count} day", "{count} days")) in extracted()
    assert ("built", "never") in extracted()
    assert set(OWN_NAMES) == set(LANGUAGES)
    assert {one.name for one in CATALOGUES.iterdir()} == set(TRANSLATED)


def test_no_text_is_overlooked() -> None:
    """Babel reads no calls inside f-strings."""
    known = {text for _context, text in extracted()}
    for file in (ROOT / "bot").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            literal = [one.value for one in node.args if isinstance(one, ast.Constant)]
            if node.func.id in ("_", "N_") and literal:
                assert literal[0] in known, (file, literal)
            elif node.func.id in ("ngettext", "NP_") and len(literal) > 1:
                assert tuple(literal[:2]) in known, (file, literal)
            elif node.func.id == "pgettext" and len(literal) > 1:
                assert tuple(literal) in extracted(), (file, literal)


@in_each_language
def test_every_text_is_translated_and_no_other(lang: Language) -> None:
    there = {(entry.context, entry.id) for entry in entries(lang) if entry.id}
    assert there == extracted()
    assert not entries(lang).obsolete
    for entry, _english, translated in texts(lang):
        assert translated and not entry.fuzzy, entry.id


@in_each_language
def test_a_translation_has_the_same_fields_and_markup(lang: Language) -> None:
    for _entry, english, translated in texts(lang):
        assert fields(translated) == fields(english), translated
        assert Counter(MARKUP.findall(translated)) == Counter(MARKUP.findall(english)), translated


@in_each_language
def test_a_translation_is_tidy(lang: Language) -> None:
    for _entry, english, translated in texts(lang):
        ends = [text[-1] if text[-1] in ".:…?" else "" for text in (english, translated)]
        assert ends[0] == ends[1], translated
        assert (translated != translated.strip()) == (english != english.strip()), translated
        assert "  " not in translated, translated
        assert len(translated) <= 1.6 * len(english) + 20, translated


@in_each_language
def test_plural_forms(lang: Language) -> None:
    assert entries(lang).num_plurals == 2
    for entry in entries(lang):
        assert not isinstance(entry.id, tuple) or len(entry.string) == 2, entry.id
    days = {"de": ("Tag", "Tage"), "fr": ("jour", "jours"), "es": ("día", "días")}[lang]
    with speaking(lang):
        told = [ngettext("{count} day", "{count} days", n) for n in (0, 1, 2, 11, 1000)]
    # Of nothing, the French speak in the singular.
    expected = [days[lang != "fr"], days[0], days[1], days[1], days[1]]
    assert told == [f"{{count}} {word}" for word in expected]


def test_english_is_what_the_code_says() -> None:
    assert language() == "en"
    assert _("Which do you mean?") == "Which do you mean?"
    assert _("") == "" and _("No catalogue has this.") == "No catalogue has this."


def test_a_text_with_values_is_a_string_that_is_translated_late() -> None:
    late = Message("{count} added", count=3)
    assert late == "3 added"
    late = Message("A file may have at most {most} MB. Nothing was added.", most=16)
    with speaking("fr"):
        assert _(late) == "Un fichier peut avoir au plus 16 Mo. Rien n'a été ajouté."
    assert _(late) == late


def test_an_outside_text_is_never_formatted() -> None:
    with speaking("de"):
        assert _("{0.__class__} {day") == "{0.__class__} {day"


def test_the_language_is_the_tasks_own() -> None:
    with speaking("es"):
        speak("fr")
        assert language() == "fr"
    assert language() == "en"


def test_discords_locales() -> None:
    told = {one: of_locale(one) for one in ("de", "fr", "es-ES", "es-419", "en-GB", "it", "", "e")}
    assert told == {
        "de": "de", "fr": "fr", "es-ES": "es", "es-419": "es", "en-GB": "en",
        "it": None, "": None, "e": None,
    }  # fmt: skip
