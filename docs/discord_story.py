"""A team's first day with Dateline on a Discord on this machine, kept as what the pictures show.

The bot is the real one, with the models that come with it, and its archive holds the sample
article in `seeds/` and two invented ones. Everything shown was sent by it over the wire.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import SecretStr

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "discord")]

from fake_discord import FakeDiscord  # noqa: E402
from fake_interactions import Interaction  # noqa: E402
from fake_payloads import BOT_ID, CHANNEL_ID, GUILD_ID, OWNER_ID, STRANGER_ID, TOKEN  # noqa: E402
from fake_payloads import user as user_payload  # noqa: E402

from bot.client import DatelineBot, redirected  # noqa: E402
from bot.cogs import managing  # noqa: E402
from bot.servers.registry import open_servers  # noqa: E402
from bot.settings import DiscordSettings, load_settings  # noqa: E402
from bot.ui.buttons import Action, ButtonId  # noqa: E402
from docs.discord_markup import Names, Payload, message, modal  # noqa: E402

SEED = next((ROOT / "seeds").glob("*.txt"))
BRIDGE = (
    "title: Bridge opens after three years\ndate: 2022-10-06\nsource: Elmford Gazette\n"
    "url: https://news.example/bridge\n\n"
    "The new bridge over the river Elm was opened on Thursday. The bridge cost 20 million pounds, "
    "the council said. Mayor Andriy Melnychuk called it a gift to the town.",
    "title: Bridge cost rises\ndate: 2022-11-18\nsource: The Daily Example\n"
    "url: https://news.example/bridge-cost\n\n"
    "The council of Elmford has corrected its bill. The bridge cost 21 million pounds, it said on "
    "Friday. A court will look into the matter.",
)
NOT_A_PDF = b"%PDF-1.4\nThis file broke off on its way."
ATTACHMENT = "Click to see attachment"
"""What Discord shows of a message without content where somebody answers it."""
KILLED = "where was Al Quraishi killed?"
EDITOR, REPORTER = OWNER_ID, STRANGER_ID
WAIT_S = 90.0
"""For one thing to happen: the first answer loads the models."""


@dataclass(frozen=True)
class Sample:
    """A picture's name and title, and its HTML."""

    name: str
    title: str
    html: str


async def tell(home: Path) -> list[Sample]:
    """All samples, in the order in which they are told. `home` is an empty folder."""
    async with FakeDiscord().running() as fake:
        fake.wait_s = WAIT_S
        async with _running(fake, home) as bot:
            story = Story(fake, bot)
            await story.golden_questions()
            await story.watched()
            await story.built()
            await story.answered()
            await story.followed_up()
            await story.looked_up()
            await story.kept()
            await story.refused()
            return story.samples


@contextlib.asynccontextmanager
async def _running(fake: FakeDiscord, home: Path) -> AsyncIterator[DatelineBot]:
    settings = DiscordSettings(
        discord_token=SecretStr(TOKEN), discord_api=fake.http, discord_gateway=fake.ws
    )
    managing.EACH_S = 0.02  # a build of so few articles is over before a message is edited
    for id, name in ((BOT_ID, "dateline"), (EDITOR, "alice"), (REPORTER, "ben")):
        fake.users[id] |= user_payload(id, name, bot=id == BOT_ID)
    with open_servers(load_settings(home=home)) as servers, redirected(settings):
        async with DatelineBot(servers=servers, settings=settings) as bot:
            running = asyncio.create_task(bot.start(TOKEN))
            await fake.connected()
            yield bot
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running


class Story:
    """What people do, one chapter a method; each leaves what the next one needs."""

    def __init__(self, fake: FakeDiscord, bot: DatelineBot) -> None:
        self._fake = fake
        self._bot = bot
        self.samples: list[Sample] = []
        self._answer: Payload = {}

    # -- chapters ----------------------------------------------------------------------

    async def golden_questions(self) -> None:
        for question, expected in (
            (KILLED, "Atme"),
            ("Which village was raided?", "Muluk Saray"),
            ("Who won the cup in Elmford?", None),
        ):
            options = {"question": question} | ({"answer": expected} if expected else {})
            await self._run("golden add", options)
        self._keep("golden", "Golden questions", await self._run("golden list"), "/golden list")

    async def watched(self) -> None:
        """Only the invented articles are there."""
        files = {
            f"file{n}": self._fake.upload(f"bridge-{n}.txt", text.encode())
            for n, text in enumerate(BRIDGE, start=1)
        }
        added = await self._fake.invoke("articles add", options={**files, "publish_now": True})
        await self._fake.answered(added, lambda shown: "is published" in str(shown["embeds"]))
        asked = await self._run("ask", {"question": KILLED, "since": "2022-10-01"}, user=REPORTER)
        self._keep("abstention", "No answer", asked, "/ask", REPORTER)
        pressed = await self._press(asked, Action.WATCH, user=REPORTER)
        self._keep("watching", "A question is watched", pressed)
        listed = await self._run("watches", user=REPORTER)
        self._keep("watches", "The questions one watches", listed, "/watches", REPORTER)
        self._answer = asked

    async def built(self) -> None:
        """The sample article comes, and what did not have an answer gets one."""
        seed = self._fake.upload(SEED.name, SEED.read_bytes())
        broken = self._fake.upload("minutes.pdf", NOT_A_PDF, "application/pdf")
        adding = await self._fake.invoke("articles add", file1=seed, file2=broken)
        begun = await self._fake.answered(adding, lambda shown: " of 3 " in str(shown["embeds"]))
        self._keep("progress", "A build is under way", begun, "/articles add")
        preview = await self._fake.answered(adding, lambda shown: bool(shown["components"]))
        self._keep("preview", "What a build would change", preview, "/articles add")
        await self._decide(preview, "Publish")
        self._keep("published", "A build is published", preview, "/articles add")
        found = await self._fake.until(lambda: self._mentioning(REPORTER))
        self._keep("watch-found", "A watched question is answered", found)
        corrected = self._answer
        await self._fake.until(lambda: "Correction" in str(corrected["embeds"]))
        self._keep("correction", "An answer is corrected", corrected, "/ask", REPORTER)
        rebuilt = await self._fake.invoke("index rebuild")
        waiting = await self._fake.answered(rebuilt, lambda shown: bool(shown["components"]))
        await self._decide(waiting, "Discard")
        self._keep("discarded", "A build is discarded", waiting, "/index rebuild")

    async def answered(self) -> None:
        answer = self._answer = await self._run("ask", {"question": KILLED}, user=REPORTER)
        self._keep("answer", "An answer", answer, "/ask", REPORTER)
        for action, name, title in (
            (Action.PASSAGES, "passages", "Passages"),
            (Action.WHY, "why", "Why"),
            (Action.CITE, "cite", "Cite"),
        ):
            self._keep(name, title, await self._press(answer, action))
        down = await self._pressed(answer, Action.DOWN, EDITOR)
        shown = modal(await self._fake.modal_of(down))
        self.samples.append(Sample("reason", "What was wrong with an answer", shown))
        cost = await self._run("ask", {"question": "how much did the bridge cost?"})
        self._keep("disagreement", "The articles disagree", cost, "/ask")

    async def followed_up(self) -> None:
        await self._reply("follow-up", "A follow-up", "and Al Baghdadi?", self._answer)
        asked = f"<@{BOT_ID}> Did Al Quraishi know Al Baghdadi?"
        said = await self._fake.say(asked, author=REPORTER)
        answer = await self._fake.until(lambda: self._reply_to(said))
        await self._reply("unclear", "An unclear follow-up", "and where was he killed?", answer)

    async def looked_up(self) -> None:
        for name, title, command, options in (
            ("articles", "The articles", "articles list", {}),
            ("search", "Articles about something", "articles search", {"words": "raid in Syria"}),
            ("article", "An article", "articles show", {"id": "bridge-2"}),
            ("status", "Status", "status", {}),
            ("help", "Help", "help", {}),
        ):
            shown = await self._run(command, options, user=REPORTER)
            self._keep(name, title, shown, f"/{command}", REPORTER)
        rolled_back = await self._run("index rollback")
        self._keep("rollback", "Back to the generation before", rolled_back, "/index rollback")

    async def kept(self) -> None:
        role = await self._fake.new_role("newsroom")
        await self._run("settings roles", {"right": "ask", "change": "add", "role": role})
        settings = {"change": "add", "channel": CHANNEL_ID}
        shown = await self._run("settings channels", settings)
        self._keep("settings", "Settings", shown, "/settings channels")
        await self._fake.give_role(REPORTER, role)
        for name, title, command in (
            ("privacy", "What is kept", "privacy"),
            ("forget", "Before everything is removed", "forget me"),
        ):
            shown = await self._run(command, user=REPORTER)
            self._keep(name, title, shown, f"/{command}", REPORTER)

    async def refused(self) -> None:
        asked = {"question": KILLED}
        elsewhere = await self._fake.new_channel("sports")
        shown = await self._run("ask", asked, user=REPORTER, channel=elsewhere)
        self._keep("not-here", "Asked where nothing is answered", shown, "/ask", REPORTER)
        for _ in range(self._bot_rate() + 1):
            shown = await self._run("ask", asked | {"private": True}, user=EDITOR)
        self._keep("too-often", "Asked too often", shown, "/ask")

    # -- what people do ----------------------------------------------------------------

    async def _run(self, command: str, options: Any = None, **where: Any) -> Payload:
        return await self._fake.answered(
            await self._fake.invoke(command, options=options, **where), _finished
        )

    async def _press(self, shown: Payload, action: Action, *, user: int = EDITOR) -> Payload:
        return await self._fake.answered(await self._pressed(shown, action, user))

    async def _pressed(self, shown: Payload, action: Action, user: int) -> Interaction:
        ids = [one["custom_id"] for row in shown["components"] for one in row["components"]]
        parsed = {id: ButtonId.parse(id) for id in ids}
        (id,) = (id for id, one in parsed.items() if one and one.action is action)
        return await self._fake.press(int(shown["id"]), id, user=user)

    async def _reply(self, name: str, title: str, text: str, to: Payload) -> None:
        """Keeps what was said and what the bot says to it."""
        said = await self._fake.say(text, author=REPORTER, reply_to=int(to["id"]))
        reply = await self._fake.until(lambda: self._reply_to(said))
        html = message(said, self._names(), above=f"╭ @Dateline {to['content'] or ATTACHMENT}")
        html += message(reply, self._names(), above=f"╭ @Ben {text}")
        self.samples.append(Sample(name, title, html))

    async def _decide(self, shown: Payload, label: str) -> None:
        (row,) = shown["components"]
        (id,) = (one["custom_id"] for one in row["components"] if one["label"] == label)
        await self._fake.press(int(shown["id"]), id)
        await self._fake.until(lambda: not shown["components"])

    # -- what is seen ------------------------------------------------------------------

    def _keep(
        self, name: str, title: str, shown: Payload, command: str = "", user: int = EDITOR
    ) -> None:
        above = f"{self._fake.users[user]['global_name']} used {command}" if command else ""
        self.samples.append(Sample(name, title, message(shown, self._names(), above=above)))

    def _names(self) -> Names:
        fake = self._fake
        return {
            **{f"@{id}": str(one["global_name"]) for id, one in fake.users.items()},
            **{f"@&{id}": one["name"] for id, one in fake.guilds[GUILD_ID].roles.items()},
            **{f"#{id}": one.get("name", "") for id, one in fake.channels.items()},
        }

    def _mentioning(self, user: int) -> Payload | None:
        return self._first(lambda one: f"<@{user}>" in one["content"])

    def _reply_to(self, said: Payload) -> Payload | None:
        def answers(one: Payload) -> bool:
            reference = one.get("message_reference") or {}
            return int(reference.get("message_id", 0)) == int(said["id"])

        return self._first(answers)

    def _first(self, fits: Callable[[Payload], bool]) -> Payload | None:
        mine = (one for one in self._fake.messages.values() if one["author"]["id"] == str(BOT_ID))
        return next(filter(fits, mine), None)

    def _bot_rate(self) -> int:
        return int(DiscordSettings.model_fields["rate_user"].default)


def _finished(shown: Payload) -> bool:
    """Whether a message is more than a word on how far an answer is."""
    return bool(shown["embeds"]) or not shown["content"].startswith(("Reading", "Waiting"))
