"""Pictures of what the bot shows in Discord, from the sample article: HTML, and PNG by Chromium.

Run it from the top folder: `python docs/discord_pictures.py`. It rewrites `docs/discord.html` and
`docs/discord-*.png`. Without Chromium (`chromium` in PATH, or `CHROMIUM=PATH`) the pages only.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import discord

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from bot.qa.answer import Answer, AnswerReading, Citation  # noqa: E402
from bot.ui.buttons import Action, ButtonId, answer_rows, button  # noqa: E402
from bot.ui.cards import answer_card  # noqa: E402
from bot.ui.cite_card import cite_card  # noqa: E402
from bot.ui.passages import passage_page  # noqa: E402
from bot.ui.why import why_card  # noqa: E402
from docs.discord_markup import STYLE, message  # noqa: E402
from index.article import Article, Passage, ScoredPassage  # noqa: E402
from index.filtering import SearchFilter  # noqa: E402
from index.loaders import load_paths  # noqa: E402

TODAY = dt.date(2022, 11, 23)
ROOM = "https://room.example/a/1"
PASSAGES = (
    ("Al Quraishi blew", "in 2019."),
    ("Syrian state media", "SANA reported."),
    ("Sources told Reuters", "in the raid."),
    ("It is the first", "territory."),
)

Button = discord.ui.Button[discord.ui.View]
Message = tuple[discord.Embed, list[list[Button]]]


def main() -> None:
    article = next(one for one in load_paths([ROOT / "seeds"]) if isinstance(one, Article))
    pages = {name: message(*shown) for name, shown in samples(article).items()}
    docs = Path(__file__).parent
    (docs / "discord.html").write_text(page("\n".join(pages.values())), "utf-8")
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not chromium:
        sys.exit("No Chromium: docs/discord.html was written, and no picture was taken")
    for name, body in pages.items():
        photograph(chromium, page(body), docs / f"discord-{name}.png")


def samples(article: Article) -> dict[str, Message]:
    where = answer(article)
    card = {"link_of": lambda _: ROOM, "today": TODAY, "show_question": True}
    none = Answer("who won the cup in Elmford?", False, "", 0.08, (), where.passages)
    corrected = "23 Nov 2022: the article was changed; this answer is from its newer revision."
    followed = dataclasses.replace(where, question="and where was he killed?")
    asked_as = "where was Al Quraishi killed?"
    since = SearchFilter(since=dt.date(2022, 10, 1))
    buttons = rows(answered=True)
    return {
        "answer": (answer_card(where, **card), buttons),  # type: ignore[arg-type]
        "follow-up": (answer_card(followed, asked_as=asked_as, **card), buttons),  # type: ignore[arg-type]
        "disagreement": (answer_card(disagreement(), **card), buttons),  # type: ignore[arg-type]
        "abstention": (answer_card(none, within=since, **card), rows(answered=False)),  # type: ignore[arg-type]
        "correction": (answer_card(where, note=corrected, **card), buttons),  # type: ignore[arg-type]
        "passages": (
            passage_page(where.passages, 1, link_of=lambda _: ROOM, citations=where.citations),
            [],
        ),
        "why": (why_card(where, within=since, as_of=TODAY, generation="3"), []),
        "cite": (cite_card(where.citations[0], accessed=TODAY, link=ROOM), []),
    }


def answer(article: Article) -> Answer:
    """An answer from the sample article, as a reader would give it."""
    words = "the town of Atme, Idlib province"
    start, end = span(article.text, "Al Quraishi blew", "in February.")
    said = article.text.index(words)
    found = tuple(
        ScoredPassage(
            Passage(n, article, *span(article.text, *edges)), 0.91 / n, 0.71 - n / 10, 14.2 - 3 * n
        )
        for n, edges in enumerate(PASSAGES, start=1)
    )
    return Answer(
        question="where was Al Quraishi killed?",
        answered=True,
        answer=words,
        confidence=0.84,
        citations=(Citation(1, article, start, end, said, said + len(words)),),
        passages=found,
        timings_ms={"retrieve": 21.0, "read": 143.0, "total": 164.0},
        context="western Syria",
    )


def disagreement() -> Answer:
    """Two invented articles that say different things."""
    sources = (
        ("21", "Bridge cost rises", "The Daily Example", dt.date(2022, 11, 18), 2, 0.66),
        ("20", "Bridge opens after three years", "Elmford Gazette", dt.date(2022, 10, 6), 1, 0.41),
    )
    readings = []
    for n, (cost, title, source, day, stories, confidence) in enumerate(sources, start=1):
        words = f"{cost} million pounds"
        text = f"The new bridge over the river Elm cost {words}, the council said."
        url = f"https://news.example/bridge-{n}"
        start = text.index(words)
        article = Article(f"bridge-{n}", title, day, source, url, text)
        cited = Citation(n, article, 0, len(text), start, start + len(words))
        readings.append(AnswerReading(words, confidence, (cited,), stories, day))
    first = readings[0]
    question = "how much did the bridge cost?"
    return Answer(question, True, first.answer, 0.66, first.citations, readings=tuple(readings))


def rows(*, answered: bool) -> list[list[Button]]:
    actions = answer_rows(answered=answered, has_passages=True, may_thread=answered)
    next_step = None if answered else Action.WATCH
    return [
        [button(ButtonId(action, 1), primary=action is next_step) for action in row]
        for row in actions
    ]


def span(text: str, first: str, last: str) -> tuple[int, int]:
    start = text.index(first)
    return start, text.index(last, start) + len(last)


def page(body: str) -> str:
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        f"<title>Dateline in Discord</title><style>{STYLE}</style></head><body>\n{body}\n"
        "</body></html>\n"
    )


def photograph(chromium: str, page: str, picture: Path) -> None:
    """A picture of `page`, at twice its size in pixels, without the empty room below."""
    from PIL import Image, ImageChops

    with tempfile.TemporaryDirectory() as folder:
        source, shot = Path(folder, "page.html"), Path(folder, "shot.png")
        source.write_text(page, "utf-8")
        subprocess.run(  # noqa: S603 - a program that whoever runs this has chosen
            [
                chromium, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
                f"--user-data-dir={folder}/profile", "--window-size=640,1800",
                "--force-device-scale-factor=2", f"--screenshot={shot}", source.as_uri(),
            ],
            check=True, capture_output=True, timeout=120,
        )  # fmt: skip
        with Image.open(shot) as taken:
            image = taken.convert("RGB")
    empty = Image.new("RGB", image.size, image.getpixel((0, image.height - 1)))  # type: ignore[arg-type]
    box = ImageChops.difference(image, empty).getbbox()
    height = min(image.height, (box[3] if box else image.height) + 28)
    small = image.crop((0, 0, image.width, height)).quantize(64)
    small.save(picture, optimize=True)


if __name__ == "__main__":
    main()
