"""What people set, look up and have removed, over the wire."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from answers import answer, buttons, said
from fake_discord import FakeDiscord
from fake_interactions import Interaction
from fake_payloads import CHANNEL_ID, GUILD_ID, OWNER_ID, STRANGER_ID
from scripted import ScriptedPipeline

from bot.cogs.server_settings import NO_EVERYONE, ONLY_WITH_PERMISSION
from bot.cogs.watches import GONE
from bot.servers.asking import utc_now
from bot.servers.permissions import MAY_NOT_ASK, MAY_NOT_MANAGE, NOT_HERE
from bot.servers.records import ServerRecords
from bot.servers.registry import ServerRegistry
from bot.ui.privacy_card import CONFIRM, REMOVED
from bot.ui.watch_list import NONE, WatchButtonId

pytestmark = pytest.mark.usefixtures("with_articles", "bot")


@pytest.fixture
def records(servers: ServerRegistry) -> ServerRecords:
    return servers.server(GUILD_ID).records


async def alone(fake: FakeDiscord, interaction: Interaction) -> str:
    """What the bot said, which only the person who asked may see."""
    message = await fake.answered(interaction)
    assert interaction.ephemeral
    return said(message)


async def ask(fake: FakeDiscord, user: int = STRANGER_ID, **where: Any) -> Interaction:
    asked = await fake.invoke("ask", question="Which village was raided?", user=user, **where)
    await fake.answered(asked)
    return asked


# -- settings ----------------------------------------------------------------------------


async def test_settings_are_for_those_who_manage(fake: FakeDiscord, records: ServerRecords) -> None:
    (command,) = (one for one in fake.commands if one["name"] == "settings")
    assert int(command["default_member_permissions"]) == 1 << 5, "Manage Server"
    assert command["contexts"] == [0], "in servers only"
    forged = await fake.invoke("settings retention", days=1, user=STRANGER_ID, forged=True)
    assert await alone(fake, forged) == MAY_NOT_MANAGE
    assert records.settings.load().retention_days == 90


async def test_who_may_ask_and_where(
    fake: FakeDiscord, records: ServerRecords, pipeline: ScriptedPipeline
) -> None:
    pipeline.script = answer()
    role = await fake.new_role("desk")
    named = await fake.invoke("settings roles", right="ask", change="add", role=role)
    assert f"Who may ask\n<@&{role}>" in await alone(fake, named)
    refused = await ask(fake)
    assert await alone(fake, refused) == MAY_NOT_ASK
    await fake.give_role(STRANGER_ID, role)
    assert "Muluk Saray" in said(await fake.answered(await ask(fake)))

    other = await fake.new_channel("quiet")
    there = {"change": "add", "channel": other}
    await fake.answered(await fake.invoke("settings channels", options=there))
    assert await alone(fake, await ask(fake)) == NOT_HERE
    reset = await fake.invoke("settings reset", what="everything")
    assert "everybody" in await alone(fake, reset)
    assert "Muluk Saray" in said(await fake.answered(await ask(fake)))
    assert records.settings.load().channels == ()


async def test_answers_and_retention(fake: FakeDiscord, records: ServerRecords) -> None:
    await fake.answered(await fake.invoke("settings answers", style="thread", private=True))
    shown = await fake.invoke("settings retention", days=7, corrections=0)
    text = await alone(fake, shown)
    assert "7 days" in text and "Corrected\nnever" in text and "only the asker" in text
    found = records.settings.load()
    assert (found.answer_style, found.private_by_default) == ("thread", True)
    assert (found.retention_days, found.corrections_days) == (7, 0)
    assert await alone(fake, await fake.invoke("settings show")) == text


async def test_nobody_makes_everybody_or_others_managers(
    fake: FakeDiscord, records: ServerRecords
) -> None:
    everyone = await fake.invoke("settings roles", right="ask", change="add", role=GUILD_ID)
    assert await alone(fake, everyone) == NO_EVERYONE
    role = await fake.new_role("editors")
    await fake.answered(
        await fake.invoke("settings roles", right="manage", change="add", role=role)
    )
    await fake.give_role(STRANGER_ID, role)
    other = await fake.new_role("friends")
    grab = await fake.invoke(
        "settings roles", right="manage", change="add", role=other, user=STRANGER_ID, forged=True
    )
    assert await alone(fake, grab) == ONLY_WITH_PERMISSION
    set_ = await fake.invoke("settings retention", days=5, user=STRANGER_ID, forged=True)
    assert "5 days" in await alone(fake, set_), "the rest is theirs to set"
    assert records.settings.load().manage_roles == (role,)


# -- status and help ---------------------------------------------------------------------


async def test_status(fake: FakeDiscord, pipeline: ScriptedPipeline) -> None:
    pipeline.script = answer()
    await ask(fake)
    text = await alone(fake, await fake.invoke("status", user=STRANGER_ID))
    assert "Generation\n1" in text and "Articles\n1" in text
    assert "1 asked\n1 answered" in text
    assert "home" not in text, "no path of the operator's"


async def test_help_names_what_there_is(fake: FakeDiscord) -> None:
    text = await alone(fake, await fake.invoke("help"))
    for command in fake.commands:
        assert command["name"] in text
    assert "/settings show" in text and "/forget me" in text
    others = await alone(fake, await fake.invoke("help", user=STRANGER_ID))
    assert "/settings" not in others and "/ask" in others


# -- privacy -----------------------------------------------------------------------------


async def test_being_forgotten(
    fake: FakeDiscord, pipeline: ScriptedPipeline, records: ServerRecords
) -> None:
    pipeline.script = answer()
    mine = await ask(fake)
    others = await ask(fake, user=OWNER_ID)
    text = await alone(fake, await fake.invoke("privacy", user=STRANGER_ID))
    assert "90 days" in text and "1 question" in text

    begun = await fake.invoke("forget me", user=STRANGER_ID)
    assert await alone(fake, begun) == CONFIRM
    assert records.privacy.kept_about(STRANGER_ID).questions == 1, "not before it is confirmed"
    message = await fake.answered(begun)
    (id,) = buttons(message).values()
    pressed = await fake.press(int(message["id"]), id, user=STRANGER_ID)
    await fake.until(lambda: "Removed: 1 question" in message["content"])
    assert message["components"] == []
    shown = fake.messages[mine.original_id or 0]
    await fake.until(lambda: shown["content"] == REMOVED)
    assert (shown["embeds"], shown["components"]) == ([], [])
    assert pressed.user_id == STRANGER_ID and not records.privacy.kept_about(STRANGER_ID)
    assert "Muluk Saray" in said(fake.messages[others.original_id or 0])
    assert records.privacy.kept_about(OWNER_ID).questions == 1


# -- watches -----------------------------------------------------------------------------


def watch(records: ServerRecords, user: int, question: str) -> int:
    now = utc_now()
    return records.watches.add(
        question,
        asker_id=user,
        channel_id=CHANNEL_ID,
        now=now,
        expires_at=now + dt.timedelta(days=30),
    ).id


async def test_ones_own_watches(fake: FakeDiscord, records: ServerRecords) -> None:
    first = watch(records, STRANGER_ID, "Who won the @everyone cup?")
    watch(records, STRANGER_ID, "Who lost?")
    theirs = watch(records, OWNER_ID, "Who cares?")
    listed = await fake.invoke("watches", user=STRANGER_ID)
    text = await alone(fake, listed)
    assert "Who lost?" in text and "Who cares?" not in text
    assert "\\@everyone" in text
    message = await fake.answered(listed)
    assert list(buttons(message)) == ["Remove 1", "Remove 2"]
    id = buttons(message)["Remove 1"]
    await fake.press(int(message["id"]), id, user=STRANGER_ID)
    await fake.until(lambda: list(buttons(message)) == ["Remove 1"])
    kept = records.watches.by_id(first)
    assert kept is not None and kept.state == "removed"

    for forged in (WatchButtonId(theirs), WatchButtonId(theirs, everybody=True)):
        item = {"type": 2, "style": 2, "label": "Remove", "custom_id": forged.build()}
        held = message | {"components": [{"type": 1, "components": [item]}]}
        pressed = await fake.press(
            int(message["id"]), forged.build(), user=STRANGER_ID, message=held
        )
        refusal = MAY_NOT_MANAGE if forged.everybody else GONE
        assert await alone(fake, pressed) == refusal
    kept = records.watches.by_id(theirs)
    assert kept is not None and kept.state == "active"


async def test_who_manages_sees_all_watches(fake: FakeDiscord, records: ServerRecords) -> None:
    assert NONE in await alone(fake, await fake.invoke("watches"))
    id = watch(records, STRANGER_ID, "Who lost?")
    listed = await fake.invoke("watches", everybody=True)
    assert f"<@{STRANGER_ID}>" in await alone(fake, listed)
    message = await fake.answered(listed)
    await fake.press(int(message["id"]), buttons(message)["Remove 1"])
    await fake.until(lambda: message["components"] == [])
    kept = records.watches.by_id(id)
    assert kept is not None and kept.state == "removed"
    refused = await fake.invoke("watches", everybody=True, user=STRANGER_ID)
    assert await alone(fake, refused) == MAY_NOT_MANAGE
