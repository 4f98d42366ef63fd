"""The one reader of ids: an id, or an address of its site that holds one; anything else is none, and is counted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from itertools import repeat
from typing import TYPE_CHECKING, Final, TypeAlias

from adapters.reading.memo import REMEMBERED
from adapters.reading.text import shown
from importer.model import Ids, Kind, Remark

if TYPE_CHECKING:
    from adapters.reading.kinds import Sort

NUMERIC: Final = frozenset({"simkl", "tmdb", "tvdb", "mal", "anidb", "anilist", "kitsu", "livechart", "anisearch"})
"""Sites whose ids are numbers. The others are imdb (tt and digits) and slugs: the words in an address."""

SHARED_BY_SEASONS: Final = frozenset({"imdb", "tmdb", "tvdb"})
"""Sites that know a series of anime by one number, where Simkl and the sites of anime have one for each season."""

MAX_LENGTH = 300
"""Characters of an address; a longer one is none."""

DIGITS = 12
"""Digits of an id that is a number; a longer one is none."""

_SHOWN = 40
IMDB_LENGTHS: Final = (9, 10)
"""Characters of nearly all ids of IMDb: tt and seven or eight digits."""

NO_IMDB: Final = ("tt0000000", "tt00000000")
"""What stands where a title has none."""

_NUMBER = re.compile(r"0*([1-9][0-9]{0,11})(?:[.,]0+)?")
_IMDB = re.compile(r"(?:tt)?([0-9]{7,8})(?:[.,]0+)?")
_IMDB_TOLD = re.compile(r"tt0*[1-9][0-9]{0,9}")
_SLUG = re.compile(r"[a-z0-9]+(?:[-_:][a-z0-9]+)*")
_NO_SLUG = frozenset({"na", "nan", "none", "null", "unknown", "film"})
# A column is looked at as one text of bytes: its digits are taken out, or all made zeros, in one pass.
_FIGURES: Final = b"0123456789"
_ZEROS: Final = bytes.maketrans(_FIGURES, b"0" * len(_FIGURES))
_SEVEN, _EIGHT = b"tt0000000\n", b"tt00000000\n"
_ADDRESS = re.compile(r"(?:https?://)?(?:www\.|m\.|beta\.)?([a-z0-9.-]+\.[a-z]{2,})(/[^\s]*)?")

# The path behind a site's address: what kind of title it names, and its id. A slug without a number is no id there.
_FILM, _SERIES, _ANY = frozenset({Kind.MOVIE, Kind.ANIME}), frozenset({Kind.SHOW, Kind.ANIME}), frozenset(Kind)
_ANIME = frozenset({Kind.ANIME})
_PATHS: Final[dict[str, tuple[tuple[str, ...], tuple[tuple[re.Pattern[str], frozenset[Kind]], ...]]]] = {
    "imdb": (("imdb.com",), ((re.compile(r"/(?:[a-z]{2}(?:-[a-z]{2})?/)?title/(tt[0-9]+)\b.*"), _ANY),)),
    "tmdb": (
        ("themoviedb.org", "tmdb.org"),
        (
            (re.compile(r"/movie/([0-9]+)\b.*"), _FILM),
            (re.compile(r"/tv/([0-9]+)\b(?!.*/(?:season|episode)).*"), _SERIES),
        ),
    ),
    "tvdb": (
        ("thetvdb.com",),
        (
            (re.compile(r"/(?:dereferrer/)?movies?/([0-9]+)(?:[/?#].*)?"), _FILM),
            (re.compile(r"/(?:dereferrer/)?series/([0-9]+)(?:[/?#].*)?"), _SERIES),
            (re.compile(r"/(?:index\.php)?\?(?:.*&)?tab=series&(?:.*&)?id=([0-9]+).*"), _SERIES),
        ),
    ),
    "mal": (("myanimelist.net",), ((re.compile(r"/anime/([0-9]+)\b.*"), _ANY),)),
    "anilist": (("anilist.co",), ((re.compile(r"/anime/([0-9]+)\b.*"), _ANY),)),
    "kitsu": (("kitsu.io", "kitsu.app"), ((re.compile(r"/anime/([0-9]+)(?:[/?#].*)?"), _ANY),)),
    "anidb": (
        ("anidb.net",),
        (
            (re.compile(r"/(?:anime/|a)([0-9]+)(?:[/?#].*)?"), _ANY),
            (re.compile(r"/perl-bin/animedb\.pl\?(?:.*&)?aid=([0-9]+).*"), _ANY),
        ),
    ),
    "letterboxd": (("letterboxd.com",), ((re.compile(r"/(?:[^/]+/)?film/([^/?#]+)(?:[/?#].*)?"), _FILM),)),
    "simkl": (
        ("simkl.com",),
        (
            (re.compile(r"/movies?/([0-9]+)\b.*"), frozenset({Kind.MOVIE})),
            (re.compile(r"/tv/([0-9]+)\b.*"), frozenset({Kind.SHOW})),
            (re.compile(r"/anime/([0-9]+)\b.*"), _ANIME),
        ),
    ),
}

MaybeId: TypeAlias = tuple[str, str] | tuple[()]
"""A site and an id of it; () where there is none."""


class IdReader:
    """Reads the ids of one file, and counts what stands where an id should and is none."""

    __slots__ = ("_first", "_junk")

    def __init__(self) -> None:
        self._junk: Counter[str] = Counter()
        self._first = ""

    def read(self, site: str, text: str, kind: Kind | None) -> str:
        """Read one id of a site, for a title of this kind; "" where the text is none, which is counted unless empty."""
        if text.isdigit() and site in NUMERIC and text[0] != "0" and len(text) <= DIGITS and text.isascii():
            return text
        if is_plain(site, text):
            return text
        value = identifier(site, text, kind)
        if not value and text.strip():
            self._first = self._first or f"{shown(text.strip()[:_SHOWN])} for {site}"
            self._junk[site] += 1
        return value

    def read_all(self, pairs: tuple[tuple[str, str], ...], kind: Kind | None) -> Ids:
        """Read the (site, text) pairs of one title, and keep those that are ids."""
        return tuple([(site, value) for site, text in pairs if text and (value := self.read(site, text, kind))])

    def remark(self, file: str) -> Remark | None:
        """Tell how much stood where an id should and was none."""
        count = self._junk.total()
        if not count:
            return None
        what = "1 id is none and was" if count == 1 else f"{count:,} ids are none and were"
        return Remark(file, 0, f"{what} left out ({'' if count == 1 else 'the first: '}{self._first})")


def own_id(sort: Sort | None, ids: Ids) -> tuple[str, str]:
    """Choose the id that names a title: the first one, but for anime the first that its seasons do not share.

    A series' number at imdb, tmdb or tvdb stands beside each of its seasons: named by it, all but one of them would be
    taken for another row of the same title, and lost.
    """
    if sort is Kind.ANIME and ids[0][0] in SHARED_BY_SEASONS:
        return next((pair for pair in ids if pair[0] not in SHARED_BY_SEASONS), ids[0])
    return ids[0]


def is_plain(site: str, text: str) -> bool:
    """Tell the way in which nearly all ids are written; the rest has to be looked at closely."""
    if site == "imdb":
        return (
            len(text) in IMDB_LENGTHS
            and text[:2] == "tt"
            and text[2:].isdigit()
            and text.isascii()
            and text not in NO_IMDB
        )
    return is_number(text) and site in NUMERIC


def is_number(text: str) -> bool:
    """Tell an id that is a number, written as such."""
    return text.isdigit() and text.isascii() and text[0] != "0" and len(text) <= DIGITS


def plain_numbers(column: Sequence[str]) -> Sequence[str]:
    """Read a column of numbers that are ids, "" for any other text."""
    return column if _are_numbers(column) else [text if is_number(text) else "" for text in column]


def plain_ids(site: str, column: Sequence[str]) -> tuple[list[MaybeId], list[int]]:
    """Read a column of ids of a site, written as nearly all are, and tell the places of texts that are written else."""
    told: Sequence[str] = column
    if site == "imdb" and column[0].isdigit():
        told = [text and f"tt{text}" for text in column]
    if _are_imdb(told) if site == "imdb" else site in NUMERIC and _are_numbers(told):
        return list(zip(repeat(site), told)) if all(told) else [(site, text) if text else () for text in told], []
    odd = [place for place, text in enumerate(column) if text and not is_plain(site, text)]
    return [(site, text) if text else () for text in column], odd


def _are_numbers(column: Sequence[str]) -> bool:
    """Tell at one look whether only numbers that are ids, or nothing, stand in a column: a look at each costs more."""
    joined = "\n" + "\n".join(column)
    left = joined.encode("ascii", "replace").translate(None, _FIGURES)
    return left == b"\n" * len(column) and "\n0" not in joined and max(map(len, column)) <= DIGITS


def _are_imdb(column: Sequence[str]) -> bool:
    """Tell the same of IMDb's ids."""
    told = list(filter(None, column))
    joined = "\n".join((*told, "")).encode("ascii", "replace")
    shape = joined.translate(_ZEROS)
    if len(shape) != len(told) * len(_SEVEN):
        shape = shape.replace(_EIGHT, _SEVEN)
    return shape == _SEVEN * len(told) and _SEVEN not in joined and _EIGHT not in joined


@lru_cache(REMEMBERED)
def identifier(site: str, text: str, kind: Kind | None) -> str:
    """Return the id of a site that a text holds: an id or an address in any case, a spreadsheet's 603.0; else "".

    An address that names another kind than the title's gives none.
    """
    text = text.strip()
    if len(text) > MAX_LENGTH:
        return ""
    text = text.lower()
    if "/" in text:
        text = _addressed(site, text, kind)
    if site == "imdb":
        return _imdb(text)
    if site in NUMERIC:
        found = _NUMBER.fullmatch(text)
        return found[1] if found is not None else ""
    return text if _SLUG.fullmatch(text) is not None and text not in _NO_SLUG else ""


def _imdb(text: str) -> str:
    if _IMDB_TOLD.fullmatch(text) is not None:
        return text
    found = _IMDB.fullmatch(text)
    return f"tt{found[1]}" if found is not None and int(found[1]) else ""


def _addressed(site: str, text: str, kind: Kind | None) -> str:
    """Take the id out of an address of the site; "" where it is another site's, or names another kind of title."""
    address = _ADDRESS.fullmatch(text)
    if address is None or site not in _PATHS:
        return ""
    hosts, paths = _PATHS[site]
    if not any(address[1] == host or address[1].endswith("." + host) for host in hosts):
        return ""
    for pattern, kinds in paths:
        if (found := pattern.fullmatch(address[2] or "")) is not None and (kind is None or kind in kinds):
            return found[1]
    return ""
