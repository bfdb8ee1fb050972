"""The reading room of all servers: each link opens an article of the server it was given in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from bot.qa.answer import Citation
from bot.room.article import RoomArticle
from bot.room.key import signing_key
from bot.room.server import ReadingRoom
from bot.room.signing import LinkSigner
from bot.servers.registry import ServerRegistry
from bot.settings import Settings
from bot.ui.citing import citation_styles
from index.errors import ArticleNotFoundError

STYLES = {"markdown": "Markdown", "plain": "Plain text", "apa": "APA 7", "bibtex": "BibTeX"}
MOST_PASSAGES = 20
"""Other passages that a page lists, of those that were cited last."""


def open_room(settings: Settings, servers: ServerRegistry) -> ReadingRoom | None:
    """The room that the settings ask for, to be entered; None where they name no address.

    Raises SettingsError for a secret or a key file that cannot be used.
    """
    if not settings.room_address:
        return None
    secret = settings.room_secret.get_secret_value() if settings.room_secret else None
    return ReadingRoom(
        signer=LinkSigner(signing_key(settings.home, secret)),
        article_of=lambda server, id, revision: article_of(servers, server, id, revision),
        citations_of=_citations,
        public_address=settings.room_address,
        host=settings.room_host,
        port=settings.room_port,
        lifetime=dt.timedelta(days=settings.room_link_days),
    )


def article_of(servers: ServerRegistry, server: int, id: str, revision: int) -> RoomArticle | None:
    """A revision of an article of one server's archive; None if there is none. Blocking."""
    opened = servers.server(server)
    try:
        article = opened.archive.article_revision(id, revision)
        revisions = tuple(opened.archive.revisions(id))
    except ArticleNotFoundError:
        return None
    cited = (
        (quote.start, quote.end)
        for given in reversed(opened.records.ledger.quoting(id))
        if not given.private
        for quote in given.quotes
        if quote.article_id == id and quote.revision == revision
    )
    passages = tuple(dict.fromkeys(cited))[:MOST_PASSAGES]
    return RoomArticle(article, revision, revisions, tuple(sorted(passages)))


def _citations(shown: RoomArticle, start: int, end: int) -> Mapping[str, str]:
    quote = Citation(1, shown.article, start, end) if start < end else None
    styles = citation_styles(
        shown.article,
        quote.quote if quote else "",
        accessed=dt.datetime.now(dt.UTC).date(),
        link=quote.link if quote else shown.article.url,
        page=quote.page if quote else None,
    )
    return {STYLES[style]: text for style, text in styles.items()}
