"""Whatever is quoted from whatever text, only the true text comes back."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st
from proof_sentences import Told, changed_tellings, passage, tellings

from bot.proof.quotes import locate

PIECES = (
    "not", "12", "1,200", "12.5%", "$5", "U.S.", "us", "Feb.", "caf\u00e9", "cafe\u0301", "'no'",
    "\u201cyes\u201d", "\u2014", "-", "--", "...", "\u2026", "\u00a0", "\n\n", "\u200b", "\u0130",
    "\ufb01ne", "the", "million", "-5", "\u0661\u0662", "\u4e2d\u6587", "10\u00b2", "bridge",
    "bridges", "legal", "illegal",
)  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), min_size=1, max_size=14).flatmap(
    lambda pieces: st.sampled_from([" ", "", ", "]).map(lambda space: space.join(pieces))
)
AROUND = "Rain fell all day. {} Nobody knew why it was so."


@settings(max_examples=200, deadline=None)
@given(TEXTS | st.text(max_size=60), TEXTS | st.text(max_size=60))
def test_what_is_located_is_the_article_s_own_text_with_the_same_numbers(
    text: str, quote: str
) -> None:
    text = AROUND.format(text).encode("utf-8", "ignore").decode()
    located = locate(quote, [passage(text)])
    if located is not None:
        assert text[located.start : located.end] == located.text
        if located.exact:
            assert located.text == quote.strip()
        assert figures(located.text) == figures(quote)


@settings(max_examples=100, deadline=None)
@given(tellings)
def test_a_whole_sentence_is_always_found_in_any_typography(told: Told) -> None:
    text = AROUND.format(told)
    exact = locate(str(told), [passage(text)])
    assert exact is not None
    assert (exact.exact, exact.text) == (True, str(told))
    near = locate(str(told).upper().replace(" ", "\u00a0 "), [passage(text)])
    assert near is not None
    assert (near.exact, near.text) == (False, str(told))


@settings(max_examples=200, deadline=None)
@given(changed_tellings())
def test_another_number_name_or_date_is_never_mapped_onto_the_text(
    change: tuple[Told, Told, str],
) -> None:
    told, changed, _ = change
    assert locate(str(changed), [passage(AROUND.format(told))]) is None


@settings(max_examples=100, deadline=None)
@given(
    tellings,
    st.sampled_from(
        [(" told ", " never told "), (" were ", " were not "), (" were ", " weren't "),
         (" was able ", " was unable "), (" was ", " wasn't "), (" in ", " not in ")]
    ),
    st.booleans(),
)  # fmt: skip
def test_a_negation_is_neither_lost_nor_added(
    told: Told, change: tuple[str, str], lost: bool
) -> None:
    plain, negated = str(told), str(told).replace(*change, 1)
    text, quote = (negated, plain) if lost else (plain, negated)
    if plain != negated:
        assert locate(quote, [passage(AROUND.format(text))]) is None


def figures(text: str) -> list[int]:
    return [int(figure) for figure in re.findall(r"\d+", text)]
