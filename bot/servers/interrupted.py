"""Questions that the end of a process cut off: answered late, or marked as interrupted."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from bot.servers.asking import Request
from bot.servers.filters import filter_from_json
from bot.servers.permissions import Asker
from bot.servers.records.given import GivenAnswer
from bot.servers.registry import OpenServer

LATE = dt.timedelta(minutes=10)
"""Age of a question up to which an answer is still waited for."""


@dataclass(frozen=True)
class CutOff:
    """What a former process left behind; the caller is the only one to have it."""

    unanswered: tuple[GivenAnswer, ...] = ()
    """To be asked again, oldest first."""
    unposted: tuple[GivenAnswer, ...] = ()
    """Answered, but not known to have been posted, oldest first."""
    given_up: int = 0
    """Too old, or private: nobody but their asker's own command could have shown the answer."""


def take_up(server: OpenServer, *, started: dt.datetime, now: dt.datetime) -> CutOff:
    """Marks all that was asked before `started` and not answered as interrupted. Blocking.

    Whoever marks a question is the one to answer it, so that it is answered once.
    """
    ledger = server.records.ledger
    unanswered, given_up = [], 0
    for given in ledger.interrupted():
        if given.asked_at >= started or not ledger.interrupt(given.id):
            continue
        if given.private or now - given.asked_at > LATE:
            given_up += 1
        else:
            unanswered.append(given)
    unposted = ledger.unposted(now - LATE, started)
    return CutOff(tuple(unanswered), tuple(unposted), given_up)


def request_of(server: int, given: GivenAnswer) -> Request:
    """The question as it was asked, so far as it was written down."""
    return Request(
        server,
        Asker(given.asker_id),
        given.channel_id,
        given.question,
        given.thread_id,
        asked_as=given.asked_as,
        within=filter_from_json(given.filters),
        message=given.asking_message_id,
    )
