import datetime as dt
from pathlib import Path

import pytest
from loader_samples import CSV

from index.article import Article
from index.errors import LoadError
from index.loaders import load_paths
from index.loaders import tables as table_loader


def load(folder: Path, data: bytes, name: str = "a.csv") -> list[Article | LoadError]:
    (folder / name).write_bytes(data)
    return list(load_paths([folder / name]))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_table(tmp_path: Path, encoding: str) -> None:
    first, second = load(tmp_path, CSV.encode(encoding))
    assert first == Article(
        "b-1",
        "Bridge, new",
        dt.date(2022, 10, 6),
        "The Daily Example",
        "https://news.example/bridge",
        'It "opened".\nOn Thursday.',
    )
    assert isinstance(first, Article) and first.origin == f"{tmp_path}/a.csv:2"
    assert isinstance(second, Article) and second.id == "https://news.example/2"
    assert second.origin == f"{tmp_path}/a.csv:4"


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_delimiters_and_line_ends(tmp_path: Path, mark: str) -> None:
    rows = ["id,TEXT ,title", "1,One £.,A", "", "2,Two.,B"]
    data = "\r\n".join(rows).replace(",", mark).encode()
    one, two = load(tmp_path, data, "a.tsv")
    assert isinstance(one, Article) and isinstance(two, Article)
    assert (one.text, one.title, two.id) == ("One £.", "A", "2")


def test_tags_and_the_set(tmp_path: Path) -> None:
    (article,) = load(tmp_path, 'text,tags,set\nOne.,"Syria, CafÃ©",desk 1\n'.encode())
    assert isinstance(article, Article)
    assert (article.tags, article.article_set) == (("Syria", "Café"), "desk 1")


@pytest.mark.parametrize("column", ["author", "authors"])
def test_authors(tmp_path: Path, column: str) -> None:
    (article,) = load(tmp_path, f'text,{column}\nOne.,"Doe, Jane; RenÃ© Roe"\n'.encode())
    assert isinstance(article, Article) and article.authors == ("Doe, Jane", "René Roe")


def test_encodings_and_mojibake(tmp_path: Path) -> None:
    for data in (b"text\ncaf\xe9 au lait\n", "text\ncafÃ© au lait\n".encode()):
        (article,) = load(tmp_path, data)
        assert isinstance(article, Article) and article.text == "café au lait"
    mixed = "text\nÜber Ägypten für öde ".encode() + b"\xa320\n"
    (article,) = load(tmp_path, mixed)
    assert isinstance(article, Article) and article.text == "Über Ägypten für öde £20"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "no column is named text (the first line has: nothing)"),
        (b"id,body\n1,x\n", "no column is named text (the first line has: id, body): name"),
        (b"text,Text\n1,x\n", "two columns are named text"),
        (b"text\n\n", "the table has no rows"),
        (b"text\n\0", "looks like a binary file"),
    ],
)
def test_tables_that_cannot_be_read(tmp_path: Path, data: bytes, reason: str) -> None:
    (error,) = load(tmp_path, data)
    assert isinstance(error, LoadError) and reason in str(error)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (b"1,2022-10-06,x,y", "4 fields where the first line names 3: put fields with ','"),
        (b'1,2022-10-06,"x"y', "not a row of CSV"),
        (b"1,yesterday,x", "the date 'yesterday' is not a day"),
        (b"1,2022-10-06,", "the text is missing or empty"),
        (b"1,2022-10-06," + b"x" * 2000, "not a row of CSV (field larger"),
    ],
)
def test_a_bad_row_is_named_and_the_rest_goes_on(
    tmp_path: Path, row: bytes, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table_loader, "MAX_FIELD", 1000)
    first, bad, last = load(tmp_path, b"id,date,text\n0,,One.\n" + row + b"\n2,,Two.\n")
    assert isinstance(first, Article) and isinstance(last, Article)
    assert isinstance(bad, LoadError)
    assert str(bad).startswith(f"{tmp_path}/a.csv, line 3: {reason}")
