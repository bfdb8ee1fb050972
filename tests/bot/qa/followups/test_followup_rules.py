"""Each rule by itself."""

from __future__ import annotations

import pytest

from bot.qa.followups.asking import asked_again
from bot.qa.followups.courtesies import is_courtesy, is_reaction, without_courtesy
from bot.qa.followups.entities import entities
from bot.qa.followups.exchanges import exchanged
from bot.qa.followups.kinds import EntityKind
from bot.qa.followups.partial import is_partial
from bot.qa.followups.times import time_phrases, with_preposition
from bot.qa.followups.turns import Turn


def test_entities_have_kinds() -> None:
    found = entities("Did President Okoro see the raid on Atme in Syria with ISIS?")

    assert [(each.text, each.kind) for each in found] == [
        ("President Okoro", EntityKind.PERSON),
        ("the raid on Atme", EntityKind.THING),
        ("Atme", EntityKind.UNKNOWN),
        ("Syria", EntityKind.PLACE),
        ("ISIS", EntityKind.ORGANISATION),
    ]


def test_a_verb_is_no_part_of_a_subject() -> None:
    assert entities("Where did the ferry sink?")[0].text == "the ferry"


@pytest.mark.parametrize(
    ("text", "adverbial"),
    [("2020", "in 2020"), ("since 2018", "since 2018"), ("Monday", "on Monday")],
)
def test_a_time_gets_its_preposition(text: str, adverbial: str) -> None:
    assert with_preposition(text, time_phrases(text)[0]) == adverbial


def test_a_name_with_two_likes_has_two_readings() -> None:
    put = exchanged("Finland", "Did Sweden beat Norway?")

    assert put is not None
    assert put.question == ""
    assert put.options == ("Did Finland beat Norway?", "Did Sweden beat Finland?")


def test_a_question_word_needs_a_form_that_is_known() -> None:
    turn = Turn("Who sees the comet?", "Who sees the comet?")

    assert asked_again("when?", turn) is None


@pytest.mark.parametrize("message", ["thanks!", "Got it.", "I don't think so.", "👍"])
def test_courtesies_ask_for_nothing(message: str) -> None:
    assert is_courtesy(message)


def test_a_question_after_thanks_is_kept() -> None:
    assert without_courtesy("Thanks! And when?") == "And when?"
    assert is_reaction("are you sure?")
    assert not is_courtesy("ok?")


def test_what_names_nothing_is_partial() -> None:
    assert is_partial("who helped?", led=False, follows=True)
    assert not is_partial("who helped Syria?", led=False, follows=True)
