"""The trying part of a live test: six writes on three titles, each on record, and what is seen after each of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from importer.errors import ImporterError, InterruptedRunError, ServiceStopError
from importer.events import Answered
from importer.journal import runs
from importer.journal.account import stale_account
from importer.journal.batch import Work
from importer.journal.store import Journal
from importer.journal.trial import Borrowed, borrow, borrowed, note_seen
from importer.machine.clock import Clock
from importer.model import Command, Kind
from importer.run.checkup import observing as see
from importer.run.checkup.beside import Watch
from importer.run.checkup.choosing import Tried, Trio, follow_ids, follow_names
from importer.run.checkup.exchange import Pen, Said, Whole, Write, read_whole
from importer.run.checkup.observing import Both, Observation, Question
from importer.run.checkup.outcome import Ended, finish, note_left
from importer.run.checkup.putting_back import LOOK_AGAIN
from importer.simkl.client import Client
from importer.simkl.lenient import dict_of, simkl_in
from importer.simkl.library import Listed
from importer.simkl.lookup import REDIRECT
from importer.simkl.quota import KEPT
from importer.simkl.reads import RATINGS_SINCE, media_in, rows_in, since

RETURN = 12
"""Requests that are kept for putting everything back, whatever else the test had still to try."""


def _at(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


FIRST = _at("2019-03-14T15:09:26+00:00")
OLD = _at("1996-05-17T18:45:33+00:00")
ANIME = _at("2018-07-21T20:17:41+00:00")
REDATED = _at("2020-09-08T07:06:05+00:00")
TWICE = _at("2021-02-03T04:05:06+00:00")
BOTH = _at("2022-11-10T09:08:07+00:00")
"""Dates that nobody's rating has by chance, to the second."""


class _DisturbedError(Exception):
    """Something else of the account changed: nothing more is tried."""


def begin(journal: Journal, trio: Trio, start: int) -> int:
    """Put a live test on record, and what it takes to put its titles back; return its number."""
    with journal.transaction():
        run = runs.begin(journal, Command.DOCTOR, start, "", [])
        borrow(journal, (_borrowed(one, run) for one in trio.all))
        stale_account(journal)
    return run


class Trying:
    """The steps of one test, `run`, one after the other. `before` is the account as it was read right before."""

    def __init__(
        self,
        client: Client,
        journal: Journal,
        clock: Clock,
        tell: Callable[[str], None],
        ended: Ended,
        trio: Trio,
        before: Whole,
        heard: Sequence[Answered],
    ) -> None:
        self._client = client
        self._journal = journal
        self._clock = clock
        self._tell = tell
        self._ended = ended
        self._trio = trio
        self._now = before
        self._heard = heard
        self._start = int(clock.now())
        self._run = begin(journal, trio, self._start)
        self._pen = Pen(client, journal, clock, self._run)
        self._seconds: list[float] = []
        self._watch = Watch(journal=journal, run=self._run, three=trio.numbers, before=before, ended=ended)
        self._late = self._missing = False
        ended.begun, ended.run = True, self._run

    async def run(self) -> None:
        """Try everything, then put back: whatever ends the trying early, what was written does not stay."""
        try:
            await self._try_all()
        except _DisturbedError:
            pass
        except ImporterError as error:
            self._ended.stop = error
        if self._seconds:
            self._see(see.reads(late=self._late, missing=self._missing))
            self._see(see.speed(self._seconds))
        self._ended.observations = see.ordered(self._ended.observations)
        if isinstance(self._ended.stop, InterruptedRunError):
            note_left(self._journal, self._ended)
            return
        self._tell("putting everything back")
        spilled = self._ended.spilled
        await finish(self._client, self._journal, self._clock, self._ended, self._start)
        if self._ended.back is not None and self._ended.back.whole is not None:
            self._watch.look(self._ended.back.whole)
        if self._ended.spilled > spilled:  # putting back, too, is a write
            await finish(self._client, self._journal, self._clock, self._ended, self._start)

    async def _try_all(self) -> None:
        await self._look_up()
        await self._rate()
        await self._rate_again()
        await self._rate_twice()
        await self._rate_in_both()
        await self._remove()

    # The steps

    async def _look_up(self) -> None:
        self._tell("looking up where ids and names lead (nothing is written)")
        self._see(see.led(Question.IDS, await follow_ids(self._client, self._trio)))
        self._see(see.led(Question.NAMES, await follow_names(self._client, self._trio)))
        answers = [one.status for one in self._heard if one.path == REDIRECT]
        self._see(see.token(answers))

    async def _rate(self) -> None:
        self._tell("1 of 6, three ratings")
        trio, before = self._trio, self._now
        film, series, anime = trio.film.simkl, trio.series.simkl, trio.anime.simkl
        writes = [
            Write("movies", film, 6, FIRST),
            Write("shows", series, 6, OLD),
            Write("anime", anime, 6, ANIME),
        ]
        said = await self._write(writes, lambda whole: film in whole.rows and series in whole.rows)
        rows = self._now.rows
        now = int(self._clock.now())
        self._missing = film not in rows or series not in rows
        self._see(
            see.stamps(*([whole.stamps.of(kind) for kind in (Kind.MOVIE, Kind.SHOW)] for whole in (before, self._now)))
        )
        if self._missing:
            raise ServiceStopError(
                "Simkl does not show a rating that it was sent" + (f" ({said.refused})" if said.refused else ""),
                "try it again later: simkl-import doctor --live",
            )
        self._see(see.lists({one.kind: rows[one.simkl] for one in trio.all if one.simkl in rows}))
        self._see(see.date(Question.DATES, FIRST, rows.get(film), now))
        self._see(see.date(Question.OLD_DATES, OLD, rows.get(series), now))
        self._see(see.anime(rows.get(anime)))

    async def _rate_again(self) -> None:
        self._tell("2 of 6, equal ratings once more")
        film, series = self._trio.film.simkl, self._trio.series.simkl
        before = self._now.rows.get(series)
        said = await self._write([Write("movies", film, 6, FIRST), Write("shows", series, 6, REDATED)])
        self._see(see.equal(said, film))
        self._see(see.equal_redated(before, self._now.rows.get(series), REDATED))

    async def _rate_twice(self) -> None:
        self._tell("3 of 6, two ratings of one title in one box")
        film = self._trio.film.simkl
        writes = [Write("movies", film, 8, TWICE), Write("movies", film, 7, TWICE)]
        said = await self._write(writes, lambda whole: _rating(whole, film) in (8, 7))
        self._see(see.duplicates(said, self._now.rows.get(film), film, 8, 7))

    async def _rate_in_both(self) -> None:
        anime = self._trio.anime.simkl
        self._tell("4 of 6, one title in both boxes")
        said = await self._write(
            [Write("movies", anime, 7, BOTH), Write("shows", anime, 8, BOTH)],
            lambda whole: _rating(whole, anime) in (7, 8),
        )
        one = Both(said, 7, 8, _rating(self._now, anime))
        self._tell("5 of 6, the same in the other order")
        before = self._now.stamps
        said = await self._write(
            [Write("shows", anime, 9, BOTH), Write("movies", anime, 4, BOTH)],
            lambda whole: _rating(whole, anime) in (9, 4),
        )
        self._see(see.order(one, Both(said, 4, 9, _rating(self._now, anime)), anime))
        stamp = self._now.stamps.newest
        moved = stamp is not None and stamp != before.newest and _rating(self._now, anime) in (9, 4)
        there = await self._delta(stamp, anime) if stamp is not None and moved else None
        self._see(see.delta_second(there=(there is not None) if moved else None))

    async def _remove(self) -> None:
        self._tell("6 of 6, a rating removed")
        anime, stamp = self._trio.anime.simkl, self._now.stamps.newest
        if _rating(self._now, anime) is None:
            return
        await self._write([Write("anime", anime)], lambda whole: _rating(whole, anime) is None, work=Work.REMOVE)
        row = self._now.rows.get(anime)
        self._see(see.anime_removal(row))
        if row is not None and row.rating is not None:
            return
        self._see(see.list_stays(row))
        if stamp is not None and stamp != self._now.stamps.newest:
            self._see(see.delta_removal(await self._delta(stamp, anime)))

    # What they are made of

    async def _write(
        self,
        writes: Sequence[Write],
        shows: Callable[[Whole], bool] = lambda _: True,
        *,
        work: Work = Work.RATE,
    ) -> Said:
        """Send a body and read the account; once more, a while later, where it does not show what it should."""
        self._clock.check()
        said = await self._pen.post(work, writes, kept=RETURN + KEPT)
        if said.reply is not None:
            self._seconds.append(said.seconds)
        self._now = await read_whole(self._client)
        if said.reply is not None and not shows(self._now):
            await self._clock.sleep(LOOK_AGAIN)
            self._now = await read_whole(self._client)
            self._late = self._late or shows(self._now)
        self._remember(said.batch)
        if self._watch.look(self._now):
            raise _DisturbedError
        return said

    def _remember(self, batch: int) -> None:
        """Note what is read of the three right after a write of ours: whatever it is later is somebody else's doing."""
        known, rows = borrowed(self._journal), self._now.rows
        found = [(one, rows[one.simkl]) for one in self._trio.all if one.simkl in rows]
        fresh = [_borrowed(one, self._run, row) for one, row in found if not known[one.simkl].status]
        ratings = [row.rating for _, row in found if row.rating is not None]
        with self._journal.transaction():
            borrow(self._journal, fresh)
            note_seen(self._journal, self._run, batch, ((one.simkl, one.rating, one.rated_at) for one in ratings))

    async def _delta(self, stamp: str, simkl: int) -> dict[str, object] | None:
        """Return the row of a title in the ratings delta after a stamp, as it came; None if it is not in it."""

        def read(body: bytes) -> list[dict[str, object]]:
            return [row for _, row in rows_in(body) if simkl_in(dict_of(media_in(row).get("ids"))) == simkl]

        found = await self._client.get(RATINGS_SINCE, read, since(stamp))
        return found[0] if found else None

    def _see(self, observation: Observation) -> None:
        self._ended.observations.append(observation)


def _rating(whole: Whole, simkl: int) -> int | None:
    row = whole.rows.get(simkl)
    return None if row is None or row.rating is None else row.rating.rating


def _borrowed(one: Tried, run: int, row: Listed | None = None) -> Borrowed:
    return Borrowed(
        simkl=one.simkl,
        kind=one.kind,
        title=one.page.title,
        year=one.page.year,
        rating=None,
        rated_at=None,
        listed=False,
        run=run,
        status=row.status if row is not None else "",
        episodes=row.episodes if row is not None else 0,
    )
