"""Discord's limits, here and nowhere else, and how lengths are counted against them.

From Discord's API documentation ("Message Object", "Embed Limits", "Application Commands").
"""

from __future__ import annotations

MESSAGE = 2000
"""Most units of a message's content."""

MAX_MESSAGES = 4
"""Most messages for one answer (ours, not Discord's): more would flood a channel."""

MAX_QUESTION = 500
"""Most characters of a question (ours; Discord allows 6000 in a command's option)."""


def units(text: str) -> int:
    """The length of `text` in UTF-16 units: never less than any way in which Discord may count."""
    return len(text) + sum(character > "\uffff" for character in text)
