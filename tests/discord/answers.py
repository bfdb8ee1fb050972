"""Answers to send through the bot."""

from __future__ import annotations

import datetime as dt
from typing import Any

from bot.qa.answer import Answer, Citation
from index.article import Article, Passage, ScoredPassage

TEXT = "The raid was in the village of Muluk Saray. One person was killed, SANA reported."
QUOTE = "The raid was in the village of Muluk Saray."

HOSTILE = (
    "@everyone @here <@200> <@!200> <@&300> <#400> <:smile:1> <a:smile:1> </ask:1> <t:0:R> "
    "[bank](https://evil.example/) https://evil.example/a discord.gg/evil **b** ||s|| `c`\n"
    "# heading\n-# small\n- item\n1. item\n> quote\n>>> rest\n```ansi\n\x1b[31mred\n``` "
    "\u202edesrever\u200b" + "e" + "\u0301" * 3000
)


def article(
    text: str = TEXT,
    *,
    title: str = "US admits raid",
    source: str = "Newswire",
    url: str = "https://news.example/raid",
    date: dt.date | None = dt.date(2022, 10, 6),
) -> Article:
    return Article(id="a1", title=title, date=date, source=source, url=url, text=text)


def answer(
    text: str = "Muluk Saray",
    *,
    of: Article | None = None,
    quote: str = QUOTE,
    confidence: float = 0.87,
    question: str = "Which village was raided?",
) -> Answer:
    of = of or article()
    start = of.text.index(quote)
    return Answer(
        question=question,
        answered=True,
        answer=text,
        confidence=confidence,
        citations=(Citation(1, of, start, start + len(quote)),),
        passages=(passage(of),),
    )


def abstention(*of: Article, question: str = "Who won the cup?") -> Answer:
    return Answer(
        question=question,
        answered=False,
        answer="",
        confidence=0.1,
        passages=tuple(passage(one, id) for id, one in enumerate(of)),
    )


def passage(of: Article, id: int = 0) -> ScoredPassage:
    return ScoredPassage(Passage(id, of, 0, len(of.text)), score=1.0)


def said(message: dict[str, Any]) -> str:
    """All that a message shows: its content and its embeds, a line below the other."""
    parts = [message["content"]]
    for embed in message["embeds"]:
        parts += [embed.get("title", ""), embed.get("description", "")]
        for field in embed.get("fields", ()):
            parts += [field["name"], field["value"]]
        parts.append(embed.get("footer", {}).get("text", ""))
    return "\n".join(filter(None, parts))


def buttons(message: dict[str, Any]) -> dict[str, str]:
    """The labels (or emoji) of a message's buttons, and their ids."""
    return {
        item.get("label") or item["emoji"]["name"]: item["custom_id"]
        for row in message["components"]
        for item in row["components"]
    }
