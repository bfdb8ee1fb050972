"""What can go wrong, named by what the caller does about it.

Every message names the input and the mend, so that it can be shown to a person as it is.
"""


class DatelineError(Exception):
    """Base of all errors that are shown to a person without a traceback."""


class NoIndexError(DatelineError):
    """The archive has no published generation yet: index some articles first."""


class ModelMismatchError(DatelineError):
    """The index was built with another model or other chunking than is set now."""


class ModelFileError(DatelineError):
    """A model's files are missing, or are not the published ones."""


class ArticleNotFoundError(DatelineError):
    """No article of that id is in the archive."""


class GenerationNotFoundError(DatelineError):
    """No generation of that number is on disk."""


class InvalidArticleError(DatelineError):
    """An article's fields cannot be stored: empty text, a wrong date, a lone surrogate."""


class LoadError(DatelineError):
    """A file, or a part of it, could not be read as articles; the others still can."""


class ArchiveBusyError(DatelineError):
    """Another process is building this archive now: try again when it has finished."""


class CorruptIndexError(DatelineError):
    """Files of a generation are missing or damaged: rebuild, or restore them."""


class SettingsError(DatelineError):
    """A setting is unknown or has a value it cannot have."""
