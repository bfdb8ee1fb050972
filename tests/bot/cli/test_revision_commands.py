"""`articles list`, `show` and `diff` on an article that was corrected twice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from command_line import dateline, only, write_jsonl

FIRST = {
    "id": "bridge",
    "title": "Bridge opens",
    "date": "2022-10-06",
    "source": "Gazette",
    "set": "City",
    "tags": ["roads", "City"],
    "text": "The bridge opens on Monday.\n  It cost 4 million.\nNobody\u202e was hurt.",
}
SECOND = FIRST | {"text": "The bridge opens on Friday.\n  It cost 4 million.\nNobody was hurt."}
THIRD = SECOND | {
    "authors": ["Jane Doe", "Roe, John"],
    "tags": ["roads"],
    "source": "Gazette\x1b[31m",
}
OTHER = {"id": "rain", "title": "Rain", "text": "Rain fell on the town for a week."}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("archive")
    for revision in (FIRST, SECOND, THIRD):
        news = write_jsonl(folder / "news.jsonl", revision, OTHER)
        assert dateline(folder, "index", news).exit_code == 0
    return folder


def diff(home: Path, *arguments: str) -> str:
    result = dateline(home, "articles", "diff", *arguments)
    assert (result.exit_code, result.stderr) == (0, ""), result.output
    return result.stdout


def shown(home: Path, *arguments: str) -> dict[str, Any]:
    return only(dateline(home, "articles", "show", *arguments, "--json"))


def test_the_list_has_sets_and_tags(home: Path) -> None:
    listed = only(dateline(home, "articles", "list", "--json"))["articles"]
    assert {one["id"]: (one["set"], one["tags"]) for one in listed} == {
        "bridge": ("City", ["roads"]),
        "rain": ("", []),
    }


def test_the_newest_revision_is_shown_unless_another_is_asked_for(home: Path) -> None:
    newest = shown(home, "bridge")
    assert (newest["revision"], newest["text"]) == (3, THIRD["text"])
    assert [one["number"] for one in newest["revisions"]] == [1, 2, 3]
    assert [one["serving"] for one in newest["revisions"]] == [False, False, True]
    assert all(one["stored_at"].endswith("+00:00") for one in newest["revisions"])
    hashes = [one["content_hash"] for one in newest["revisions"]]
    assert len(set(hashes)) == 3 and hashes[2] == newest["content_hash"]
    assert newest["authors"] == THIRD["authors"]
    first = shown(home, "bridge", "--revision", "1")
    assert first["authors"] == []
    assert {name: first[name] for name in FIRST} == FIRST
    assert (first["revision"], first["content_hash"]) == (1, hashes[0])
    assert first["revisions"] == newest["revisions"]


def test_a_revision_is_named_to_people_where_there_are_several(home: Path) -> None:
    head = "2022-10-06\nGazette\n"
    text = dateline(home, "articles", "show", "bridge").stdout
    title = "Bridge opens\nby Jane Doe; Roe, John\n"
    assert text.startswith(f"{title}{head}revision 3 of 3\n\nThe bridge opens on Friday.\n")
    text = dateline(home, "articles", "show", "bridge", "--revision", "1").stdout
    assert text.startswith(f"Bridge opens\n{head}revision 1 of 3\n\nThe bridge opens on Monday.\n")
    assert "revision" not in dateline(home, "articles", "show", "rain").stdout


def test_a_diff_keeps_the_lines_as_they_are(home: Path) -> None:
    assert diff(home, "bridge", "1", "2").split("\n") == [
        "--- revision 1",
        "+++ revision 2",
        "@@ -5,6 +5,6 @@",
        " authors: ",
        " set: City",
        " tags: roads, City",
        "-The bridge opens on Monday.",
        "+The bridge opens on Friday.",
        "   It cost 4 million.",
        "-Nobody was hurt.",
        "+Nobody was hurt.",
        "",
    ]


def test_a_diff_is_between_the_two_newest_unless_told_otherwise(home: Path) -> None:
    newest = diff(home, "bridge")
    assert newest.startswith("--- revision 2\n+++ revision 3\n")
    assert "-tags: roads, City\n+tags: roads\n" in newest
    assert "+authors: Jane Doe; Roe, John\n" in newest
    assert "-source: Gazette\n+source: Gazette\n" in newest, "without what drives a terminal"
    assert diff(home, "bridge", "2") == newest
    assert diff(home, "bridge", "1").startswith("--- revision 1\n+++ revision 3\n")
    backwards = diff(home, "bridge", "3", "2")
    assert "-tags: roads\n+tags: roads, City\n" in backwards


def test_a_diff_in_json(home: Path) -> None:
    result = only(dateline(home, "articles", "diff", "bridge", "1", "2", "--json"))
    assert (result["id"], result["old"], result["new"]) == ("bridge", 1, 2)
    assert "-Nobody\u202e was hurt." in result["diff"], "exact, unlike what people see"
    changed = only(dateline(home, "articles", "diff", "bridge", "--json"))["diff"]
    assert "+source: Gazette\x1b[31m" in changed


def test_where_there_is_nothing_to_compare(home: Path) -> None:
    only_one = dateline(home, "articles", "diff", "rain")
    assert (only_one.exit_code, only_one.stdout) == (0, "")
    assert only_one.stderr == "There is one revision only.\n"
    same = dateline(home, "articles", "diff", "bridge", "2", "2")
    assert (same.exit_code, same.stdout) == (0, "")
    assert same.stderr == "Revision 2 and revision 2 read the same.\n"
    in_json = dateline(home, "articles", "diff", "rain", "--json")
    assert only(in_json) == {"id": "rain", "old": 1, "new": 1, "diff": []}


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["show", "bridge", "--revision", "4"], "'bridge' has no revision 4: it has 1, 2, 3"),
        (["diff", "bridge", "7"], "'bridge' has no revision 7: it has 1, 2, 3"),
        (["diff", "rain", "1", "2"], "'rain' has no revision 2: it has 1"),
        (["show", "gone", "--revision", "1"], "no article has the id 'gone': `dateline articles"),
        (["diff", "gone"], "no article has the id 'gone': `dateline articles"),
    ],
)
def test_what_is_not_stored_is_one_line(home: Path, arguments: list[str], problem: str) -> None:
    result = dateline(home, "articles", *arguments)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(f"dateline: {problem}")
    assert result.stderr.count("\n") == 1
