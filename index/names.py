"""Name keys: one for the spellings of a name that another script was written in.

"Zelensky", "Zelenskyy" and "Zelenskiy" are one name, as are "al-Qurayshi" and "Al Quraishi". A
key keeps the consonants, as families that transliterations interchange (q and k, kh and k, ov and
off, w and v), the kind of the first vowel and that of a last one, and drops the vowels between.
The vowels that are kept tell "Lyndon" from "London" and "Khalil" from "Khalili".
"""

from __future__ import annotations

import re

KEY_PREFIX = "~"
"""Begins every name key; no word has it."""

MIN_LETTERS = 4
MIN_CONSONANTS = 2
"""Shorter names and keys would meet too many others."""

MAX_LETTERS = 32

_REWRITES = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        # English spellings that no rule derives from another one of the same name
        ("^gad+h?af+[iy]$", "kadafi"),
        ("^lugansk", "luhansk"),
        ("^peking", "beijing"),
        # Consonants written with several letters; capitals stand for one sound
        ("t+s?ch|^tsh|cz(?=[aeiouy])", "C"),
        ("sch|sh+", "X"),
        ("ch", "C"),
        ("dzh|dj", "j"),
        ("zh", "z"),
        ("ph", "f"),
        ("ght", "t"),
        ("(?<=[aeiou])gh$", ""),
        ("[eo](?:ff|w)$", "ov"),
        ("(?<=[^aeiouy])h", ""),
        # Vowels
        ("[aeiou]*[jy]+$", "i"),
        ("(?<=[aou])h$", ""),
        ("(?<=[Ck])w(?=[aeiouy])", "u"),
        ("^ye", "e"),
        # Letters for the same sound
        ("c(?=[eiy])", "s"),
        ("ck|[cq]", "k"),
        ("x", "ks"),
        ("w", "v"),
    )
)
_LAST_VOWELS = re.compile("(?<=[^aeiouy])[aeiouy]+$")
_SOUND = re.compile("[aeiouy]+|[^aeiouy]")
_VOWELS = frozenset("aeiouy")
_NAME = re.compile(r"\b[^\W\d_a-z][^\W\d_]{3,}\b")


def name_key(word: str) -> str | None:
    """The key of a word in lower case without accents, or None if it is too short for one.

    None, too, for words with anything but the letters a to z.
    """
    if not MIN_LETTERS <= len(word) <= MAX_LETTERS or not (word.isascii() and word.isalpha()):
        return None
    for pattern, replacement in _REWRITES:
        word = pattern.sub(replacement, word)
    last = ""
    if found := _LAST_VOWELS.search(word):
        word, last = word[: found.start()], _last_vowel(found.group())
    sounds = [word[0]] if word.startswith("y") else []
    first = ""
    for sound in _SOUND.findall(word[len(sounds) :]):
        if sound[0] not in _VOWELS:
            if not sounds or sounds[-1] != sound:
                sounds.append(sound)
        elif not first:
            first = _first_vowel(sound)
            sounds.append(first)
    if len(sounds) - len(first) < MIN_CONSONANTS:
        return None
    return f"{KEY_PREFIX}{''.join(sounds)}{last}"


def capitalized(text: str) -> list[str]:
    """The words of `text` that begin with a capital and are long enough for a key."""
    words: list[str] = _NAME.findall(text)
    return words if text.isascii() else [word for word in words if word[0].isupper()]


def _first_vowel(vowels: str) -> str:
    if "o" in vowels or "u" in vowels:
        return "U"
    return "A" if vowels in ("a", "aa", "ae") else "E"  # "ai", "ay" and "ei" change places


def _last_vowel(vowels: str) -> str:
    """A last e is silent in too many spellings to count."""
    if vowels == "e":
        return ""
    return {"a": "a", "o": "u", "u": "u"}.get(vowels[-1], "i")


COMMON_WORDS = frozenset(
    """
    ability able access according account accounts accused acknowledged across action actions
    active activities activity actually added adding addition additional address administration
    adults advance advantage affect affected afternoon agencies agency agree agreed agreement
    ahead aimed allegations alleged allies allow allowed allowing allows almost alone along
    alongside already also although always amid among amount analysis anniversary announced
    announcement annual another answer anyone anything appeal appear appearance appeared appears
    apply approach approval approved area areas argued around arrested arrived asked asking
    assistance assistant attack attacks attempt attend attended attention attorney audience
    author authorities authority available average avoid aware away back base based basis battle
    beat became become becomes becoming began begin beginning begins behind believe believed
    believes benefit benefits best better beyond bigger biggest billion bills block board body
    book boost border born break breaking bring bringing broke broken brought budget build
    building buildings built business businesses call called calling calls came campaign
    canceled candidate candidates cannot capacity capital care career carried carry cars case
    cases cash cast caught cause caused causes causing celebrate central century ceremony
    certain certainly chain chair challenge challenges challenging champion chance change
    changed changes changing charge charged charges check chief child children choice choose
    cited cities citing citizens city civil claim claimed claims class clean clear clearly
    climate close closed closely closer closing coach cold college color combined come comes
    coming comment comments committed committee common communities community companies company
    compared competition complete completed completely concern concerned concerns condition
    conditions conduct conducted conference confirmed conservative consider considered
    considering consumers contact content continue continued continues continuing contract
    contributed control controversial conversation coronavirus cost costs could count counties
    countries country couple course court cover coverage covered create created creating credit
    crime criminal crisis critical criticism criticized crowd culture current currently
    customers daily damage dangerous data date daughter days dead deadly deal death deaths
    debate decade decades decide decided decision decisions declared decline declined deep
    defense deliver delivered demand denied described designed despite details determine
    determined develop developed development died difference different difficult direct
    direction directly director discuss disease district documents dollars domestic done door
    double downtown dozen dozens draw drive driving drop dropped drug earlier early earned easy
    economic economy education effect effective effects effort efforts eight either elected
    election elections eligible else email emergency employees ended ending ends energy
    enforcement enough ensure enter entered entire environment equipment especially established
    estimated even evening event events eventually ever every everyone everything evidence
    exactly example executive existing expand expect expected expensive experience experienced
    experts explained expressed extended extra extreme extremely eyes face faced faces
    facilities facility facing fact failed fall false familiar families family famous fans fast
    father favor favorite fear feature featured features federal feel feeling feet fell fellow
    felt female fewer field fifth fight fighting figure figures filed fill filled film final
    finally financial find finding fine finished fire fired firm first five flight floor focus
    focused follow followed following food foot football force forced forces foreign form former
    forward found four fourth free friend friends front fuel full fully fund funding funds
    future game games gave general gets getting giant give given gives giving global goal goes
    going gone good government governor great greater greatest grew ground group groups grow
    growing growth half hand hands happen happened happening happens happy hard head heading
    health hear heard hearing heart heat heavy held help helped helping high higher highest
    highly historic history hits hold holding holds holiday home homes honor hope hopes hoping
    hospital host hour hours housing however huge human hundreds hurt husband idea identified
    identify illegal immediate immediately impact important improve incident include included
    includes including increase increased increases increasing increasingly independent
    individual individuals industry inflation influence information infrastructure initial
    initially injured injuries inside instead intended interest international interview
    introduced invasion investigating investigation involved involving issue issued issues items
    jobs join joined judge keep keeping kept kids killed killing kind knew know known knows lack
    land large largely larger largest last late later latest launch launched lawmakers laws
    lawsuit lead leader leaders leadership leading learn learned learning least leave leaving
    left legal legislation less letter level levels life light like likely limit limited line
    lines list little live lived lives living local located location locations long longer look
    looked looking looks lose losing loss lost love loved lower made main maintain major
    majority make makes making management manager many marked market mass massive match matter
    maybe mean meaning means meant measure measures media medical meet meeting member members
    mental message middle might miles military million millions mind minute minutes missed
    missing mission model moment moments money month months morning mostly mother move moved
    movement moves movie moving much multiple music must name named names nation national
    nationwide natural nature near nearby nearly necessary need needed needs never news
    newsletter newspaper next night nine nonprofit normal northern note noted nothing notice
    noting number numbers numerous occurred offer offered offering offers office officer
    officers official officially officials often older ones ongoing online onto open opened
    opening operating operations opinion opportunities opportunity option options order ordered
    orders organization organizations original others outside overall owned owner owners page
    paid pain pandemic paper parents part particular particularly parties partner parts party
    pass passed past path patients paying people percent percentage perfect performance perhaps
    period person personal phone photo photos physical pick picture piece place placed places
    plan planned planning plans platform play played player players playing plays plenty plus
    point pointed points police policies policy political politics popular population position
    positive possibility possible possibly post posted potential potentially power powerful
    practice prepare prepared presence present presidential pressure pretty prevent previous
    previously price prices primary prior prison private probably problem problems process
    produce produced product production products professional professor program programs
    progress project projects property proposal proposed protect protection provide provided
    provides providing public publicly published pulled purchase push pushed pushing putting
    quality quarter question questions quickly quite race raise raised raising range rare rate
    rates rather reach reached read ready real reality really reason reasons receive received
    receiving recent recently record recorded records reduce refused region regular related
    relationship release released relief remain remained remaining remains remember remove
    removed repeatedly replace report reported reporter reporters reporting reports represents
    request require required requirements requires research resident residents resources respond
    responded response responsible rest restaurants restrictions result results retired return
    returned returning revealed revenue review right rights rise rising risk road role room
    roughly round rule ruled rules ruling running runs safe safety said sale sales save saying
    says scene schedule scheduled school schools science search season seasons seat second
    secure security seeing seek seeking seem seemed seems seen sell selling send sending senior
    sense sent separate series serious serve served service services serving session setting
    seven several severe share shared shift shooting short shortly shot shots show showed
    showing shown shows shut side sides sign signed significant significantly signs similar
    simple simply since single site sites sitting situation size slow small smaller social sold
    someone something sometimes soon sort sought source sources southern space speak speaking
    special specific speech speed spend spending spent spoke spokesman spokesperson sports spot
    spread spring staff stage stand standing stands star stars start started starting starts
    state statement states station status stay step steps still stood stop stopped store stores
    stories storm story straight strategy streets strike strong struck struggling student
    students study subject success successful suffered suggested summer supplies supply support
    supported supporters supporting sure surge surprise surrounding survey system systems table
    take taken takes taking talk talking talks target team teams technology television tell
    telling temperatures term terms test tested testing tests thanks thing things think thinking
    third though thought thousands threat three throughout tied time times title together told
    took total tough tour toward town track trade traditional traffic training travel treatment
    trial tried trip true trying turn turned turning tweeted twice type typically ultimately
    unable unclear understand unique unless unprecedented upcoming updated updates upon urged
    used using usually vaccine value various vehicle vehicles version vice victims victory video
    view views violence virus visit visitors voice vote voted voters votes voting vulnerable
    wait waiting wake walk walked want wanted wants warned warning watch watching water wave
    ways wear wearing weather website week weekend weekly weeks welcome well went western
    whether whole whose wide widely widespread wife willing winner winning wins winter within
    without woman women word words work worked workers working works world worried worse worst
    worth would written wrong wrote year years young younger
    """.split()  # noqa: SIM905  reads better
)
"""English words that news has often, and seldom with a capital: they are never names here."""
