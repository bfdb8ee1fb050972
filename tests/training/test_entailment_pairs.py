"""Questions as statements, and statements made wrong: what the claim model is trained on."""

from __future__ import annotations

import random

import pytest

from training.entailment.distortions import detail_of, exchanged, extended, parts, shortened
from training.entailment.statements import statement

# It leaves the file of its lexicon open.
pytestmark = pytest.mark.filterwarnings(
    "ignore:Exception ignored in:pytest.PytestUnraisableExceptionWarning",
    "ignore:unclosed file:ResourceWarning",
)


@pytest.mark.parametrize(
    ("question", "answer", "said"),
    [
        ("When did the governor resign?", "29 May 1980", "The governor resigned on 29 May 1980."),
        ("When did the mill close?", "1913", "The mill closed in 1913."),
        ("In what year was the bridge built?", "1779", "The bridge was built in 1779."),
        ("Who founded the college?", "Ada Pole", "Ada Pole founded the college."),
        ("Which village was raided?", "Muluk Saray", "Muluk Saray was raided."),
        ("What is the capital of Aland?", "Mariehamn", "Mariehamn is the capital of Aland."),
        ("How many people died?", "12", "12 people died."),
        ("How many engines does the ship have?", "four", "The ship has four engines."),
        (
            "What did Spain get in exchange for Florida?",
            "Havana",
            "Spain got Havana in exchange for Florida.",
        ),
        ("What is the abbey known for?", "its bells", "The abbey is known for its bells."),
        ("Where was Anna from?", "Nuremberg", "Anna was from Nuremberg."),
        ("The treaty was signed in what city?", "Ghent", "The treaty was signed in Ghent."),
        (
            "What percentage of voters stayed at home?",
            "40%",
            "40% of voters stayed at home.",
        ),
    ],
)
def test_a_question_with_its_answer_is_a_statement(question: str, answer: str, said: str) -> None:
    assert statement(question, answer) == said


@pytest.mark.parametrize("question", ["Is it raining?", "Name the largest lake.", ""])
def test_what_asks_for_no_part_has_no_statement(question: str) -> None:
    assert statement(question, "yes") is None


TEXT = (
    "In 1913 the mayor, Ole Berg, met 12 miners in Kiruna. Lars Holm had left Malmberget in 1911."
)


def test_an_exchanged_part_is_of_the_same_kind_and_from_nearby() -> None:
    sentence = "The mayor met 12 miners in Kiruna in 1913."
    for seed in range(60):
        found = exchanged(sentence, random.Random(seed), TEXT)
        assert found is not None
        changed, kind = found
        assert changed != sentence
        assert [one[0] for one in parts(changed)] == [one[0] for one in parts(sentence)], kind


def test_nothing_is_exchanged_where_nothing_can_be() -> None:
    assert exchanged("It rained all day.", random.Random(1), "It rained all day.") is None


def test_a_detail_is_added_only_where_it_is_not() -> None:
    assert detail_of("The mayor met miners in Kiruna.") == "in Kiruna"
    assert detail_of("It rained.") is None
    assert extended("The mayor met miners.", "in Kiruna") == "The mayor met miners in Kiruna."
    assert extended("The mayor met miners in Kiruna.", "in Kiruna") is None


def test_what_is_shortened_says_no_more() -> None:
    text = "In 1913, the mayor (Berg), a former smith, met twelve miners."
    short = {shortened(text, random.Random(seed)) for seed in range(40)}
    assert "The mayor met twelve miners." in short
    for one in short:
        assert set(_words(one)) <= set(_words(text)), one


def _words(text: str) -> list[str]:
    return [word.strip(".,()").lower() for word in text.split()]
