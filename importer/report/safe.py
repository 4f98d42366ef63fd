"""Text from elsewhere made safe to show: titles can hold markup, control characters and tricks with direction."""

from __future__ import annotations

import re
import shlex

_SPACES = re.compile(r"[\t\n\v\f\r\x85\u2028\u2029]+")
_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# Marks, embeddings, overrides and isolates: a terminal has no <bdi> that would end their reach.
_BIDI = re.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")

LONGEST = 200
"""Characters of one title that a page or a screen shows; the files for machines always hold all of it."""


def clean(text: str) -> str:
    """Return a title on one line, at most LONGEST characters, with U+FFFD for what no document may hold."""
    # Cut first with room to spare, so that a title of a megabyte costs nothing.
    text = _UNSAFE.sub("\ufffd", _SPACES.sub(" ", text[: 4 * LONGEST])).strip()
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def whole(text: str) -> str:
    """Return the text as it is, with U+FFFD for what no document may hold."""
    return _UNSAFE.sub("\ufffd", _SPACES.sub(" ", text))


def for_terminal(text: str) -> str:
    """Return the text on one line, whole: no escape sequence and no direction control gets at the terminal."""
    return _BIDI.sub("", whole(text))


def title_for_terminal(text: str) -> str:
    """Return a title on one line, at most LONGEST characters, that does nothing to the terminal."""
    return _BIDI.sub("", clean(text))


def quoted(word: str) -> str:
    """Return a word of a command as a shell takes it, with a name's control characters as bash and zsh write them."""
    if not (_UNSAFE.search(word) or _SPACES.search(word) or _BIDI.search(word)):
        return shlex.quote(word)
    return "$'" + "".join(map(_escaped, word)) + "'"


def _escaped(character: str) -> str:
    if character in "\\'":
        return "\\" + character
    if _UNSAFE.match(character) or _SPACES.match(character) or _BIDI.match(character):
        # A name that is no Unicode comes as lone surrogates, one for each of its bytes.
        lone = "\udc80" <= character <= "\udcff"
        raw = bytes([ord(character) - 0xDC00]) if lone else character.encode("utf-8", "replace")
        return "".join(f"\\x{byte:02x}" for byte in raw)
    return character


def count(number: int) -> str:
    """1056 → "1,056", in every locale."""
    return f"{number:,}"


def many(number: int, one: str, more: str = "") -> str:
    """1 → "1 row", 1056 → "1,056 rows"; `more` is the plural where it is not the word with an s."""
    return f"{number:,} {one if number == 1 else more or one + 's'}"


def file_name(path: str) -> str:
    """Return the last part of a path: a report that is handed on should not tell where its maker keeps things."""
    return path.rstrip("/").rsplit("/", 1)[-1] or path


def seconds_in_words(seconds: float) -> str:
    """14.2 → "14 s", 125 → "2 min 5 s", 7300 → "2 h 1 min"."""
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
