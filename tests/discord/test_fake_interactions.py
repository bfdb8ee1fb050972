"""Commands, autocomplete, menus, buttons, selects and modals cross the wire as Discord's do."""

from __future__ import annotations

import discord
import pytest
from discord import app_commands
from fake_clients import PlainClient, connected
from fake_discord import FakeDiscord
from fake_payloads import BOT_ID, CHANNEL_ID, GUILD_ID, OWNER_ID, STRANGER_ID

Interaction = discord.Interaction[PlainClient]


def with_commands(client: PlainClient) -> None:
    tree = client.tree

    @tree.command(description="Takes one option of each kind.")
    @app_commands.default_permissions(manage_guild=True)
    async def kinds(
        interaction: Interaction,
        text: str,
        flag: bool,
        person: discord.User,
        role: discord.Role,
        where: discord.TextChannel,
        file: discord.Attachment,
    ) -> None:
        data = (await file.read()).decode()
        said = [
            text,
            flag,
            person.id,
            role.id,
            where.id,
            data,
            interaction.permissions.manage_guild,
        ]
        await interaction.response.send_message(" ".join(map(str, said)), ephemeral=True)

    group = app_commands.Group(name="articles", description="Articles.")
    inner = app_commands.Group(name="feed", description="Feeds.", parent=group)

    @inner.command(name="add", description="Add one.")
    async def add(interaction: Interaction, source: str) -> None:
        await interaction.response.send_message(f"added {source}")

    @add.autocomplete("source")
    async def sources(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        many = 26 if typed == "too many" else 2
        return [app_commands.Choice(name=f"{typed} {n}", value=str(n)) for n in range(many)]

    tree.add_command(group)

    @tree.context_menu(name="Check against articles")
    async def check(interaction: Interaction, message: discord.Message) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        await interaction.followup.send(f"checked: {message.content}")

    @tree.error
    async def on_error(_: Interaction, error: app_commands.AppCommandError) -> None:
        client.failed.append(getattr(error, "original", error))


async def test_every_kind_of_option(fake: FakeDiscord) -> None:
    async with connected(fake, with_commands):
        file = fake.upload("a.txt", b"inside")
        role = await fake.new_role("editors", "manage_guild")
        values = {"text": "a", "flag": True, "person": STRANGER_ID, "role": role}
        options = {**values, "where": CHANNEL_ID, "file": file}
        asked = await fake.invoke("kinds", options=options)
        message = await fake.answered(asked)
        assert message["content"] == f"a True {STRANGER_ID} {role} {CHANNEL_ID} inside True"
        assert message in fake.seen_by(OWNER_ID, CHANNEL_ID)
        assert message not in fake.seen_by(STRANGER_ID, CHANNEL_ID)
        with pytest.raises(AssertionError, match="not shown"):
            await fake.invoke("kinds", user=STRANGER_ID, options=options)
        await fake.give_role(STRANGER_ID, role)
        theirs = await fake.invoke("kinds", user=STRANGER_ID, options=options)
        assert (await fake.answered(theirs))["content"].endswith("True")


async def test_subcommands_and_autocomplete(fake: FakeDiscord) -> None:
    async with connected(fake, with_commands):
        asked = await fake.invoke("articles feed add", source="x")
        assert (await fake.answered(asked))["content"] == "added x"
        choices = await fake.complete("articles feed add", "source", "Ne")
        assert choices == [{"name": "Ne 0", "value": "0"}, {"name": "Ne 1", "value": "1"}]
        fake.wait_s = 0.2
        with pytest.raises(TimeoutError):  # 26 choices are refused
            await fake.complete("articles feed add", "source", "too many")
        with pytest.raises(AssertionError, match="no client sends"):
            await fake.invoke("articles feed add")
        with pytest.raises(AssertionError, match="never synced"):
            await fake.invoke("nothing")


async def test_a_message_menu_shows_hidden_text(fake: FakeDiscord) -> None:
    async with connected(fake, with_commands) as client:
        claim = await fake.say("the moon is cheese", author=STRANGER_ID)
        asked = await fake.use_on(int(claim["id"]), "Check against articles")
        message = await fake.answered(asked)
        assert message["content"] == "checked: the moon is cheese"
        assert (message["type"], asked.ephemeral) == (23, True)
        assert int(message["id"]) not in [one.id for one in client.seen]
        assert [one.content for one in client.seen] == [""]


class Panel(discord.ui.View):
    """Every way of answering a component."""

    def __init__(self) -> None:
        super().__init__(timeout=None)

    @discord.ui.button(label="Update", custom_id="p:update")
    async def update(self, interaction: Interaction, _: discord.ui.Button[Panel]) -> None:
        await interaction.response.edit_message(content="updated", view=self)

    @discord.ui.button(label="Later", custom_id="p:later")
    async def later(self, interaction: Interaction, _: discord.ui.Button[Panel]) -> None:
        await interaction.response.defer()
        await interaction.edit_original_response(content="edited later")
        extra = await interaction.followup.send("extra", wait=True, ephemeral=True)
        await extra.edit(content="extra, edited")

    @discord.ui.button(label="Reason", custom_id="p:reason")
    async def reason(self, interaction: Interaction, _: discord.ui.Button[Panel]) -> None:
        await interaction.response.send_modal(Reason())

    @discord.ui.select(
        custom_id="p:select", options=[discord.SelectOption(label=x) for x in "abc"], max_values=2
    )
    async def select(self, interaction: Interaction, chosen: discord.ui.Select[Panel]) -> None:
        await interaction.response.send_message(" ".join(chosen.values), ephemeral=True)
        await interaction.delete_original_response()


class Reason(discord.ui.Modal, title="Why?"):
    text: discord.ui.TextInput[Reason] = discord.ui.TextInput(label="Reason", max_length=20)

    async def on_submit(self, interaction: Interaction) -> None:
        await interaction.response.edit_message(content=f"because {self.text.value}")


def old_panel(fake: FakeDiscord) -> int:
    """A message with the panel's buttons from before this client ran."""
    return int(fake.earlier("old", components=Panel().to_components())["id"])


def with_panel(client: PlainClient) -> None:
    client.add_view(Panel())


async def test_buttons_of_an_earlier_run(fake: FakeDiscord) -> None:
    id = old_panel(fake)
    async with connected(fake, with_panel):
        pressed = await fake.press(id, "p:update")
        assert (await fake.answered(pressed))["content"] == "updated"
        assert (pressed.callback_type, pressed.own_messages) == (7, set())
        later = await fake.press(id, "p:later", user=STRANGER_ID)
        (extra,) = await fake.until(lambda: edited_extras(fake))
        assert fake.messages[id]["content"] == "edited later"
        assert (later.callback_type, fake.only_for[int(extra["id"])]) == (6, STRANGER_ID)
        chosen = await fake.select(id, "p:select", "a", "c")
        await fake.until(lambda: fake.requested("DELETE", "/@original"))
        assert chosen.said and chosen.said[0] not in fake.messages
        with pytest.raises(AssertionError, match="nothing of the kind"):
            await fake.press(id, "p:other")


def edited_extras(fake: FakeDiscord) -> list[dict[str, object]]:
    return [m for m in fake.messages.values() if m["content"] == "extra, edited"]


async def test_a_modal(fake: FakeDiscord) -> None:
    id = old_panel(fake)
    async with connected(fake, with_panel):
        pressed = await fake.press(id, "p:reason")
        modal = await fake.modal_of(pressed)
        (name,) = [part["components"][0]["custom_id"] for part in modal["components"]]
        with pytest.raises(AssertionError):
            await fake.submit(pressed, **{name: "x" * 21})
        submitted = await fake.submit(pressed, **{name: "it is wrong"})
        assert (await fake.answered(submitted))["content"] == "because it is wrong"


async def test_forged_components_reach_the_bot(fake: FakeDiscord) -> None:
    """As they would if somebody's client sent them; what then happens is the bot's business."""
    seen: list[tuple[int | None, int, str]] = []

    class Any(discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]], template=r"any:(\d+)"):
        @classmethod
        async def from_custom_id(
            cls, interaction: Interaction, item: discord.ui.Item[discord.ui.View], match: object
        ) -> Any:
            assert isinstance(item, discord.ui.Button)
            return cls(item)

        async def callback(self, interaction: discord.Interaction) -> None:
            message = interaction.message
            assert message
            seen.append((interaction.guild_id, message.id, message.content))
            await interaction.response.send_message("seen", ephemeral=True)

    other = await fake.new_guild("Elsewhere", members=[STRANGER_ID])
    button = discord.ui.Button(label="x", custom_id="any:1")
    view = discord.ui.View(timeout=None).add_item(button)
    made_up = fake.earlier("made up", components=view.to_components())
    del fake.messages[int(made_up["id"])]
    async with connected(fake, lambda client: client.add_dynamic_items(Any)):
        where = fake.general(other)
        pressed = await fake.press(
            int(made_up["id"]), "any:1", user=STRANGER_ID, channel=where, message=made_up
        )
        await fake.answered(pressed)
        assert seen == [(other.id, int(made_up["id"]), "made up")]
        fields = {"message": made_up, "guild_id": str(GUILD_ID)}
        await fake.answered(await fake.press(1, "any:1", channel=where, **fields))
        assert seen[1][0] == GUILD_ID


async def test_tokens_end(fake: FakeDiscord) -> None:
    async with connected(fake, with_commands) as client:
        asked = await fake.invoke("articles feed add", source="x")
        await fake.answered(asked)
        fake.clock.advance(16 * 60)
        webhook = discord.Webhook.partial(BOT_ID, asked.token, client=client)
        with pytest.raises(discord.HTTPException) as refused:
            await webhook.send("too late", allowed_mentions=discord.AllowedMentions.none())
        assert (refused.value.status, refused.value.code) == (401, 50027)
