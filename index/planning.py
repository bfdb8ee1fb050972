"""What a build has to do: which articles are new, changed, unchanged, or cannot be stored."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from index.article import MAX_ID_LENGTH, Article
from index.catalog import Catalog, StoredArticle
from index.errors import LoadError


@dataclass
class BuildPlan:
    """The difference between what was read and what the serving generation holds."""

    generation: int = 0
    articles: dict[str, Article] = field(default_factory=dict)
    """New and changed articles by id."""
    replaced: dict[str, StoredArticle] = field(default_factory=dict)
    """The stored revisions that give way to the changed ones, by id."""
    unchanged: set[str] = field(default_factory=set)
    failed: list[str] = field(default_factory=list)


def plan_build(
    items: Iterable[Article | LoadError],
    catalog: Catalog,
    progress: Callable[[int], None] = lambda read: None,
) -> BuildPlan:
    """Reads all items and compares them with the catalog.

    The same id twice in one build: the same content counts once, other content wins over what
    came before it and is reported, so that nothing is dropped in silence.
    """
    plan = BuildPlan(generation=catalog.current_generation_id() or 0)
    for number, item in enumerate(items, start=1):
        if isinstance(item, LoadError):
            plan.failed.append(str(item))
        else:
            _place(plan, item, catalog)
        progress(number)
    return plan


def _place(plan: BuildPlan, article: Article, catalog: Catalog) -> None:
    article = _with_own_id(article, plan, catalog)
    stored = catalog.stored(article.id, plan.generation)
    if stored is not None and not article.article_set:  # it stays where it was put
        article = dataclasses.replace(article, article_set=stored.article_set)
    earlier: Article | StoredArticle | None = plan.articles.get(article.id)
    if earlier is None and article.id in plan.unchanged:
        earlier = stored
    if earlier is not None and earlier.content_hash != article.content_hash:
        plan.failed.append(
            f"{earlier.origin or earlier.id}: replaced by {article.origin or 'a later one'}, which "
            f"has the same id {article.id!r} and another content: give one of them another id"
        )
    if stored is not None and stored.content_hash == article.content_hash:
        plan.unchanged.add(article.id)
        plan.articles.pop(article.id, None)
        plan.replaced.pop(article.id, None)
        return
    plan.unchanged.discard(article.id)
    plan.articles[article.id] = article
    if stored is not None:
        plan.replaced[article.id] = stored


def _with_own_id(article: Article, plan: BuildPlan, catalog: Catalog) -> Article:
    """Two files of one name in two folders are two articles, though a name gives one id.

    The second is given an id of its own, made from its path, and keeps it in later builds. An id
    that the article itself states is never changed.
    """
    if not article.id_from_file_name:
        return article
    if (known := catalog.stored_from(article.origin, plan.generation)) is not None:
        return _renamed(article, known.id)
    if (namesake := plan.articles.get(article.id)) is not None:
        taken = namesake.origin != article.origin and namesake.text != article.text
    elif (stored := catalog.stored(article.id, plan.generation)) is not None:
        taken = stored.origin != article.origin and stored.content_hash != article.content_hash
    else:
        taken = False
    if not taken:
        return article
    suffix = "-" + hashlib.sha256(article.origin.encode("utf-8", "replace")).hexdigest()[:8]
    return _renamed(article, article.id[: MAX_ID_LENGTH - len(suffix)] + suffix)


def _renamed(article: Article, id: str) -> Article:
    return article if id == article.id else dataclasses.replace(article, id=id)
