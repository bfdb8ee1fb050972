"""Words that belong together: whole names, and numbers with what they count in.

English spelling alone is looked at: capitals, particles ("al", "van", "of" after "University"),
initials. Titles ("President", "Gen.") are no part of the name that follows them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.qa.reading.function_words import FUNCTION_WORDS
from bot.qa.reading.words import Word
from index.names import COMMON_WORDS

MAX_NAME_WORDS = 8
"""More capitals in a row are a headline, not a name."""

Run = tuple[int, int]
"""The first and the last of some words, both inside."""

# Between two words of a name.
_GAP = re.compile(r"[^\S\n\r]+(?:&[^\S\n\r]+)?")
_LINE_BREAK = re.compile(r"[^\S\n\r]*\r?\n[^\S\n\r]*")
_WRAPPED_LINE = range(50, 101)
"""Code points of a line that was broken to fit, not to end something."""

_PREFIXED = re.compile(r"[a-z]{1,4}[-'\u2019]?[A-Z]")  # al-Hashimi, d'Estaing, iPhone
_LOWER_TAIL = re.compile(r"-[a-z]{2,}$")  # Paris-based
_OPENING = frozenset("\"'“\u2018«„([{):•-\u2013—*")

_PARTICLES = frozenset(
    "al el bin ibn bint abu van von der den de del della di da do dos das du la le zu ul y".split()  # noqa: SIM905
)
_FIRST_PARTICLES = frozenset("al el bin ibn van von de del della di da du".split())  # noqa: SIM905
_INSTITUTIONS = frozenset(
    """
    Academy Agency Archdiocese Association Authority Bank Bay Bishop Board Bureau Cape Cathedral
    Center Centers Centre Chamber Church City College Commission Committee Commonwealth
    Confederation Conference Congress Council Court Department Diocese Directorate Emirate
    Emirates Faculty
    Federation Foundation Fund Government Guild Gulf High Hospital House Institute Institutes
    Isle Isles Kingdom League Library Ministry Museum Office Order Organisation Organization Palace
    Parliament Party Republic School Sea Secretariat Senate Society State States Strait Temple Tower
    Trust Union University
    """.split()  # noqa: SIM905  reads better
)
"""What "of" and "for" follow in a name."""
_TITLES = frozenset(
    """
    Adm. Admiral Ambassador Archbishop Ayatollah Brig. Brigadier Capt. Captain Chancellor Chairman
    Chairwoman Chief Cmdr. Col. Colonel Commander Commissioner Congressman Congresswoman Consul Cpl.
    Corporal Councillor Councilman Councilwoman Crown Dame Defence Defense Deputy Det. Director Dr.
    Dr Doctor Duke Emir Emperor Empress Executive Father Finance First Former Foreign Gen. General
    Gov. Governor Health Home Hon. Imam Inspector Interior Judge Justice King Lady Lady. Leader
    Lieutenant Lord Lt. Maj. Major Marshal Mayor Minister Miss Mr Mr. Mrs Mrs. Ms Ms. Mullah Officer
    Pope Premier President Prime Prince Princess Prof. Professor Queen Rabbi Rep. Representative
    Rev. Reverend Sec. Secretary Sen. Senator Sergeant Sgt. Sheik Sheikh Sir Sister Speaker Sultan
    Superintendent Supreme Vice
    """.split()  # noqa: SIM905  reads better
)
_TITLES_AND_SURNAMES = frozenset({"Bishop", "Duke", "Judge", "King", "Lord", "Pope", "Prince"})
_LAST = frozenset({"Jr.", "Jr", "Sr.", "Sr", "II", "III", "IV"})
_DAYS = frozenset(
    "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()  # noqa: SIM905
)
_MONTHS = frozenset(
    """
    January February March April May June July August September October November December
    Jan Feb Mar Apr Jun Jul Aug Sept Sep Oct Nov Dec
    """.split()  # noqa: SIM905  reads better
)
_MONTHS_AND_NAMES = frozenset({"April", "August", "Jan", "June", "May"})
_FIRST_IN_A_SENTENCE = frozenset(
    """
    all another any both can did does each five four he her here his how i it just last let many
    more most my no not now one our she since six some soon still such ten their they three today
    tomorrow tonight two under up we what why will yesterday yet you your meanwhile moreover
    nevertheless nonetheless unlike despite besides
    """.split()  # noqa: SIM905  reads better
)
_INFLECTED = re.compile(r"(?:ed|ing|ly)$")
_INFLECTED_NAMES = frozenset(
    """
    ahmed alfred beijing billy emily fleming fred hamed harding italy jared jinping keating khaled
    manning mohamed mohammed muhammed nanjing reading saeed sally sayed sicily sterling ted waleed
    xiaoping
    """.split()  # noqa: SIM905  reads better
)

_NUMBER_WORDS = frozenset(
    """
    one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred
    thousand several
    """.split()  # noqa: SIM905  reads better
)
_MULTIPLES = frozenset(
    "hundred thousand million billion trillion m bn tn percent percentage a.m. p.m. am pm".split()  # noqa: SIM905
)


def runs(text: str, words: Sequence[Word], sentence_start: int) -> Iterator[Run]:
    """The names and numbers of more than one word among `words`, which lie in one sentence."""
    names = [] if _is_headline(words) else _name_words(text, words, sentence_start)
    at = 0
    while at < len(words):
        last = _number(text, words, at)
        if last == at and names:
            last = _name(text, words, names, at)
        if at < last and last - at < MAX_NAME_WORDS:
            yield at, last
        at = last + 1


def _number(text: str, words: Sequence[Word], at: int) -> int:
    """The last word of the number that begins with the word `at`; `at` itself if none does."""
    if not (words[at].text[-1].isdigit() or words[at].text.lower() in _NUMBER_WORDS):
        return at
    while at + 1 < len(words) and _adjacent(text, words[at], words[at + 1]):
        following = [word.text.lower() for word in words[at + 1 : at + 3]]
        if following[0] == "percentage":
            return at + 2 if following[1:] in (["point"], ["points"]) else at
        if following == ["per", "cent"]:
            return at + 2
        if following[0] not in _MULTIPLES:
            break
        at += 1
    return at


def _name(text: str, words: Sequence[Word], names: Sequence[bool], at: int) -> int:
    """The last word of the name that begins with the word `at`; `at` itself if none does."""
    if not names[at]:
        leads = words[at].text in _FIRST_PARTICLES and at + 1 < len(words) and names[at + 1]
        if not (leads and _adjacent(text, words[at], words[at + 1])):
            return at
        at += 1
    while (following := _next_of_name(text, words, names, at)) is not None:
        at = following
    return at


def _next_of_name(text: str, words: Sequence[Word], names: Sequence[bool], at: int) -> int | None:
    """The next capitalised word of the name that the word `at` is part of."""
    between: list[str] = []
    for n in range(at + 1, min(at + 4, len(words))):
        if not _adjacent(text, words[n - 1], words[n]):
            return None
        if names[n]:
            return n if _may_join(words, at, n, between) else None
        between.append(words[n].text)
    return None


def _may_join(words: Sequence[Word], at: int, following: int, between: list[str]) -> bool:
    left, right = words[at].text, words[following].text
    if left in _LAST or _LOWER_TAIL.search(left) or _is_first_only(right):
        return False
    if between:
        if between[0] in ("of", "for"):
            return left in _INSTITUTIONS and between[1:] in ([], ["the"])
        return left not in _TITLES and set(between) <= _PARTICLES
    if right in _MONTHS_AND_NAMES:
        after = words[following + 1].text if following + 1 < len(words) else ""
        return left not in _TITLES and not after[:1].isdigit()
    if left in _TITLES or [word.text for word in words[max(0, at - 2) : at]] == ["Secretary", "of"]:
        return right in _TITLES or right in _LAST
    return right not in _TITLES or right in _TITLES_AND_SURNAMES


def _is_first_only(word: str) -> bool:
    """Whether it has its capital only as the first word of a sentence or of a name: "The"."""
    lower = word.lower()
    return word[1:].islower() and (lower in FUNCTION_WORDS or lower in _FIRST_IN_A_SENTENCE)


def _name_words(text: str, words: Sequence[Word], sentence_start: int) -> list[bool]:
    """Which of the words can be a part of a name."""
    return [
        _capitalised(word.text)
        and word.text not in _DAYS
        and word.text not in ("No.", "Nos.")
        and (word.text not in _MONTHS or word.text in _MONTHS_AND_NAMES)
        and (not _begins(text, word, sentence_start) or _is_name_anywhere(text, word))
        for word in words
    ]


def _capitalised(word: str) -> bool:
    return (
        (word[0].isupper() or bool(_PREFIXED.match(word)))
        and not word.startswith(("I'", "I\u2019"))
        and word != "I"
    )


def _begins(text: str, word: Word, sentence_start: int) -> bool:
    """Whether a capital here may be that of a sentence."""
    before = text[sentence_start : word.start].rstrip()
    return not before or before[-1] in _OPENING


def _is_name_anywhere(text: str, word: Word) -> bool:
    """Whether the capital of a sentence's first word is its own."""
    lower = word.text.lower()
    if not word.text[1:].islower():
        return True
    if lower in FUNCTION_WORDS or lower in _FIRST_IN_A_SENTENCE or lower in COMMON_WORDS:
        return word.text in _INSTITUTIONS or word.text in _TITLES
    if lower in text and re.search(rf"(?<![\w-]){re.escape(lower)}(?![\w-])", text):
        return False
    if not _INFLECTED.search(lower) or lower in _INFLECTED_NAMES:
        return True
    return bool(re.search(rf"[a-z,] {re.escape(word.text)}(?![\w-])", text))


def _is_headline(words: Sequence[Word]) -> bool:
    """Whether capitals say nothing here, since nearly every word has one."""
    telling = [
        word.text
        for word in words
        if len(word.text) > 2 and word.text[0].isalpha() and word.text not in FUNCTION_WORDS
    ]
    small = sum(not word[0].isupper() for word in telling)
    return len(telling) > 4 and small <= len(telling) // 8


def _adjacent(text: str, left: Word, right: Word) -> bool:
    """Whether nothing but space stands between two words, or a line break that means no more."""
    gap = text[left.end : right.start]
    if _GAP.fullmatch(gap):
        return True
    if not _LINE_BREAK.fullmatch(gap):
        return False
    line = text.rfind("\n", 0, left.end) + 1
    return left.end - line in _WRAPPED_LINE
