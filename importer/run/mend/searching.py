"""What Simkl has for a row: the candidates that its search finds, and the title of an id that a person typed."""

from __future__ import annotations

from importer.journal.findings import OpenFinding
from importer.model import Kind
from importer.plan.candidates import Candidate, Ranking, Sought, rank, search_words
from importer.run.mend.choices import Typed
from importer.simkl.client import Client
from importer.simkl.lookup import Entry, look_up, search, where_leads
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
    return int(bool(finding.record.title.strip()))


async def candidates(client: Client, finding: OpenFinding) -> Ranking:
    """Search for the title of a row, in as many requests as `searches` says at most; return what was found, ranked."""
    record = finding.record
    if not searches(finding):
        return NO_CANDIDATES  # nothing to search for: a person may still know an id
    kind = record.kind or Kind.MOVIE
    entries = await search(client, kind, search_words(record.title), None)
    found = (_candidate(entry) for entry in entries if entry.simkl != finding.wrong)
    return rank(Sought(kind, record.title, record.year), found)


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
    return Candidate(entry.simkl, entry.kind, entry.title, entry.year, entry.other_titles, entry.address)
