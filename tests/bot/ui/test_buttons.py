"""Ids of buttons: round trips, limits, and what is no id."""

from __future__ import annotations

import discord
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.ui.buttons import Action, ButtonId, answer_rows, button, template
from bot.ui.limits import BUTTON_LABEL, BUTTONS_IN_ROW, CUSTOM_ID, ROWS

ids = st.builds(
    ButtonId,
    st.sampled_from(Action),
    st.integers(1, 2**63 - 1),
    st.text("abcXYZ019_-", max_size=60),
)


@settings(deadline=None)
@given(ids)
def test_an_id_comes_back_as_it_was(id: ButtonId) -> None:
    built = id.build()
    assert 1 <= len(built) <= CUSTOM_ID
    assert ButtonId.parse(built) == id
    assert [action for action in Action if template(action).fullmatch(built)] == [id.action]


@settings(deadline=None)
@given(st.text() | ids.map(lambda id: id.build() + "\n") | st.text(":0123456789").map(
    lambda rest: "dateline:why" + rest
))  # fmt: skip
def test_what_is_read_is_what_would_be_built(custom_id: str) -> None:
    parsed = ButtonId.parse(custom_id)
    assert parsed is None or parsed.build() == custom_id


@pytest.mark.parametrize(
    "custom_id",
    [
        "", "dateline", "dateline:why", "dateline:why:", "dateline:why:0", "dateline:why:01",
        "dateline:why:-1", "dateline:why:1:", "dateline:why:1:a:b", "dateline:drop:1",
        "other:why:1", "dateline:why:9223372036854775808", "dateline:why:\u0661",
        "dateline:why:1\n", "dateline:why:1:" + "a" * 100,
    ],
)  # fmt: skip
def test_other_ids_are_none(custom_id: str) -> None:
    assert ButtonId.parse(custom_id) is None


@pytest.mark.parametrize(("answer_id", "extra"), [(0, ""), (2**63, ""), (1, "a b"), (1, "a" * 99)])
def test_what_cannot_be_an_id_is_refused(answer_id: int, extra: str) -> None:
    with pytest.raises(ValueError, match="id"):
        ButtonId(Action.WHY, answer_id, extra)


@pytest.mark.parametrize("answered", [True, False])
@pytest.mark.parametrize("has_passages", [True, False])
@pytest.mark.parametrize("may_thread", [True, False])
async def test_rows_fit_into_a_view(answered: bool, has_passages: bool, may_thread: bool) -> None:
    rows = answer_rows(answered=answered, has_passages=has_passages, may_thread=may_thread)
    assert len(rows) <= ROWS and all(len(row) <= BUTTONS_IN_ROW for row in rows)
    view = discord.ui.View(timeout=None)
    for n, row in enumerate(rows):
        for action in row:
            view.add_item(button(ButtonId(action, 7), row=n))
    assert view.is_persistent()
    shown = [item for row in view.to_components() for item in row["components"]]
    assert [item["custom_id"].split(":")[1] for item in shown] == [a for row in rows for a in row]
    assert all(item.get("label") or item.get("emoji") for item in shown)
    assert all(len(item.get("label") or "") <= BUTTON_LABEL for item in shown)
