"""What a language model took for this server, by day."""

from __future__ import annotations

import datetime as dt

from bot.servers.records.file import RecordFile
from bot.writing.budget import Usage


class LLMUsage:
    """The table llm_usage, which tells nothing of people: a bot.writing.budget.UsageStore."""

    def __init__(self, file: RecordFile) -> None:
        self._file = file

    def add(self, day: dt.date, usage: Usage) -> None:
        self._file.change(
            "INSERT INTO llm_usage (day, requests, prompt_tokens, completion_tokens, cost)"
            " VALUES (?, ?, ?, ?, ?) ON CONFLICT (day) DO UPDATE SET"
            " requests = requests + excluded.requests,"
            " prompt_tokens = prompt_tokens + excluded.prompt_tokens,"
            " completion_tokens = completion_tokens + excluded.completion_tokens,"
            " cost = cost + excluded.cost",
            (
                day.isoformat(),
                usage.requests,
                usage.prompt_tokens,
                usage.completion_tokens,
                usage.cost,
            ),
        )

    def on(self, day: dt.date) -> Usage:
        return self.since(day, day)

    def since(self, first: dt.date, last: dt.date) -> Usage:
        """All that was taken from `first` to `last`, both included."""
        row = self._file.one(
            "SELECT coalesce(sum(requests), 0), coalesce(sum(prompt_tokens), 0),"
            " coalesce(sum(completion_tokens), 0), coalesce(sum(cost), 0.0)"
            " FROM llm_usage WHERE day BETWEEN ? AND ?",
            (first.isoformat(), last.isoformat()),
        )
        return Usage(*row) if row else Usage()
