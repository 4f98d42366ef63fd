"""CSV exports of any size in the form of each site, the same bytes every time."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

from exports import STARS

Cells = Sequence[object]
_WORDS = ("Night", "King", "Stories", "Blue", "House", "Summer", "The Lost", "War", "Girl", "Moon", "of the River")
_GENRES = ("Drama", "Comedy", "Crime, Drama", "Action, Adventure, Sci-Fi", "Animation, Family")
_CRITICKER = ("http://www.criticker.com/film", "http://www.criticker.com/tv")


def _title(n: int, dice: random.Random) -> str:
    return f"{' '.join(dice.choices(_WORDS, k=3))}{', Part II' if n % 17 == 0 else ''} {n}"


def _day(dice: random.Random) -> date:
    """Any day of twenty years: what is remembered of one must not help with all others."""
    return date(2005, 1, 1) + timedelta(days=dice.randrange(7_300))


def _clock(dice: random.Random) -> str:
    return f"{dice.randrange(24):02d}:{dice.randrange(60):02d}:{dice.randrange(60):02d}"


def _imdb(n: int, dice: random.Random) -> Cells:
    title = _title(n, dice)
    kind = ("Movie", "Movie", "TV Series", "Short", "TV Mini Series", "TV Movie", "TV Episode")[n % 7]
    return (
        f"tt{1_000_000 + n * 7}",
        dice.randrange(1, 11),
        _day(dice),
        title,
        title,
        f"https://www.imdb.com/title/tt{1_000_000 + n * 7}",
        kind,
        f"{dice.randrange(30, 90) / 10}",
        60 + n % 90,
        1920 + n % 100,
        dice.choice(_GENRES),
        dice.randrange(10**6),
        f"{1920 + n % 100}-04-05",
        _title(n, dice),
    )


def _trakt(n: int, dice: random.Random) -> Cells:
    kind = ("movie", "movie", "show", "episode")[n % 4]
    title, slug = _title(n, dice), f"film-{n}-{1920 + n % 100}"
    part = [1, n % 24, f"Part {n}", f"{_day(dice)}T02:00:00.000Z", 7.6, n + 9, f"tt{2_000_000 + n}", n + 3, n + 4]
    return (
        f"{_day(dice)}T{_clock(dice)}.000Z",
        kind,
        title,
        1920 + n % 100,
        f"{dice.randrange(30, 90) / 10}",
        n + 1,
        f"tt{1_000_000 + n * 7}",
        n * 3 + 1,
        "" if kind == "movie" else n + 5,
        f"https://trakt.tv/{kind}s/{slug}",
        f"{1920 + n % 100}-04-05",
        *(part if kind == "episode" else [""] * 9),
        "drama,crime",
        dice.randrange(1, 11),
    )


def _simkl(n: int, dice: random.Random) -> Cells:
    kind = ("movie", "movie", "tv", "anime")[n % 4]
    when = _day(dice)
    return (
        n + 1,
        _title(n, dice),
        kind,
        1920 + n % 100,
        "completed",
        "" if kind == "movie" else "s1e2",
        f"{when.month}/{when.day}/{when.year}",
        dice.randrange(1, 11),
        "",
        "" if kind == "movie" else n + 5,
        n * 3 + 1,
        f"tt{1_000_000 + n * 7}",
        n + 2 if kind == "anime" else "",
    )


def _tmdb(n: int, dice: random.Random) -> Cells:
    episode = n % 5 == 0
    return (
        n + 1,
        f"tt{1_000_000 + n * 7}",
        "tv" if n % 5 < 2 else "movie",
        _title(n, dice),
        f"{1920 + n % 100}-04-05T00:00:00Z",
        1 if episode else "",
        n % 24 if episode else "",
        "7.757",
        dice.randrange(1, 11),
        f"{_day(dice)}T{_clock(dice)}Z",
    )


def _yamtrack(n: int, dice: random.Random) -> Cells:
    kind = ("movie", "movie", "tv", "anime", "season")[n % 5]
    return (
        n + 1,
        "mal" if kind == "anime" else "tmdb",
        kind,
        _title(n, dice),
        f"https://image.tmdb.org/t/p/w500/{n:012x}.jpg",
        1 if kind == "season" else "",
        "",
        f"{dice.randrange(1, 11)}.0",
        12,
        "Completed",
        0,
        _day(dice),
        _day(dice),
        "",
        "",
    )


def _criticker(n: int, dice: random.Random) -> Cells:
    title = _title(n, dice)
    when = f"{_day(dice):%b %d %Y}, {_clock(dice)[:5]}"
    return (
        10 * dice.randrange(1, 11),
        title,
        1920 + n % 100,
        when,
        "",
        f"{_CRITICKER[n % 5 == 0]}/{title.replace(' ', '-')}/",
        f"tt{1_000_000 + n * 7}",
    )


def _movielens(n: int, dice: random.Random) -> Cells:
    stars = f"{dice.randrange(1, 11) / 2}"
    return n + 1, f"{100_000 + n * 7:07d}", n * 3 + 1, stars, "3.88912", f"{_title(n, dice)} ({1920 + n % 100})"


def _movary(n: int, dice: random.Random) -> Cells:
    return _title(n, dice), 1920 + n % 100, n + 1, f"tt{1_000_000 + n * 7}", dice.randrange(1, 11)


def _crosswatch(n: int, dice: random.Random) -> Cells:
    return f"tt{1_000_000 + n * 7}", n + 1, _title(n, dice), 1920 + n % 100, dice.randrange(1, 11)


def _crosswatch_eight(n: int, dice: random.Random) -> Cells:
    return (*_crosswatch(n, dice), _day(dice), "ratings", "SIMKL")


def _liberator(n: int, dice: random.Random) -> Cells:
    film = n % 3 > 0
    rating = 2 * dice.randrange(1, 6) if film else ""
    return (
        f"tt{1_000_000 + n * 7}",
        n + 1,
        "movie" if film else "episode",
        _title(n, dice),
        "" if film else 1,
        "" if film else n % 24,
        "false",
        "true",
        f"{_day(dice)}T{_clock(dice)}Z",
        "",
        "false",
        rating,
    )


def _generic(n: int, dice: random.Random) -> Cells:
    kind = ("movie", "movie", "show", "anime")[n % 4]
    return kind, _title(n, dice), 1920 + n % 100, dice.randrange(1, 11), _day(dice), f"tt{1_000_000 + n * 7}", n + 1


def _letterboxd(n: int, dice: random.Random) -> Cells:
    return _day(dice), _title(n, dice), 1920 + n % 100, f"https://boxd.it/{n:05x}", dice.choice(STARS)


FORMS: dict[str, tuple[str, Callable[[int, random.Random], Cells]]] = {
    "letterboxd": ("Date,Name,Year,Letterboxd URI,Rating", _letterboxd),
    "imdb": (
        (
            "Const,Your Rating,Date Rated,Title,Original Title,URL,Title Type,IMDb Rating,Runtime (mins),Year,Genres,"
            "Num Votes,Release Date,Directors"
        ),
        _imdb,
    ),
    "trakt": (
        (
            "rated_at,type,title,year,trakt_rating,trakt_id,imdb_id,tmdb_id,tvdb_id,url,released,season_number,"
            "episode_number,episode_title,episode_released,episode_trakt_rating,episode_trakt_id,episode_imdb_id,"
            "episode_tmdb_id,episode_tvdb_id,genres,rating"
        ),
        _trakt,
    ),
    "simkl": ("SIMKL_ID,Title,Type,Year,Watchlist,LastEpWatched,WatchedDate,Rating,Memo,TVDB,TMDB,IMDB,MAL_ID", _simkl),
    "tmdb": (
        "TMDb ID,IMDb ID,Type,Name,Release Date,Season Number,Episode Number,Rating,Your Rating,Date Rated",
        _tmdb,
    ),
    "yamtrack": (
        (
            "media_id,source,media_type,title,image,season_number,episode_number,score,progress,status,repeats,start_date,"
            "end_date,notes,watch_date"
        ),
        _yamtrack,
    ),
    "criticker": ("Score, Film Name, Year, Date Rated, Mini Review, URL, IMDB ID", _criticker),
    "movielens": ("movie_id,imdb_id,tmdb_id,rating,average_rating,title", _movielens),
    "movary": ("title,year,tmdbId,imdbId,userRating", _movary),
    "crosswatch": ("imdbID,tmdbID,Title,Year,Rating", _crosswatch),
    "crosswatch for yamtrack": ("imdbID,tmdbID,Title,Year,Rating,WatchedDate,Feature,Provider", _crosswatch_eight),
    "tv-time-liberator": (
        "imdb_id,tvdb_id,type,title,season,episode,is_special,is_watched,watched_at,status,is_watchlisted,rating",
        _liberator,
    ),
    "generic": ("type,title,year,rating,rated_at,imdb,tmdb", _generic),
}


def tables(folder: Path, rows: int) -> Iterator[tuple[str, Path]]:
    """Write one export of each form; yield its name and path."""
    for name, (head, cells) in FORMS.items():
        dice = random.Random(rows)
        path = folder / f"{name.replace(' ', '-')}-{rows}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            file.write(f"{head}\r\n")
            writer = csv.writer(file, quoting=csv.QUOTE_ALL if name == "yamtrack" else csv.QUOTE_MINIMAL)
            writer.writerows(cells(n, dice) for n in range(rows))
        yield name, path
