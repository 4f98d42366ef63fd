"""The members of TV Time's archive that count, told by their names; and the tables of what else its people have."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from adapters.reading.file_dates import DateColumn
from adapters.reading.forms import Form
from adapters.reading.kinds import UNKNOWN, UNSUPPORTED
from adapters.reading.members import base
from adapters.reading.memo import REMEMBERED
from adapters.reading.plain import Plain, Typed
from adapters.reading.scale import Scale
from importer.model import Kind, Origin, Precision

if TYPE_CHECKING:
    from adapters.reading.kinds import Sort
    from adapters.reading.lines import Line
    from importer.model import Row


class Part(StrEnum):
    """What a member of the archive holds."""

    FILMS = "votes for films"
    SHOWS = "ratings of shows"
    EPISODES = "votes for episodes"
    TITLES = "titles and years of films"


# The members with emotions have the same columns and overlapping numbers: only the name tells votes from them.
_COPY = r"(?: ?\([0-9]+\)| - copy)?\.csv"
_NAMES: Final = {
    Part.FILMS: re.compile(rf"ratings-(?:live|v2-prod)-votes{_COPY}"),
    Part.SHOWS: re.compile(rf"tv_show_rate{_COPY}"),
    Part.EPISODES: re.compile(rf"ratings-(?:3-)?prod-episode_votes{_COPY}"),
    Part.TITLES: re.compile(r"tracking-prod-records[^/]*\.csv"),
}
_STEPS: Final = {"1": 2, "27": 4, "28": 6, "29": 8, "3": 10}
"""What the last number of a vote for a film means: the site's five faces, from bad to wow."""


def part_of(member: str) -> Part | None:
    """Tell by its name what a member of the archive holds; None where it is none that counts."""
    name = base(member)
    return next((part for part, pattern in _NAMES.items() if pattern.fullmatch(name)), None)


def vote(line: Line) -> str:
    """Take the number of a vote out of its key."""
    return line["vote_key"].rpartition("-")[2]


def _episode(line: Line) -> Row:
    number, title = line["episode_id"], line["series_name"]
    return line.row(key=f"tvtime:episode:{number}", sort=UNSUPPORTED, title=title, year=None, ids=(), rating=vote(line))


def _show(line: Line) -> Row:
    ids = line.ids(Kind.SHOW)
    key = f"tvtime:show:{ids[0][1]}" if ids else ""
    return line.row(key=key, sort=Kind.SHOW, title=line["tv_show_name"], year=None, ids=ids)


_TYPES: Final[dict[str, Sort]] = {
    "movie": Kind.MOVIE,
    "show": Kind.SHOW,
    "series": Kind.SHOW,
    "season": UNSUPPORTED,
    "episode": UNSUPPORTED,
}


def _activity(line: Line) -> Row:
    word = line["type"].lower()
    sort = _TYPES.get(word, UNKNOWN)
    return line.row(
        sort=sort,
        title=line["title"],
        year=line.year(),
        ids=line.ids(sort if isinstance(sort, Kind) else None),
        word=word,
        rating="" if line["rating"] == "-1" else None,
    )


@lru_cache(REMEMBERED)
def _typed(text: str) -> Typed | None:
    word = text.lower()
    sort = _TYPES.get(word)
    if isinstance(sort, Kind):
        return Typed(sort, f"tvtime:{sort}:")
    return Typed(None, f"tvtime:{word}:") if sort is UNSUPPORTED else None


VOTES: Final = Form(
    why="TV Time's votes",
    needs=("vote_key", "episode_id", "movie_name"),
    also=("uuid", "series_name", "season_number", "episode_number"),
    row=_episode,
    rating="vote_key",
    steps=_STEPS,
)
SHOWS: Final = Form(
    why="TV Time's ratings of shows",
    needs=("tv_show_id", "rating", "tv_show_name"),
    row=_show,
    scale=Scale.FIVE,
    dates={"updated_at": DateColumn(Origin.RATING, Precision.SECOND)},
    ids={"tvdb": "tv_show_id"},
)
EXPORTED: Final = Form(
    why="TV Time's Export my data",
    needs=("uuid", "imdb_id", "title"),
    also=("year",),
    never=frozenset({"rating", "vote_key"}),
)
EPISODES: Final = Form(
    why="the episodes of TV Time's Export my data",
    needs=("series_uuid", "title", "season", "episode", "is_watched"),
    never=frozenset({"rating", "vote_key"}),
)
ACTIVITY: Final = Form(
    why="the columns of TV Time Liberator's activity_history.csv",
    needs=("imdb_id", "tvdb_id", "type", "title", "is_watched"),
    also=("year", "season", "episode"),
    row=_activity,
    plain=Plain(typed=_typed),
    dates={"watched_at": DateColumn(Origin.WATCHED, Precision.SECOND)},
    ids={"imdb": "imdb_id", "tvdb": "tvdb_id"},
    hollow="holds no ratings: TV Time Liberator wrote none into it",
)
