"""What was lived through with each resume file under `files/`, whichever version of the program wrote it.

A story takes a recorder (see `make_files.py`), which keeps the account as it was before, and the desk of that version.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

Live: TypeAlias = Callable[[Any, Any], Awaitable[None]]

HEAT = ("Heat", 1995, 4.5, "2024-01-02")
ALIEN = ("Alien", 1979, 4, "2024-01-03")
AMELIE = ("Amélie", 2001, 3.5, "2024-01-04")
PSYCHO = ("Psycho", 1960, 3, "2024-01-05")
VERTIGO = ("Vertigo", 1958, 2, "2024-01-06")
SHARK = ("The Other Shark", 1976, 4, "2024-02-02")
FIVE = (HEAT, ALIEN, AMELIE, PSYCHO, VERTIGO)


@dataclass(frozen=True)
class Story:
    """One story and the service that it is lived with."""

    live: Live
    catalog: Literal["open", "closed"] = "open"
    faults: tuple[str, ...] = ()


STORIES: dict[str, Story] = {}


def story(catalog: Literal["open", "closed"] = "open", faults: tuple[str, ...] = ()) -> Callable[[Live], Live]:
    """Put a story on the list under its function's name."""

    def listed(live: Live) -> Live:
        STORIES[live.__name__] = Story(live, catalog, faults)
        return live

    return listed


def _rated_before(keep: Any) -> None:
    """Two of the five were rated on Simkl years ago."""
    keep.rate("Alien", 1979, 3, "2019-05-06T07:08:09Z")
    keep.rate("Amélie", 2001, 2, "2018-01-01T00:00:01Z")


@story()
async def finished(keep: Any, desk: Any) -> None:
    """A run that ended: two new ratings, two over older ones of the person's, one equal, one that Simkl has newer, one
    unrated, one rejected."""
    _rated_before(keep)
    keep.rate("Vertigo", 1958, 4, "2020-02-03T04:05:06Z")
    keep.rate("Jaws", 1975, 5, "2025-03-04T05:06:07Z")
    await keep.run(
        desk.letterboxd(
            *FIVE,
            ("Jaws", 1975, 4, "2024-01-07"),
            ("Unrated", 1990, "", "2024-01-08"),
            ("Too Good", 1991, 7, "2024-01-09"),
        )
    )


@story()
async def killed_after_writing(keep: Any, desk: Any) -> None:
    """The process died after Simkl had written the second of three batches, before its answer."""
    _rated_before(keep)
    await keep.run(desk.letterboxd(*FIVE), batch_size=2, kill=(2, True))


@story()
async def killed_before_writing(keep: Any, desk: Any) -> None:
    """The process died with the second of three batches on record as being sent, before Simkl had it."""
    _rated_before(keep)
    await keep.run(desk.letterboxd(*FIVE), batch_size=2, kill=(2, False))


@story()
async def stopped_by_quota(keep: Any, desk: Any) -> None:
    """The day's quota was spent after the first of three batches."""
    _rated_before(keep)
    desk.sandbox.faults.script("POST /sync/ratings", [None, "quota"])
    await keep.run(desk.letterboxd(*FIVE), batch_size=2)


@story()
async def stopped_by_outage(keep: Any, desk: Any) -> None:
    """Simkl went away after it had written the second of three batches: its answer was lost, then nothing was heard."""
    _rated_before(keep)
    desk.sandbox.faults.script("POST /sync/ratings", [None, "reset-after-write", *["status-503"] * 40])
    await keep.run(desk.letterboxd(*FIVE), batch_size=2)
    desk.sandbox.faults.turn_off()


@story()
async def not_read_back(keep: Any, desk: Any) -> None:
    """A run with --no-verify. One row landed on a title that the person has rated since the row's date."""
    _rated_before(keep)
    keep.rate("Jaws", 1975, 2, "2025-02-03T04:05:06Z")
    keep.alias("The Other Shark", 1976, "Jaws", 1975)
    await keep.run(desk.letterboxd(HEAT, ALIEN, AMELIE, SHARK), verify=False)


@story()
async def undo_killed_before_writing(keep: Any, desk: Any) -> None:
    """An undo died with its removals on record as being sent, before Simkl had them."""
    _rated_before(keep)
    await keep.run(desk.letterboxd(*FIVE))
    desk.wait()
    await keep.undo(kill=(1, False))


@story()
async def undo_killed_after_writing(keep: Any, desk: Any) -> None:
    """An undo had removed what was new and died after Simkl had written the ratings given back, before its answer."""
    _rated_before(keep)
    await keep.run(desk.letterboxd(*FIVE))
    desk.wait()
    await keep.undo(kill=(2, True))


@story()
async def undo_partly_refused(keep: Any, desk: Any) -> None:
    """An undo gave two ratings back, and its removals were refused with a 404."""
    _rated_before(keep)
    await keep.run(desk.letterboxd(*FIVE))
    desk.wait()
    desk.sandbox.faults.script("POST /sync/ratings/remove", ["status-404"] * 40)
    await keep.undo()
    desk.sandbox.faults.turn_off()


@story()
async def undone_and_run_again(keep: Any, desk: Any) -> None:
    """A run, a whole undo, and the same export once more, of which the person then rated one title anew."""
    _rated_before(keep)
    path = desk.letterboxd(*FIVE)
    await keep.run(path)
    desk.wait()
    await keep.undo()
    desk.wait()
    await keep.run(path)
    desk.wait()
    keep.rate("Psycho", 1960, 9, desk.iso())


@story()
async def overwritten(keep: Any, desk: Any) -> None:
    """A row landed on a title that the person has rated 10 since the row's date, the quota stopped the run, and the
    newest export was imported a day later: that title still has the row's 8."""
    keep.rate("Jaws", 1975, 10, "2025-02-03T04:05:06Z")
    keep.alias("The Other Shark", 1976, "Jaws", 1975)
    desk.sandbox.faults.script("POST /sync/ratings", [None, "quota"])
    await keep.run(desk.letterboxd(HEAT, SHARK, ("Psycho", 1960, 3, "2024-03-05")), batch_size=2)
    desk.wait()
    await keep.run(
        desk.letterboxd(
            HEAT, SHARK, ("Psycho", 1960, 3, "2024-03-05"), ("Vertigo", 1958, 2, "2025-06-16"), name="newest.csv"
        )
    )


@story()
async def overwritten_beside_another_job(keep: Any, desk: Any) -> None:
    """The same stop; then another site's export was imported, then the first one again."""
    keep.rate("Jaws", 1975, 10, "2025-02-03T04:05:06Z")
    keep.alias("The Other Shark", 1976, "Jaws", 1975)
    desk.sandbox.faults.script("POST /sync/ratings", [None, "quota"])
    path = desk.letterboxd(HEAT, SHARK, ("Psycho", 1960, 3, "2024-03-05"))
    await keep.run(path, batch_size=2)
    desk.wait()
    await keep.run(desk.mal((1, "Cowboy Bebop", 9, "2023-04-05")))
    desk.wait()
    await keep.run(path)


@story()
async def changed_and_never_sent(keep: Any, desk: Any) -> None:
    """A run without read-back put a film under a year that Simkl has otherwise; when the export changed its rating,
    nothing was sent."""
    desk.sandbox.catalog.add("movie", "Drive", 2011, {"imdb": "tt0780504"})
    keep.alias("Drive", 2012, "Drive", 2011)
    await keep.run(desk.letterboxd(HEAT, ("Drive", 2012, 4, "2024-02-03")), verify=False)
    desk.wait()
    await keep.run(desk.letterboxd(HEAT, ("Drive", 2012, 2, "2025-06-10"), name="changed.csv"))


@story()
async def giving_back_refused(keep: Any, desk: Any) -> None:
    """A row landed on a title whose rating the rules keep; the POST that was to give it back was refused."""
    keep.rate("Jaws", 1975, 5, "2025-02-03T04:05:06Z")
    keep.alias("The Other Shark", 1976, "Jaws", 1975)
    desk.sandbox.faults.script("POST /sync/ratings", [None, *["status-404"] * 5])
    await keep.run(desk.letterboxd(HEAT, SHARK))
    desk.sandbox.faults.turn_off()


@story()
async def sent_twice(keep: Any, desk: Any) -> None:
    """Two rows that Simkl takes for one title went in a batch whose answer was lost; the run that went on sent again
    what it did not find."""
    keep.rate("Alien", 1979, 3, "2019-05-06T07:08:09Z")
    keep.alias("Alien, Restored", 1979, "Alien", 1979)
    path = desk.letterboxd(HEAT, ALIEN, ("Alien, Restored", 1979, 5, "2024-01-04"))
    await keep.run(path, kill=(1, True))
    desk.wait()
    await keep.run(path)


@story(catalog="closed")
async def mended(keep: Any, desk: Any) -> None:
    """One row landed on another title, one was not found; a person filled in the ids of both, and a run sent them."""
    keep.rate("Jaws", 1975, 10, "2011-02-03T04:05:06Z")
    keep.alias("The Other Shark", 1976, "Jaws", 1975)
    await keep.run(desk.letterboxd(HEAT, SHARK, ("Hitze", 1994, 3, "2024-01-03")))
    rows = desk.rejects()
    for row in rows:
        row["imdb"] = {"The Other Shark": "tt0054215", "Hitze": "tt0078748"}[row["title"]]  # Psycho, Alien
    desk.wait()
    await keep.run(desk.generic(*rows, name="rejects.csv"))


@story()
async def another_language(keep: Any, desk: Any) -> None:
    """A row landed on its title, which Simkl shows under a name of another language."""
    _rated_before(keep)
    await keep.run(desk.letterboxd(HEAT, ("Le Fabuleux Destin d'Amélie Poulain", 2001, 3.5, "2024-01-04")))


@story()
async def key_like_a_title(keep: Any, desk: Any) -> None:
    """A CSV whose own keys begin with `simkl:`; one of its rows landed on a title whose rating the rules keep, which
    was given back."""
    keep.rate("Jaws", 1975, 5, "2025-02-03T04:05:06Z")
    keep.alias("The Other Shark", 1976, "Jaws", 1975)
    await keep.run(
        desk.generic(
            {"key": "simkl:1", "type": "movie", "title": "Heat", "year": 1995, "rating": 9, "rated_at": "2024-01-02"},
            {
                "key": "simkl:2",
                "type": "movie",
                "title": "The Other Shark",
                "year": 1976,
                "rating": 8,
                "rated_at": "2024-02-02",
            },
        )
    )


@story()
async def seven_runs(keep: Any, desk: Any) -> None:
    """Seven imports of a growing export, of which one title was rated anew four times."""
    _rated_before(keep)
    for n in range(7):
        changed = ("Psycho", 1960, (3, 4, 3.5, 3.5, 4.5, 4.5, 2)[n], f"2024-01-{10 + n}")
        more = (("Jaws", 1975, 4, "2024-01-07"), *((f"Film {i}", 1990 + i, 3, "2024-02-01") for i in range(n)))
        await keep.run(desk.letterboxd(HEAT, ALIEN, AMELIE, changed, *more, name=f"ratings-{n}.csv"))
        desk.wait()


@story(catalog="closed")
async def findings(keep: Any, desk: Any) -> None:
    """One row of each kind that needs a person: on another title, two on one title, not found, echoed and not there,
    rejected; and a duplicate."""
    keep.rate("Jaws", 1975, 2, "2011-02-03T04:05:06Z")
    keep.alias("The Other Shark", 1976, "Jaws", 1975)
    keep.alias("Norman", 1961, "Psycho", 1960)
    desk.sandbox.faults.script("POST /sync/ratings", ["echo-lie"])
    await keep.run(
        desk.letterboxd(
            HEAT,
            SHARK,
            PSYCHO,
            ("Norman", 1961, 4, "2024-02-01"),
            ("Nobody Knows It", 1950, 3, "2024-01-04"),
            ("Too Good", 1991, 7, "2024-01-09"),
            VERTIGO,
            VERTIGO,
        )
    )


@story(faults=("shifted-dates",))
async def dates_shifted(keep: Any, desk: Any) -> None:
    """Simkl gives every date back five hours later."""
    _rated_before(keep)
    await keep.run(desk.letterboxd(*FIVE))


@story(faults=("no-rated-at",))
async def dates_missing(keep: Any, desk: Any) -> None:
    """Simkl gives no dates back."""
    _rated_before(keep)
    await keep.run(desk.letterboxd(*FIVE))
