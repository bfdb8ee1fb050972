"""The stand-in refuses what Discord refuses; else the wire tests would prove little."""

from __future__ import annotations

from typing import Any

import pytest
from fake_limits import ApiError, check_message, pings


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
