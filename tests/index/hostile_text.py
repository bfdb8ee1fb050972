"""Hypothesis strategies for text that breaks offsets: emoji, CRLF, combining marks, odd spaces."""

from __future__ import annotations

from hypothesis import strategies as st

PIECES = (
    "a", "B", "word", "Straße", ".", "!", "?", "...", "。", ",", " ", "  ", "\n", "\r\n", "\r",
    "\n\n", "\r\n\r\n", "\t", "\x0b", "\x1c", "\x85", "\u00a0", "\u00a0.", "\u2009", "\u3000",
    "\u2028", "\u2029", "\u200b", "\u200d", "\ufeff", "e\u0301", "n\u0303\u0323", "\u0301", "😀",
    "👩\u200d👩\u200d👧", "🇫🇷", "“", "\u2018", "\u2019", '"', "'", "(", ")", "[", "]", "\u2013",
    "Dr.", "U.S.", "J. K.", "i.e.", "p.m.", "No.", "1.", "3.5", "İ", "ß", "ﬁ", "中文。", "שלום",
    "The raid failed. ", "It was, he said, late.\n\n", "x" * 130,
)  # fmt: skip

SENTENCES = st.builds(
    lambda words, end: " ".join(words).capitalize() + end,
    st.lists(
        st.sampled_from(["one", "two", "Mr. Ash", "2,5 %", "café", "😀", "re-run"]), min_size=1
    ),
    st.sampled_from([". ", "! ", ".\n\n", '." ', ".\r\n\r\n", ".\u00a0"]),
)

TEXTS = (
    st.lists(st.sampled_from(PIECES), max_size=60).map("".join)
    | st.lists(SENTENCES, max_size=25).map("".join)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=120)
)
