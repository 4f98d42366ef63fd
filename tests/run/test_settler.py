"""What one command says of several readings: what came out of one of them is told, whatever the next one shows."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

from importer.events import nobody
from importer.journal.change import Answer, Change, Evidence, Question, Role, State
from importer.journal.file import memory_journal
from importer.journal.landing import Finding
from importer.journal.plain import note_plain
from importer.machine.clock import Clock
from importer.model import Date, Kind, Note, Origin, Outcome, Precision
from importer.readback.settlement import Settlement
from importer.run.settlement.settler import Settler

AT = 1_700_000_000


def change(run: int) -> Change:
    """A row that was found on a title."""
    return Change(
        run=run,
        batch=1,
        n=0,
        key="letterboxd:1",
        role=Role.ROW,
        question=Question(7, Kind.MOVIE, "Heat", 1995, ()),
        sent_simkl=None,
        rating=8,
        rated_at=AT,
        date=Date(AT, Precision.SECOND, Origin.RATING),
        posted=AT,
        answer=Answer.ADDED,
        state=State.SETTLED,
        simkl=5,
        evidence=Evidence.ID,
    )


def judged(settler: Settler, **found: Any) -> tuple[bool, bool, bool]:
    """Take down what one reading came to; return what is said of all so far."""
    note_plain(settler.journal, (), lambda *_: None)
    settler._record(Settlement(**found), None)
    return settler.alike, settler.landed, settler.found


def test_what_came_out_of_one_reading_is_told_whatever_the_next_one_shows() -> None:
    """Dates that are all alike, a row of this run that landed, and one of an earlier run on another title."""
    with closing(memory_journal("51@sandbox", Path("resume.sqlite"))) as journal:
        settler = Settler(client=None, journal=journal, clock=Clock(0.0), listen=nobody, start=AT, run=2)
        own, earlier = (Finding(change(run), Outcome.APPLIED, note=Note.OTHER_TITLE) for run in (2, 1))
        assert judged(settler) == (False, False, False)
        assert judged(settler, alike=True) == (True, False, False)
        assert judged(settler, changes=[change(1)]) == (True, False, False)
        assert judged(settler, changes=[change(2)]) == (True, True, False)
        assert judged(settler, findings=[own]) == (True, True, False), "its own rows tell that themselves"
        assert judged(settler, findings=[earlier]) == (True, True, True)
        assert judged(settler) == (True, True, True)
