"""Are follow-up questions, completed by the rules, found as well as the whole questions they mean?

    python benchmarks/follow_ups.py DATA [--home DIR] [--failures] [--json]

DATA holds the folders of articles that the conversations name; each folder is an archive of its
own. Each follow-up is searched as the whole question that it means, as what the rules make of it
(`bot/qa/followups`) and, to compare, as it was typed, with all questions before it in front, and as
the first question of its conversation, which does not ask for it at all.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

if not __package__:  # run as a script: the checkout, not this folder, is where imports start
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

from benchmarks.datasets import Dataset, DatasetError, load_dataset
from benchmarks.dateline import Dateline, home_folder, load, open_dateline
from benchmarks.peers import Hit, quiet
from benchmarks.reporting import markdown_table, progress, share
from bot.qa.followups.completing import complete
from bot.qa.followups.turns import Completion, Turn
from bot.settings import load_settings
from index.errors import SettingsError
from index.evaluation import metrics

CONVERSATIONS = Path(__file__).resolve().with_name("conversations.jsonl")
K = 5
WORDINGS = ("full", "rules", "as typed", "all joined", "first alone")
OUTCOMES = ("completed", "left as it was", "asked back", "taken for no question")


@dataclass(frozen=True)
class Question:
    """One turn of a conversation."""

    typed: str
    full: str
    """The whole question that it means; the same where it is whole."""
    start: int
    end: int
    """The sentences that answer it, in code points of the article's text."""
    answer: str


@dataclass(frozen=True)
class Conversation:
    """Two or three questions that one article answers; the first is whole."""

    id: str
    dataset: str
    """The folder of the article."""
    article_id: str
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class FollowUp:
    """A later question of a conversation and what the rules make of it."""

    conversation: Conversation
    place: int
    """2 for the second question of its conversation, and so on."""
    question: Question
    completion: Completion

    @property
    def outcome(self) -> str:
        """One of OUTCOMES."""
        if not self.completion.asks:
            return OUTCOMES[3]
        if self.completion.unclear:
            return OUTCOMES[2]
        return OUTCOMES[0] if self.completion.changed else OUTCOMES[1]

    @property
    def searched(self) -> str:
        """What the bot would search; empty where it would not."""
        if not self.completion.ready:
            return ""
        return self.completion.question if self.completion.changed else self.question.typed


@dataclass(frozen=True)
class Judged:
    """A follow-up and the wordings of it that find the passage."""

    follow_up: FollowUp
    ranks: Mapping[str, int | None]
    """Of the first right passage, by each of WORDINGS: 1 to K, or None if there is none."""
    option_found: bool
    """Whether one of the questions offered on asking back finds it."""

    def found(self, wording: str, k: int = K) -> bool:
        rank = self.ranks[wording]
        return rank is not None and rank <= k


def load_conversations(path: Path = CONVERSATIONS) -> list[Conversation]:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").strip().split("\n")]
    return [
        Conversation(
            row["id"],
            row["dataset"],
            row["article_id"],
            tuple(
                Question(
                    turn["question"],
                    turn["full"],
                    turn["span"]["start"],
                    turn["span"]["end"],
                    turn["answer"],
                )
                for turn in row["turns"]
            ),
        )
        for row in rows
    ]


def follow_ups(conversation: Conversation) -> Iterator[FollowUp]:
    """The later questions, each completed by the turns before it as the bot does it.

    What was answered before is the right answer, so that the completing alone is measured. Where
    the bot asks back, the person is taken to ask the whole question then.
    """
    first = conversation.questions[0]
    turns = [Turn(first.typed, first.full, first.answer, True)]
    for place, question in enumerate(conversation.questions[1:], start=2):
        follow_up = FollowUp(conversation, place, question, complete(question.typed, turns))
        yield follow_up
        if searched := follow_up.searched:
            turns.append(Turn(question.typed, searched, question.answer, True))
        else:
            turns.append(Turn(question.full, question.full, question.answer, True))


def check(conversations: Iterable[Conversation], dataset: Dataset) -> None:
    """Raises DatasetError unless each span, at its place, has the words of its answer."""
    for conversation in conversations:
        article = dataset.articles.get(conversation.article_id)
        if article is None:
            raise DatasetError(
                f"conversation {conversation.id}: no article {conversation.article_id} in "
                f"{dataset.name}"
            )
        for question in conversation.questions:
            words = metrics.searchable_words(article.text[question.start : question.end])
            for word in metrics.searchable_words(question.answer).split():
                if f" {word}" not in words:  # "89" may stand there as "89th"
                    raise DatasetError(
                        f"conversation {conversation.id}: {article.id} does not have {word!r} "
                        f"from {question.start} to {question.end}"
                    )


def overlaps(hit: Hit, conversation: Conversation, question: Question) -> bool:
    """Whether the passage has any of the sentences that answer the question."""
    if hit.article_id != conversation.article_id:
        return False
    return hit.start < question.end and question.start < hit.end


def judge(conversations: Sequence[Conversation], dataset: Dataset, home: Path) -> list[Judged]:
    """Search all follow-ups in the archive of their folder, on the day of their article."""
    dates = {article.id: article.date for article in load(dataset)}
    try:
        settings = load_settings(home=home)
    except SettingsError as error:
        raise SystemExit(str(error)) from None
    with open_dateline(dataset, settings) as dateline, quiet():
        return [
            _judged(follow_up, dateline, dates)
            for conversation in conversations
            for follow_up in follow_ups(conversation)
        ]


def _judged(follow_up: FollowUp, dateline: Dateline, dates: Mapping[str, dt.date | None]) -> Judged:
    conversation, question = follow_up.conversation, follow_up.question

    def rank(text: str) -> int | None:
        hits = dateline.search(text, K, dates[conversation.article_id]) if text else []
        right = (n for n, hit in enumerate(hits, 1) if overlaps(hit, conversation, question))
        return next(right, None)

    typed = [each.typed for each in conversation.questions[: follow_up.place]]
    texts = (question.full, follow_up.searched, question.typed, " ".join(typed), typed[0])
    ranks = {name: rank(text) for name, text in zip(WORDINGS, texts, strict=True)}
    return Judged(follow_up, ranks, any(map(rank, follow_up.completion.options)))


def summary(judged: Sequence[Judged]) -> list[dict[str, Any]]:
    """Shares found by each wording: of all follow-ups, by dataset, turn and outcome.

    `ratio` is what the rules get of what the whole questions get.
    """
    groups: dict[str, list[Judged]] = {}
    for one in judged:
        each = one.follow_up
        for name in (each.conversation.dataset, f"turn {each.place}", each.outcome):
            groups.setdefault(name, []).append(one)
    names = [*sorted(groups.keys() - set(OUTCOMES)), *(name for name in OUTCOMES if name in groups)]
    return [
        *(_row("all", judged, k) for k in (K, 1)),
        *(_row(name, groups[name], K) for name in names),
    ]


def _row(name: str, judged: Sequence[Judged], k: int) -> dict[str, Any]:
    found = {key: sum(one.found(key, k) for one in judged) for key in WORDINGS}
    return {
        "follow_ups": name,
        "count": len(judged),
        "k": k,
        **{key: count / len(judged) for key, count in found.items()},
        "ratio": found["rules"] / found["full"] if found["full"] else None,
    }


def failures(judged: Iterable[Judged]) -> Iterator[dict[str, Any]]:
    """Follow-ups that the whole question finds and the rules do not."""
    for one in judged:
        if one.found("full") and not one.found("rules"):
            each = one.follow_up
            yield {
                "id": f"{each.conversation.id}, turn {each.place}",
                "outcome": each.outcome,
                "before": each.conversation.questions[each.place - 2].typed,
                "typed": each.question.typed,
                "full": each.question.full,
                "searched": each.searched,
                "unclear": each.completion.unclear,
                "options": list(each.completion.options),
            }


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Are follow-ups, completed by rules, found?")
    parser.add_argument("path", type=Path, help="folder above the folders of articles")
    parser.add_argument("--conversations", type=Path, default=CONVERSATIONS, metavar="FILE")
    parser.add_argument("--home", type=Path, help="keep one archive for each folder in this one")
    parser.add_argument("--failures", action="store_true", help="list what only the full one finds")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args(arguments)
    conversations = load_conversations(options.conversations)
    judged: list[Judged] = []
    with home_folder(options.home) as home:
        for name in sorted({conversation.dataset for conversation in conversations}):
            some = [each for each in conversations if each.dataset == name]
            try:
                dataset = load_dataset(options.path / name)
                check(some, dataset)
            except DatasetError as error:
                raise SystemExit(str(error)) from None
            progress(f"{name}: {len(some)} conversations")
            judged += judge(some, dataset, home / name)
    results: dict[str, Any] = {
        "benchmark": "follow_ups",
        "conversations": len(conversations),
        "follow_ups": len(judged),
        "rows": summary(judged),
        "asked_back_with_an_option_that_finds_it": sum(one.option_found for one in judged),
        "failures": list(failures(judged)) if options.failures else None,
    }
    print(json.dumps(results, ensure_ascii=False) if options.json else report(results))
    return 0


def report(results: Mapping[str, Any]) -> str:
    """The results as Markdown."""
    rows = [
        [row["follow_ups"], str(row["count"]), str(row["k"])]
        + [share(row[name]) for name in (*WORDINGS, "ratio")]
        for row in results["rows"]
    ]
    parts = [
        f"**{results['conversations']} conversations**, {results['follow_ups']} follow-ups: one of "
        "the first k passages has a sentence that answers it",
        markdown_table(["follow-ups", "count", "k", *WORDINGS, "rules / full"], rows),
        "Asked back with a question to choose that finds it: "
        f"{results['asked_back_with_an_option_that_finds_it']}.",
    ]
    for one in results["failures"] or ():
        lines = [f"{one['id']}, {one['outcome']}: {one['before']} / {one['typed']}"]
        lines.append(f"Full: {one['full']}")
        if one["searched"]:
            lines.append(f"Searched: {one['searched']}")
        if one["unclear"]:
            lines.append(f"Unclear: {one['unclear']}; options: {one['options']}")
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


if __name__ == "__main__":
    raise SystemExit(main())
