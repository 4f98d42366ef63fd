"""The titles that a live test may try things on: known to everybody, never renamed, and of one kind each.

The test takes one of each kind, the first that the account neither rates nor lists. Where Simkl files a title is
checked by its own page before anything is written: name, year and id there must be the ones that stand here. `simkl` is
the number where it is known; of the others, and where that page is another title's, `/redirect` tells it.
"""

from __future__ import annotations

from importer.identity import same_title
from importer.model import Kind, value
from importer.simkl.lookup import Entry


@value
class Candidate:
    """A title by its name, its year and one id that nobody else has. `slugs` are ids that are only looked up."""

    kind: Kind
    title: str
    year: int
    key: str
    value: str
    simkl: int | None = None
    slugs: tuple[tuple[str, str], ...] = ()

    def is_page(self, page: Entry) -> bool:
        """Tell whether a page in the catalogue is this title's."""
        named = any(same_title(self.title, self.year, name, page.year) for name in (page.title, *page.other_titles))
        return page.kind is self.kind and page.year is not None and named and (self.key, self.value) in page.ids


def _film(title: str, year: int, imdb: str, letterboxd: str, simkl: int | None = None) -> Candidate:
    return Candidate(
        kind=Kind.MOVIE,
        title=title,
        year=year,
        key="imdb",
        value=imdb,
        simkl=simkl,
        slugs=(("letterboxd", letterboxd),),
    )


def _series(title: str, year: int, imdb: str, trakt: str, simkl: int | None = None) -> Candidate:
    return Candidate(
        kind=Kind.SHOW, title=title, year=year, key="imdb", value=imdb, simkl=simkl, slugs=(("traktslug", trakt),)
    )


def _anime(title: str, year: int, mal: str, simkl: int | None = None) -> Candidate:
    return Candidate(kind=Kind.ANIME, title=title, year=year, key="mal", value=mal, simkl=simkl)


CANDIDATES = {
    Kind.MOVIE: (
        _film("Casablanca", 1942, "tt0034583", "casablanca"),
        _film("Psycho", 1960, "tt0054215", "psycho"),
        _film("Vertigo", 1958, "tt0052357", "vertigo"),
        _film("Seven Samurai", 1954, "tt0047478", "seven-samurai"),
        _film("Inception", 2010, "tt1375666", "inception", 472214),
    ),
    Kind.SHOW: (
        _series("Twin Peaks", 1990, "tt0098936", "twin-peaks"),
        _series("The Sopranos", 1999, "tt0141842", "the-sopranos"),
        _series("The Wire", 2002, "tt0306414", "the-wire"),
        _series("Friends", 1994, "tt0108778", "friends"),
        _series("Game of Thrones", 2011, "tt0944947", "game-of-thrones", 17465),
    ),
    Kind.ANIME: (
        _anime("Akira", 1988, "47"),
        _anime("Grave of the Fireflies", 1988, "578"),
        _anime("Princess Mononoke", 1997, "164"),
        _anime("My Neighbor Totoro", 1988, "523"),
        _anime("Spirited Away", 2001, "199"),
        _anime("Attack on Titan", 2013, "16498", 39687),
    ),
}
"""By kind, in the order in which they are taken. Films come first among the anime: Simkl's pages let these stand in
either box of a body."""
