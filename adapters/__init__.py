"""The formats that can be read, one adapter a site, and which of them a source belongs to."""

from __future__ import annotations

from adapters.generic import Generic
from adapters.letterboxd.adapter import Letterboxd
from adapters.mal.adapter import MyAnimeList
from adapters.protocol import Adapter, Claim, Source
from adapters.reading.text import shown
from adapters.trakt.adapter import Trakt
from importer.errors import ExportError

ADAPTERS: tuple[Adapter, ...] = (Letterboxd(), MyAnimeList(), Trakt(), Generic())


def detect(source: Source, adapters: tuple[Adapter, ...] = ADAPTERS) -> tuple[Adapter, Claim]:
    """Ask every adapter whether the source is its own.

    Raises ExportError where none claims it, where two do, or where one knows it and finds nothing to import.
    """
    claims: list[tuple[Adapter, Claim]] = []
    refusals: list[ExportError] = []
    for adapter in adapters:
        try:
            claim = adapter.claim(source)
        except ExportError as refusal:
            refusals.append(refusal)
            continue
        if claim is not None:
            claims.append((adapter, claim))
    if len(claims) == 1:
        return claims[0]
    place = shown(source.path)
    if claims:
        found = "; ".join(f"{adapter.name} ({claim.why})" for adapter, claim in claims)
        raise ExportError(f"{place}: could be more than one format: {found}", "say which one with --from NAME")
    if refusals:
        raise refusals[0]
    sites = ", ".join(adapter.about.site for adapter in adapters)
    raise ExportError(f"{place}: no known export; expected one of: {sites}", _hint(source))


def _hint(source: Source) -> str:
    nested = next((name for name in source.members if name.lower().endswith(".zip")), None)
    if nested is not None:
        return f"{nested} is a zip within: unpack it and give that"
    return "`simkl-import formats` lists what is read and where each site hands it out"
