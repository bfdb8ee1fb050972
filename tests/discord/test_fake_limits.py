"""The stand-in refuses what Discord refuses; else the wire tests would prove little."""

from __future__ import annotations

from typing import Any

import pytest
from fake_commands import check_commands
from fake_components import modal_problems
from fake_limits import ApiError, check_choices, check_message, check_name, pings


def embed(**parts: Any) -> dict[str, Any]:
    return {"embeds": [parts]}


FIELD = {"name": "n", "value": "v"}


@pytest.mark.parametrize(
    "body",
    [
        {"content": "x" * 2001},
        {"content": "\U0001f600" * 1001},
        embed(description="x" * 4097),
        embed(title="x" * 257),
        embed(fields=[FIELD] * 26),
        embed(fields=[{"name": "n", "value": "x" * 1025}]),
        embed(fields=[{"name": "n", "value": ""}]),
        embed(footer={"text": "x" * 2049}),
        embed(author={"name": "x" * 257}),
        embed(url="javascript:alert(1)"),
        {"embeds": [{"description": "x" * 3001}] * 2},
        {"embeds": [{"title": "x"}] * 11},
        {"content": "x", "components": [{"components": []}] * 6},
    ],
)
def test_over_a_limit(body: dict[str, Any]) -> None:
    with pytest.raises(ApiError) as refused:
        check_message(body)
    assert (refused.value.status, refused.value.code) == (400, 50035)


@pytest.mark.parametrize("body", [{}, {"content": " \n"}, {"embeds": []}])
def test_empty_message(body: dict[str, Any]) -> None:
    with pytest.raises(ApiError) as refused:
        check_message(body)
    assert refused.value.code == 50006


@pytest.mark.parametrize(
    "body",
    [
        {"content": "x" * 2000},
        embed(description="x" * 4096),
        embed(title="x" * 256, fields=[FIELD] * 25),
    ],
)
def test_at_the_limit(body: dict[str, Any]) -> None:
    check_message(body)


def test_pings() -> None:
    content = "@everyone <@1> <@&2>"
    assert pings({"content": content}) == ["@everyone", "<@1>", "<@&2>"]
    assert pings({"content": content, "allowed_mentions": {"parse": ["users"]}}) == ["<@1>"]
    silent = {"allowed_mentions": {"parse": []}, "message_reference": {"message_id": "1"}}
    assert pings({"content": content} | silent) == []
    assert len(pings({"content": "x", "message_reference": {"message_id": "1"}})) == 1


def rows(*inside: dict[str, Any]) -> dict[str, Any]:
    return {"content": "x", "components": [{"type": 1, "components": list(inside)}]}


def button(**parts: Any) -> dict[str, Any]:
    return {"type": 2, "style": 1, "label": "x", "custom_id": "a"} | parts


def select(**parts: Any) -> dict[str, Any]:
    options = [{"label": "a", "value": "a"}]
    return {"type": 3, "custom_id": "s", "options": options} | parts


LINK = {"style": 5, "url": "https://news.example/", "custom_id": None}


@pytest.mark.parametrize(
    "body",
    [
        rows(*(button(custom_id=str(n)) for n in range(6))),
        rows(button(), button()),
        rows(button(custom_id="x" * 101)),
        rows(button(label="x" * 81)),
        rows(button(label=None)),
        rows(button(style=5)),
        rows(button(**LINK | {"url": "javascript:alert(1)"})),
        rows(button(url="https://news.example/")),
        rows(button(custom_id=None)),
        rows(select(), button()),
        rows(select(options=[])),
        rows(select(options=[{"label": "a", "value": "a"}] * 2)),
        rows(select(placeholder="x" * 151)),
        rows({"type": 4, "custom_id": "t", "style": 1}),
        {"content": "x", "components": [button()]},
        embed(title="x", image={"url": "file:///etc/passwd"}),
        embed(title="x", url="https://"),
        {"content": "x", "allowed_mentions": {"parse": ["all"]}},
        {"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["1"]}},
        {"content": "x", "allowed_mentions": {"users": [str(n) for n in range(101)]}},
    ],
)
def test_malformed(body: dict[str, Any]) -> None:
    with pytest.raises(ApiError) as refused:
        check_message(body)
    assert refused.value.code == 50035
    assert refused.value.body()["errors"]


@pytest.mark.parametrize(
    "body", [rows(button(), button(**LINK)), rows(select()), rows(button(custom_id="x" * 100))]
)
def test_well_formed(body: dict[str, Any]) -> None:
    check_message(body)


def test_where_it_is_wrong() -> None:
    with pytest.raises(ApiError) as refused:
        check_message(embed(title="x", fields=[FIELD, {"name": "n", "value": "x" * 1025}]))
    error = {"code": "BASE_TYPE_MAX_LENGTH", "message": "Must be 1024 or fewer in length."}
    fields = {"1": {"value": {"_errors": [error]}}}
    assert refused.value.body()["errors"] == {"embeds": {"0": {"fields": fields}}}


TEXT_INPUT = {"type": 4, "custom_id": "t", "style": 1, "label": "x"}


def modal(*inputs: dict[str, Any], title: str = "x") -> dict[str, Any]:
    parts = [{"type": 1, "components": [one]} for one in inputs]
    return {"custom_id": "m", "title": title, "components": parts}


def test_modals() -> None:
    label = {"type": 18, "label": "x", "component": TEXT_INPUT | {"label": None}}
    assert list(modal_problems(modal(TEXT_INPUT))) == []
    assert list(modal_problems(modal() | {"components": [label]})) == []
    for wrong in (
        modal(),
        modal(TEXT_INPUT, title="x" * 46),
        modal(*(TEXT_INPUT | {"custom_id": str(n)} for n in range(6))),
        modal(TEXT_INPUT, TEXT_INPUT),
        modal(TEXT_INPUT | {"label": "x" * 46}),
        modal(TEXT_INPUT | {"max_length": 4001}),
        modal() | {"components": [label | {"label": "x" * 46}]},
    ):
        assert list(modal_problems(wrong)), wrong


def test_choices_and_names() -> None:
    choice = {"name": "x", "value": "x"}
    check_choices([choice] * 25)
    check_name("x" * 100)
    for choices in ([choice] * 26, [choice | {"name": "x" * 101}], [{"name": "", "value": "x"}]):
        with pytest.raises(ApiError):
            check_choices(choices)
    for name in ("", "x" * 101, None):
        with pytest.raises(ApiError):
            check_name(name)


@pytest.mark.parametrize(
    "command",
    [
        {"name": "Upper", "description": "x"},
        {"name": "a b", "description": "x"},
        {"name": "a", "description": ""},
        {"name": "a", "description": "x" * 101},
        {"name": "Menu", "type": 3, "description": "x"},
    ],
)
def test_commands(command: dict[str, Any]) -> None:
    with pytest.raises(ApiError):
        check_commands([command])
    check_commands([{"name": "ask", "description": "x"}, {"name": "A menu", "type": 3}])


def test_only_the_asker_is_pinged() -> None:
    body = {"content": "<@1> <@2>", "allowed_mentions": {"parse": [], "users": ["1"]}}
    assert pings(body) == ["<@1>"]
