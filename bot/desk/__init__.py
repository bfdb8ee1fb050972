"""Where questions from an event loop wait for worker threads. Knows nothing of Discord."""

from bot.desk.desk import AnswerDesk, Asks, AsksMany
from bot.desk.errors import DeskBusyError, DeskClosedError
from bot.desk.limits import Rate, RateLimits
from bot.desk.pacing import Pacing
from bot.desk.replies import OpenReplies

__all__ = [
    "AnswerDesk",
    "Asks",
    "AsksMany",
    "DeskBusyError",
    "DeskClosedError",
    "OpenReplies",
    "Pacing",
    "Rate",
    "RateLimits",
]
