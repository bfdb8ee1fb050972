"""A quote as a BibTeX entry that TeX prints as it stands.

Names as Oren Patashnik's "BibTeXing" (1988) has them; `url`, `urldate` and `day` are biblatex's,
and other styles pass over fields that they do not know.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

from bot.ui.dates import MONTHS
from bot.ui.people import parted
from bot.ui.visible import inline
from index.article import Article

# Braces by name: BibTeX counts them without reading backslashes.
_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "`": r"\textasciigrave{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    **{character: f"\\{character}" for character in "$&#%_"},
}
# TeX joins these into one sign: two hyphens into a dash, two apostrophes into a quotation mark.
_LIGATURE = re.compile(r"(?<=-)-|(?<=')'|(?<=,),")


def bibtex_entry(
    article: Article, quote: str, *, url: str, page: int | None, accessed: dt.date
) -> str:
    """The entry; `url` is an address of ASCII without braces and backslashes, or ""."""
    source, day = inline(article.source), article.date
    fields = {
        "author": " and ".join(_author(name) for one in article.authors if (name := inline(one))),
        "title": f"{{{escape_tex(inline(article.title))}}}" if inline(article.title) else "",
        "journal": escape_tex(source),
        "year": str(day.year) if day else "",
        # A macro of every style, so that it is printed in the bibliography's language.
        "month": MONTHS[day.month - 1][:3].lower() if day else "",
        "day": str(day.day) if day else "",
        "pages": str(page) if page else "",
        "url": url,
        "urldate": accessed.isoformat() if url else "",
        "annote": escape_tex(inline(quote)),
    }
    rows = [
        f"  {name} = {value}," if name == "month" else f"  {name} = {{{value}}},"
        for name, value in fields.items()
        if value
    ]
    kind = "article" if source else "misc"
    return "\n".join([f"@{kind}{{{_key(article)},", *rows, "}"])


def escape_tex(text: str) -> str:
    """`text` as TeX that prints it literally."""
    text = _LIGATURE.sub(lambda found: f"\0{found[0]}", text)
    shown = "".join(_SPECIAL.get(character, character) for character in text)
    return shown.replace("\0", "{}")


def _author(name: str) -> str:
    """ "Surname, Suffix, Given"; a group in braces, which keep it whole."""
    last, given, suffix = (escape_tex(part) for part in parted(name))
    if not given:
        return f"{{{last}}}"
    return ", ".join(filter(None, (f"{{{last}}}", f"{{{suffix}}}" if suffix else "", given)))


def _key(article: Article) -> str:
    """Such as `melnychuk2022bridge`: first author or source, year, first long word of the title."""
    authors = [name for author in article.authors if (name := inline(author))]
    who = _letters(parted(authors[0])[0] if authors else article.source)
    word = next((w for w in map(_letters, article.title[:500].split()) if len(w) > 3), "")
    year = str(article.date.year) if article.date else ""
    return (who[:20] + year + word[:20]) or "article"


def _letters(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text[:500]).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z]", "", plain.lower())
