"""The bot in German, and in two languages at once, over the wire."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from answers import abstention, answer, article, buttons, said
from fake_discord import FakeDiscord
from fake_payloads import BOT_ID, GUILD_ID, STRANGER_ID, Payload
from scripted import ScriptedPipeline

from bot.client import DatelineBot
from bot.languages import Language, language
from bot.servers.registry import ServerRegistry
from bot.ui.privacy_card import REMOVED

pytestmark = pytest.mark.usefixtures("with_articles", "bot")

QUESTION = "Which village was raided?"
UNDESCRIBED = "…"
"""What discord.py says of an option without a description."""
NO_ANSWER: dict[Language, str] = {
    "en": "No answer found in the articles.",
    "de": "Keine Antwort in den Artikeln gefunden.",
    "fr": "Aucune réponse trouvée dans les articles.",
    "es": "No se encontró respuesta en los artículos.",
}


@pytest.fixture
def german(with_articles: None, servers: ServerRegistry) -> None:
    servers.server(GUILD_ID).records.settings.update({"language": "de"})


async def told(fake: FakeDiscord, command: str, **options: Any) -> str:
    return said(await fake.answered(await fake.invoke(command, **options)))


# -- one language ------------------------------------------------------------------------


@pytest.mark.usefixtures("german")
async def test_an_answer(fake: FakeDiscord, pipeline: ScriptedPipeline) -> None:
    pipeline.script = answer()
    message = await fake.answered(await fake.invoke("ask", question=QUESTION))
    text = said(message)
    assert text.startswith(f"-# Frage: {QUESTION}\n**Muluk Saray**\n> The raid was in")
    assert "US admits raid, Newswire, 6\\. Okt. 2022" in text
    assert text.endswith("Sicher · Stand 6. Okt. 2022")
    assert list(buttons(message))[:3] == ["Textstellen", "Warum", "Zitieren"]
    pressed = await fake.press(int(message["id"]), buttons(message)["Warum"], user=STRANGER_ID)
    assert "Sicherheit\n87\u00a0%, sicher" in said(await fake.answered(pressed))
    watched = await fake.press(int(message["id"]), buttons(message)["Frage beobachten"])
    assert said(await fake.answered(watched)).startswith("Ich antworte hier, sobald die Artikel")
    assert "Fragen, die Sie beobachten" in await told(fake, "watches")


@pytest.mark.usefixtures("german")
async def test_no_answer(fake: FakeDiscord, pipeline: ScriptedPipeline) -> None:
    pipeline.script = abstention(article())
    await fake.say(f"<@{BOT_ID}> {QUESTION}")
    (reply,) = await fake.replies()
    assert NO_ANSWER["de"] in said(reply)
    assert "Was helfen kann\n- Fragen Sie mit anderen Worten" in said(reply)
    assert "Frage beobachten" in buttons(reply)


@pytest.mark.usefixtures("german")
async def test_notices(fake: FakeDiscord, pipeline: ScriptedPipeline) -> None:
    await fake.say(f"<@{BOT_ID}>")
    (reply,) = await fake.replies()
    assert said(reply).startswith("Fragen Sie nach den Nachrichtenartikeln: `/ask question:`")
    too_long = await told(fake, "ask", question="x" * 501, forged=True)
    assert too_long == "Diese Frage ist zu lang: höchstens 500 Zeichen, bitte."
    no_day = await told(fake, "ask", question=QUESTION, since="gestern")
    assert no_day.startswith("'gestern' ist kein Tag")
    refused = await told(fake, "settings show", user=STRANGER_ID, forged=True)
    assert "Berechtigung „Server verwalten“" in refused
    assert (await told(fake, "help")).startswith("Hilfe\nIch beantworte Fragen")
    assert (await told(fake, "privacy")).startswith("Was ich auf diesem Server über Sie speichere")
    assert "Artikel\n1\n" in await told(fake, "status")
    assert "Seite 1 von 1 · 1 insgesamt" in await told(fake, "articles list")


async def test_settings(fake: FakeDiscord, servers: ServerRegistry) -> None:
    assert "Language\nEnglish" in await told(fake, "settings show")
    set_ = await told(fake, "settings language", language="de")
    assert set_.startswith("Einstellungen dieses Servers") and "Sprache\nDeutsch" in set_
    assert "Sprache\nDeutsch" in await told(fake, "settings show")
    assert servers.server(GUILD_ID).records.settings.load().chosen_language == "de"
    reset = await told(fake, "settings reset", what="everything")
    assert reset.startswith("Settings of this server")
    assert servers.server(GUILD_ID).records.settings.load().chosen_language is None
    assert language() == "en", "nothing is left in this task"


@pytest.mark.usefixtures("german")
async def test_forgetting(fake: FakeDiscord, pipeline: ScriptedPipeline) -> None:
    pipeline.script = answer()
    given = await fake.answered(await fake.invoke("ask", question=QUESTION))
    asked = await fake.answered(await fake.invoke("forget me"))
    assert said(asked).startswith("Das entfernt Ihre Fragen")
    await fake.press(int(asked["id"]), buttons(asked)["Alles über mich entfernen"])
    await fake.until(lambda: "Wunsch" in said(fake.messages[int(given["id"])]))
    assert REMOVED not in said(fake.messages[int(given["id"])])


# -- several -----------------------------------------------------------------------------


async def test_servers_of_two_languages_at_once(
    fake: FakeDiscord, pipeline: ScriptedPipeline, servers: ServerRegistry
) -> None:
    pipeline.script = lambda question: abstention(question=question)
    others: tuple[Language, ...] = ("de", "fr", "es")
    guilds = [await fake.new_guild(lang) for lang in others]
    for guild, lang in zip(guilds, others, strict=True):
        servers.server(guild.id).records.settings.update({"language": lang})
    spoken: dict[int, Language] = {
        fake.general(guild): lang for guild, lang in zip(guilds, others, strict=True)
    }
    for n in range(2):
        question = f"Who won cup {n}?"
        asked = await asyncio.gather(
            *(fake.invoke("ask", question=question, channel=channel) for channel in spoken)
        )
        for one in asked:
            message = await fake.answered(one)
            mine = spoken[int(message["channel_id"])]
            found = [lang for lang, text in NO_ANSWER.items() if text in said(message)]
            assert found == [mine], said(message)


async def test_a_new_server_begins_with_the_language_discord_has_for_it(
    fake: FakeDiscord, bot: DatelineBot, pipeline: ScriptedPipeline
) -> None:
    pipeline.script = abstention(article())
    french = await fake.new_guild("Rédaction")
    payload = fake.guild_payload(french.id) | {"preferred_locale": "fr"}
    await fake.dispatch("GUILD_UPDATE", payload)
    channel = fake.general(french)
    assert NO_ANSWER["fr"] in await told(fake, "ask", question=QUESTION, channel=channel)
    assert "Langue\nFrançais" in await told(fake, "settings show", channel=channel)
    await fake.answered(await fake.invoke("settings language", language="en", channel=channel))
    assert NO_ANSWER["en"] in await told(fake, "ask", question=QUESTION, channel=channel)


# -- commands, in each person's language ---------------------------------------------------


def described(things: list[Payload]) -> Iterator[Payload]:
    for thing in things:
        yield thing
        yield from described(thing.get("options", []))


async def test_commands_are_described_in_every_language(fake: FakeDiscord) -> None:
    locales = {"de", "fr", "es-ES", "es-419"}
    everything = list(described(fake.commands))
    for thing in everything:
        if description := thing.get("description"):
            expected = locales if description != UNDESCRIBED else set()
            assert set(thing.get("description_localizations") or ()) == expected, thing["name"]
            assert not thing.get("name_localizations"), "what is typed stays"
        else:  # a menu's entry
            assert set(thing["name_localizations"]) == locales, thing["name"]
            assert all(len(name) <= 32 for name in thing["name_localizations"].values())
    choices = [one for thing in everything for one in thing.get("choices", [])]
    own = {"Deutsch", "English", "Español", "Français"}
    assert own <= {one["name"] for one in choices}
    for one in choices:
        expected = set() if one["name"] in own else locales
        assert set(one.get("name_localizations") or ()) == expected, one["name"]
    add = {one["name"]: one for one in choices}["add"]
    assert add["name_localizations"]["fr"] == "ajouter"
