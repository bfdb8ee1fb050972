"""Names and descriptions of people, and what a question is about."""

from __future__ import annotations

import pytest
from said import say

from bot.qa.meaning.namings import is_description, is_proper_name, names_the_described
from bot.qa.meaning.subjects import Subject


@pytest.mark.parametrize(
    ("text", "name", "description"),
    [
        ("Ann Lee", True, False),
        ("the Taliban", True, False),
        ("Abu Salim al-Karim", True, False),
        ("his wife", False, True),
        ("a US soldier", False, True),
        ("a Kenyan-born lawyer", False, True),
        ("he", False, False),
        ("He", False, False),
        ("12", False, False),
    ],
)
def test_names_and_descriptions(text: str, name: bool, description: bool) -> None:
    assert is_proper_name(text) is name
    assert is_description(text) is description


@pytest.mark.parametrize(
    ("text", "name", "description", "stated"),
    [
        ("He came with his wife, Ann Lee.", "Ann Lee", "his wife", True),
        ("He came with his wife Ann Lee.", "Ann Lee", "his wife", True),
        ("Ann Lee, his wife, came.", "Ann Lee", "his wife", True),
        ("Ann Lee was a respected lawyer.", "Ann Lee", "a respected lawyer", True),
        ("Ann Lee, a widely respected lawyer, and a lawyer came.", "Lee", "a lawyer", True),
        ("A man named Ben Okoro came.", "Ben Okoro", "A man", True),
        ("A man, who was identified as Ben Okoro, came.", "Ben Okoro", "A man", True),
        ("His wife left. Ann Lee came.", "Ann Lee", "His wife", False),
        ("His wife and Ann Lee came.", "Ann Lee", "His wife", False),
        ("Ann Lee met a lawyer.", "Ann Lee", "a lawyer", False),
        ("Ann Lee came, then Ben.", "Ben", "Ann Lee", False),
    ],
)
def test_an_article_says_whom_it_describes(
    text: str, name: str, description: str, stated: bool
) -> None:
    assert names_the_described(say(text, name), say(text, description)) is stated


def test_another_article_does_not_say_whose_wife_she_is() -> None:
    described = say("His wife opened it.", "His wife", article="a")
    named = say("He came with his wife, Ann Lee.", "Ann Lee", article="b")
    assert not names_the_described(named, described)


@pytest.mark.parametrize(
    ("question", "sentence", "title", "about"),
    [
        ("Where was Omar Karim killed?", "Karim died in Lorvik.", "News", True),
        ("Where was Omar Karim killed?", "He died in Lorvik.", "Omar Karim dead", True),
        ("Where was Omar Karim killed?", "Dar died in Lorvik.", "News", False),
        ("where was karim killed", "Karim was killed in Lorvik.", "News", True),
        ("where was karim killed", "It rained in Lorvik.", "News", False),
        ("Where was al-Karim killed?", "Abu Salim Al Karim died in Lorvik.", "News", True),
        ("Which village was raided?", "Soldiers raided Lorvik.", "News", True),
        ("Where?", "It rained in Lorvik.", "News", True),
    ],
)
def test_a_sentence_is_about_what_is_asked(
    question: str, sentence: str, title: str, about: bool
) -> None:
    assert Subject(question).about(say(sentence, "Lorvik", title=title)) is about


@pytest.mark.parametrize(
    ("question", "sentence", "bearers"),
    [
        ("Where is Karim?", "Abu Omar al-Karim is in Lorvik.", {("abu", "omar", "karim")}),
        ("Where is Karim?", "On Monday President Omar Karim's car came.", {("omar", "karim")}),
        ("Where is Karim?", "The Karim Foundation is in Lorvik.", set()),
        ("Where is Karim?", "Karim is in Lorvik.", set()),
    ],
)
def test_bearers_of_a_name(question: str, sentence: str, bearers: set[tuple[str, ...]]) -> None:
    assert Subject(question).bearers(say(sentence, sentence)) == bearers
