"""The words of English questions: which nouns ask for what, and where a noun phrase ends."""

from __future__ import annotations

import re
from collections.abc import Sequence

_WORD = re.compile(r"\w+(?:['.-]\w+)*|_{2,}|[^\w\s]")


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


QUESTION_WORDS = _set("who whom whose what which when where why how")
AUXILIARIES = _set(
    """is are was were am be been being do does did has have had will would can could shall should
    may might must isn't aren't wasn't weren't don't doesn't didn't hasn't haven't hadn't won't
    wouldn't can't cannot couldn't shouldn't mustn't ain't"""
)
PREPOSITIONS = _set(
    """about above across after against along among around as at before behind below beneath beside
    besides between beyond by despite down during except for from in inside into like near of off
    on onto out outside over past per since through throughout till to toward towards under until
    up upon via with within without"""
)
DETERMINERS = _set(
    """the a an this that these those his her its their our my your he she it they we you i there
    some any no all each every both"""
)
_PHRASE_ENDS = (
    AUXILIARIES
    | PREPOSITIONS
    | DETERMINERS
    | QUESTION_WORDS
    | _set("and or but if because while that than not else")
)
# Words before a noun that are none: a phrase of these alone names nothing.
_FILLERS = _set(
    """one two three four five six seven eight nine ten other another following same new old former
    first second third last next only most more best main major own such certain specific exact
    current big biggest large largest top total final many much few several"""
)
_NOT_ADVERBS = _set(
    "family ally assembly bully anomaly monopoly italy july rally reply supply butterfly jelly fly"
)
_NOT_PAST = _set("hundred bed seed speed breed shed feed need weed reed creed")
_ING_NOUNS = _set(
    """building meeting ruling king ring wing spring painting wedding hearing shooting bombing
    killing crossing drawing thing string training landing setting funding ranking rating outing
    gathering filing finding recording being sibling evening morning"""
)
_VERBS = _set(
    """won lost took made got held came went became said saw led beat hit set fell rose began gave
    sold bought paid left met ran shot broke built drew wrote found kept sent told brought thought
    struck fought caught flew grew knew spoke stood threw wore sank sang swore drove rode chose ate
    drank spent taught understood withdrew stole shut cut put lent dealt hurt quit overtook
    says wants plans makes plays holds owns runs leads goes comes takes gets gives becomes includes
    hopes uses keeps begins remains appears produces contains provides causes requires
    called named known titled happened happens"""
)
_BARE_VERBS = _set(
    """plan want say make play hold own lead hope expect face use rank begin need appear come go
    take get give become remain include produce contain provide cause require live oppose support"""
)

PLACE_NOUNS = _set(
    """area border city capital country county continent district island location nation
    neighborhood neighbourhood place port province region state suburb town venue village hamlet
    territory municipality settlement borough locality hometown birthplace homeland destination
    headquarters site address street road avenue square park river lake sea ocean bay beach coast
    mountain valley desert forest airport station hospital clinic hotel stadium arena museum prison
    jail camp base harbor harbour bridge building church mosque cathedral temple cemetery court
    courthouse zoo planet"""
)
TIME_NOUNS = _set(
    """year day date month week weekend weekday time decade century hour morning afternoon evening
    night period era quarter deadline birthday birthdate anniversary"""
)
NUMBER_NOUNS = _set(
    """number percentage percent proportion amount age price cost fraction distance temperature
    magnitude speed salary population score rate size height weight length width depth value sum
    total toll share ratio turnout margin quantity fine fee budget bail ransom revenue income
    profit wage"""
)
PERSON_NOUNS = _set(
    """person man woman boy girl child actor actress singer rapper musician artist author writer
    poet novelist journalist reporter anchor president senator governor mayor minister premier
    chancellor king queen prince princess emperor pope bishop cardinal rabbi player star athlete
    footballer golfer boxer swimmer runner driver pitcher quarterback striker goalkeeper coach
    manager captain director producer comedian host celebrity politician lawmaker congressman
    congresswoman candidate ambassador diplomat secretary spokesman spokeswoman spokesperson
    official general commander soldier officer detective judge justice lawyer attorney prosecutor
    defendant suspect victim gunman shooter killer terrorist leader founder inventor scientist
    professor doctor nurse teacher student executive ceo billionaire businessman businesswoman
    entrepreneur astronaut pilot explorer architect designer astronomer witness
    model father mother son daughter brother sister husband wife"""
)
_KNOWN_NOUNS = PLACE_NOUNS | TIME_NOUNS | NUMBER_NOUNS | PERSON_NOUNS
_KINDS = _set("kind type sort form")
_PLURALS = {
    "people": "person", "men": "man", "women": "woman", "children": "child", "wives": "wife",
    "series": "series", "species": "species", "news": "news", "headquarters": "headquarters",
    "movies": "movie", "cookies": "cookie",
}  # fmt: skip


def tokens(text: str) -> list[str]:
    """The words and punctuation marks of `text`, with straight apostrophes."""
    return _WORD.findall(text.replace("\u2019", "'").replace("\u2018", "'"))


def singular(noun: str) -> str:
    """`noun` in small letters and, by the usual endings, in the singular."""
    noun = noun.lower().removesuffix("'s")
    if noun in _PLURALS:
        return _PLURALS[noun]
    if noun.endswith("ies") and len(noun) > 4:
        return noun[:-3] + "y"
    if noun.endswith(("ches", "shes", "sses", "xes")):
        return noun[:-2]
    return noun[:-1] if _plural(noun) else noun


def head_noun(words: Sequence[str]) -> tuple[str, int] | None:
    """The noun that the phrase at the start of `words` is about, and how many words it takes.

    "fast food chain has the ..." gives ("chain", 3). None where no noun stands there.
    """
    phrase: list[str] = []
    for position, word in enumerate(words):
        follows = words[position + 1].lower() if position + 1 < len(words) else ""
        if word.lower() in _PHRASE_ENDS or not word[0].isalnum():
            break
        named = any(_names(earlier) for earlier in phrase)
        if _is_adverb(word):
            if named:
                break
        elif named and _is_verb(word, phrase[-1], follows):
            break
        phrase.append(word)
    while phrase and not _names(phrase[-1]):
        phrase.pop()
    if not phrase:
        return None
    stop = words[len(phrase)].lower() if len(phrase) < len(words) else ""
    if _starts_with_verb(phrase, stop):
        return None
    return singular(phrase[-1]), len(phrase)


def noun_of_kind(words: Sequence[str]) -> tuple[str, int] | None:
    """Like `head_noun`; of "kind of plane", "two of the following planes" the plane."""
    if words and words[0].lower() == "of":
        start = 1
        while start < len(words) and words[start].lower() in DETERMINERS | _FILLERS:
            start += 1
        found = head_noun(words[start:])
        return (found[0], found[1] + start) if found else None
    found = head_noun(words)
    if found is None:
        return None
    noun, length = found
    if noun in _KINDS and length < len(words) and words[length].lower() == "of":
        inner = head_noun(words[length + 1 :])
        return (inner[0], length + 1 + inner[1]) if inner else None
    return found


def _names(word: str) -> bool:
    return word.lower() not in _FILLERS and not word.isdecimal() and not _is_adverb(word)


def _is_adverb(word: str) -> bool:
    return word.islower() and word.endswith("ly") and word not in _NOT_ADVERBS


def _plural(noun: str) -> bool:
    return len(noun) > 3 and noun.endswith("s") and not noun.endswith(("ss", "us", "is"))


def _is_verb(word: str, previous: str, follows: str) -> bool:
    """Whether `word`, after a noun, is a verb rather than one more noun."""
    small = word.lower()
    if word != small and small not in _VERBS:
        return False
    if small in _VERBS or (small in _BARE_VERBS and _plural(previous.lower())):
        return True
    if small.endswith("ed"):
        return small not in _NOT_PAST
    if small.endswith("ing"):
        return small not in _ING_NOUNS and follows not in AUXILIARIES
    known = previous.lower() in _KNOWN_NOUNS or follows == "to"
    return known and _plural(small) and follows != "" and follows not in AUXILIARIES


def _starts_with_verb(phrase: Sequence[str], stop: str) -> bool:
    """Whether "what" is the subject: "what caused ...", "what provides ..."."""
    first = phrase[0].lower()
    if singular(first) in _KNOWN_NOUNS:
        return False
    if first in _VERBS or (first in _BARE_VERBS and stop == "to"):
        return True
    if first.endswith("ed") and first not in _NOT_PAST and phrase[0] == first:
        return len(phrase) == 1
    verb_like = _plural(first) and phrase[0] == first and first not in _PLURALS
    return verb_like and stop in DETERMINERS | PREPOSITIONS - {"of"}
