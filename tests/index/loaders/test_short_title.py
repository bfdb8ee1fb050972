import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.loaders.title import MAX_TITLE, first_heading, short_title


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Sources told\n  Reuters so. More.", "Sources told Reuters so."),
        ("CNN —\n\nThe United States won again. More.", "The United States won again."),
        ("Rain.", "Rain."),
        ("***\n\nRain fell on Kabul.", "Rain fell on Kabul."),
        ("…", "…"),
        ("a" * 200, "a" * 79 + "…"),
        ("A bell\x07 rang in Kabul.", "A bell rang in Kabul."),
        ("\x01", "Untitled"),
    ],
)
def test_short_title(text: str, title: str) -> None:
    assert short_title(text) == title


def test_a_long_sentence_is_cut_at_a_word() -> None:
    title = short_title("The US has admitted it's forces were involved, " * 5)
    assert (
        title == "The US has admitted it's forces were involved, The US has admitted it's forces…"
    )


def test_markdown_marks_are_no_part_of_it() -> None:
    assert short_title("> **Rain** fell on Kabul.", markdown=True) == "Rain** fell on Kabul."
    assert short_title("-5 degrees in Kabul.") == "-5 degrees in Kabul."


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Intro\n\n# The raid #\n\n# Second", "The raid"),
        ("## Lower\n#hash\n   #  In C#\r\n", "In C#"),
        ("```python\n# a comment\n~~~\n# two\n```\n# Real", "Real"),
        ("#\n# \nText", ""),
        ("", ""),
    ],
)
def test_first_heading(text: str, title: str) -> None:
    assert first_heading(text) == title


@given(st.text(alphabet=st.characters()))
def test_any_text_has_a_title_of_one_short_line(text: str) -> None:
    title = short_title(text)
    assert title and len(title) <= MAX_TITLE and "\n" not in title
    title.encode("utf-8")
