"""The formats that can be read, one adapter a site, and which of them a source belongs to."""

from __future__ import annotations

from collections.abc import Iterator

from adapters.anilist.adapter import AniList
from adapters.animeplanet import ANIMEPLANET
from adapters.criticker.adapter import Criticker
from adapters.crosswatch.adapter import CrossWatch
from adapters.generic import Generic
from adapters.imdb import IMDB
from adapters.kitsu import KITSU
from adapters.letterboxd.adapter import Letterboxd
from adapters.mal.adapter import MyAnimeList
from adapters.movary import MOVARY
from adapters.movielens import MOVIELENS
from adapters.netflix import Netflix
from adapters.protocol import Adapter, Claim, KnowsMembers, Miss, Source
from adapters.reading.archives import unpacked
from adapters.reading.members import left_over
from adapters.reading.sight import COLUMNS, sight
from adapters.reading.text import shown
from adapters.ryot import RYOT
from adapters.seriesguide import SERIESGUIDE
from adapters.shikimori import SHIKIMORI
from adapters.simkl.adapter import Simkl
from adapters.tmdb import TMDB
from adapters.trakt.adapter import Trakt
from adapters.tvtime.adapter import TvTime
from adapters.watcharr import WATCHARR
from adapters.yamtrack import YAMTRACK
from importer.errors import ExportError
from importer.model import Remark, Row

ADAPTERS: tuple[Adapter, ...] = (
    Letterboxd(),
    MyAnimeList(),
    Trakt(),
    IMDB,
    TvTime(),
    Simkl(),
    AniList(),
    TMDB,
    Criticker(),
    MOVIELENS,
    YAMTRACK,
    MOVARY,
    CrossWatch(),
    Netflix(),
    KITSU,
    SHIKIMORI,
    SERIESGUIDE,
    RYOT,
    WATCHARR,
    ANIMEPLANET,
    Generic(),
)

_NEAR = 0.5
_FEW = 2
"""How much of a form, and how many of its columns, have to be there for a table to be called nearly that form."""


def detect(source: Source, adapters: tuple[Adapter, ...] = ADAPTERS) -> tuple[Adapter, Claim]:
    """Ask every adapter whether the source is its own.

    Raises ExportError where none claims it, where two do, or where one knows it and finds nothing to import.
    """
    owners = [adapter for adapter in adapters if isinstance(adapter, KnowsMembers) and adapter.owns(source)]
    if len(owners) == 1:
        adapters = tuple(owners)
    claims: list[tuple[Adapter, Claim]] = []
    misses: list[tuple[Adapter, Miss]] = []
    refusals: list[ExportError] = []
    for adapter in adapters:
        try:
            answer = adapter.claim(source)
        except ExportError as refusal:
            refusals.append(refusal)
            continue
        if isinstance(answer, Miss):
            misses.append((adapter, answer))
        elif answer is not None:
            claims.append((adapter, answer))
    claims = [(adapter, claim) for adapter, claim in claims if not claim.resort] or ([] if refusals else claims)
    if len(claims) == 1:
        return claims[0]
    place = shown(source.path)
    if claims:
        found = "; ".join(f"{adapter.name} ({claim.why})" for adapter, claim in claims)
        raise ExportError(f"{place}: could be more than one format: {found}", "say which one with --from NAME")
    if refusals:
        raise refusals[0]
    seen = sight(source)
    raise ExportError(f"{place}: {_unknown(seen, adapters, misses)}", _hint(source, seen, adapters))


def recognise(source: Source, adapters: tuple[Adapter, ...] = ADAPTERS) -> tuple[Source, Adapter, Claim]:
    """Ask every adapter whether the source is its own, and if none can take it as it is, with its zips opened.

    A zip within a folder and a zip within a zip are opened alike, one level deep; a zip beside an export that can be
    read as it is stays closed, and is told. Raises ExportError as `detect` does.
    """
    try:
        return source, *detect(source, adapters)
    except ExportError:
        within = unpacked(source)
        if within is None:
            raise
    return within, *detect(within, adapters)


def read(source: Source, adapter: Adapter, claim: Claim) -> Iterator[Row | Remark]:
    """Yield every row that an adapter reads of what it claimed; first the members left over that look like ratings."""
    for member in left_over(source, claim):
        yield Remark(member, 0, "was not read: it is no part of this export")
    yield from adapter.read(source, claim)


def _unknown(seen: str, adapters: tuple[Adapter, ...], misses: list[tuple[Adapter, Miss]]) -> str:
    """Say what was seen, and what is missing of the format it comes nearest to."""
    if len(adapters) == 1:
        text = f"no export of {adapters[0].about.site}" + (f": {misses[0][1]}" if misses else "")
    else:
        near = [(adapter, miss) for adapter, miss in misses if len(miss.has) >= _FEW and miss.share >= _NEAR]
        adapter, miss = max(near, key=lambda one: (one[1].share, len(one[1].has)), default=(None, None))
        text = "no known export" + (f"; nearest is {adapter.about.site}: {miss}" if adapter is not None else "")
    return f"{text}; {seen}" if seen else text


def _hint(source: Source, seen: str, adapters: tuple[Adapter, ...]) -> str:
    nested = next((name for name in source.members if name.lower().endswith(".zip")), None)
    if nested is not None and (len(source.members) > 1 or not source.path.endswith(nested)):
        return f"{nested} is a zip within: unpack it and give that"
    formats = "`simkl-import formats` lists what is read and where each site hands it out"
    if seen.startswith(COLUMNS) and (len(adapters) > 1 or isinstance(adapters[0], Generic)):
        return f"{formats}; of a table you can say yourself what its columns are: --map COLUMN=FIELD"
    return formats
