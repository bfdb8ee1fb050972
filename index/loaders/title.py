"""Titles for articles that come without one."""

from __future__ import annotations

import re
import unicodedata

from index.sentences import sentence_spans

MAX_TITLE = 80
_HEAD = 1000
"""Code points looked at: a title needs no more, and an article may have millions."""
_FEWEST_WORDS = 3
_FENCE = re.compile(r" {0,3}(```|~~~)")
_HEADING = re.compile(r" {0,3}#[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*$")
_MARKDOWN_LEAD = re.compile(r"^(?:\s|[#>*+_=`~-])+")


def short_title(text: str, *, markdown: bool = False) -> str:
    """A readable title from the first sentence, at most MAX_TITLE code points, on one line.

    A sentence of one or two words ("CNN —") is passed over where a longer one follows.
    """
    head = text.lstrip()[:_HEAD].encode("utf-8", "replace").decode("utf-8")
    sentences = [one_line(head[start:end]) for start, end in sentence_spans(head)]
    if markdown:
        sentences = [_MARKDOWN_LEAD.sub("", sentence) for sentence in sentences]
    readable = [sentence for sentence in sentences if any(c.isalnum() for c in sentence)]
    for sentence in readable:
        if len(sentence.split()) >= _FEWEST_WORDS:
            return _shortened(sentence)
    return _shortened(readable[0] if readable else one_line(head)) or "Untitled"


def first_heading(text: str) -> str:
    """The first level-one heading (`# …`) of a Markdown text outside code blocks, or ""."""
    fence = ""
    for line in re.split(r"\r\n|\n|\r", text):
        mark = _FENCE.match(line)
        if mark and fence in ("", mark[1]):
            fence = "" if fence else mark[1]
        elif not fence and (heading := _HEADING.match(line)) and (title := one_line(heading[1])):
            return title
    return ""


def one_line(text: str) -> str:
    """White space collapsed and control characters left out."""
    return " ".join("".join(" " if unicodedata.category(c) == "Cc" else c for c in text).split())


def _shortened(sentence: str) -> str:
    if len(sentence) <= MAX_TITLE:
        return sentence
    cut = sentence[:MAX_TITLE]
    words = cut.rpartition(" ")[0] or cut[:-1]
    return words.rstrip(" ,;:-\u2013\u2014") + "…"
