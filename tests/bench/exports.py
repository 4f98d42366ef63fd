"""Exports of any size, the same bytes every time."""

from __future__ import annotations

import random
import zipfile
from pathlib import Path
from uuid import UUID

import orjson

STARS = ("0.5", "1", "1.5", "2", "2.5", "3", "3.5", "4", "4.5", "5")
ENTRY = """<anime>
<series_animedb_id>{n}</series_animedb_id>
<series_title><![CDATA[Anime {n}]]></series_title>
<series_type>TV</series_type>
<series_episodes>12</series_episodes>
<my_id>0</my_id>
<my_watched_episodes>12</my_watched_episodes>
<my_start_date>0000-00-00</my_start_date>
<my_finish_date>{day}</my_finish_date>
<my_rated></my_rated>
<my_score>{score}</my_score>
<my_storage></my_storage>
<my_storage_value>0.00</my_storage_value>
<my_status>Completed</my_status>
<my_comments><![CDATA[]]></my_comments>
<my_times_watched>0</my_times_watched>
<my_rewatch_value></my_rewatch_value>
<my_priority>LOW</my_priority>
<my_tags><![CDATA[]]></my_tags>
<my_rewatching>0</my_rewatching>
<my_rewatching_ep>0</my_rewatching_ep>
<my_discuss>1</my_discuss>
<my_sns>default</my_sns>
<update_on_import>0</update_on_import>
</anime>
"""


def day(n: int) -> str:
    return f"{2005 + n % 20}-{1 + n % 12:02d}-{1 + n % 28:02d}"


def letterboxd(folder: Path, rows: int) -> Path:
    """A ratings.csv of so many films."""
    dice = random.Random(rows)
    path = folder / f"ratings-{rows}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write("Date,Name,Year,Letterboxd URI,Rating\r\n")
        for n in range(rows):
            film = f"Film Number {n} of {dice.randrange(10**6)}"
            file.write(f"{day(n)},{film},{1920 + n % 100},https://boxd.it/{n:05x},{dice.choice(STARS)}\r\n")
    return path


def mal(folder: Path, entries: int) -> Path:
    """An anime list of so many entries, one in eleven unrated."""
    path = folder / f"animelist-{entries}.xml"
    with path.open("w", encoding="utf-8") as file:
        file.write('<?xml version="1.0" encoding="UTF-8" ?>\n<myanimelist>\n')
        file.write("<myinfo><user_export_type>1</user_export_type></myinfo>\n")
        for n in range(1, entries + 1):
            file.write(ENTRY.format(n=n, day=day(n), score=n % 11))
        file.write("</myanimelist>\n")
    return path


def trakt(folder: Path, rows: int) -> Path:
    """An array of so many film ratings, as the API gives them."""
    path = folder / f"ratings-movies-{rows}.json"
    with path.open("wb") as file:
        # Row by row: what this process holds would be counted as the peak of those it starts.
        for n in range(1, rows + 1):
            file.write((b"," if n > 1 else b"[") + orjson.dumps(_rating(n)))
        file.write(b"]")
    return path


def _rating(n: int) -> dict[str, object]:
    return {
        "rated_at": f"{day(n)}T{n % 24:02d}:{n % 60:02d}:{n % 59:02d}.000Z",
        "rating": 1 + n % 10,
        "type": "movie",
        "movie": {
            "title": f"Film {n}",
            "year": 1920 + n % 100,
            "ids": {"trakt": n, "slug": f"film-{n}", "imdb": f"tt{1_000_000 + n}", "tmdb": n},
        },
    }


_TRACKED = (
    "series_id,type,type-uuid-n,updated_at,created_at,watch_count,user_id,uuid,watches,runtime,release_date,entity_type,"
    "watch_date,series_uuid,episode_id,episode_number,season_number,country,movie_name,series_name"
)


def tvtime(folder: Path, size: int) -> Path:
    """TV Time's archive, so many bytes once unpacked: every episode seen, and among them 5,000 rated films.

    It is written row by row: a child's peak of memory is never told as less than what its parent held.
    """
    dice = random.Random(size)
    films = [UUID(int=dice.getrandbits(128)) for _ in range(5_000)]
    votes = "".join(
        f"1,{film},{film}-1-{dice.choice((1, 3, 27, 28, 29))},0,Film {n},,,\n" for n, film in enumerate(films)
    )
    shows = "".join(f"{n + 1},{n % 10 / 2 + 0.5},{day(n)} 10:00:00,Show {n}\n" for n in range(1_000))
    path = folder / f"tv-time-{size}.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        head = "user_id,uuid,vote_key,episode_id,movie_name,series_name,season_number,episode_number\n"
        archive.writestr("ratings-live-votes.csv", head + votes)
        archive.writestr("tv_show_rate.csv", "tv_show_id,rating,updated_at,tv_show_name\n" + shows)
        with archive.open("tracking-prod-records.csv", "w") as member:
            written = member.write(f"{_TRACKED}\n".encode())
            n = 0
            while written < size - len(votes) - len(shows):
                n += 1
                when = f"{day(n)} 22:37:47"
                if n % 50:
                    uuid, what, told = (
                        UUID(int=dice.getrandbits(128)),
                        "episode",
                        f",episode,{when},,{n},7,2,FR,,Show {n}",
                    )
                else:
                    uuid, what, told = (
                        films[n // 50 % len(films)],
                        "movie",
                        f"{1930 + n % 90}-05-01,movie,,,,,,FR,Film {n},",
                    )
                row = f"{n},watch-{what},watch-{what}-{uuid},{when},{when},1,1,{uuid},,7200,{told}\n"
                written += member.write(row.encode())
    return path
