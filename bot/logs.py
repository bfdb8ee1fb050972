"""Logging to stderr, with secrets cut out of every line, tracebacks included."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable

_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"

# An interaction's token lets whoever holds it speak as the bot for 15 minutes, and discord.py
# writes addresses that hold it into its warnings.
_INTERACTION_TOKEN = re.compile(r"(/(?:webhooks|interactions)/\d+/)[^/\s?'\"]+")


class RedactingFormatter(logging.Formatter):
    """Formats a record and replaces secrets in the finished text.

    The finished text is the only place where message, arguments, traceback and the messages of
    chained exceptions have come together.
    """

    def __init__(self, secrets: Iterable[str]) -> None:
        super().__init__(_FORMAT)
        self._secrets = [secret for secret in secrets if secret]

    def format(self, record: logging.LogRecord) -> str:
        return self.redact(super().format(record))

    def redact(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, "[redacted]")
        return _INTERACTION_TOKEN.sub(r"\1[redacted]", text)


def log_to_stderr(*, secrets: Iterable[str] = ()) -> None:
    """Send all logging of level INFO and above to stderr; replaces earlier handlers."""
    handler = logging.StreamHandler()
    handler.setFormatter(RedactingFormatter(secrets))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    logging.captureWarnings(True)
