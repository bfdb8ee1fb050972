"""Bytes to text: the encoding told, and mojibake such as "Â£" mended.

Text that is valid and clean comes out unchanged to the last byte.
"""

from __future__ import annotations

import codecs
import re

MARKS = (
    (codecs.BOM_UTF8, "UTF-8"),
    (codecs.BOM_UTF16_LE, "UTF-16-LE"),
    (codecs.BOM_UTF16_BE, "UTF-16-BE"),
)
_SAMPLE = 64 * 1024
"""Bytes from which an encoding is guessed: what keeps the guess short on a long file."""
_DECLARABLE = re.compile(
    r"utf-?8|utf-?16(-?[lb]e)?|(iso|windows|cp|ibm|koi8|gb|gbk|big5|euc|shift|sjis|latin|mac|tis|us-)"
    r"[a-z0-9_-]*|ascii",
    re.IGNORECASE,
)
"""Not every codec of Python's is an encoding of articles ("punycode", "unicode_escape")."""
_WESTERN = re.compile(r"(us-?)?ascii|iso-?8859-?1|latin-?1", re.IGNORECASE)
_WESTERN_CHARACTERS = frozenset(
    "àâäáãåæçéèêëíìîïñóòôöõøœúùûüßÀÂÄÁÃÅÆÇÉÈÊËÍÎÏÑÓÔÖÕØŒÚÛÜ£€“”\u2018\u2019„\u2013—…«»°§©®•·½¡¿\u00a0\u00ad"
)
_CONTROLS = re.compile("[\0-\x08\x0b\x0e-\x19\x1b-\x1f\x7f]")
_ESCAPED = re.compile("[\udc80-\udcff]")
_LINES = re.compile(r"[^\n]*\n|[^\n]+")


class DecodingError(ValueError):
    """These bytes are no text that can be told. `reason` and `mend` are for a message."""

    def __init__(self, reason: str, mend: str) -> None:
        super().__init__(f"{reason}: {mend}")
        self.reason = reason
        self.mend = mend


def decode(data: bytes, declared: str = "") -> str:
    """The text of `data` without its byte order mark; `declared` is what it claims to be.

    A mark decides, then valid UTF-8, then what is declared, then a guess. Raises DecodingError.
    """
    for mark, encoding in MARKS:
        if data.startswith(mark) and not data.startswith(codecs.BOM_UTF32_LE):
            return _strictly(data[len(mark) :], encoding, len(mark))
    if b"\0" in data:
        raise _binary()
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        broken_at = error.start
    for guess in (_declared, _mixed, _guessed):
        text = guess(data, declared)
        if text is not None and not _CONTROLS.search(text):
            return text
    reason = f"not UTF-8 at byte {broken_at}, and its encoding cannot be told"
    raise DecodingError(reason, "convert it to UTF-8, for example with iconv")


def mend(text: str) -> str:
    """The text with mojibake undone, line by line; lines without it stay as they are."""
    if text.isascii():
        return text
    import ftfy
    from ftfy import TextFixerConfig
    from ftfy.badness import is_bad

    # Only what undoes a wrong decoding: entities, quotes, width, line ends are the author's own.
    config = TextFixerConfig(unescape_html=False, explain=False)

    def mended(line: re.Match[str]) -> str:
        # ftfy asks the same first, at many times the cost for a short line.
        if line[0].isascii() or not is_bad(line[0]):
            return line[0]
        return ftfy.fix_encoding(line[0], config)

    return _LINES.sub(mended, text)


def unescaped(text: str) -> str:
    """Bytes that decoding with "surrogateescape" has left over, read as windows-1252."""
    return _ESCAPED.sub(
        lambda stray: bytes([ord(stray[0]) - 0xDC00]).decode("cp1252", "replace"), text
    )


def _strictly(data: bytes, encoding: str, skipped: int) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise DecodingError(
            f"not {encoding} at byte {skipped + error.start}",
            "convert it to UTF-8, for example with iconv",
        ) from None
    if "\0" in text:
        raise _binary()
    return text


def _binary() -> DecodingError:
    return DecodingError("looks like a binary file (it has a NUL)", "convert it to text")


def _declared(data: bytes, declared: str) -> str | None:
    if not _DECLARABLE.fullmatch(declared.strip()):
        return None
    # Who says Latin-1 means windows-1252: so do browsers.
    encoding = "cp1252" if _WESTERN.fullmatch(declared.strip()) else declared.strip()
    try:
        return data.decode(encoding)
    except (LookupError, UnicodeError):
        return None


def _mixed(data: bytes, _: str) -> str | None:
    """UTF-8 with a few bytes of windows-1252 pasted into it, which no single encoding fits."""
    text = data.decode("utf-8", "surrogateescape")
    strays = len(_ESCAPED.findall(text))
    good = sum(c > "\x7f" for c in text) - strays
    if good <= 2 * strays:
        return None
    return unescaped(text)


def _looks_western(data: bytes) -> bool:
    """Whether windows-1252 gives nothing but the letters and signs of western Europe."""
    unusual = set(data.decode("cp1252", "replace")) - _WESTERN_CHARACTERS
    high = set(data.decode("cp1252", "replace")) & _WESTERN_CHARACTERS
    czech = "ø" in high and bool(high & {"ì", "è"})  # ř, ě and č of windows-1250
    return not czech and all(c < "\x80" for c in unusual)


def _guessed(data: bytes, _: str) -> str | None:
    from charset_normalizer import from_bytes

    # Around the first byte that is not ASCII: a long English file has few to judge by.
    first = next((match.start() for match in re.finditer(rb"[\x80-\xff]", data)), 0)
    start = max(0, first - _SAMPLE // 2)
    sample = data[start : start + _SAMPLE]
    found = from_bytes(sample, preemptive_behaviour=False)
    best = found.best()
    # A few accents fit many encodings equally well: then the one that nearly all such text is in.
    names = [match.encoding for match in found if best and match.chaos <= best.chaos]
    for name in ["cp1252", *names] if _looks_western(sample) else names:
        try:
            return data.decode(name)
        except (LookupError, UnicodeError):
            continue
    return None
