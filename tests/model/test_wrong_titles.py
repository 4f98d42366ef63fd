"""Where a question led is remembered by the question: wrong titles, other spellings and years, new numbers."""

from __future__ import annotations

from typing import Any

import pytest

from importer.errors import ImporterError

JAWS = 53037
SHARK = ("The Other Shark", 1976, 4, "2024-02-02")
KEY = "letterboxd:https://boxd.it/TheOtherShark"
NEARLY = [
    ("Heat", 1995, "Heat", 1996),
    ("WALL·E", 2008, "Wall-E", 2008),
    ("Amélie", 2001, "Le Fabuleux Destin d'Amélie Poulain", 2001),
]


def _on(desk: Any, simkl: int) -> tuple[int, str] | None:
    found = desk.state().get(simkl)
    return None if found is None else (found.rating, found.rated_at)


@pytest.mark.parametrize(("title", "year", "said", "said_year"), NEARLY)
@pytest.mark.parametrize("how", ["killed", "stopped", "not read back"])
async def test_a_later_rating_is_sent_although_simkl_spells_or_dates_the_title_otherwise(
    desk: Any, killed: Any, title: str, year: int, said: str, said_year: int, how: str
) -> None:
    """Where the row landed is remembered by the title's number, also when nobody read it back at the time."""
    simkl = desk.sandbox.catalog.find("movie", title, year).simkl
    desk.sandbox.catalog.alias(said, said_year, "movie", simkl)
    first = desk.letterboxd((said, said_year, 3, "2024-01-02"))
    match how:
        case "killed":
            with pytest.raises(killed):
                await desk.run(first, kill=(1, True))
        case "stopped":
            desk.sandbox.faults.script("POST /sync/ratings", [None, "quota"])
            await desk.run(
                desk.letterboxd((said, said_year, 3, "2024-01-02"), ("Jaws", 1975, 3, "2024-05-05")), batch_size=1
            )
            desk.sandbox.faults.turn_off()
        case _:
            await desk.run(first, verify=False)
    desk.wait()
    again = await desk.run(desk.letterboxd((said, said_year, 5, "2025-01-02")))
    assert _on(desk, simkl) == (10, "2025-01-02T12:00:00Z")
    assert again.totals == {"read": 1, "applied": 1}
    desk.version = "2"
    desk.wait()
    assert (await desk.run(desk.letterboxd((said, said_year, 5, "2025-01-02")))).totals == {"read": 1, "unchanged": 1}


async def test_a_film_whose_year_differs_by_one_is_confirmed(desk: Any) -> None:
    """Two sites, two years, one film: applied, without a note."""
    desk.sandbox.catalog.alias("Heat", 1996, "movie", 53036)
    done = await desk.run(desk.letterboxd(("Heat", 1996, 4, "2024-01-02")))
    assert done.outcomes() == {"letterboxd:https://boxd.it/Heat": ("applied", None, None)}
    assert done.summary.exit == 0


async def test_the_alternative_names_are_asked_for_before_a_title_is_called_wrong(desk: Any) -> None:
    """A right title in another language is no finding, and follows its row from then on."""
    french = ("Le Fabuleux Destin d'Amélie Poulain", 2001)
    desk.sandbox.catalog.alias(*french, "movie", 53009)
    done = await desk.run(desk.letterboxd((*french, 4, "2024-01-02")))
    assert list(done.outcomes().values()) == [("applied", None, None)]
    desk.wait()
    await desk.run(desk.letterboxd((*french, 5, "2024-06-02")))
    assert _on(desk, 53009) == (10, "2024-06-02T12:00:00Z")


@pytest.mark.parametrize("rated", [True, False], ids=["rated by the person", "unrated"])
async def test_a_question_known_to_lead_to_a_wrong_title_is_not_asked_again(desk: Any, rated: bool) -> None:
    """However often the row is rated anew: kept, told, status 3 only when it is new or the row has changed."""
    desk.sandbox.catalog.alias(SHARK[0], SHARK[1], "movie", JAWS)
    if rated:
        desk.sandbox.account.rate(JAWS, 10, "2025-03-04T05:06:07Z")
    first = await desk.run(desk.letterboxd(SHARK))
    assert (first.summary.exit, first.summary.notes) == (3, {"other_title": 1})
    stood = _on(desk, JAWS)
    desk.wait()
    newer = desk.letterboxd((*SHARK[:2], 1, "2025-06-01"))
    done = await desk.run(newer)
    assert (done.posts, done.outcomes()) == (0, {KEY: ("kept", "conflict", "other_title")})
    assert (done.summary.exit, _on(desk, JAWS)) == (3, stood)
    assert [row["title"] for row in desk.rejects()] == [SHARK[0]]
    desk.wait()
    desk.version = "2"
    again = await desk.run(newer)
    assert (again.posts, again.summary.exit, _on(desk, JAWS)) == (0, 0, stood)
    assert again.outcomes() == {KEY: ("kept", "conflict", "other_title")}


async def test_a_title_that_a_person_accepts_is_asked_again(desk: Any) -> None:
    """With that very title's id in the rejects file the row is sent there, and is no finding any more."""
    desk.sandbox.catalog.alias(SHARK[0], SHARK[1], "movie", JAWS)
    desk.sandbox.account.rate(JAWS, 10, "2025-03-04T05:06:07Z")
    await desk.run(desk.letterboxd(SHARK))
    desk.wait()
    (row,) = desk.rejects()
    row["simkl"] = JAWS
    await desk.run(desk.generic(row, name="rejects.csv"))
    desk.wait()
    done = await desk.run(desk.letterboxd((*SHARK[:2], 1, "2025-06-01")))
    assert _on(desk, JAWS) == (2, "2025-06-01T12:00:00Z")
    assert done.outcomes() == {KEY: ("applied", None, None)}


async def test_a_mended_row_is_asked_for_by_its_ids_alone(desk: Any) -> None:
    """Its title leads elsewhere, and where title and id disagree nobody knows which one wins."""
    right = desk.sandbox.catalog.add("movie", SHARK[0], SHARK[1], {"imdb": "tt7700000"})
    desk.sandbox.catalog.alias(SHARK[0], SHARK[1], "movie", JAWS)
    await desk.run(desk.letterboxd(SHARK))
    desk.wait()
    (row,) = desk.rejects()
    row["imdb"] = "tt7700000"
    await desk.run(desk.generic(row, name="rejects.csv"))
    body = [entry.raw for entry in desk.sandbox.log if entry.method == "POST" and entry.path == "/sync/ratings"][-1]
    assert b"tt7700000" in body
    assert b"Shark" not in body
    assert (_on(desk, JAWS), _on(desk, right.simkl)) == (None, (8, "2024-02-02T12:00:00Z"))


async def test_mending_twice_leaves_the_last_title_rated_and_the_others_as_they_were(desk: Any) -> None:
    """Each correction finds what it has to give back through the questions, not through the last note."""
    first = desk.sandbox.catalog.add("movie", "First Guess", 1976, {"imdb": "tt7700001"}).simkl
    second = desk.sandbox.catalog.add("movie", "Second Guess", 1976, {"imdb": "tt7700002"}).simkl
    desk.sandbox.account.rate(JAWS, 10, "2025-03-04T05:06:07Z")
    desk.sandbox.account.rate(first, 9, "2020-03-04T05:06:07Z")
    desk.sandbox.catalog.alias(SHARK[0], SHARK[1], "movie", JAWS)
    path = desk.letterboxd(SHARK)
    await desk.run(path)
    (row,) = desk.rejects()
    for imdb in ("tt7700001", "tt7700002"):
        desk.wait()
        await desk.run(desk.generic({**row, "imdb": imdb}, name="rejects.csv"))
    assert _on(desk, JAWS) == (10, "2025-03-04T05:06:07Z")
    assert _on(desk, first) == (9, "2020-03-04T05:06:07Z")
    assert _on(desk, second) == (8, "2024-02-02T12:00:00Z")


async def test_a_new_number_is_followed_in_every_table(desk: Any) -> None:
    """Two titles turn out to be one: the run has nothing to send, and undo takes back under the new number."""
    old = desk.sandbox.catalog.add("movie", "Renamed Film", 2003, {"imdb": "tt7700003"}).simkl
    desk.sandbox.account.rate(old, 2, "2015-01-01T00:00:00Z")
    row = {
        "rated_at": "2024-05-01T07:08:00.000Z",
        "rating": 6,
        "type": "movie",
        "movie": {"title": "Renamed Film", "year": 2003, "ids": {"trakt": 3, "imdb": "tt7700003"}},
    }
    path = desk.trakt(row)
    await desk.run(path)
    new = desk.sandbox.catalog.add("movie", "Renamed Film (Director's Cut)", 2003, {"imdb": "tt7700004"}).simkl
    desk.sandbox.merge(old, new)
    desk.wait()
    desk.version = "2"
    again = await desk.run(path)
    assert (again.posts, _on(desk, new)) == (0, (6, "2024-05-01T07:08:00Z"))
    desk.wait()
    await desk.undo()
    assert _on(desk, new) == (2, "2015-01-01T00:00:00Z")


async def test_a_key_that_looks_like_a_payment_is_a_rows_own(desk: Any) -> None:
    """A row whose key begins with `simkl:` is imported, found unchanged, and taken back like any other."""
    desk.sandbox.account.rate(JAWS, 2, "2015-01-01T00:00:00Z")
    before = desk.state()
    row = {
        "key": f"simkl:{JAWS}",
        "type": "movie",
        "title": "Jaws",
        "year": 1975,
        "simkl": JAWS,
        "rating": 8,
        "rated_at": "2024-01-01",
    }
    path = desk.generic(row)
    done = await desk.run(path)
    assert done.totals == {"read": 1, "applied": 1}
    desk.wait()
    desk.version = "2"
    assert (await desk.run(path)).totals == {"read": 1, "unchanged": 1}
    assert (await desk.undo()).totals == {"read": 1, "restored": 1}
    assert desk.state() == before


async def test_an_accepted_write_that_moves_no_stamp_ends_the_trust_in_stamps(desk: Any) -> None:
    """The account is read whole from then on: nothing is called unchanged that it does not hold."""
    desk.sandbox.faults.turn_on("frozen-stamps")
    await desk.run(desk.letterboxd(("Alien", 1979, 4, "2024-01-03")))
    desk.wait()
    path = desk.letterboxd(("Heat", 1995, 4, "2024-01-02"), ("Alien", 1979, 4, "2024-01-03"))
    assert (await desk.run(path)).totals == {"read": 2, "applied": 1, "unchanged": 1}
    desk.wait()
    desk.version = "2"
    assert (await desk.run(path)).totals == {"read": 2, "unchanged": 2}


@pytest.mark.parametrize("then", ["the same file", "the export", "another job"])
async def test_what_a_person_gave_before_the_command_was_stopped_gives_the_wrong_title_back(
    desk: Any, then: str
) -> None:
    """It is on disk and nothing was asked yet: whichever import comes next owes the title on which the row was."""
    desk.sandbox.catalog.add("movie", SHARK[0], SHARK[1], {"imdb": "tt7700000"})
    desk.sandbox.catalog.alias(SHARK[0], SHARK[1], "movie", JAWS)
    desk.sandbox.account.rate(JAWS, 3, "2015-03-04T05:06:07Z")
    path = desk.letterboxd(SHARK)
    await desk.run(path)
    assert _on(desk, JAWS) == (8, "2024-02-02T12:00:00Z")
    (row,) = desk.rejects()
    row["imdb"] = "tt7700000"
    rejects = desk.generic(row, name="rejects.csv")
    desk.sandbox.faults.script("GET /sync/activities", ["quota"])
    with pytest.raises(ImporterError):
        await desk.run(rejects)
    desk.sandbox.faults.turn_off()
    desk.wait()
    other = desk.letterboxd(("Heat", 1995, 3, "2024-01-02"), name="other.csv")
    await desk.run({"the same file": rejects, "the export": path, "another job": other}[then])
    assert _on(desk, JAWS) == (3, "2015-03-04T05:06:07Z")
    desk.wait()
    done = await desk.run(path)
    assert (_on(desk, JAWS), done.summary.owed) == ((3, "2015-03-04T05:06:07Z"), 0)
    assert desk.account()[SHARK[0]] == (8, "2024-02-02T12:00:00Z")
