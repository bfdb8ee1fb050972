"""`/articles` and "Add to the archive": what the archive holds, and what is put into it."""

from __future__ import annotations

import asyncio
import itertools
import logging
import re
from collections.abc import Sequence

import discord
from discord import app_commands
from discord.ext import commands

from bot.cogs.ask import caller, storable
from bot.cogs.delivery import BROKEN, acknowledge, delivered
from bot.cogs.managing import BuildMessages, manager, refuse
from bot.cogs.places import Place
from bot.cogs.posting import NO_PINGS
from bot.languages import N_, Message, _
from bot.servers import build_refusals as why
from bot.servers.asking import RefusedError, Request
from bot.servers.material import MOST_ADDRESS, MOST_FILE_BYTES, MOST_FILES, Material
from bot.servers.registry import OpenServer
from bot.servers.running_builds import Build
from bot.services import Services
from bot.ui.article_cards import ON_PAGE, article_card, list_card
from bot.ui.limits import CHOICE_NAME, CHOICE_VALUE, CHOICES, MAX_QUESTION, units
from bot.ui.numbers import count
from bot.ui.visible import inline
from index.article import MAX_ID_LENGTH, ArticleReference
from index.catalog import ArticleSummary
from index.errors import ArticleNotFoundError, DatelineError

log = logging.getLogger(__name__)

NOTHING_GIVEN = N_("Attach a file, or give an address or a feed.")
NOTHING_THERE = N_("That message has neither an attachment nor a link.")
MANY_LINKS = N_("That message has more than one link. Add them one by one, with `/articles add`.")
TOO_LARGE = Message(
    N_("A file may have at most {most} MB. Nothing was added."), most=MOST_FILE_BYTES // 2**20
)
TOO_MANY_FILES = Message(
    N_("At most {most} files can be added at once. Nothing was added."), most=MOST_FILES
)
NO_ARTICLES = N_("There are no articles here yet. `/articles add` adds some.")
NO_SUCH_ARTICLE = N_("There is no such article. `/articles list` shows them all.")
NONE_FOUND = N_("No article has anything like that.")

_LINK = re.compile(r"https?://[^\s<>|]+", re.IGNORECASE)
_TRAILING = ".,;:!?)]}\"'*_`"
_MOST_LOOKED_AT = 5_000
"""Articles, newest first, among whose titles autocomplete looks."""
_MOST_PASSAGES = 50

Address = app_commands.Range[str, 1, MOST_ADDRESS]
ArticleId = app_commands.Range[str, 1, MAX_ID_LENGTH]


class ArticlesCog(commands.Cog):
    """Whoever may ask may look; only those who manage the server may add and remove."""

    group = app_commands.Group(
        name="articles", description=N_("The articles that answers come from."), guild_only=True
    )

    def __init__(self, bot: discord.Client, services: Services) -> None:
        assert services.building is not None
        self._bot = bot
        self._services = services
        self._building = services.building
        self._messages = BuildMessages(bot, services, services.building)
        self._menu = app_commands.ContextMenu(name=N_("Add to the archive"), callback=self.take)
        self._menu.guild_only = True
        self._menu.default_permissions = discord.Permissions(manage_guild=True)

    async def cog_load(self) -> None:
        assert isinstance(self._bot, commands.Bot)
        self._bot.tree.add_command(self._menu, override=True)

    async def cog_unload(self) -> None:
        assert isinstance(self._bot, commands.Bot)
        self._bot.tree.remove_command(self._menu.name, type=self._menu.type)

    # -- changing ----------------------------------------------------------------------

    @group.command(name="add", description=N_("Add articles from files, a web address or a feed."))
    @app_commands.describe(
        file1=N_("Text, HTML, PDF, DOCX, EPUB, CSV, JSON Lines, mail, ZIP and more."),
        url=N_("A page, a file, a feed or a sitemap."),
        feed=N_("An RSS or Atom feed: the articles that are in it now."),
        publish_now=N_("Publish without a preview."),
    )
    async def add(
        self,
        interaction: discord.Interaction,
        file1: discord.Attachment | None = None,
        file2: discord.Attachment | None = None,
        file3: discord.Attachment | None = None,
        file4: discord.Attachment | None = None,
        file5: discord.Attachment | None = None,
        url: Address | None = None,
        feed: Address | None = None,
        publish_now: bool = False,
    ) -> None:
        files = [one for one in (file1, file2, file3, file4, file5) if one is not None]
        material = Material(url=storable(url or ""), feed=storable(feed or ""))
        with self._services.replies:
            await self._add(interaction, files, material, publish_now=publish_now)

    async def take(self, interaction: discord.Interaction, message: discord.Message) -> None:
        """The menu of a message: its attachments, or else its link."""
        with self._services.replies:
            links = [] if message.attachments else links_in(message.content)
            if len(links) > 1:
                await refuse(interaction, RefusedError(MANY_LINKS))
            elif not links and not message.attachments:
                await refuse(interaction, RefusedError(NOTHING_THERE))
            else:
                material = Material(url="".join(links))
                await self._add(interaction, message.attachments, material, publish_now=False)

    async def _add(
        self,
        interaction: discord.Interaction,
        files: Sequence[discord.Attachment],
        material: Material,
        *,
        publish_now: bool,
    ) -> None:
        try:
            server = await manager(self._services, interaction)
            if not (files or material.url or material.feed):
                raise RefusedError(NOTHING_GIVEN)
            if len(files) > MOST_FILES:
                raise RefusedError(TOO_MANY_FILES)
            if any(one.size > MOST_FILE_BYTES for one in files):
                raise RefusedError(TOO_LARGE)
            await acknowledge(interaction, ephemeral=False)
            build = await self._messages.begin(interaction, server, "add")
            if build is None:
                return
            await self._hand_over(build, files, material, publish_now)
            await self._messages.follow(build, interaction)
        except Exception as error:  # noqa: BLE001 - refuse logs what is not the person's
            await refuse(interaction, error)

    async def _hand_over(
        self,
        build: Build,
        files: Sequence[discord.Attachment],
        material: Material,
        publish_now: bool,
    ) -> None:
        """Fetches the files, one after the other, and lets the build begin."""
        uploads = []
        try:
            for one in files:
                data = await _fetched(one)
                uploads.append(await asyncio.to_thread(build.keep, one.id, one.filename, data))
        except Exception as error:  # noqa: BLE001 - reason_of logs what is not the person's
            await self._building.give_up(build, why.reason_of(error))
            return
        except asyncio.CancelledError:
            await asyncio.shield(self._building.give_up(build, why.STOPPED))
            raise
        material = Material(tuple(uploads), material.url, material.feed)
        self._building.add(build, material, publish_now=publish_now)

    @group.command(name="remove", description=N_("Remove an article, after a preview."))
    @app_commands.describe(id=N_("The article's id; its title finds it."))
    async def remove(self, interaction: discord.Interaction, id: ArticleId) -> None:
        with self._services.replies:
            try:
                server = await manager(self._services, interaction)
                await acknowledge(interaction, ephemeral=False)
                build = await self._messages.begin(interaction, server, "remove")
                if build is not None:
                    self._building.remove(build, [storable(id)])
                    await self._messages.follow(build, interaction)
            except Exception as error:  # noqa: BLE001 - refuse logs what is not the person's
                await refuse(interaction, error)

    # -- looking -----------------------------------------------------------------------

    @group.command(name="list", description=N_("List the articles, newest first."))
    @app_commands.describe(page=N_("Which page of the list."))
    async def list_(
        self, interaction: discord.Interaction, page: app_commands.Range[int, 1, 100_000] = 1
    ) -> None:
        with self._services.replies:
            try:
                server = await self._looking(interaction)
                found, page, pages, total = await asyncio.to_thread(_page, server, page)
                if not total:
                    raise RefusedError(NO_ARTICLES)
                place = _("Page {page} of {pages}").format(page=count(page), pages=count(pages))
                everything = _("{total} in all").format(total=count(total))
                footer = f"{place} · {everything}"
                await _show(interaction, list_card(_("Articles"), found, footer))
            except Exception as error:  # noqa: BLE001 - refuse logs what is not the person's
                await refuse(interaction, error)

    @group.command(name="search", description=N_("Find articles by what they are about."))
    @app_commands.describe(words=N_("What they are about."))
    async def search(
        self, interaction: discord.Interaction, words: app_commands.Range[str, 1, MAX_QUESTION]
    ) -> None:
        with self._services.replies:
            try:
                server = await self._looking(interaction)
                found = await asyncio.to_thread(_found, server, storable(words))
                if not found:
                    raise RefusedError(NONE_FOUND)
                await _show(interaction, list_card(_("Best matches"), found, _("Best first")))
            except Exception as error:  # noqa: BLE001 - refuse logs what is not the person's
                await refuse(interaction, error)

    @group.command(
        name="show", description=N_("Show an article's beginning and what is known of it.")
    )
    @app_commands.describe(id=N_("The article's id; its title finds it."))
    async def show(self, interaction: discord.Interaction, id: ArticleId) -> None:
        with self._services.replies:
            try:
                server = await self._looking(interaction)
                card = await asyncio.to_thread(_shown, server, storable(id))
                await _show(interaction, card)
            except Exception as error:  # noqa: BLE001 - refuse logs what is not the person's
                await refuse(interaction, error)

    @show.autocomplete("id")
    async def readable(
        self, interaction: discord.Interaction, current: str
    ) -> list[app_commands.Choice[str]]:
        """For those who may ask."""
        return await self._offered(interaction, current)

    @remove.autocomplete("id")
    async def removable(
        self, interaction: discord.Interaction, current: str
    ) -> list[app_commands.Choice[str]]:
        """For those who may remove."""
        try:
            await manager(self._services, interaction)
        except (RefusedError, DatelineError):
            return []
        return await self._offered(interaction, current)

    # -- inside ------------------------------------------------------------------------

    async def _offered(
        self, interaction: discord.Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        """Articles to choose from; none for those who may not ask."""
        try:
            server = await self._allowed(interaction)
        except (RefusedError, DatelineError):
            return []
        return await asyncio.to_thread(_choices, server, typed)

    async def _looking(self, interaction: discord.Interaction) -> OpenServer:
        """The server, once the response is promised, which only the person sees."""
        server = await self._allowed(interaction)
        await acknowledge(interaction, ephemeral=True)
        return server

    async def _allowed(self, interaction: discord.Interaction) -> OpenServer:
        """Raises RefusedError for those who may not ask where they are."""
        server, asker = await caller(
            self._bot, self._services, interaction.guild_id, interaction.user
        )
        place = Place.of(interaction.channel)
        await self._services.asking.allow(Request(server, asker, place.channel, "", place.thread))
        return await asyncio.to_thread(self._services.servers.server, server)


async def _fetched(file: discord.Attachment) -> bytes:
    """Raises RefusedError if Discord does not give it, or it is too large."""
    try:
        data = await delivered(file.read)
    except (discord.HTTPException, *BROKEN) as error:
        log.warning("An attachment could not be fetched: %r", error)
        raise RefusedError(why.UNREADABLE) from error
    if len(data) > MOST_FILE_BYTES:
        raise RefusedError(TOO_LARGE)
    return data


def links_in(text: str) -> list[str]:
    """The web addresses in a message, each once, without the punctuation after them."""
    found = (one.group().rstrip(_TRAILING)[:MOST_ADDRESS] for one in _LINK.finditer(text))
    return list(dict.fromkeys(storable(one) for one in found))


def _page(server: OpenServer, page: int) -> tuple[list[ArticleSummary], int, int, int]:
    """The articles of a page, which one it is, and how many pages and articles there are."""
    serving = server.archive.generation_id()
    total = next((one.articles for one in server.archive.generations() if one.id == serving), 0)
    pages = max(1, -(-total // ON_PAGE))
    page = min(page, pages)
    first = (page - 1) * ON_PAGE
    return (
        list(itertools.islice(server.archive.articles(), first, first + ON_PAGE)),
        page,
        pages,
        total,
    )


def _found(server: OpenServer, words: str) -> list[ArticleReference]:
    """Articles by their best passages."""
    if not words:
        return []
    articles = (one.passage.article for one in server.archive.search(words, _MOST_PASSAGES))
    known = {
        one.id: ArticleReference(one.id, one.title, one.date, one.source, one.url)
        for one in articles
    }
    return list(known.values())[:ON_PAGE]


def _shown(server: OpenServer, id: str) -> discord.Embed:
    try:
        article = server.archive.article(id)
        return article_card(article, len(server.archive.revisions(id)))
    except ArticleNotFoundError as error:
        raise RefusedError(NO_SUCH_ARTICLE) from error


def _choices(server: OpenServer, typed: str) -> list[app_commands.Choice[str]]:
    """Articles by a part of their titles or ids, newest first."""
    typed = typed.casefold()
    newest = itertools.islice(server.archive.articles(), _MOST_LOOKED_AT)
    fitting = (
        one
        for one in newest
        if typed in f"{one.title}\n{one.id}".casefold() and units(one.id) <= CHOICE_VALUE
    )
    return [
        app_commands.Choice(
            name=inline(one.title or one.id)[: CHOICE_NAME // 2] or "\ufffd", value=one.id
        )
        for one in itertools.islice(fitting, CHOICES)
    ]


async def _show(interaction: discord.Interaction, card: discord.Embed) -> None:
    await delivered(
        lambda: interaction.edit_original_response(embed=card, allowed_mentions=NO_PINGS)
    )
