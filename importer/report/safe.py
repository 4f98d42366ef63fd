"""Text from an export made safe to show: titles can hold markup, control characters and tricks with direction."""

from __future__ import annotations

import html
import re

_SPACES = re.compile(r"[\t\n\v\f\r\x85\u2028\u2029]+")
_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# Marks, embeddings, overrides and isolates: a terminal has no <bdi> that would end their reach.
_BIDI = re.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")

LONGEST = 200
"""Characters of one text that a page or a screen shows; the files for machines always hold all of it."""


def clean(text: str) -> str:
    """The text on one line, at most LONGEST characters, with U+FFFD for what no document may hold."""
    # Cut first with room to spare, so that a title of a megabyte costs nothing.
    text = _UNSAFE.sub("\ufffd", _SPACES.sub(" ", text[: 4 * LONGEST])).strip()
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def escape(text: str) -> str:
    """The text for an HTML element or a quoted attribute."""
    return html.escape(clean(text), quote=True)


def isolate(text: str) -> str:
    """The text as an HTML element that keeps its direction to itself."""
    return f"<bdi>{escape(text)}</bdi>"


def for_terminal(text: str) -> str:
    """The text for a terminal: no escape sequence and no direction control gets through."""
    return _BIDI.sub("", clean(text))


def count(number: int) -> str:
    """1056 → "1,056", in every locale."""
    return f"{number:,}"


def file_name(path: str) -> str:
    """The last part of a path: a report that is handed on should not tell where its maker keeps things."""
    return path.rstrip("/").rsplit("/", 1)[-1] or path


def seconds_in_words(seconds: float) -> str:
    """14.2 → "14 s", 125 → "2 min 5 s", 7300 → "2 h 1 min"."""
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
