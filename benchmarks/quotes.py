"""Checks the promise that every quote is byte for byte in its article."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from benchmarks.answering import Outcome
from benchmarks.datasets import SourceArticle
from index.archive import Archive
from index.errors import ArticleNotFoundError


def check_quotes(
    outcomes: Iterable[Outcome], archive: Archive, articles: Mapping[str, SourceArticle]
) -> tuple[int, list[str]]:
    """How many published quotes were checked, and what is wrong with each that is wrong.

    A quote is right if it is byte for byte the text between its offsets, both in the article as
    the archive has it and as the input file has it, and the answer's words are where it says. An
    answer without a quote is a wrong one.
    """
    checked, wrong = 0, []
    for outcome in outcomes:
        published = outcome.published or {"answered": outcome.answered, "citations": []}
        where = f"question {outcome.question.id}"
        if published["answered"] and not published["citations"]:
            checked += 1
            wrong.append(f"{where}: an answer without a quote")
        told = [(published.get("answer", ""), published["citations"])]
        told += [(one["answer"], one["citations"]) for one in published.get("readings", ())]
        for answer, citation in ((answer, one) for answer, given in told for one in given):
            checked += 1
            id, start, end = citation["article_id"], citation["start"], citation["end"]
            quote = citation["quote"].encode()
            texts = (_stored_text(archive, id), articles[id].text if id in articles else "")
            # A negative offset would count from the end of the text and could be right by chance.
            in_order = 0 <= start < end
            if not in_order or any(text[start:end].encode() != quote for text in texts):
                wrong.append(f"{where}: {citation['quote']!r} is not {id}[{start}:{end}]")
            first = citation.get("answer_start") if citation is told[0][1][0] else None
            if first is not None and texts[0][first : citation["answer_end"]] != answer:
                wrong.append(f"{where}: {answer!r} does not stand at {id}[{first}]")
    return checked, wrong


def _stored_text(archive: Archive, article_id: str) -> str:
    try:
        return archive.article(article_id).text
    except ArticleNotFoundError:
        return ""
