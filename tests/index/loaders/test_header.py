import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.loaders.fields import MAX_AUTHORS
from index.loaders.header import Header, split_header

DAY = dt.date(2022, 10, 6)


@pytest.mark.parametrize(
    ("text", "body"),
    [
        (" date 2022-10-06 The US has admitted…\n\nMore.\n", "The US has admitted…\n\nMore.\n"),
        ("Date 2022-10-06\tThe US", "The US"),
        ("date: 2022-10-06 The US\n\nMore.", "The US\n\nMore."),
        ("date 2022-10-06\r\n\r\n  The US\r\n", "  The US\r\n"),
        ("date: 2022-10-06\n\nThe US", "The US"),
        ("\ndate:2022-10-06\n \n\nThe US", "The US"),
        ("date: 2022-10-06T23:59:01Z\n\nThe US", "The US"),
        ("date: 2022-10-06 10:00:00 +0200\n\nThe US", "The US"),
        ("---\ndate: 2022-10-06\n---\nThe US", "The US"),
        ("---\r\ndate: '2022-10-06'\r\nlayout: post\r\n...\r\n\r\nThe US\r\n", "The US\r\n"),
    ],
)
def test_date_headers(text: str, body: str) -> None:
    assert split_header(text) == (Header(date=DAY), body)


def test_key_value_lines() -> None:
    text = (
        'Title: A: "b"\nDATE: 2022-10-06\nsource : CNN\n'
        "url: https://x.org/?a=1:2\nid: 7\n\n\nBody.\n"
    )
    header = Header(title='A: "b"', date=DAY, source="CNN", url="https://x.org/?a=1:2", id="7")
    assert split_header(text) == (header, "Body.\n")


def test_empty_values_say_nothing() -> None:
    assert split_header("title:\ndate:\n\nBody.") == (Header(), "Body.")


def test_front_matter_of_several_kinds_of_value() -> None:
    text = (
        "---\n# a comment\ntitle: \"Raid in \\\"Qamishli\\\"\"\nsource: 'The Guardian''s desk'\n"
        "tags:\n  - syria\n- isis\nnested: {a: 1}\nid: >-\n  long\n  id\n\n---\n\nBody.\n---\nmore"
    )
    header, body = split_header(text)
    assert header == Header(
        title='Raid in "Qamishli"',
        source="The Guardian's desk",
        id="long id",
        tags=("syria", "isis"),
    )
    assert body == "Body.\n---\nmore"


@pytest.mark.parametrize(
    "text",
    [
        "Tags: Syria, 'the war'; SYRIA\n\nBody.",
        '---\ntags: [Syria, "the war", syria]\n---\nBody.',
        "---\ntags:\n- Syria\n- 'the war'\n---\nBody.",
        "---\ntags:\n  Syria,\n  the war\n---\nBody.",
    ],
)
def test_tags(text: str) -> None:
    assert split_header(text) == (Header(tags=("Syria", "the war")), "Body.")


@pytest.mark.parametrize(
    "text",
    [
        "Authors: Jane Doe; Roe, John; JANE DOE\n\nBody.",
        "author: Jane Doe ;Roe, John\n\nBody.",
        '---\nauthors: [Jane Doe, "Roe, John"]\n---\nBody.',
        "---\nauthor: ['Jane Doe' , 'Roe, John',]\n---\nBody.",
        "---\nauthors:\n- Jane Doe\n- 'Roe, John'\n---\nBody.",
        "---\nauthor:\nauthors:\n  - Jane Doe\n  - Roe, John\n---\nBody.",
    ],
)
def test_authors(text: str) -> None:
    assert split_header(text) == (Header(authors=("Jane Doe", "Roe, John")), "Body.")


def test_a_nested_author_is_no_name() -> None:
    text = "---\ntitle: T\nauthor:\n  - name: Jane Doe\n    url: https://x.org\n---\nBody."
    assert split_header(text) == (Header(title="T"), "Body.")


def test_a_list_of_many_quotes_is_read_in_good_time() -> None:
    for item in ('"', '",', "',\"", ' "x" y,', '" '):
        header, body = split_header(f"---\nauthors: [{item * 10**5}]\n---\nBody.")
        assert (len(header.authors) <= MAX_AUTHORS, body) == (True, "Body.")


def test_a_value_of_many_lines_is_cut() -> None:
    header, body = split_header("---\ntitle: T\ntags:\n" + "  - tag\n" * 10**5 + "---\nBody.")
    assert (header.tags, body) == (("tag",), "Body.")


@pytest.mark.parametrize(
    "text",
    [
        "Date night is back.\n\nMore.",
        "Date: a fruit of the desert\n\nMore.",
        "Dates 2022-10-06 were moved.",
        "date of the raid: 2022-10-06\n\nMore.",
        "Note: something\n\nMore.",
        "Title: one\nEditor: two\n\nBody.",
        "Title: one line and nothing else",
        "Title: one\nThe body without a blank line.",
        "The raid on 2022-10-06 …\n\ntitle: no",
        "---\nA rule, then prose.\n---\nMore.",
        "---\nBreaking: the president resigned\n---\nMore.",
        "---\ntitle: never closed\n\nBody.",
        "--- title: x\n---\n",
        "http://x.org: a title\n\nBody.",
        "",
        "\n\n",
    ],
)
def test_prose_is_left_alone(text: str) -> None:
    assert split_header(text) == (Header(), text)


@pytest.mark.parametrize(
    "text",
    [
        " date 2022-13-40 The US",
        "date 2022-1-5 The US",
        "date: 2022-02-30\n\nBody.",
        "title: x\ndate: 6 October 2022\n\nBody.",
        "date: 2022-10-06 25:00\n\nBody.",
        "---\ndate: yesterday\n---\nBody.",
    ],
)
def test_a_wrong_date_is_named(text: str) -> None:
    with pytest.raises(ValueError, match=r"the date '.*' is not a day of the calendar"):
        split_header(text)


@given(st.text())
def test_the_body_is_always_an_end_of_the_text(text: str) -> None:
    try:
        assert text.endswith(split_header(text)[1])
    except ValueError as error:
        assert "the date" in str(error)


@given(st.text(alphabet="date: -\n\r2016titleThe'\"|>#", max_size=80))
def test_header_like_text_never_breaks_it(text: str) -> None:
    try:
        assert text.endswith(split_header(text)[1])
    except ValueError as error:
        assert "the date" in str(error)
