"""Which three titles a live test takes, and where the ids of these lead: looked up alone, nothing is written."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from importer.model import Ids, Kind, value
from importer.run.checkup.titles import CANDIDATES, Candidate
from importer.simkl.answer import NoAnswerError
from importer.simkl.client import Client
from importer.simkl.lookup import REDIRECT, Entry, look_up, parse_lead, where_leads


@value
class Tried:
    """A title that a live test takes: as the program knows it, and as its page in the catalogue tells of it."""

    candidate: Candidate
    page: Entry

    @property
    def simkl(self) -> int:
        """Return its number."""
        return self.page.simkl

    @property
    def kind(self) -> Kind:
        """Return its kind."""
        return self.candidate.kind

    @property
    def name(self) -> str:
        """Return its name and year as Simkl has them."""
        return f"{self.page.title} ({self.page.year})"


@value
class Trio:
    """A film, a series and an anime, none of them on the account."""

    film: Tried
    series: Tried
    anime: Tried

    @property
    def all(self) -> tuple[Tried, Tried, Tried]:
        """Return the three."""
        return self.film, self.series, self.anime

    @property
    def numbers(self) -> frozenset[int]:
        """Return their numbers."""
        return frozenset(one.simkl for one in self.all)


@value
class Led:
    """Where an id of one of the titles leads: to that title, to another one, or nowhere."""

    key: str
    place: str


async def choose(client: Client, taken: Collection[int], names: Collection[tuple[str, str]]) -> Trio | Kind:
    """Return three titles that are free, or the kind of which none is. `taken` are the numbers that are not, and
    `names` the ids of all titles of the account: a number of a title may be another one there.
    """
    found: dict[Kind, Tried] = {}
    for kind, candidates in CANDIDATES.items():
        for candidate in candidates:
            if (candidate.key, candidate.value) in names:
                continue
            page = await _page_of(client, candidate)
            if page is not None and page.simkl not in taken:
                found[kind] = Tried(candidate, page)
                break
        else:
            return kind
    return Trio(found[Kind.MOVIE], found[Kind.SHOW], found[Kind.ANIME])


async def _page_of(client: Client, candidate: Candidate) -> Entry | None:
    """Return the page of a title, checked; None where Simkl shows none that is this title's."""
    if candidate.simkl is not None:
        page = await look_up(client, candidate.kind, candidate.simkl)
        if page is not None and candidate.is_page(page):
            return page
    place = await where_leads(client, candidate.kind, candidate.key, candidate.value)
    if place is None:
        return None
    page = await look_up(client, candidate.kind, place.simkl)
    return page if page is not None and candidate.is_page(page) else None


async def follow_ids(client: Client, trio: Trio) -> list[Led]:
    """Look up where every other id of the three leads."""
    return [
        Led(
            f"{key} of anime, as tv" if (one.kind, key) == (Kind.ANIME, "tmdb") else key,
            await _led(client, one, key, value),
        )
        for one in trio.all
        for key, value in dict.fromkeys((*_looked_up(one.page.ids), *one.candidate.slugs))
    ]


async def follow_names(client: Client, trio: Trio) -> list[Led]:
    """Look up where title and year of the three lead, without any id."""
    words = {Kind.MOVIE: "movie", Kind.SHOW: "tv", Kind.ANIME: "anime"}
    found: list[Led] = []
    for one in trio.all:
        query = {"to": "simkl", "title": one.page.title, "year": str(one.page.year), "type": words[one.kind]}
        found.append(Led(one.kind.value, await _place(client, one, query)))
    return found


LOOKED_UP = frozenset(
    {
        "imdb",
        "tmdb",
        "tvdb",
        "mal",
        "anidb",
        "anilist",
        "kitsu",
        "livechart",
        "anisearch",
        "animeplanet",
        "letterboxd",
        "traktslug",
        "netflix",
        "hulu",
        "crunchyroll",
    }
)
"""The keys whose way is worth knowing (/api-reference/redirect, /conventions/standard-media-objects)."""


def _looked_up(ids: Ids) -> Ids:
    return tuple(pair for pair in ids if pair[0] in LOOKED_UP)


async def _led(client: Client, one: Tried, key: str, value: str) -> str:
    query: Mapping[str, str] = {"to": "simkl", key: value}
    if key == "tmdb":
        query = {**query, "type": "movie" if one.kind is Kind.MOVIE else "tv"}
    return await _place(client, one, query)


async def _place(client: Client, one: Tried, query: Mapping[str, str]) -> str:
    try:
        place = parse_lead(await client.resolve(REDIRECT, query))
    except NoAnswerError:
        return "no answer"
    if place is None:
        return "nowhere"
    return "there" if place.simkl == one.simkl else "another title"
