import datetime as dt
import gzip
import hashlib
import json
import string
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.article import Article
from index.errors import LoadError
from index.loaders import jsonl
from index.loaders.document import file_document
from index.loaders.fields import MAX_AUTHORS, MAX_NAME
from index.loaders.jsonl import read_records

RAID: dict[str, Any] = {
    "id": "raid",
    "title": "A raid",
    "date": "2022-10-06",
    "source": "Reuters",
    "url": "https://x.org/raid",
    "text": " One.\r\n\r\nTwo\u2028e\u0301 \U0001f600 ",
}


def load_jsonl(path: Path) -> Iterator[Article | LoadError]:
    return jsonl.load_jsonl(file_document(path))


def write(path: Path, *lines: Any) -> Path:
    data = b"".join(
        (line if isinstance(line, bytes) else json.dumps(line).encode()) + b"\n" for line in lines
    )
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


def article(folder: Path, **changes: Any) -> Article:
    (loaded,) = load_jsonl(write(folder / "a.jsonl", RAID | changes))
    assert isinstance(loaded, Article), loaded
    return loaded


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz", "A.JSONL.GZ"])
def test_an_article_is_stored_as_given(tmp_path: Path, name: str) -> None:
    path = write(tmp_path / name.replace(".GZ", ".gz"), {"editors": ["x"]} | RAID, b" \r", RAID)
    path = path.rename(tmp_path / name)
    first, second = load_jsonl(path)
    assert isinstance(first, Article) and isinstance(second, Article)
    assert first == second
    assert first == Article(**RAID | {"date": dt.date(2022, 10, 6)})
    assert (first.origin, second.origin) == (f"{path}:1", f"{path}:3")


def test_a_byte_order_mark_and_no_last_line_end(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(RAID).encode())
    (loaded,) = load_jsonl(path)
    assert isinstance(loaded, Article) and loaded.text == RAID["text"]


def test_what_is_missing_is_derived(tmp_path: Path) -> None:
    assert article(tmp_path, id=None).id == "https://x.org/raid"
    assert article(tmp_path, id="", url="https://x.org/" + "a" * 200).id.startswith("url-")
    derived = article(tmp_path, id=None, url="", title="", date=None, source=None, text="So it is.")
    assert derived.id == "sha256-" + hashlib.sha256(b"So it is.").hexdigest()[:16]
    assert (derived.title, derived.date, derived.source) == ("So it is.", None, "")
    (bare,) = load_jsonl(write(tmp_path / "b.jsonl", {"text": "So it is."}))
    assert bare == derived


@pytest.mark.parametrize("tags", [["Syria", " the\nwar ", "", "SYRIA"], "Syria, the war;syria"])
def test_tags_and_the_set(tmp_path: Path, tags: Any) -> None:
    loaded = article(tmp_path, tags=tags, set="desk 1")
    assert (loaded.tags, loaded.article_set) == (("Syria", "the war"), "desk 1")
    assert article(tmp_path, tags=["Washington, D.C."], set=None).tags == ("Washington, D.C.",)
    assert article(tmp_path, tags=None, set="").tags == ()


@pytest.mark.parametrize(
    "fields",
    [
        {"authors": ["Jane Doe", " Roe,\nJohn ", "", "JANE DOE"]},
        {"authors": "Jane Doe; Roe, John;"},
        {"author": "Jane Doe;Roe, John", "authors": []},
        {"author": ["Jane Doe", "Roe, John"], "authors": None},
    ],
)
def test_authors(tmp_path: Path, fields: dict[str, Any]) -> None:
    assert article(tmp_path, **fields).authors == ("Jane Doe", "Roe, John")


def test_authors_are_bounded(tmp_path: Path) -> None:
    names = [f"Author {number}" for number in range(MAX_AUTHORS + 1)]
    loaded = article(tmp_path, authors=["x" * (MAX_NAME + 1), *names])
    assert loaded.authors == tuple(names[:MAX_AUTHORS])


@pytest.mark.parametrize("fields", [{"authors": []}, {"author": ""}, {"authors": [" "]}])
def test_without_an_author_the_hash_is_what_it_was(tmp_path: Path, fields: dict[str, Any]) -> None:
    plain = article(tmp_path)
    assert article(tmp_path, **fields).content_hash == plain.content_hash
    assert article(tmp_path, authors=["Jane Doe"]).content_hash != plain.content_hash


def test_ids_may_be_numbers_and_the_last_of_two_keys_wins(tmp_path: Path) -> None:
    assert article(tmp_path, id=0).id == "0"
    (twice,) = load_jsonl(write(tmp_path / "b.jsonl", b'{"id":1,"text":"a","id":2}'))
    assert isinstance(twice, Article) and twice.id == "2"


@pytest.mark.parametrize(
    "date", ["2022-10-06T23:59:59.123Z", "2022-10-06 10:00", "2022-10-06T10:00:00+02:00"]
)
def test_the_day_of_a_time(tmp_path: Path, date: str) -> None:
    assert article(tmp_path, date=date).date == dt.date(2022, 10, 6)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{", "not valid JSON (Expecting property name enclosed in double quotes"),
        (b"[1]", "not a JSON object"),
        (b"[" * 100_000, "not usable JSON"),
        (b'{"id":' + b"1" * 5000 + b"}", "not usable JSON"),
        (b'{"text":"\xff"}', "not UTF-8 at byte 9 of the line"),
        ({"text": 1}, "the text is no string but int: put it in quotes"),
        ({"text": "a", "title": ["b"]}, "the title is no string but list"),
        ({"text": "a", "date": 20221006}, "the date is no string but int"),
        ({"text": "a", "tags": ["b", 1]}, "the tags are no list of strings: write them as"),
        ({"text": "a", "tags": {"b": 1}}, "the tags are no list of strings: write them as"),
        ({"text": "a", "tags": ["\ud800"]}, "the tag has a lone surrogate"),
        ({"text": "a", "authors": ["b", 1]}, "the authors are no list of strings: write them as"),
        ({"text": "a", "author": {"name": "b"}}, "the authors are no list of strings: write"),
        ({"text": "a", "authors": ["\ud800"]}, "the author has a lone surrogate"),
        ({"text": "a", "set": 1}, "the set is no string but int"),
        ({"text": "a", "id": True}, "the id is no string but bool"),
        ({"text": "a", "id": 1.5}, "the id is no string but float"),
        ({"text": "a", "id": "x\ny"}, "the id 'x\\ny' must have"),
        ({"text": " \n"}, "the text is missing or empty"),
        ({"id": "x"}, "the text is missing or empty"),
        ({"text": "a", "date": "2022-13-40"}, "the date '2022-13-40' is not a day"),
        ({"text": "a", "date": "2022-10-06T99:00"}, "the date '2022-10-06T99:00' is not a day"),
        ({"text": "a \ud800"}, "the text has a lone surrogate at code point 2"),
        ({"text": "a", "source": "\udc00"}, "the source has a lone surrogate"),
    ],
)
def test_a_bad_line_is_named_and_the_rest_goes_on(tmp_path: Path, line: Any, reason: str) -> None:
    path = write(tmp_path / "a.jsonl", RAID, line, RAID | {"id": "next"})
    first, bad, last = load_jsonl(path)
    assert isinstance(first, Article) and isinstance(last, Article)
    assert isinstance(bad, LoadError)
    assert str(bad).startswith(f"{path}, line 2: {reason}")


def test_a_line_that_is_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonl, "MAX_LINE", 200)
    monkeypatch.setattr(jsonl, "_SKIP", 7)
    long = {"text": "a" * 500}
    path = write(tmp_path / "a.jsonl.gz", RAID | {"text": "a"}, long, RAID | {"text": "b"}, long)
    kinds = [type(loaded) for loaded in load_jsonl(path)]
    assert kinds == [Article, LoadError, Article, LoadError]


def test_an_empty_file(tmp_path: Path) -> None:
    for path in (write(tmp_path / "a.jsonl"), write(tmp_path / "a.jsonl.gz", b"", b" ")):
        (loaded,) = load_jsonl(path)
        assert isinstance(loaded, LoadError) and "the file has no articles" in str(loaded)


def test_a_file_that_is_gone(tmp_path: Path) -> None:
    (loaded,) = load_jsonl(tmp_path / "gone.jsonl")
    assert isinstance(loaded, LoadError) and "No such file" in str(loaded)


@pytest.mark.parametrize("damage", ["truncated", "checksum", "garbage behind"])
def test_damaged_gzip_keeps_what_was_read(tmp_path: Path, damage: str) -> None:
    path = write(tmp_path / "a.jsonl.gz", *[RAID | {"id": n} for n in range(500)])
    data = path.read_bytes()
    if damage == "truncated":
        path.write_bytes(data[:-100])
    elif damage == "checksum":
        path.write_bytes(data[:-8] + b"\0" * 8)
    else:
        path.write_bytes(data + b"garbage")
    *articles, last = load_jsonl(path)
    assert all(isinstance(loaded, Article) for loaded in articles)
    assert len(articles) == 500 if damage != "truncated" else 0 < len(articles) < 500
    assert isinstance(last, LoadError)
    assert f"cut off or damaged after line {len(articles)}" in str(last)


@pytest.mark.parametrize("line", [b" " * 999_999 + b"\n", b"\n", b" " * 2**20])
def test_a_gzip_bomb(tmp_path: Path, line: bytes) -> None:
    path = tmp_path / "a.jsonl.gz"
    packer = zlib.compressobj(9, wbits=31)
    data = [packer.compress(line * (2**20 // len(line) + 1)) for _ in range(2)]
    path.write_bytes(b"".join([*data, packer.flush()]))
    (error,) = load_jsonl(path)
    assert "unpacks to over 1 MB, far more than such a file holds" in str(error)


def test_a_file_that_only_says_gzip(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    path.write_text(json.dumps(RAID))
    (loaded,) = load_jsonl(path)
    assert isinstance(loaded, LoadError) and "Not a gzipped file" in str(loaded)


def test_an_interrupt_is_not_swallowed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("json.loads", interrupt)
    with pytest.raises(KeyboardInterrupt):
        list(read_records(write(tmp_path / "a.jsonl", b"{}")))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)
FIELDS = st.sampled_from(["id", "title", "date", "source", "url", "text"])
LINE = st.binary(max_size=40) | st.dictionaries(FIELDS, JSON).map(json.dumps).map(str.encode)
UNICODE = st.text(st.characters(exclude_categories=["Cs"]))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(lines=st.lists(LINE, max_size=5), zipped=st.sampled_from([None, "whole", "cut"]))
def test_any_bytes_give_articles_or_errors(
    tmp_path: Path, lines: list[bytes], zipped: str | None
) -> None:
    data = b"\n".join(lines)
    path = tmp_path / ("a.jsonl.gz" if zipped else "a.jsonl")
    packed = gzip.compress(data)
    path.write_bytes(data if not zipped else packed if zipped == "whole" else packed[:-9])
    loaded = list(load_jsonl(path))
    assert loaded and all(isinstance(item, Article | LoadError) for item in loaded)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.binary())
def test_any_bytes_in_a_gzip_file(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(b"\x1f\x8b\x08" + data)
    assert all(isinstance(item, LoadError) for item in load_jsonl(path))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    record=st.fixed_dictionaries(
        {
            "id": st.text(string.ascii_letters + string.digits + "-é", min_size=1, max_size=200),
            "title": UNICODE.filter(str.strip),
            "date": st.dates().map(dt.date.isoformat),
            "source": UNICODE,
            "url": UNICODE,
            "text": UNICODE.filter(str.strip),
        }
    ),
    ascii=st.booleans(),
)
def test_articles_round_trip_exactly(tmp_path: Path, record: dict[str, str], ascii: bool) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(json.dumps(record, ensure_ascii=ascii).encode())
    (loaded,) = load_jsonl(path)
    assert isinstance(loaded, Article)
    stored = {name: getattr(loaded, name) for name in record}
    assert stored | {"date": str(loaded.date)} == record
