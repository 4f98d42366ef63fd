"""What Simkl has for a row: the candidates that its search finds, and the title of an id that a person typed."""

from __future__ import annotations

from contextlib import suppress

from importer.journal.findings import OpenFinding
from importer.model import Kind
from importer.plan import queries
from importer.plan.candidates import Candidate, Ranking, Sought, rank
from importer.plan.spellings import own_title
from importer.run.mend.choices import Typed
from importer.simkl.answer import NoAnswerError
from importer.simkl.client import Client
from importer.simkl.lookup import Entry, look_up, search, where_leads, where_named
from importer.simkl.quota import KEPT

SENDING = 4
"""Requests that sending what was chosen needs: stamps and ratings before it, shows and films."""

NO_CANDIDATES = Ranking((), good=False)


def may_search(client: Client) -> bool:
    """Tell whether the day has a request for a search beside those that sending and reading back need."""
    left = client.may_send(KEPT + SENDING)
    return left is None or left > 0


def searches(finding: OpenFinding) -> int:
    """Return how many requests of the day the search for a row takes at most."""
    return queries.MOST if finding.record.title.strip() else 0


async def candidates(client: Client, finding: OpenFinding) -> Ranking:
    """Search for the title of a row, in as many requests as `searches` says at most; return what was found, ranked.

    Where its own kind holds nothing good enough, the others are asked for that very name and year, which is not
    counted, and one more search is made.
    """
    record = finding.record
    if not searches(finding):
        return NO_CANDIDATES  # nothing to search for: a person may still know an id
    kind = record.kind or Kind.MOVIE
    sought = Sought(kind, record.title, record.year)
    found = await _found(client, finding, queries.first_query(kind, record.title))
    ranking = rank(sought, found)
    if ranking.good:
        return ranking
    again = queries.second_query(kind, record.title, record.year, found=bool(found))
    found += await _filed_elsewhere(client, finding, kind)
    ranking = rank(sought, found)
    if ranking.good or not may_search(client):
        return ranking
    return rank(sought, [*found, *await _found(client, finding, again)])


async def _filed_elsewhere(client: Client, finding: OpenFinding, kind: Kind) -> list[Candidate]:
    """Return the titles of that very name and year among the other kinds."""
    record = finding.record
    found: list[Candidate] = []
    if record.year is None:
        return found  # without a year a name leads to any title of that name
    for other in queries.other_kinds(kind, record.title):
        with suppress(NoAnswerError):  # a hint that does not come is none
            place = await where_named(client, other, own_title(record.title), record.year)
            entry = None if place is None else await look_up(client, place.kind, place.simkl)
            if entry is not None and entry.simkl != finding.wrong:
                found.append(_candidate(entry))
    return found


async def _found(client: Client, finding: OpenFinding, query: queries.Query) -> list[Candidate]:
    entries = await search(client, query.kind, query.words, query.year)
    return [_candidate(entry) for entry in entries if entry.simkl != finding.wrong]


async def title_of(client: Client, typed: Typed, kind: Kind) -> Candidate | None:
    """Return the title of an id that a person typed; where it can name several kinds, first one of the row's."""
    kinds = sorted(typed.kinds, key=lambda one: one is not kind)
    if typed.key != "simkl":
        place = None
        # Numbers of one site mean one thing among films and another among series; anime has none of its own there.
        for one in [one for one in kinds if one is not Kind.ANIME] or kinds:
            place = place or await where_leads(client, one, typed.key, typed.value)
        if place is None:
            return None
        entry = await look_up(client, place.kind, place.simkl)
        return _candidate(entry) if entry is not None else None
    for one in kinds:
        entry = await look_up(client, one, int(typed.value))
        if entry is not None:
            return _candidate(entry)
    return None


def _candidate(entry: Entry) -> Candidate:
    return Candidate(
        simkl=entry.simkl,
        kind=entry.kind,
        title=entry.title,
        year=entry.year,
        other_titles=entry.other_titles,
        address=entry.address,
        form=entry.form,
    )
