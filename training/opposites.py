"""Questions turned into their opposite: an antonym for a word, or a verb denied.

Half of the questions that people write so that a text only seems to answer them are made like
this, or by exchanging a name (Rajpurkar, Jia and Liang 2018, "Know What You Don't Know", table 1,
has negation and antonyms at 29 % together).
"""

from __future__ import annotations

import random
import re

_PAIRS = """
accept reject; after before; agree disagree; allow forbid; allowed forbidden; always never;
ancient modern; appear disappear; arrive leave; attack defend; attacked defended; begin end;
began ended; best worst; better worse; big small; bigger smaller; biggest smallest; birth death;
born killed; bottom top; bought sold; build destroy; built destroyed; buy sell; cheap expensive;
close open; closed opened; cold hot; common rare; complex simple; create destroy;
created destroyed; decline growth; declined grew; decrease increase; decreased increased;
deep shallow; defeat victory; deny admit; departed arrived; die live; died survived;
difficult easy; early late; earlier later; earliest latest; east west; eastern western;
enemy ally; entered left; excluded included; exclude include; export import; fail succeed;
failed succeeded; fast slow; fastest slowest; father mother; fewer more; fewest most;
final initial; first last; former current; found lost; founded dissolved; friend enemy;
gain lose; gained lost; guilty innocent; hard soft; heavy light; high low; higher lower;
highest lowest; husband wife; inside outside; internal external; joined left; large small;
larger smaller; largest smallest; least most; legal illegal; less more; long short;
longer shorter; longest shortest; lose win; lost won; loss profit; major minor;
majority minority; male female; maximum minimum; men women; near far; negative positive;
new old; newer older; newest oldest; north south; northern southern; oldest youngest;
older younger; oppose support; opposed supported; permanent temporary; poor rich;
possible impossible; private public; prohibited permitted; prohibit permit; raise lower;
raised lowered; receive give; received gave; refused accepted; rejected accepted; remain change;
rural urban; same different; save lose; similar different; son daughter; start end;
started ended; strong weak; stronger weaker; success failure; tall short; taller shorter;
tallest shortest; thick thin; true false; under over; upper lower; usually rarely; wet dry;
wide narrow; with without; within outside; winner loser; won lost; worst best; young old
"""


def _antonyms() -> dict[str, str]:
    found: dict[str, str] = {}
    for pair in _PAIRS.split(";"):
        one, other = pair.split()
        found.setdefault(one, other)
        found.setdefault(other, one)
    return found


ANTONYMS = _antonyms()
_WORD = re.compile(r"[A-Za-z]+")
_AUXILIARY = re.compile(
    r"\b(is|are|was|were|did|does|do|can|could|will|would|should|has|have|had)\b", re.IGNORECASE
)
_DENIED = {"can": "can't", "will": "won't"}


def opposite(question: str, rng: random.Random) -> str | None:
    """None where the question has no word with an opposite and no verb to deny."""
    words = [found for found in _WORD.finditer(question) if found.group().lower() in ANTONYMS]
    verbs = list(_AUXILIARY.finditer(question))
    if words and (not verbs or rng.random() < 0.7):
        found = rng.choice(words)
        other = ANTONYMS[found.group().lower()]
        other = other.capitalize() if found.group()[0].isupper() else other
    elif verbs:
        found = verbs[0]
        verb = found.group()
        other = _DENIED.get(verb.lower(), verb + "n't")
    else:
        return None
    return question[: found.start()] + other + question[found.end() :]
