"""What the reading room is given to show."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.article import Article
    from index.catalog import Revision


@dataclass(frozen=True)
class RoomArticle:
    """One revision of an article, and what is known about it beside its text."""

    article: Article
    revision: int
    """The number of the revision that `article` holds, from 1."""
    revisions: tuple[Revision, ...] = ()
    """All stored revisions, oldest first."""
    passages: tuple[tuple[int, int], ...] = ()
    """Other passages that were cited from this revision: start and end, in code points."""


ArticleOf = Callable[[int, str, int], RoomArticle | None]
"""(guild id, article id, revision) to the article of that guild, or None. May block; called from
several threads."""

CitationsOf = Callable[[RoomArticle, int, int], Mapping[str, str]]
"""(article, start, end of the quote) to ready citations by the name of their style. Both are 0
where no passage is cited."""
