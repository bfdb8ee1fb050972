"""What is kept about people, for how long, and how it goes.

What goes is gone from the disk: SQLite overwrites what is deleted, and the file is then written
anew without the copies that moving rows about has left in it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from bot.servers.records.file import RecordFile
from bot.servers.records.values import to_stamp


@dataclass(frozen=True)
class Kept:
    """How many records there are, or were."""

    questions: int
    """With their answers, quotes and corrections."""
    turns: int
    watches: int
    votes: int
    golden: int
    builds: int
    offers: int = 0
    """Questions that could mean several things, with these."""
    threads: int = 0
    """Threads that are named after a question."""

    def __bool__(self) -> bool:
        return any(vars(self).values())


@dataclass(frozen=True)
class Message:
    """One of the bot's messages; `place_id` is its channel's or thread's."""

    place_id: int
    message_id: int


@dataclass(frozen=True)
class Forgotten:
    """What was removed; of golden questions and builds, only the person's id."""

    removed: Kept
    messages: tuple[Message, ...]
    """The bot's messages that show the answers or what a question could mean, which Discord still
    has. Not the private ones, which nobody can edit any more."""
    threads: tuple[int, ...] = ()
    """Threads whose names are the person's questions. Some may be other people's threads, which the
    bot did not open."""


class Privacy:
    """Counts and removes, over all tables."""

    def __init__(self, file: RecordFile) -> None:
        self._file = file

    def kept_about(self, user_id: int) -> Kept:
        """What `forget` would remove."""
        with self._file.reading():
            return Kept(
                questions=self._count(
                    "SELECT count(*) FROM given_answer WHERE asker_id = ?", user_id
                ),
                turns=self._count("SELECT count(*) FROM turn WHERE asker_id = ?", user_id),
                watches=self._count("SELECT count(*) FROM watch WHERE asker_id = ?", user_id),
                votes=self._count("SELECT count(*) FROM vote WHERE user_id = ?", user_id),
                golden=self._count(
                    "SELECT count(*) FROM golden_question WHERE added_by = ?", user_id
                ),
                builds=self._count("SELECT count(*) FROM build WHERE started_by = ?", user_id),
                offers=self._count("SELECT count(*) FROM offer WHERE asker_id = ?", user_id),
                threads=self._count(
                    "SELECT count(*) FROM named_thread WHERE asker_id = ?", user_id
                ),
            )

    def forget(self, user_id: int) -> Forgotten:
        """Removes a person, in one transaction.

        Their questions go whole, with the answers, quotes and everybody's votes on them: an answer
        and the time at which it was sought tell much of the question. So the bot neither corrects
        those answers nor knows their buttons any more. Golden questions and builds are the
        server's and stay, without the person's id. Raises CorruptIndexError if the disk is too full
        to write the file anew; the person is forgotten then, and calling again finishes it.
        """
        with self._file.writing():
            messages = self._file.all(
                "SELECT coalesce(thread_id, channel_id) AS place_id, message_id FROM given_answer"
                " WHERE asker_id = :user AND message_id IS NOT NULL AND NOT private"
                " UNION SELECT coalesce(thread_id, channel_id), message_id FROM offer"
                " WHERE asker_id = :user AND message_id IS NOT NULL ORDER BY message_id",
                {"user": user_id},
            )
            threads = self._file.all(
                "SELECT thread_id FROM named_thread WHERE asker_id = ? ORDER BY thread_id",
                (user_id,),
            )
            # Votes first: those that go with the person's answers are counted only if theirs.
            votes = self._change("DELETE FROM vote WHERE user_id = ?", user_id)
            removed = Kept(
                questions=self._change("DELETE FROM given_answer WHERE asker_id = ?", user_id),
                turns=self._change("DELETE FROM turn WHERE asker_id = ?", user_id),
                watches=self._change("DELETE FROM watch WHERE asker_id = ?", user_id),
                votes=votes,
                golden=self._change(
                    "UPDATE golden_question SET added_by = NULL WHERE added_by = ?", user_id
                ),
                builds=self._change(
                    "UPDATE build SET started_by = NULL WHERE started_by = ?", user_id
                ),
                offers=self._change("DELETE FROM offer WHERE asker_id = ?", user_id),
                threads=self._change("DELETE FROM named_thread WHERE asker_id = ?", user_id),
            )
        self._file.compact()  # also when nothing was removed: a call before may have failed here
        return Forgotten(
            removed,
            tuple(Message(row["place_id"], row["message_id"]) for row in messages),
            tuple(row["thread_id"] for row in threads),
        )

    def purge(self, before: dt.datetime) -> Kept:
        """Removes what is older than a server keeps, in one transaction; returns how much.

        Questions by when they were asked, with all that belongs to them; turns; what questions
        could mean; which threads they name; watches and builds by when they ended. An active watch
        stays until it ends, a golden question until it is removed. Raises CorruptIndexError if the
        disk is too full to write the file anew.
        """
        stamp = to_stamp(before)
        with self._file.writing():
            removed = Kept(
                votes=self._count(
                    "SELECT count(*) FROM vote JOIN given_answer ON id = answer_id"
                    " WHERE asked_at < ?",
                    stamp,
                ),
                questions=self._change("DELETE FROM given_answer WHERE asked_at < ?", stamp),
                turns=self._change("DELETE FROM turn WHERE at < ?", stamp),
                watches=self._change("DELETE FROM watch WHERE ended_at < ?", stamp),
                golden=0,
                builds=self._change("DELETE FROM build WHERE ended_at < ?", stamp),
                offers=self._change("DELETE FROM offer WHERE offered_at < ?", stamp),
                threads=self._change("DELETE FROM named_thread WHERE at < ?", stamp),
            )
        if removed:
            self._file.compact()
        return removed

    def _count(self, statement: str, value: object) -> int:
        return self._file.count(statement, (value,))

    def _change(self, statement: str, value: object) -> int:
        return self._file.change(statement, (value,))
