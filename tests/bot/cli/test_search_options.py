"""`ask` and `search` narrowed to days, sources, sets and tags, and asked on another day."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from command_line import dateline, objects, only, write_jsonl

STORY = (
    "The mayor of Springfield, José Ortega, resigned on Monday after a dispute over the new "
    "bridge. The council elected Ana Björk to succeed him. She takes office in the town hall on "
    "Friday, and has promised to open the bridge before the winter."
)
PAPERS = ("Gazette", "The Week", "Post\x1b[31m", "Courier", "Herald")
"""Each printed the story a day after the one before."""
COPIES = [
    {
        "id": f"story-{number}",
        "title": f"Mayor \x1b]0;pwned\x07resigns, {number}",
        "date": f"2023-01-0{number}",
        "source": paper,
        "text": STORY,
    }
    for number, paper in enumerate(PAPERS, 1)
]
LIBRARY = {
    "id": "library",
    "title": "Library closes",
    "date": "2022-06-01",
    "source": "Gazette",
    "set": "Culture",
    "tags": ["books", "Springfield"],
    "text": "The public library of Springfield closed on Wednesday, because its roof leaks.",
}
FLOOD = {
    "id": "flood",
    "title": "Flood",
    "source": "Archive",
    "text": "A flood destroyed the harbour of Springfield. Nobody knows when it was.",
}
ALL = {copy["id"] for copy in COPIES} | {"library", "flood"}
QUESTION = "When did the mayor of Springfield resign?"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("archive")
    news = write_jsonl(folder / "news.jsonl", *COPIES, LIBRARY, FLOOD)
    assert dateline(folder, "index", news).exit_code == 0
    return folder


def found(home: Path, *options: str) -> set[str]:
    """The articles, copies included, that a search shows."""
    result = dateline(home, "search", "news of Springfield", *options, "--json")
    assert result.exit_code == 0, result.output
    passages = only(result)["passages"]
    return {id for one in passages for id in (one["article_id"], *one["also_in"])}


@pytest.mark.parametrize(
    ("options", "ids"),
    [
        ([], ALL),
        (["--since", "2023-01-05"], {"story-5"}),
        (["--until", "2023-01-01"], {"library", "story-1"}),
        (["--since", "2023-01-02", "--until", "2023-01-03"], {"story-2", "story-3"}),
        (["--source", "gazette"], {"library", "story-1"}),
        (["--source", "Archive", "--source", "Herald"], {"flood", "story-5"}),
        (["--set", "culture"], {"library"}),
        (["--tag", "BOOKS"], {"library"}),
        (["--source", "Archive", "--tag", "books"], set()),
        (["--as-of", "2022-06-02"], ALL),
    ],
)
def test_what_a_search_is_narrowed_to(home: Path, options: list[str], ids: set[str]) -> None:
    assert found(home, *options) == ids


def test_the_day_of_the_question_decides_what_is_new(home: Path) -> None:
    def first(*options: str) -> str:
        result = only(dateline(home, "search", "latest news of Springfield", *options, "--json"))
        best: str = result["passages"][0]["article_id"]
        return best

    assert first("--as-of", "2022-06-02") == "library"
    assert first("--as-of", "2023-01-06").startswith("story")


def test_a_filter_holds_for_answers(home: Path) -> None:
    def cited(*options: str) -> dict[str, Any]:
        result = dateline(home, "ask", QUESTION, *options, "--json")
        assert result.exit_code == 0, result.output
        (citation,) = only(result)["citations"]
        assert "resigned on Monday" in citation["quote"]
        return dict(citation)

    anywhere = cited("--as-of", "2023-01-09")
    assert {anywhere["article_id"], *anywhere["also_in"]} == {copy["id"] for copy in COPIES}
    narrowed = cited("--source", "Courier", "--since", "2023-01-01", "--as-of", "2023-01-09")
    assert (narrowed["article_id"], narrowed["also_in"]) == ("story-4", [])
    refused = dateline(home, "ask", QUESTION, "--tag", "books", "--json")
    assert (refused.exit_code, only(refused)["answered"]) == (3, False)


def test_the_json_of_a_search(home: Path) -> None:
    result = only(dateline(home, "search", "flood in the harbour", "-k", "1", "--json"))
    (passage,) = result["passages"]
    assert list(passage) == [
        "rank", "article_id", "start", "end", "score", "also_in", "cosine", "bm25", "title", "date",
        "source", "url", "page", "text",
    ]  # fmt: skip
    assert (passage["also_in"], passage["page"]) == ([], None)


@pytest.mark.parametrize("command", [["ask", QUESTION], ["search", "mayor", "-k", "1"]])
def test_copies_are_named_to_people(home: Path, command: list[str]) -> None:
    shown = dateline(home, *command, "--as-of", "2023-01-09").stdout
    (line,) = [line for line in shown.split("\n") if line.startswith("    Also in: ")]
    assert line.count("Mayor resigns, ") == 3
    assert line.endswith(" and 1 more")
    assert "\x1b" not in shown and "pwned" not in shown


def test_an_abstention_names_no_copies(home: Path) -> None:
    result = dateline(home, "ask", "Who is the president of France?")
    assert result.exit_code == 3
    assert "The closest passages:\n\n- " in result.stdout
    assert "Also in" not in result.stdout


@pytest.mark.parametrize("command", [["ask", QUESTION], ["search", "mayor"]])
@pytest.mark.parametrize(
    ("option", "name", "problem"),
    [
        ("--source", "Gazete", "no article has the source 'Gazete': try 'Gazette'"),
        ("--set", "Sports", "no article has the article set 'Sports': try 'Culture'"),
        ("--tag", "book\x1b[31m", "no article has the tag 'book\\x1b[31m': try 'books'"),
    ],
)
def test_a_name_that_no_article_has(
    home: Path, command: list[str], option: str, name: str, problem: str
) -> None:
    result = dateline(home, *command, option, name, "--json")
    assert result.exit_code == 1
    assert result.stderr == f"dateline: {problem}\n"
    assert only(result) == {"error": problem}


def test_each_line_of_a_file_has_its_day(home: Path, tmp_path: Path) -> None:
    """`--as-of` holds where a line does not say; a wrong day takes only its own line's place."""
    question = "What is the latest news of Springfield?"
    lines = (
        {"id": 1, "question": question, "date": "2022-06-02"},
        {"id": 2, "question": question},
        {"id": 3, "question": question, "date": 20220602},
        {"id": 4, "question": question, "date": "2022-06-31"},
    )
    path = write_jsonl(tmp_path / "q.jsonl", *lines)
    result = dateline(home, "ask", "--file", path, "--as-of", "2023-01-06", "--json")
    assert result.exit_code == 1
    first, second, *wrong = objects(result)
    assert first["passages"][0]["article_id"] == "library"
    assert second["passages"][0]["article_id"].startswith("story")
    assert [one["id"] for one in wrong] == [3, 4]
    assert all("write it as 2022-10-06" in one["error"] for one in wrong)
    good = json.dumps({"id": 5, "question": QUESTION, "date": None})
    narrowed = dateline(home, "ask", "--file", "-", "--source", "Herald", "--json", input=good)
    assert narrowed.exit_code == 0
    assert {one["article_id"] for one in only(narrowed)["passages"]} == {"story-5"}
