"""Why a build cannot be: sentences for a person in Discord, who sees no command line.

They are English here, also in the records of builds, and translated when they are shown.
"""

from __future__ import annotations

import logging

from bot.languages import N_
from bot.servers.asking import RefusedError
from bot.servers.previews import BuildView
from index.errors import (
    ArchiveBusyError,
    ArticleNotFoundError,
    CorruptIndexError,
    DatelineError,
    GenerationNotFoundError,
    ModelMismatchError,
)

log = logging.getLogger(__name__)

UNDER_WAY = N_("A build of these articles is under way. Please try again when it has finished.")
TOO_MANY = N_("Too many builds are under way. Please try again in a few minutes.")
CLOSING = N_("The bot is shutting down. Please try again when it is back.")
WAITS = N_("A build waits to be published or discarded. That comes first.")
WAITS_ELSEWHERE = N_(
    "A build of these articles that was started elsewhere waits to be published or discarded. "
    "Whoever runs this bot can decide with `dateline staged`."
)
INTERRUPTED = N_("The bot ended while it was under way. Nothing was changed: start it again.")
STOPPED = N_("The bot is shutting down, so it was stopped. Nothing was changed: start it again.")
GOES_ON = N_("The bot is shutting down. This goes on when it is back.")
STILL_RUNNING = N_("This build is still under way.")
NOT_KNOWN = N_("This build is not on record any longer. Please start another one.")
STALE = N_(
    "It was built on articles that do not serve any more, since somebody went back to an earlier "
    "generation. Discard it and build again."
)
OTHER_SETTINGS = N_(
    "The articles were indexed with other settings than the bot has now. `/index rebuild` builds "
    "all of them anew."
)
NO_SUCH_ARTICLE = N_(
    "There is no such article, so nothing was removed. `/articles list` shows them."
)
NOTHING_EARLIER = N_("There is no earlier generation to go back to.")
DAMAGED = N_("Its files are damaged, so it cannot serve. Discard it and build again.")
NOTHING_READ = N_("Nothing could be read.")
UNREADABLE = N_("The file could not be fetched from Discord. Please send it again.")
FAILED = N_(
    "It failed, and nothing was changed. Whoever runs this bot finds the reason in its log."
)


class BuildRefusedError(RefusedError):
    """A build cannot be begun, published or discarded; the message tells the person why."""


class BuildWaitsError(BuildRefusedError):
    """Another build of the server waits for a decision."""

    def __init__(self, view: BuildView) -> None:
        super().__init__(WAITS)
        self.view = view


def reason_of(error: Exception) -> str:
    """What to tell a person; what only the operator can mend is logged, for it may name files."""
    from index.publishing import BuildStagedError, StaleBuildError

    match error:
        case RefusedError():
            return str(error)
        case ArchiveBusyError():
            return UNDER_WAY
        case BuildStagedError():
            return WAITS_ELSEWHERE
        case StaleBuildError():
            return STALE
        case ModelMismatchError():
            return OTHER_SETTINGS
        case ArticleNotFoundError():
            return NO_SUCH_ARTICLE
        case GenerationNotFoundError():
            return NOTHING_EARLIER
        case CorruptIndexError():
            log.error("A build failed: %s", error)
            return DAMAGED
        case DatelineError():
            log.error("A build failed: %s", error)
            return FAILED
        case _:
            log.error("A build failed", exc_info=error)
            return FAILED
