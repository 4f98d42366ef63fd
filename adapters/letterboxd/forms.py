"""What a table of Letterboxd's is, told by its header and never by its name."""

from __future__ import annotations

from enum import StrEnum

from adapters.reading.tables import Header, header

FILM = ("date", "name", "year", "letterboxd uri")
RATINGS = (*FILM, "rating")
LOG = (*RATINGS, "watched date")

_LIST_PREAMBLE = "letterboxd list export"
_IDENTITY = frozenset({"title", "letterboxduri", "url", "tmdbid", "imdbid"})
# Column names that only Letterboxd's import format has, and those of other sites' files that otherwise look like it.
_MARKS = frozenset({"letterboxduri", "tmdbid", "imdbid", "rating10", "watcheddate"})
_FOREIGN = frozenset(
    {
        "type", "traktid", "trakt_id", "slug", "ratedat", "rated_at", "tvdbid", "tvdb_id", "const", "simkl_id",
        "your rating", "date rated",
    }
)  # fmt: skip


class Form(StrEnum):
    """The tables of an export, and the CSV that the site itself imports."""

    RATINGS = "ratings"
    DIARY = "diary"
    REVIEWS = "reviews"
    IMPORT = "import format"
    UNRATED = "films without ratings"


def form_of(text: str) -> tuple[Form, Header] | None:
    """Tell what the table is from its first lines; None where it is none of Letterboxd's."""
    head = header(text, RATINGS)
    if head is not None:
        if "watched date" not in head.names:
            return Form.RATINGS, head
        return Form.REVIEWS if "review" in head.names else Form.DIARY, head
    head = header(text, FILM)
    if head is not None:
        return Form.UNRATED, head
    for rating in ("rating", "rating10"):
        head = header(text, (rating,))
        if head is not None and _is_import(head, text):
            return Form.IMPORT, head
    if text[:64].lstrip().lower().startswith(_LIST_PREAMBLE):
        return Form.UNRATED, Header((), ",", 1)
    return None


def _is_import(head: Header, text: str) -> bool:
    names = set(head.names)
    if names & _FOREIGN or not names & _IDENTITY:
        return False
    # "url" says nothing by itself: the address has to be one of Letterboxd's.
    return bool(names & _MARKS) or ("url" in names and "letterboxd.com/" in text[:4_096])
