"""Where a title can be looked up: its page on Simkl, its page at the site it was exported from, and three searches."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from importer.model import Kind
from importer.report.safe import clean

if TYPE_CHECKING:
    from importer.record import Record

PATHS = {Kind.MOVIE: "movies", Kind.SHOW: "tv", Kind.ANIME: "anime"}
"""Where simkl.com keeps the page of a title, by kind: https://simkl.com/tv/17465."""

_SITES = tuple(
    (re.compile(key), site, address)
    for key, site, address in (
        (r"letterboxd:(https://(?:boxd\.it|letterboxd\.com)/[A-Za-z0-9/_-]+)", "Letterboxd", "{}"),
        (r"mal:([0-9]+)", "MyAnimeList", "https://myanimelist.net/anime/{}"),
        (r"anilist:([0-9]+)", "AniList", "https://anilist.co/anime/{}"),
        (r"kitsu:([0-9]+)", "Kitsu", "https://kitsu.app/anime/{}"),
        (r"shikimori:([0-9]+)", "Shikimori", "https://shikimori.one/animes/{}"),
        (r"simkl:movie:([0-9]+)", "Simkl", "https://simkl.com/movies/{}"),
        (r"simkl:show:([0-9]+)", "Simkl", "https://simkl.com/tv/{}"),
        (r"simkl:anime:([0-9]+)", "Simkl", "https://simkl.com/anime/{}"),
        (r"imdb:(tt[0-9]+)", "IMDb", "https://www.imdb.com/title/{}/"),
        (r"tmdb:movie:([0-9]+)", "TMDB", "https://www.themoviedb.org/movie/{}"),
        (r"tmdb:(?:show|tv):([0-9]+)", "TMDB", "https://www.themoviedb.org/tv/{}"),
        (r"tvtime:show:([0-9]+)", "TheTVDB", "https://thetvdb.com/dereferrer/series/{}"),
        (r"trakt:movie:([0-9]+)", "Trakt", "https://trakt.tv/search/trakt/{}?id_type=movie"),
        (r"trakt:show:([0-9]+)", "Trakt", "https://trakt.tv/search/trakt/{}?id_type=show"),
        (r"trakt:movie:slug:([a-z0-9-]+)", "Trakt", "https://trakt.tv/movies/{}"),
        (r"trakt:show:slug:([a-z0-9-]+)", "Trakt", "https://trakt.tv/shows/{}"),
        # A site that names its titles by another one's numbers.
        (r"[a-z]+(?::[a-z]+)?[:=]imdb[:=](tt[0-9]+)", "IMDb", "https://www.imdb.com/title/{}/"),
        (r"[a-z]+(?::anime)?:mal=([0-9]+)", "MyAnimeList", "https://myanimelist.net/anime/{}"),
        (r"(?:letterboxd|[a-z]+:movie):tmdb=([0-9]+)", "TMDB", "https://www.themoviedb.org/movie/{}"),
    )
)
"""What a row's key says of the site's own page, by site; keys are the contract's."""


def simkl_page(kind: Kind | None, simkl: int) -> str | None:
    """Return the address of a title on simkl.com, or None if its kind is not known."""
    return None if kind is None else f"https://simkl.com/{PATHS[kind]}/{int(simkl)}"


def matched_page(record: Record) -> str | None:
    """Return the address on simkl.com of the title that a row was found on, or None if that is not known."""
    return None if record.matched is None else simkl_page(record.kind, record.matched.simkl)


def source_page(record: Record) -> tuple[str, str] | None:
    """Return the name of the site that a row comes from and the title's page there, or None if no page is known."""
    for pattern, site, address in _SITES:
        found = pattern.fullmatch(record.key)
        if found is not None:
            return site, address.format(found[1])
    return None


def searches(record: Record) -> list[tuple[str, str]]:
    """Return the searches of Simkl, TMDB and IMDb for a row's title, by name; none where it has no title."""
    title = clean(record.title)
    if not title:
        return []
    path = PATHS[record.kind] if record.kind is not None else "movies"
    tmdb = "movie" if record.kind in (Kind.MOVIE, None) else "tv"
    words, year = _query(title), "" if record.year is None else str(record.year)
    return [
        ("Simkl", f"https://simkl.com/search/?type={path}&q={words}"),
        ("TMDB", f"https://www.themoviedb.org/search/{tmdb}?query={words}{f'+y:{year}' if year else ''}"),
        ("IMDb", f"https://www.imdb.com/find/?q={words}{f'+{year}' if year else ''}&s=tt"),
    ]


def _query(words: str) -> str:
    """Return words as a query. Letters beyond ASCII stay: every browser writes them as UTF-8 by itself."""
    return "".join(one if one > "\x9f" else quote(one, safe=":") for one in words).replace("%20", "+")
