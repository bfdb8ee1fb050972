"""Closed lists of English words that tell what a name is of, and where a subject ends."""

from __future__ import annotations


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


LOCATIVES = _set("in at near outside inside around within across throughout off")
"""Prepositions whose noun is a place, unless it is a time."""

ORGANISATION_WORDS = _set(
    """ministry department bank university party army navy council court committee commission
    parliament senate congress union federation association agency bureau brigade brigades front
    movement group company corporation corp inc ltd plc gmbh airlines airways institute foundation
    league club fc united nations times post news guardian court police league house media motors
    industries energy oil steel technologies systems partners holdings network alliance coalition
    forces guard office authority board club"""
)
"""Words in a name that make it one of an organisation."""

GROUP_NOUNS = _set(
    """group organisation organization company party team club ministry army government newspaper
    agency airline bank council committee court union militia movement brigade firm institution
    university parliament police regime alliance coalition"""
)
"""Nouns for what "it" and "they" can both stand for."""

MALE = _set("mr king prince sir lord father brother man boy son husband uncle pope actor")
FEMALE = _set(
    """mrs ms miss queen princess dame lady mother sister woman girl daughter wife aunt actress
    congresswoman businesswoman spokeswoman"""
)

PERSONAL_VERBS = _set(
    """killed born arrested married buried murdered assassinated impeached elected sentenced jailed
    injured wounded appointed convicted fired hired educated divorced raised detained kidnapped
    die died resign resigned retire retired marry marries live say said tell think believe speak
    hide hid study studied grow last"""
)
"""Verbs right after a name that is then a person's: "was X born", "did X resign"."""

MAKING = _set(
    """founded directed wrote owns owned designed built bought leads led runs ran chairs produced
    published painted invented sank visited invaded captured conquered sold hacked joined left
    composed launched"""
)
"""Verbs right before a name that is then a thing's: "who founded X"."""

PARTICIPLES = _set(
    """shot led won built sold hit found held known sunk stolen taken made given written seen sent
    told taught thrown shut struck bought brought caught drawn driven eaten fought hurt kept lost
    paid put read said sworn torn worn beaten begun broken chosen hidden left born cut set spent
    understood withdrawn overthrown"""
)
"""Irregular forms that follow "was"; the regular ones end in "ed"."""

PAST_AS_PARTICIPLE = _set(
    """shot led won built sold hit found held made sent told taught struck bought brought caught
    fought hurt kept lost paid put read cut set spent understood"""
)
"""Irregular forms that are a past tense as well: "who shot X", "X was shot"."""

RELATIONS = _set(
    """predecessor successor wife husband father mother son daughter brother sister partner deputy
    boss widow uncle aunt cousin nephew niece rival opponent lawyer spokesman spokeswoman
    spokesperson assistant mentor driver bodyguard killer murderer leader founder owner commander
    teacher doctor ally enemy friend parents children"""
)
"""Nouns for a person by way of another one: "his predecessor"."""

PREDICATES = _set(
    """open alive dead safe ready available legal illegal dangerous over free true false empty full
    strong big small old new rich poor famous popular important guilty innocent ill sick well good
    bad active complete successful responsible involved still back home"""
)
"""Adjectives that follow a subject after "is": "is the bridge open"."""

BARE_VERBS = _set(
    """accept agree allow announce appear approve arrest arrive ask attack attend ban be become
    begin believe blame blow break bring build burn buy call cancel capture carry cause change
    claim close collapse come condemn confirm control cost crash cross cut declare decide deny die
    disappear discover do drop end enter erupt escape expect explode fail fall feel fight fill find
    fire flee fly form fight get give go grow happen have help hide hit hold host hope increase
    injure invade invite join keep kill know lack land last launch lead learn leave live lose make
    mean meet merge move need occur offer open order own pass pay plan play plead produce promise
    protest publish raid raise reach receive refuse release remain replace report resign retire
    return reveal rise rule run say see seek sell send serve shoot shut sign sink speak spend
    spread stand start stay steal stop strike succeed suffer support survive take talk tell test
    think threaten travel try turn use visit vote want warn win withdraw work write"""
)
"""Plain forms that follow a subject after "did": "where did the ferry sink"."""
