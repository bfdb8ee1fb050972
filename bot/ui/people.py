"""Names of authors as style guides put them. Which part is the surname is told by simple rules.

"Surname, Given" is taken as it says. Else the last word is the surname, with the particles before
it ("van der Berg"). A name of one word, or with a word that newsrooms and offices have, is a
group's, and stays as it is.
"""

from __future__ import annotations

import re

_PARTICLES = re.compile(
    r"af|al|bin|da|das|de|del|della|den|der|di|dos|du|el|ibn|la|le|te[nr]|van|von|zu", re.IGNORECASE
)
_SUFFIXES = re.compile(r"(?:jr|sr)\.?|iii?|iv", re.IGNORECASE)
_GROUP = re.compile(
    r"\b(?:agency|agencies|and|association|bureau|company|correspondents?|council|department|desk"
    r"|editors?|editorial|foundation|group|inc|institute|ltd|magazine|media|ministry|network|news"
    r"|newsroom|of|office|post|press|reporters?|service|staff|team|the|times|university|wire)\b"
    r"|[\d&@/]",
    re.IGNORECASE,
)


def parted(name: str) -> tuple[str, str, str]:
    """Surname, given names and suffix ("Jr."); of a group, its name and nothing else."""
    surname, comma, given = (part.strip() for part in name.partition(","))
    if comma and surname and given and not _SUFFIXES.fullmatch(given):
        given, _, suffix = (part.strip() for part in given.partition(","))
        return surname, given, suffix
    words = (surname if _SUFFIXES.fullmatch(given) else name).split()
    suffix = given if _SUFFIXES.fullmatch(given) else ""
    if not suffix and len(words) > 2 and _SUFFIXES.fullmatch(words[-1]):
        suffix = words.pop()
    if len(words) < 2 or _GROUP.search(name) or (comma and not suffix):
        return name, "", ""
    start = len(words) - 1
    while start > 1 and _PARTICLES.fullmatch(words[start - 1]):
        start -= 1
    return " ".join(words[start:]), " ".join(words[:start]), suffix


def surname(name: str) -> str:
    return parted(name)[0]


def initialed(name: str) -> str:
    """ "Jean-Paul van der Berg" as "van der Berg, J.-P."."""
    last, given, suffix = parted(name)
    initials = " ".join(map(_initial, given.split()))
    return ", ".join(filter(None, (last, initials, suffix)))


def _initial(word: str) -> str:
    return "-".join(f"{part[0]}." for part in word.split("-") if part)
