"""Discord's limits, here and nowhere else, and how lengths are counted against them.

From Discord's developer documentation (https://docs.discord.com/developers); each group names its
page and section.
"""

from __future__ import annotations

# "Message Resource", Create Message.
MESSAGE = 2000
"""Most units of a message's content."""

# "Message Resource", Embed Limits.
EMBED_TITLE = 256
EMBED_DESCRIPTION = 4096
EMBED_FIELDS = 25
EMBED_FIELD_NAME = 256
EMBED_FIELD_VALUE = 1024
EMBED_FOOTER = 2048
EMBED_AUTHOR = 256
EMBED_TOTAL = 6000
"""Most units of all these together, over all embeds of one message."""

# "Component Reference", Action Row and Button.
ROWS = 5
BUTTONS_IN_ROW = 5
BUTTON_LABEL = 80
CUSTOM_ID = 100
"""Most characters of the id that a button, a select or a modal sends back; at least 1."""

# "Component Reference", String Select and Select Option Structure.
SELECT_OPTIONS = 25
OPTION_LABEL = 100
OPTION_VALUE = 100
OPTION_DESCRIPTION = 100

# "Receiving and Responding" (interactions), Modal; "Component Reference", Text Input and Label.
MODAL_TITLE = 45
INPUT_LABEL = 45
INPUT_TEXT = 4000
INPUT_PLACEHOLDER = 100

# "Application Commands", Application Command Option Choice Structure.
CHOICES = 25
"""Most choices that autocomplete may offer."""
CHOICE_NAME = 100
CHOICE_VALUE = 100

# "Start Thread from Message", JSON params.
THREAD_NAME = 100
"""Most characters of a thread's name."""

MAX_MESSAGES = 4
"""Most messages for one answer (ours, not Discord's): more would flood a channel."""

MAX_QUESTION = 500
"""Most characters of a question (ours; Discord allows 6000 in a command's option)."""


def units(text: str) -> int:
    """The length of `text` in UTF-16 units: never less than any way in which Discord may count."""
    return len(text) + sum(character > "\uffff" for character in text)
