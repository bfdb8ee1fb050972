"""Why a question was not taken, or not answered."""

from __future__ import annotations


class DeskBusyError(Exception):
    """As many questions are waiting as may, in all or of one server: ask again later."""


class DeskClosedError(Exception):
    """The desk was closed before the question's turn came."""
