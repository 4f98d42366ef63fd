"""Which changes each command is shown."""

from __future__ import annotations

from typing import Any

from importer.journal import changes
from importer.journal.change import Answer, Evidence, State
from importer.journal.trial import note_seen, trial_changes
from importer.model import Kind


def test_open_is_what_is_not_settled_and_what_was_seen_where_nothing_is_owed(resume: Any) -> None:
    """Of runs that are not settled, and of rows alone."""
    resume.put("owed", simkl=5)
    for n, (state, simkl, role) in enumerate(
        [
            ("intended", None, "row"),
            ("answered", None, "row"),
            ("seen", 5, "row"),
            ("seen", 6, "row"),
            ("settled", 6, "row"),
            ("answered", 5, "give"),
        ]
    ):
        resume.change(1, 1, n, f"a:{n}", state=state, simkl=simkl, role=role)
    resume.put("runs", run=2, unsettled=0)
    resume.change(2, 1, 0, "a:0")
    assert [(one.run, one.n) for one in changes.open_changes(resume.journal)] == [(1, 0), (1, 1), (1, 3)]
    assert changes.runs_open(resume.journal) == [1]
    assert changes.count_open(resume.journal) == 2


def test_on_a_title_is_what_is_known_to_have_been_there(resume: Any) -> None:
    """A number without evidence is one that a change was only sent to; few titles are told like many."""
    resume.change(1, 1, 0, "a:0", simkl=5, evidence="id")
    resume.change(1, 1, 1, "a:1", simkl=5)
    resume.change(1, 1, 2, "a:2", simkl=6, evidence="id", role="give")
    resume.change(1, 1, 3, "a:3", simkl=7, evidence="id")
    for titles in ({5, 6}, {5, 6, *range(1000, 1500)}):
        found = changes.changes_on(resume.journal, titles)
        assert {simkl: [one.n for one in there] for simkl, there in found.items()} == {5: [0], 6: [2]}
    assert changes.titles_with_changes(resume.journal) == {5, 6, 7}


def test_the_last_payment_to_a_title_is_the_last_that_may_have_been_carried_out(resume: Any) -> None:
    """Whatever it was for; a row's own change is none, and what was refused wrote nothing."""
    for batch, role, answer, rating in (
        (1, "give", "added", 4),
        (2, "winner", None, 5),
        (3, "undo", "refused", 6),
        (4, "row", "added", 7),
        (5, "unlist", "added", None),
    ):
        resume.put("batches", run=1, batch=batch, kind="rate", started=batch)
        resume.change(1, batch, 0, "", sent_simkl=5, role=role, answer=answer, after_rating=rating)
    found = changes.last_payments(resume.journal, {5, 6})
    assert {simkl: (one.rating, one.posted) for simkl, one in found.items()} == {5: (5, 2)}
    assert changes.last_payments(resume.journal, ()) == {}


def test_a_title_was_cleared_by_the_last_removal_that_may_have_been_carried_out(resume: Any) -> None:
    """What was refused took nothing away, and taking a title off the library is no removal of its rating."""
    for batch, kind, started, answer in (
        (1, "remove", 30, "added"),
        (2, "remove", 20, None),
        (3, "remove", 40, "refused"),
        (4, "remove", 41, "not_found"),
        (5, "unlist", 42, "added"),
        (6, "rate", 43, "added"),
    ):
        resume.put("batches", run=1, batch=batch, kind=kind, started=started)
        resume.change(1, batch, 0, "", sent_simkl=5, role="give", answer=answer)
    resume.put("batches", run=1, batch=7, kind="remove", started=50)
    resume.change(1, 7, 0, "", sent_simkl=6, role="give", answer="added")
    assert changes.titles_cleared(resume.journal, {5}) == {5: 30}


def test_an_undo_may_take_back_rows_that_are_on_a_title_and_no_payment(resume: Any) -> None:
    """What is not seen yet cannot be taken back, what was taken back is not taken again."""
    for n, (state, role) in enumerate(
        [
            ("seen", "row"),
            ("settled", "row"),
            ("settled", "give"),
            ("settled", "trial"),
            ("taken", "row"),
            ("answered", "row"),
        ]
    ):
        resume.change(1, 1, n, f"a:{n}", state=state, role=role, simkl=5)
    assert [one.n for one in changes.undoable_changes(resume.journal)] == [0, 1]
    assert [one.n for one in changes.placed_changes(resume.journal)] == [0, 1, 4]


def test_a_kind_was_accepted_if_an_answer_named_one_of_it_as_added(resume: Any) -> None:
    """Which is not settled yet; in neither list is not added, a payment is no row, and another run is another one. What
    was sent as a film counts as one, whatever its row says by now.
    """
    rows = [
        (1, 1, "movie", "unnamed", "answered", "row"),
        (1, 2, "show", "added", "answered", "row"),
        (1, 2, "anime", "added", "settled", "row"),
        (1, 2, "anime", "added", "answered", "give"),
        (2, 1, "movie", "added", "answered", "row"),
        (2, 2, "show", "unnamed", "answered", "row"),
        (3, 1, "movie", "added", "settled", "row"),
        (3, 2, "anime", "added", "answered", "row"),
        (5, 1, "anime", "added", "answered", "row"),
    ]
    for run in (1, 2, 3, 5):
        for batch, box in ((1, "movies"), (2, "shows")):
            resume.put("batches", run=run, batch=batch, box=box)
    for n, (run, batch, kind, answer, state, role) in enumerate(rows):
        resume.put("items", key=f"a:{n}", kind=kind)
        resume.change(run, batch, n, f"a:{n}", answer=answer, state=state, role=role)
    accepted = [changes.kinds_accepted(resume.journal, run) for run in (1, 2, 3, 4, 5)]
    assert accepted == [{Kind.SHOW}, {Kind.MOVIE}, {Kind.ANIME}, set(), {Kind.MOVIE}]


def test_the_numbers_that_are_open_are_those_of_answered_changes(resume: Any) -> None:
    """By kind; what was never answered is found by its batch, what is settled is not looked for."""
    for n, (answer, state, simkl) in enumerate(
        [
            ("added", "answered", 5),
            (None, "intended", 6),
            ("added", "settled", 7),
            ("added", "answered", None),
        ]
    ):
        resume.put("items", key=f"a:{n}", kind="show")
        resume.change(1, 1, n, f"a:{n}", answer=answer, state=state, sent_simkl=simkl)
    assert list(changes.open_numbers(resume.journal)) == [(Kind.SHOW, 5)]


def test_a_change_has_the_question_that_it_asked(resume: Any) -> None:
    """Its key may have asked another one since: then it stands among the questions, else nothing tells it any more."""
    resume.put("items", key="a:0", kind="show", title="Jaws", asked=7, ids='{"imdb":"tt1"}')
    resume.put("items", key="a:1", title="Jaws 2", asked=9)
    resume.put("items", key="a:2", kind="anime", title="Jaws 3", asked=10, ids='{"mal":"3"}')
    resume.put("asks", asked=8, kind="anime", title="Der weiße Hai 2", year=1978)
    for n, asked in enumerate((7, 8, 11)):
        resume.change(1, 1, n, f"a:{n}", asked=asked)
    resume.change(1, 1, 3, "a:9")
    resume.change(1, 1, 4, "", role="give")
    asked_for = [one.question for one in changes.open_changes(resume.journal)]
    assert [one and (one.number, one.kind, one.title, one.year, one.ids) for one in asked_for] == [
        (7, Kind.SHOW, "Jaws", None, (("imdb", "tt1"),)),
        (8, Kind.ANIME, "Der weiße Hai 2", 1978, ()),
        (11, Kind.ANIME, "Jaws 3", None, (("mal", "3"),)),
        (0, Kind.MOVIE, "", None, ()),
    ]
    assert [one.question for one in changes.changes_of_run(resume.journal, 1)] == [*asked_for, None]


def test_dates_that_came_back_otherwise_are_those_of_rows_that_are_surely_there(resume: Any) -> None:
    """A row that was found by its moment, or as the only one, proves nothing of how dates come back."""
    for n, (evidence, seen_at, role) in enumerate(
        [
            ("id", 160, "row"),
            ("name", 220, "row"),
            ("moment", 230, "row"),
            ("only", 240, "row"),
            ("id", 100, "row"),
            ("id", 250, "give"),
            ("id", None, "row"),
        ]
    ):
        resume.change(1, 1, n, f"a:{n}", evidence=evidence, seen_at=seen_at, role=role)
    assert sorted(changes.dates_otherwise(resume.journal)) == [(100, 160), (100, 220)]


def test_missing_is_what_was_answered_and_never_seen_and_is_due(resume: Any) -> None:
    """Each of the others is somebody's: the person's, an undo's, another title's, a later export's, or of no use."""
    resume.put("runs", run=1)
    resume.put("runs", run=2, undone=1)
    resume.put("runs", run=3, unsettled=0)
    resume.put("asks", asked=50, wrong=1)
    plain = {"simkl": None, "outcome": "unconfirmed", "due": 900, "asked": 7}
    sent = {"asked": 7}
    cases: list[tuple[str, int, dict[str, Any], dict[str, Any]]] = [
        ("missing", 1, {}, {}),
        ("taken back", 2, {}, {}),
        ("settled run", 3, {}, {}),
        ("a payment", 1, {}, {"role": "give"}),
        ("never answered", 1, {}, {"state": "intended"}),
        ("seen", 1, {}, {"simkl": 5}),
        ("with a title", 1, {"simkl": 5}, {}),
        ("applied", 1, {"outcome": "applied"}, {}),
        ("not due", 1, {"due": 901}, {}),
        ("given", 1, {"given": "{}"}, {}),
        ("asked anew", 1, {"asked": 8}, {}),
        ("led astray", 1, {"asked": 50}, {"asked": 50}),
        ("in a later export", 1, {}, {}),
        ("of the later run", 4, {}, {}),
    ]
    for n, (key, run, item, change) in enumerate(cases):
        resume.put("items", key=key, **plain | item)
        resume.change(run, 1, n, key, **sent | change)
    resume.change(1, 2, 0, "missing", asked=7)
    resume.put("rows", run=1, place=0, n=0, key="missing")
    resume.put("rows", run=3, place=0, n=0, key="in a later export")
    resume.put("rows", run=4, place=0, n=0, key="of the later run")
    found = changes.missing_changes(resume.journal, 900)
    assert [(one.key, one.batch) for one in found] == [("missing", 2), ("of the later run", 1)]
    resume.journal.write("UPDATE runs SET unsettled = 0")
    assert changes.missing_changes(resume.journal, 900) == []


def test_unread_is_what_is_said_to_be_applied_because_of_its_answer_alone(resume: Any) -> None:
    """Not what a reading did not show, not what the answer did not name, and no payment."""
    for n, (state, answer, outcome, role) in enumerate(
        [
            ("answered", "added", "unconfirmed", "row"),
            ("answered", "unnamed", "applied", "row"),
            ("settled", "added", "applied", "row"),
            ("answered", "added", "applied", "give"),
        ]
    ):
        resume.put("items", key=f"a:{n}", outcome=outcome)
        resume.change(1, 1, n, f"a:{n}", state=state, answer=answer, role=role)
    assert not changes.any_unread(resume.journal)
    resume.put("items", key="a:9")
    resume.change(1, 1, 9, "a:9", answer="added")
    assert changes.any_unread(resume.journal)
    resume.journal.write("UPDATE runs SET unsettled = 0")
    assert not changes.any_unread(resume.journal)


def test_a_change_is_read_as_it_was_written(resume: Any) -> None:
    """Value for value: where it is and by what it was found, what stood there, and how it was read back."""
    known = {"evidence": "name", "simkl": 5, "sent_simkl": 6, "answer": "unnamed", "state": "seen", "listed": 0}
    resume.change(1, 1, 0, "a:0", **known, before_rating=3, before_at=30, seen_at=160, asked=7)
    resume.put("batches", run=1, batch=2, started=40)
    resume.change(1, 2, 0, "a:1", after_rating=None, after_at=None, dated=None)
    first, bare = changes.changes_of_run(resume.journal, 1)
    assert (first.evidence, first.simkl, first.sent_simkl, first.answer) == (Evidence.NAME, 5, 6, Answer.UNNAMED)
    assert (first.state, first.listed, first.before, first.seen_at) == (State.SEEN, False, (3, 30), 160)
    assert (first.rating, first.rated_at, first.posted) == (8, 100, 0)
    assert (bare.evidence, bare.answer, bare.before, bare.listed, bare.rating, bare.posted) == (*[None] * 5, 40)


def test_a_date_is_noted_of_the_very_rating_that_was_seen(resume: Any) -> None:
    """Of that batch, that title and that value."""
    for batch, n, simkl, rating in ((1, 0, 5, 8), (1, 1, 5, 7), (1, 2, 6, 8), (2, 0, 5, 8)):
        resume.change(1, batch, n, "", role="trial", sent_simkl=simkl, after_rating=rating)
    note_seen(resume.journal, 1, 1, [(5, 8, 160)])
    assert [one.seen_at for one in changes.changes_of_run(resume.journal, 1)] == [160, None, None, None]
    assert {simkl: len(sent) for simkl, sent in trial_changes(resume.journal, 1).items()} == {5: 3, 6: 1}


def test_imports_that_sent_anything_are_told_the_newest_first(resume: Any) -> None:
    """Payments are no import's."""
    for run, role in ((1, "row"), (2, "give"), (3, "row"), (3, "row")):
        resume.change(run, 1, len(resume.read("SELECT 1 FROM changes")), "a:0", role=role)
    assert changes.runs_with_changes(resume.journal) == [3, 1]
