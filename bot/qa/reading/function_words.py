"""English words that carry no answer by themselves."""

from __future__ import annotations

ARTICLES = frozenset({"a", "an", "the"})

FUNCTION_WORDS = ARTICLES | frozenset(
    """
    and are as at be been being but by for from had has have if in into is its itself nor of on
    onto or so than that then there these this those to was were when where whether which while
    who whom whose with
    """.split()  # noqa: SIM905  reads better
)
