"""How far a sentence tells an event, rather than a state, an opinion or nothing."""

from __future__ import annotations

import re

LEAST, MOST = 30, 420
"""Code points of a sentence that can be shown as an event."""

_SAYING, _STATE, _FUTURE = 0.75, 0.3, 0.6
_SPOKEN = 0.4  # a sentence of which most is what somebody said
_HAPPENED = frozenset(
    """won lost took made held came went became saw led beat hit set fell rose began gave sold
    bought paid left met ran shot broke built drew wrote found kept sent brought struck fought
    caught flew grew spoke stood threw sank swore drove rode chose spent withdrew stole shut cut
    put lent dealt quit overtook got died blew burst fled hid slid spread swept tore woke wept
    split swung shrank arose bound bred crept dug fed hung laid lit rang sought shook spun sprang
    swam underwent upheld overthrew overran""".split()  # noqa: SIM905  reads better
)
_SAID = frozenset(
    """said says told tells wrote writes added noted explained argued believed thought asked
    called described reported estimated warned suggested compared agreed felt knew hoped wanted
    remembered recalled tweeted posted commented praised discussed considered""".split()  # noqa: SIM905
)
_STATES = frozenset(
    """is are was were has have had be been being includes remains seems appears means
    can could would should may might must""".split()  # noqa: SIM905
)
_NOT_PAST = frozenset(
    """hundred bed seed speed breed shed feed need weed reed creed red indeed exceed proceed
    succeed united so-called based armed supposed alleged expected related aged limited
    crowded wicked naked sacred""".split()  # noqa: SIM905
)
_DETERMINERS = frozenset({"a", "an", "the", "his", "her", "its", "their", "of", "more", "most"})
_WORD = re.compile(r"[A-Za-z]+(?:['\u2019-][A-Za-z]+)*")
_BEGINS = re.compile(r"[\"\u201c\u2018'(\[]*[^\W_a-z]")
# Sentences end too early at "Rep. Joseph Morelle, D-N." and begin too late with "Y., said".
_FRAGMENT = re.compile(r"\A[A-Z]\.,|(?<![.\w])[A-Z]\.\Z")
_ENDS = re.compile(r"[.!][\"\u201d\u2019')\]]*\Z")
_QUOTED = re.compile('"[^"]*"|\u201c[^\u201d]*\u201d?')
_ADDRESSING = re.compile(r"\b(?:I|I'm|I\u2019m|we|We|you|You|your|Your|let's|us)\b")
_NO_PROSE = re.compile(
    r"\bHide Caption\b|\bPhotos?:|\b(?:JUST|MUST) WATCHED?\b|\bReplay\b|[\u00bb\u00a9|]"
    r"|\b(?:contributed to|compiled from) this (?:report|story|article)\b|https?://|\bwww\."
    r"|\w/(?:AP|AFP|CNN|EPA|Getty|Reuters|Bloomberg|TASS|Shutterstock)\b|\bGetty Images\b"
    r"|\((?:[Ff]ar )?(?:left|right|center|centre|L|R)\)|\b(?:AP|AFP|Reuters) (?:Photo|file)"
    r"|^\W*(?:Read|Watch|See|Click|Follow|Subscribe|Sign up|Related|Editor['\u2019]s note|Updated?"
    r"|Correction|Advertisement|Live updates|File photo|Listen|More:|CNN['\u2019]s)\b"
    r"|^\W*[A-Z][A-Z0-9 .,]{3,40}:",
)
_PLUPERFECT = re.compile(r"\bhad\s(?:\w+ly\s|been\s|not\s|already\s|also\s)*\w+(?:ed|en|n|ne)\b")
_WILL = re.compile(
    r"\b(?:will|shall|(?:is|are)\s(?:expected|scheduled|set|due|planned|slated)\sto"
    r"|(?:is|are)\s(?:scheduled|set|due|planned)\s(?:for|on)|plans?\sto)\b"
)
_UNSURE = re.compile(r"\b(?:if|whether|would|could|should|might|may|not|n['\u2019]t)\b")


def telling(sentence: str) -> float:
    """In [0, 1]; 0.0 for what is no sentence of prose, or has no verb that tells anything."""
    text = sentence.strip()
    if not LEAST <= len(text) <= MOST or not _BEGINS.match(text) or not _ENDS.search(text):
        return 0.0
    if _NO_PROSE.search(text) or _FRAGMENT.search(text) or text.isupper():
        return 0.0
    said = _QUOTED.sub(" ", text)
    verbs = verbs_of(said)
    if _WILL.search(said) and "happened" not in verbs:
        weight = _FUTURE
    elif "happened" in verbs:
        weight = 1.0
    elif "said" in verbs:
        weight = _SAYING
    elif "state" in verbs:
        weight = _STATE
    else:
        return 0.0
    if _UNSURE.search(said):
        weight *= 0.7
    if len(said.split()) < 0.5 * len(text.split()):
        weight *= _SPOKEN
    if _ADDRESSING.search(said):
        weight *= 0.5
    return weight


def looks_back(sentence: str) -> bool:
    """Whether it tells what had happened before: its day is not that of the story."""
    return _PLUPERFECT.search(sentence) is not None


def looks_ahead(sentence: str) -> bool:
    """Whether it tells what will happen."""
    return _WILL.search(_QUOTED.sub(" ", sentence)) is not None


def verbs_of(text: str) -> set[str]:
    """Which of "happened", "said" and "state" its verbs are of."""
    kinds = set()
    previous = before = ""
    for word in _WORD.findall(text):
        lower = word.lower()
        if lower in _SAID:
            kinds.add("said")
        elif lower in _STATES:
            kinds.add("state")
        elif word == lower and _happened(lower, previous, before):
            kinds.add("happened")
        previous, before = lower, previous
    return kinds


def _happened(lower: str, previous: str, before: str) -> bool:
    if "be" in (previous, before) or previous == "to":
        return False  # "should not be struck down"
    return lower in _HAPPENED or _is_past(lower, previous)


def _is_past(lower: str, previous: str) -> bool:
    if len(lower) < 4 or not lower.endswith("ed") or "-" in lower or lower in _NOT_PAST:
        return False
    return previous not in _DETERMINERS
