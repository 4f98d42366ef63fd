"""What of an account is read again, and what is then kept of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from importer.journal import account as kept_account
from importer.journal.file import memory_journal
from importer.journal.store import Journal
from importer.machine.clock import Clock
from importer.model import AccountRating, Kind
from importer.send.pages import new_numbers, other_names, titles_gone
from importer.send.snapshot import (
    read_lists,
    reading_kept,
    snapshot,
    stamps_recovered,
    stamps_unmoved,
    trust_stamps,
)
from importer.simkl.freshness import Kept
from importer.simkl.lenient import parse_time

OLD, NEW = "2020-01-01T00:00:00Z", "2020-01-02T00:00:00Z"
LIBRARY = [f"/sync/all-items/{kind}" for kind in ("movies", "shows", "anime")]


def rated(simkl: int, rating: int | None = 8, **fields: Any) -> dict[str, Any]:
    """A row about one film."""
    film = {"title": f"Film {simkl}", "year": 1975, "ids": {"simkl": simkl}}
    return {"movie": film, "user_rating": rating, "user_rated_at": OLD, **fields}


class Account:
    """What a service tells of one account. `stamp` is when its ratings moved, of every kind."""

    def __init__(self, **sections: list[dict[str, Any]]) -> None:
        self.stamp = OLD
        self.stamps: dict[str, str] = {}
        self.library = sections.pop("library", [])
        self.ratings = sections.pop("ratings", [])
        self.removed: list[int] = []

    def __call__(self, request: web.Request) -> web.Response:
        if request.path == "/sync/activities":
            parts = {
                kind: {"all": self.stamp, "rated_at": self.stamps.get(kind, self.stamp)}
                for kind in ("movies", "tv_shows", "anime")
            }
            return web.json_response({"all": self.stamp, **parts})
        if request.path.startswith("/sync/all-items"):
            whole = request.path in (LIBRARY[0], "/sync/all-items")
            return web.json_response({"movies": self.library if whole else []})
        gone = [{"movie": {"ids": {"simkl": one}}, "user_rating": None} for one in self.removed]
        return web.json_response({"movies": self.ratings + (gone if request.query.get("date_from") else [])})


@pytest.fixture
def journal() -> Iterator[Journal]:
    """A new resume file in memory."""
    with closing(memory_journal("51@sandbox", Path("resume.sqlite"))) as made:
        yield made


def there(journal: Journal) -> dict[int, int]:
    """The ratings on record, by title."""
    return {one.simkl: one.rating for one in kept_account.load_account(journal)}


def paths(asked: list[web.Request]) -> list[str]:
    """What was asked for, the stamps left out."""
    found = [request.path for request in asked if request.path != "/sync/activities"]
    asked.clear()
    return found


async def test_an_account_is_read_whole_then_by_what_changed_then_not_at_all(service: Any, journal: Journal) -> None:
    """The first time by its library, which tells lists and ratings at once."""
    says = Account(
        library=[rated(5, status="completed"), rated(6, None, status="plantowatch"), rated(7)],
        ratings=[rated(5, 9), rated(8, 4)],
    )
    made = service(says)
    async with made.client() as client:
        found = await snapshot(client, journal)
        assert sorted(found.by_simkl) == [5, 7]
        assert paths(made.asked) == LIBRARY
        assert kept_account.listed_numbers(journal) == {5, 6}
        says.stamp, says.removed = NEW, [7]
        found = await snapshot(client, journal)
        assert ({one: theirs.rating for one, theirs in found.by_simkl.items()}, there(journal)) == ({5: 9, 8: 4},) * 2
        assert paths(made.asked) == ["/sync/ratings"]
        found = await snapshot(client, journal)
        assert (sorted(found.by_simkl), paths(made.asked)) == ([5, 8], [])
        kept = reading_kept(journal)
        assert kept is not None
        assert (kept.since, kept.lists) == (NEW, OLD)


async def test_what_is_asked_for_whole_is_read_whole(service: Any, journal: Journal) -> None:
    """Its ratings alone, once the lists are known; with the lists where these are asked for."""
    says = Account(library=[rated(5, status="completed")], ratings=[rated(6)])
    made = service(says)
    async with made.client() as client:
        await snapshot(client, journal)
        paths(made.asked)
        await snapshot(client, journal, again=True)
        assert (paths(made.asked), there(journal)) == (["/sync/ratings"], {6: 8})
        await snapshot(client, journal, lists=True)
        assert (paths(made.asked), there(journal)) == (LIBRARY, {5: 8})
        await snapshot(client, journal, wrote=frozenset({Kind.MOVIE}))
        assert (paths(made.asked), there(journal)) == (["/sync/ratings"], {6: 8})
        with journal.transaction():
            trust_stamps(journal, trusted=False)
        await snapshot(client, journal)
        assert paths(made.asked) == ["/sync/ratings"]
        with journal.transaction():
            trust_stamps(journal, trusted=True)
        await snapshot(client, journal)
        assert paths(made.asked) == []


async def test_lists_that_were_never_read_are_read_with_the_ratings(service: Any, journal: Journal) -> None:
    """As of a file whose version read none: one reading tells both."""
    made = service(Account(library=[rated(5, status="completed")]))
    kept_account.keep_reading(journal, asdict(Kept(since=OLD, distrusted=True)))
    async with made.client() as client:
        await snapshot(client, journal)
    assert (paths(made.asked), kept_account.listed_numbers(journal)) == (LIBRARY, {5})


async def test_stamps_that_became_old_enough_are_kept_although_nothing_is_read(service: Any, journal: Journal) -> None:
    """Else a young one would cost a reading each time."""
    made = service(Account(library=[rated(5)]))
    async with made.client() as client:
        await snapshot(client, journal)
        kept = reading_kept(journal)
        assert kept is not None
        kept_account.keep_reading(journal, asdict(replace(kept, since="2019-01-01T00:00:00Z")))
        await snapshot(client, journal)
    assert reading_kept(journal) == kept


async def test_lists_are_brought_up_to_date_once_a_command(service: Any, journal: Journal) -> None:
    """By what changed since the last time, and next time since this one; not where they were read just now."""
    says = Account(library=[rated(5, status="completed")])
    made = service(says)
    clock = Clock(0.0)
    async with made.client(clock) as client:
        start = clock.now()
        await read_lists(client, journal, start)
        assert (paths(made.asked), kept_account.listed_numbers(journal)) == (LIBRARY, {5})
        await read_lists(client, journal, start - 1)
        assert paths(made.asked) == []
        kept = reading_kept(journal)
        assert kept is not None
        kept_account.keep_reading(journal, asdict(replace(kept, since=NEW, listed_at=int(start) - 9)))
        says.library = [rated(6, status="completed")]
        await read_lists(client, journal, start)
        assert [request.query.get("date_from") for request in made.asked] == [OLD]
        assert (paths(made.asked), kept_account.listed_numbers(journal)) == (["/sync/all-items"], {5, 6})
        await read_lists(client, journal, start)
        assert paths(made.asked) == []
        now = reading_kept(journal)
        assert now is not None
        assert (now.lists, now.since) == (NEW, NEW)


@pytest.mark.parametrize(
    ("before", "now", "wrote", "unmoved"),
    [
        ({"movie": OLD, "show": OLD}, {"movie": OLD, "show": OLD}, {Kind.MOVIE, Kind.SHOW}, True),
        ({"movie": OLD, "show": OLD}, {"movie": NEW, "show": OLD}, {Kind.MOVIE, Kind.SHOW}, False),
        ({"movie": OLD, "show": OLD}, {"movie": NEW, "show": OLD}, {Kind.SHOW}, True),
        ({"movie": OLD}, {"movie": OLD, "show": NEW}, {Kind.MOVIE, Kind.SHOW}, True),
        ({"movie": OLD}, {"movie": OLD, "show": NEW}, {Kind.SHOW}, False),
        ({"movie": OLD}, {"movie": OLD}, set(), False),
    ],
)
def test_stamps_stood_still_if_those_of_every_kind_that_was_written_did(
    journal: Journal, before: Mapping[str, str], now: Mapping[str, str], wrote: set[Kind], unmoved: bool
) -> None:
    """As far as they were known before; nothing is known where nothing was read."""
    assert not stamps_unmoved(journal, Kept(rated=before), frozenset(wrote))
    kept_account.keep_reading(journal, asdict(Kept(rated=now)))
    assert stamps_unmoved(journal, Kept(rated=before), frozenset(wrote)) is unmoved
    assert not stamps_unmoved(journal, None, frozenset(wrote))


@pytest.mark.parametrize("distrusted", [True, False])
def test_stamps_recover_only_where_they_were_distrusted(journal: Journal, distrusted: bool) -> None:
    """And where a reading before the write, and one after it, are known."""
    films, answered = frozenset({Kind.MOVIE}), parse_time(NEW) or 0
    assert not stamps_recovered(journal, Kept(rated={"movie": OLD}), films, answered)
    kept_account.keep_reading(journal, asdict(Kept(rated={"movie": NEW}, distrusted=distrusted)))
    assert stamps_recovered(journal, Kept(rated={"movie": OLD}), films, answered) is distrusted
    assert not stamps_recovered(journal, Kept(rated={"movie": NEW}), films, answered)
    assert not stamps_recovered(journal, None, films, answered)


def page(request: web.Request) -> web.Response:
    """Films 5 and 9 have pages, 9 is another number by now and 6 as an anime; 7 is gone, 8 does not answer."""
    _, section, number = request.path.split("/")
    if number == "8":
        return web.json_response({"error": "no"}, status=400)
    pages = {("movies", "5"): 5, ("movies", "9"): 10, ("anime", "6"): 60, ("tv", "11"): 11}
    simkl = pages.get((section, number))
    if simkl is None:
        return web.json_response([])
    names = [{"name": "Der weiße Hai"}] if simkl == 5 else []
    return web.json_response({"title": "Jaws", "year": 1975, "ids": {"simkl": simkl}, "alt_titles": names})


async def test_a_number_is_looked_for_under_every_kind(service: Any) -> None:
    """A title that is gone keeps its own; nothing is known of one whose page does not answer."""
    titles = [(Kind.MOVIE, simkl) for simkl in (5, 6, 7, 8, 9, 11)]
    async with service(page).client() as client:
        assert await new_numbers(client, titles) == {5: 5, 6: 60, 7: 7, 9: 10, 11: 11}
        assert await titles_gone(client, titles) == {7}


async def test_a_title_goes_by_every_name_of_its_page(service: Any) -> None:
    """One that has none, or does not answer, is left out."""
    ratings = [AccountRating(simkl, Kind.MOVIE, "Jaws", 1975, (), 8, None) for simkl in (5, 7, 8)]
    async with service(page).client() as client:
        found = await other_names(client, ratings)
    assert {simkl: (names.titles, names.year) for simkl, names in found.items()} == {
        5: (("Jaws", "Der weiße Hai"), 1975)
    }
