"""Headers at the top of a text file: a date in front of the body, `key: value` lines, or front
matter between `---` lines.

Eating prose would be worse than indexing a header, so whatever is not surely a header is body.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from index.loaders.fields import clean_authors, clean_tags, parse_date, split_authors, split_tags
from index.loaders.title import one_line

KEYS = frozenset({"title", "date", "source", "url", "id", "author", "authors", "tags"})
_LISTS = frozenset({"author", "authors", "tags"})

_ISO_SHAPE = r"([0-9]{4}-[0-9]{1,2}-[0-9]{1,2})"
_BLANK_LINES = re.compile(r"(?:[ \t]*(?:\r\n|\n|\r))*")
_LINE = re.compile(r"([^\r\n]*)(\r\n|\n|\r|\Z)")
_KEY_VALUE = re.compile(r"[ \t]*([A-Za-z]+)[ \t]*:(.*)")
# " date 2022-10-06 The US has…": a time of day after the date is no body but part of the value.
_DATE_THEN_BODY = re.compile(
    rf"\s*date(?:[ \t]*:[ \t]*|[ \t]+){_ISO_SHAPE}[ \t]+(?![0-9]{{2}}:[0-9]{{2}})(?=\S)",
    re.IGNORECASE,
)
_DATE_ON_ITS_LINE = re.compile(
    rf"\s*date[ \t]+{_ISO_SHAPE}[ \t]*(?:\r\n|\n|\r)(?:[ \t]*(?:\r\n|\n|\r))*", re.IGNORECASE
)
_YAML_KEY = re.compile(r"([A-Za-z_][\w.-]*)[ \t]*:(?:[ \t]+(.*)|)")
_YAML_OTHER = re.compile(r"[ \t]+\S.*|-.*|#.*|[ \t]*|[\]}],?[ \t]*")
_LONGEST_VALUE = 10_000
"""Code points after which a value's further lines are dropped: adding each takes ever longer."""
_YAML_BLOCK = re.compile(r"[|>][+-]?[0-9]?|")
_YAML_ITEM = re.compile(r"""\s*("[^"]*"\s*|'[^']*'\s*|[^,]*)(?:,|\Z)""")


@dataclass(frozen=True)
class Header:
    """What a header says; "" and None where it says nothing."""

    title: str = ""
    date: dt.date | None = None
    source: str = ""
    url: str = ""
    id: str = ""
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


def split_header(text: str) -> tuple[Header, str]:
    """The header of `text` and the body after it, unchanged to the last character.

    A text without a header is all body. Raises ValueError for a date that is none.
    """
    if found := _front_matter(text) or _key_values(text):
        values, start = found
        return _header(values), text[start:]
    if match := _DATE_THEN_BODY.match(text) or _DATE_ON_ITS_LINE.match(text):
        return _header({"date": match[1]}), text[match.end() :]
    return Header(), text


def _header(values: dict[str, str]) -> Header:
    plain = {key: one_line(values.get(key, "")) for key in KEYS}
    return Header(
        title=plain["title"],
        date=parse_date(plain["date"]),
        source=plain["source"],
        url=plain["url"],
        id=plain["id"],
        authors=_authors(values.get("authors", "")) or _authors(values.get("author", "")),
        tags=_tags(values.get("tags", "")),
    )


def _authors(value: str) -> tuple[str, ...]:
    """Of `a; b`, of YAML's `[a, "b, c"]`, and of its list of `- a` lines, which come as lines."""
    value = value.strip()
    if value.startswith("[") and value.endswith("]"):
        names = [item[1] for item in _YAML_ITEM.finditer(value[1:-1])]
    else:
        names = list(split_authors(value))
    # Of YAML's nested `name: Jane Doe`, what is a name and what is not cannot be told here.
    return clean_authors(_unquoted(name) for name in names if not _YAML_KEY.fullmatch(name))


def _tags(value: str) -> tuple[str, ...]:
    """Of `a, b`, of YAML's `[a, "b"]`, and of its list of `- a` lines, which come as lines."""
    value = value.strip()
    if value.startswith("[") and value.endswith("]"):
        value = value[1:-1]
    return clean_tags(map(_unquoted, split_tags(value)))


def _lines(text: str, start: int) -> Iterator[tuple[str, int]]:
    """Each line without its end, and where the next one starts."""
    while start < len(text) and (match := _LINE.match(text, start)):
        start = match.end()
        yield match[1], start


def _after_blank_lines(text: str, start: int) -> int:
    match = _BLANK_LINES.match(text, start)
    return match.end() if match else start


def _key_values(text: str) -> tuple[dict[str, str], int] | None:
    values: dict[str, str] = {}
    if _DATE_THEN_BODY.match(text):
        return None
    for line, after in _lines(text, _after_blank_lines(text, 0)):
        if not line.strip():
            return (values, _after_blank_lines(text, after)) if values else None
        match = _KEY_VALUE.fullmatch(line)
        key = match[1].lower() if match else ""
        if not match or key not in KEYS:
            return None
        value = _unquoted(match[2])
        if key == "date" and value and not any(c.isdigit() for c in value):
            return None  # "Date: a fruit of the desert"
        values[key] = value
    return None


def _front_matter(text: str) -> tuple[dict[str, str], int] | None:
    """Flat `key: value` pairs of YAML front matter; unknown keys and nested values are ignored."""
    values: dict[str, str] = {}
    key = ""
    for number, (line, after) in enumerate(_lines(text, 0)):
        if number == 0:
            if line.rstrip() != "---":
                return None
        elif line.rstrip() in ("---", "..."):
            # Two rules around a paragraph are no front matter: one known key has to be there.
            return (values, _after_blank_lines(text, after)) if KEYS & values.keys() else None
        elif match := _YAML_KEY.fullmatch(line):
            key = match[1].lower()
            value = (match[2] or "").strip()
            values[key] = "" if _YAML_BLOCK.fullmatch(value) else _unquoted(value)
        elif not _YAML_OTHER.fullmatch(line):
            return None
        elif key and len(values[key]) < _LONGEST_VALUE:
            if key in _LISTS and line.strip().startswith("- "):
                values[key] = f"{values[key]}\n{line.strip()[2:]}"
            elif line[:1] in " \t" and not line.strip().startswith("- "):
                # A long value goes on in indented lines.
                values[key] = f"{values[key]} {line.strip()}".strip()
    return None


def _unquoted(value: str) -> str:
    value = value.strip()
    if len(value) >= 2 and value[0] == value[-1] and value[0] in "\"'":
        quote = value[0]
        inner = value[1:-1]
        return inner.replace("''", "'") if quote == "'" else inner.replace('\\"', '"')
    return value
