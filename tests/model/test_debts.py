"""What a title is owed: paid by whichever command comes next, tried a bounded number of times, void where it is not
ours any more."""

from __future__ import annotations

from typing import Any

import pytest

from importer.cli.status import status_document, status_lines
from importer.journal.runs import last_import
from importer.plan.decide import OnConflict
from importer.record import summary_document
from importer.run.recorded import summary_of

HEAT = ("Heat", 1995, 4.5, "2024-01-02")
ALIEN = ("Alien", 1979, 4, "2024-01-03")
SHARK = ("The Other Shark", 1976, 4, "2024-02-02")
LATER = ("Psycho", 1960, 5, "2024-03-03")
KEY = "letterboxd:https://boxd.it/TheOtherShark"
JAWS = 53037
REFUSED = "status-404"


@pytest.fixture
def wrong(desk: Any) -> Any:
    """A desk whose person rated Jaws a 10, newer than all exports, and where another film's row lands on it."""
    desk.sandbox.catalog.alias(SHARK[0], SHARK[1], "movie", JAWS)
    desk.sandbox.account.rate(JAWS, 10, "2025-03-04T05:06:07Z")
    return desk


def _jaws(desk: Any) -> tuple[int, str] | None:
    found = desk.state().get(JAWS)
    return None if found is None else (found.rating, found.rated_at)


GIVEN = (10, "2025-03-04T05:06:07Z")
OURS = (8, "2024-02-02T12:00:00Z")


def _refuse_payments(desk: Any, answered: int = 0) -> None:
    """Every POST of ratings that comes after so many is a 404."""
    desk.sandbox.faults.script("POST /sync/ratings", [*[None] * answered, *[REFUSED] * 40])


@pytest.mark.parametrize("between", [False, True], ids=["the newest export", "another job in between"])
async def test_a_rating_under_a_wrong_match_comes_back_whatever_is_imported_the_day_after(
    wrong: Any, between: bool
) -> None:
    """The quota stopped the run that overwrote it; the next command knows nothing of that export."""
    wrong.sandbox.faults.script("POST /sync/ratings", [None, "quota"])
    stopped = await wrong.run(wrong.letterboxd(SHARK, LATER), batch_size=1)
    assert (stopped.summary.exit, _jaws(wrong)) == (6, OURS)
    wrong.wait()
    if between:
        await wrong.run(wrong.letterboxd(ALIEN, name="other.csv"))
        assert _jaws(wrong) == GIVEN
        wrong.wait()
    done = await wrong.run(wrong.letterboxd(SHARK, LATER, ALIEN))
    assert _jaws(wrong) == GIVEN
    assert done.outcomes()[KEY] == ("kept", "conflict", "other_title")
    assert (done.summary.owed, done.summary.open) == (0, 0)


async def test_a_giving_back_that_is_refused_is_owed_and_not_told_as_kept(wrong: Any) -> None:
    """Its row is unconfirmed, the document counts it, the status says so; the next command pays it and says kept."""
    _refuse_payments(wrong, answered=1)
    path = wrong.letterboxd(SHARK)
    done = await wrong.run(path)
    assert done.outcomes() == {KEY: ("unconfirmed", "conflict", "other_title")}
    assert (done.summary.exit, done.summary.owed, done.summary.stuck, _jaws(wrong)) == (3, 1, 0, OURS)
    assert "1 rating still owed to your account: the next command tries again" in done.summary.message
    status = status_lines(status_document(wrong.journal, None), None)
    assert "1 rating is still owed to your account: the next command that writes tries again." in status
    wrong.sandbox.faults.turn_off()
    wrong.wait()
    paid = await wrong.run(path)
    assert paid.outcomes() == {KEY: ("kept", "conflict", "other_title")}
    assert (paid.summary.owed, _jaws(wrong)) == (0, GIVEN)
    assert "1 rating of yours given back: Jaws" in paid.summary.message


async def test_an_unchanged_export_pays_too_when_something_is_due(wrong: Any) -> None:
    """Nothing new costs nothing, but for what is owed: then it reads, pays, and is silent again."""
    _refuse_payments(wrong, answered=1)
    path = wrong.letterboxd(SHARK)
    await wrong.run(path)
    wrong.sandbox.faults.turn_off()
    wrong.wait()
    paid = await wrong.run(path)
    assert (paid.posts, _jaws(wrong)) == (1, GIVEN)
    assert len(paid.requests) <= 8
    wrong.wait()
    assert (await wrong.run(path)).requests == []


@pytest.mark.parametrize("command", ["run", "undo", "run --no-verify", "run --limit"])
async def test_every_command_that_writes_pays(wrong: Any, command: str) -> None:
    """Whatever its exports and options; a payment is no change of its own for a later undo."""
    await wrong.run(wrong.letterboxd(HEAT, name="first.csv"))
    wrong.wait()
    _refuse_payments(wrong, answered=1)
    await wrong.run(wrong.letterboxd(SHARK))
    wrong.sandbox.faults.turn_off()
    wrong.wait()
    other = wrong.letterboxd(ALIEN, name="other.csv")
    match command:
        case "run":
            await wrong.run(other)
        case "run --no-verify":
            await wrong.run(other, verify=False)
        case "run --limit":
            await wrong.run(other, limit=1)
        case _:
            await wrong.undo(run=1)
    assert _jaws(wrong) == GIVEN


async def test_a_payment_is_never_taken_back(wrong: Any) -> None:
    """Undo of the run whose command paid leaves what was given back, and takes its rows alone."""
    _refuse_payments(wrong, answered=1)
    await wrong.run(wrong.letterboxd(SHARK))
    wrong.sandbox.faults.turn_off()
    wrong.wait()
    second = await wrong.run(wrong.letterboxd(ALIEN, name="other.csv"))
    undone = await wrong.undo(run=second.summary.run)
    assert undone.totals == {"read": 1, "removed": 1}
    assert wrong.account() == {"Jaws": GIVEN}
    await wrong.undo(all_runs=True)
    assert wrong.account() == {"Jaws": GIVEN}


async def test_a_dry_run_pays_nothing_and_says_in_one_line_what_would_be_paid(wrong: Any) -> None:
    """Neither of a run nor of an undo."""
    await wrong.run(wrong.letterboxd(HEAT, name="first.csv"))
    _refuse_payments(wrong, answered=1)
    await wrong.run(wrong.letterboxd(SHARK))
    wrong.sandbox.faults.turn_off()
    wrong.wait()
    line = "1 rating is still owed to your account from earlier runs and would be given back first"
    dry = await wrong.dry_run(wrong.letterboxd(ALIEN, name="other.csv"))
    assert (dry.told.count(line), dry.posts, _jaws(wrong)) == (1, 0, OURS)
    dry = await wrong.undo(run=1, dry_run=True)
    assert (dry.told.count(line), dry.posts, _jaws(wrong)) == (1, 0, OURS)
    assert dry.summary.owed == 1


async def test_a_debt_is_tried_once_a_command_and_a_day_and_five_times_in_all(wrong: Any) -> None:
    """Then it is stuck: told once with what could not be given back, no requests and no status 3 any more."""
    _refuse_payments(wrong, answered=1)
    await wrong.run(wrong.letterboxd(SHARK))
    other = wrong.letterboxd(HEAT, name="other.csv")
    seen: list[tuple[int, int, int, int]] = []
    told: list[str] = []
    for n in range(7):
        wrong.version = str(n)
        done = await wrong.run(other, limit=0)
        again = await wrong.run(other, limit=0)
        seen.append((done.posts, again.posts, int(done.summary.exit), done.summary.stuck))
        told.append(done.summary.message or "")
        wrong.wait()
    assert [posts for posts, *_ in seen] == [1, 1, 1, 1, 0, 0, 0]
    assert [again for _, again, *_ in seen] == [0] * 7
    assert [status for *_, status, _ in seen] == [3, 3, 3, 3, 0, 0, 0]
    assert [stuck for *_, stuck in seen] == [0, 0, 0, 1, 1, 1, 1]
    assert [n for n, text in enumerate(told) if "could not be given back" in text] == [3]
    assert "could not be given back: Jaws, 10 of 2025-03-04" in told[3]
    assert _jaws(wrong) == OURS
    document = status_document(wrong.journal, None)
    assert (document["owed"], document["stuck"]) == (0, 1)
    owing = {"key": KEY, "title": "Jaws", "rating": 10, "rated_at": "2025-03-04T05:06:07Z"}
    assert document["not_given_back"] == [owing]
    lines = status_lines(document, None)
    said = lines.index("  could not be given back: Jaws, 10 of 2025-03-04")
    steps = f"simkl-import undo --key {KEY} tries again, simkl-import mend --forget {KEY} lets it go"
    assert lines[said + 1] == f"    {steps}"
    last = last_import(wrong.journal)
    assert last is not None
    assert f"could not be given back: Jaws, 10 of 2025-03-04 ({steps})" in summary_of(wrong.journal, last).message


async def test_a_title_whose_page_is_gone_is_stuck_at_the_first_try(open_desk: Any) -> None:
    """Simkl does not know it any more, and says so of the payment and of its page: no day makes that better."""
    async with open_desk(catalog="closed") as desk:
        desk.sandbox.catalog.alias(SHARK[0], SHARK[1], "movie", JAWS)
        desk.sandbox.account.rate(JAWS, 10, "2025-03-04T05:06:07Z")
        _refuse_payments(desk, answered=1)
        await desk.run(desk.letterboxd(SHARK))
        desk.sandbox.faults.turn_off()
        desk.sandbox.catalog.lose(JAWS)
        desk.wait()
        other = desk.letterboxd(HEAT, name="other.csv")
        done = await desk.run(other)
        assert (done.summary.owed, done.summary.stuck, int(done.summary.exit)) == (0, 1, 3)
        assert "could not be given back: Jaws, 10 of 2025-03-04" in done.summary.message
        desk.wait()
        desk.version = "2"
        again = await desk.run(other)
        assert (again.posts, int(again.summary.exit)) == (0, 0)
        new = await desk.run(other)
        assert (new.requests, new.summary.message, new.summary.stuck) == ([], "nothing new", 1)


async def test_what_an_undo_could_not_give_back_is_named_by_its_rows_key(wrong: Any) -> None:
    """Five undos in vain: `undo --key` of what status names tries again."""
    await wrong.run(wrong.letterboxd(SHARK), on_conflict=OnConflict.OVERWRITE)
    _refuse_payments(wrong)
    for _ in range(5):
        wrong.wait()
        last = await wrong.undo()
    assert last.summary.stuck == 1
    [owing] = status_document(wrong.journal, None)["not_given_back"]
    assert owing["key"] == KEY
    wrong.sandbox.faults.turn_off()
    undone = await wrong.undo(owing["key"])
    assert (undone.totals, undone.summary.stuck, _jaws(wrong)) == ({"read": 1, "restored": 1}, 0, GIVEN)


async def test_undo_of_its_key_tries_a_stuck_debt_again(wrong: Any) -> None:
    """Five tries were in vain; the person asks for that row, and it is given back."""
    _refuse_payments(wrong, answered=1)
    path = wrong.letterboxd(SHARK)
    await wrong.run(path)
    for n in range(5):
        wrong.wait()
        wrong.version = str(n)
        last = await wrong.run(path)
    assert last.summary.stuck == 1
    wrong.sandbox.faults.turn_off()
    wrong.wait()
    assert (await wrong.run(path)).posts == 0
    undone = await wrong.undo(KEY)
    assert (undone.totals, _jaws(wrong)) == ({"read": 1, "restored": 1}, GIVEN)
    assert (undone.summary.stuck, undone.summary.owed, undone.summary.exit) == (0, 0, 0)


@pytest.mark.parametrize("edit", ["rated", "removed"])
async def test_what_the_person_did_meanwhile_is_never_overwritten_by_a_debt(wrong: Any, edit: str) -> None:
    """The debt is void: something stands there that was never ours and never stood there before."""
    _refuse_payments(wrong, answered=1)
    await wrong.run(wrong.letterboxd(SHARK))
    wrong.sandbox.faults.turn_off()
    wrong.wait()
    if edit == "rated":
        wrong.sandbox.account.rate(JAWS, 3, wrong.iso())
    else:
        wrong.sandbox.account.unrate(JAWS)
    before = _jaws(wrong)
    done = await wrong.run(wrong.letterboxd(HEAT, name="other.csv"))
    assert (_jaws(wrong), done.summary.owed) == (before, 0)


async def test_a_row_that_is_sent_to_the_title_supersedes_its_debt(wrong: Any) -> None:
    """The title's own row, newer and meant for it, is not given back over."""
    _refuse_payments(wrong, answered=1)
    await wrong.run(wrong.letterboxd(SHARK))
    wrong.sandbox.faults.turn_off()
    wrong.sandbox.faults.script("POST /sync/ratings", [REFUSED])
    wrong.wait()
    film = {"title": "Jaws", "year": 1975, "ids": {"trakt": 1, "imdb": "tt0073195"}}
    row = {"rated_at": "2025-06-01T00:00:00.000Z", "rating": 2, "type": "movie", "movie": film}
    await wrong.run(wrong.trakt(row))
    assert _jaws(wrong) == (2, "2025-06-01T00:00:00Z")
    await wrong.undo(all_runs=True)
    assert _jaws(wrong) == GIVEN


@pytest.mark.parametrize("how", ["refused", "killed before", "killed after"])
async def test_a_row_that_does_not_get_to_a_title_leaves_it_what_it_is_owed(wrong: Any, killed: Any, how: str) -> None:
    """An undo is owed, and the next import sends the title's row anew: were it lost, our rating would stay for ever."""
    await wrong.run(wrong.letterboxd(HEAT))
    wrong.wait()
    wrong.sandbox.faults.script("POST /sync/ratings/remove", [REFUSED])
    assert (await wrong.undo()).summary.owed == 1
    wrong.wait()
    wrong.sandbox.faults.script("POST /sync/ratings/remove", [REFUSED])
    again = wrong.letterboxd(("Heat", 1995, 3, "2024-05-05"))
    if how == "refused":
        wrong.sandbox.faults.script("POST /sync/ratings", [REFUSED])
        assert (await wrong.run(again)).totals == {"read": 1, "failed": 1}
    else:
        with pytest.raises(killed):
            await wrong.run(again, kill=(2, how == "killed after"))
    wrong.sandbox.faults.turn_off()
    for _ in range(3):
        wrong.wait()
        await wrong.undo(all_runs=True)
    assert list(wrong.account()) == ["Jaws"]


async def test_a_debt_is_judged_by_the_options_of_the_run_that_sent_it(wrong: Any) -> None:
    """An overwriting run meant it: a later, keeping command gives nothing back."""
    await wrong.run(wrong.letterboxd(SHARK), verify=False, on_conflict=OnConflict.OVERWRITE)
    wrong.wait()
    await wrong.run(wrong.letterboxd(HEAT, name="other.csv"), on_conflict=OnConflict.KEEP)
    assert _jaws(wrong) == OURS


async def test_a_keeping_run_that_did_not_read_back_is_settled_by_an_overwriting_command(wrong: Any) -> None:
    """The other way round: what the first run would have kept is given back."""
    await wrong.run(wrong.letterboxd(SHARK), verify=False, on_conflict=OnConflict.KEEP)
    wrong.wait()
    await wrong.run(wrong.letterboxd(HEAT, name="other.csv"), on_conflict=OnConflict.OVERWRITE)
    assert _jaws(wrong) == GIVEN


async def test_what_no_reading_shows_is_no_look_that_is_due(wrong: Any) -> None:
    """It is open, and after its next try the day of another one decides: until then, nothing new costs nothing."""
    wrong.sandbox.faults.turn_on("dropped-items")  # the first of three: what each of these runs sends
    path = wrong.letterboxd(HEAT)
    assert (await wrong.run(path)).totals == {"read": 1, "unconfirmed": 1}
    wrong.sandbox.faults.turn_off()
    wrong.sandbox.faults.turn_on("dropped-items")
    again = await wrong.run(path)
    assert (again.posts, again.totals) == (1, {"read": 1, "unconfirmed": 1})
    done = await wrong.run(path)
    assert (done.requests, done.summary.open) == ([], 2)


async def test_a_run_with_nothing_new_tells_what_is_open_owed_and_stuck(wrong: Any) -> None:
    """As status does: a script that looks at one document sees what has to be looked after."""
    _refuse_payments(wrong, answered=1)
    path = wrong.letterboxd(SHARK)
    await wrong.run(path)
    for n in range(5):
        wrong.wait()
        wrong.version = str(n)
        await wrong.run(path)
    done = await wrong.run(path)
    assert (done.requests, done.summary.owed, done.summary.stuck) == ([], 0, 1)


async def test_a_shifted_date_is_given_back_as_it_was_read(open_desk: Any) -> None:
    """What is read and what is to be sent for it are two values: dates do not drift."""
    async with open_desk(faults=["shifted-dates"]) as desk:
        desk.sandbox.catalog.alias(SHARK[0], SHARK[1], "movie", JAWS)
        desk.sandbox.account.rate(JAWS, 10, "2025-03-04T05:06:07Z")
        path = desk.letterboxd(HEAT, ALIEN, ("Psycho", 1960, 3, "2024-01-05"), SHARK)
        await desk.run(path)
        assert _jaws(desk) == GIVEN
        desk.wait()
        desk.version = "2"
        assert (await desk.run(path)).posts == 0
        assert _jaws(desk) == GIVEN


async def test_a_lagging_reading_is_no_edit_and_ends_no_debt(open_desk: Any) -> None:
    """The value from before shows once more: it is stale, not the person's, and the debt is paid all the same."""
    async with open_desk(faults=["lagging-ratings"]) as desk:
        desk.sandbox.catalog.alias(SHARK[0], SHARK[1], "movie", JAWS)
        desk.sandbox.account.rate(JAWS, 10, "2025-03-04T05:06:07Z")
        desk.wait()
        await desk.run(desk.letterboxd(SHARK))
        desk.wait()
        done = await desk.run(desk.letterboxd(HEAT, name="other.csv"))
        assert (_jaws(desk), done.summary.owed) == (GIVEN, 0)


async def test_the_numbers_of_open_owed_and_stuck_are_in_the_documents_of_run_and_undo(wrong: Any) -> None:
    """Of a run that was not read back, of one that owes, of an undo that pays."""
    done = await wrong.run(wrong.letterboxd(SHARK, HEAT), verify=False)
    document = summary_document(done.summary)
    assert (document["open"], document["owed"], document["stuck"]) == (2, 0, 0)
    _refuse_payments(wrong)
    wrong.wait()
    owing = summary_document((await wrong.run(wrong.letterboxd(SHARK, HEAT), limit=0)).summary)
    assert (owing["open"], owing["owed"], owing["stuck"]) == (0, 1, 0)
    wrong.sandbox.faults.turn_off()
    undone = summary_document((await wrong.undo()).summary)
    assert (undone["open"], undone["owed"], undone["stuck"]) == (0, 0, 0)
    assert wrong.account() == {"Jaws": GIVEN}
