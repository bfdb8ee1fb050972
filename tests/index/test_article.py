import dataclasses
import datetime as dt
import hashlib
import json

import pytest
from small_articles import article

from index.article import MAX_ID_LENGTH, Article, Passage
from index.errors import InvalidArticleError


@pytest.mark.parametrize("id", ["", "a\nb", "a\0", "a\u200e", "x" * (MAX_ID_LENGTH + 1)])
def test_an_id_is_short_and_printable(id: str) -> None:
    with pytest.raises(InvalidArticleError, match="printable characters"):
        article(id)


@pytest.mark.parametrize("text", ["", " \r\n\u00a0\u2029"])
def test_a_text_without_a_visible_character_is_refused(text: str) -> None:
    with pytest.raises(InvalidArticleError, match="the text is empty"):
        Article("a", "", None, "", "", text)


@pytest.mark.parametrize("name", ["id", "title", "source", "url", "text"])
def test_a_lone_surrogate_is_refused_by_name(name: str) -> None:
    with pytest.raises(InvalidArticleError, match="id" if name == "id" else f"the {name} has"):
        dataclasses.replace(article("a"), **{name: "ab\ud83d"})


def test_the_hash_changes_with_every_stored_field_and_with_nothing_else() -> None:
    one = article("a", "Some text.")
    fields = {"id": "b", "title": "T", "date": None, "source": "S", "url": "U", "text": "Other."}
    hashes = {dataclasses.replace(one, **{k: v}).content_hash for k, v in fields.items()}
    assert len(hashes | {one.content_hash}) == 7
    elsewhere = dataclasses.replace(one, origin="/elsewhere/a.txt", id_from_file_name=True)
    assert elsewhere.content_hash == one.content_hash
    assert elsewhere == one
    assert dataclasses.replace(one, date=dt.date(2023, 5, 18)).content_hash not in hashes


@pytest.mark.parametrize(("field", "name"), [("authors", "author"), ("tags", "tag")])
def test_a_lone_surrogate_in_a_list_is_refused_by_name(field: str, name: str) -> None:
    with pytest.raises(InvalidArticleError, match=f"the {name} has a lone surrogate"):
        article("a", **{field: ("Jane", "ab\ud83d")})


def test_what_an_article_does_not_have_is_not_in_its_hash() -> None:
    bare = article("a", "Some text.")
    day = "2023-05-17"
    fields = [bare.id, bare.title, day, bare.source, bare.url, bare.text]
    assert bare.content_hash == hashlib.sha256(json.dumps(fields).encode()).hexdigest()
    more = {"authors": ("Jane",), "tags": ("Jane",), "article_set": "Jane", "page_starts": (0,)}
    hashes = {article("a", "Some text.", **{k: v}).content_hash for k, v in more.items()}
    assert len(hashes | {bare.content_hash}) == 5


def test_a_passage_is_a_slice_in_code_points() -> None:
    whole = article("a", "😀 e\u0301\r\nend")
    assert Passage(1, whole, 2, 4).text == "e\u0301"


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (2, 2), (3, 2), (0, 6), (7, 9)])
def test_a_passage_lies_inside_its_article(start: int, end: int) -> None:
    with pytest.raises(ValueError, match=r"passage 7: \[.* of a \(5 code points\)"):
        Passage(7, article("a", "Text."), start, end)
