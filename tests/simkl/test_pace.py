"""The pace: one POST at a time, 1.1 s apart, over processes, kills and clocks that are set back."""

from __future__ import annotations

import json
import os
import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import anyio
import pytest

from importer.errors import InterruptedRunError
from importer.events import Detailed, Event
from importer.machine.clock import Clock
from importer.machine.lock import hold_note
from importer.simkl.pace import GET_GAP, POST_GAP, Kept, Pace, parse_moment, rest
from importer.simkl.quota import quota_reset


class Hours(Clock):
    """A clock that stands still but for the waits."""

    def __init__(self, scale: float = 1.0) -> None:
        super().__init__(scale)
        self.moment = 1_750_000_000.0
        self.steady = 5_000.0

    def now(self) -> float:
        return self.moment

    def monotonic(self) -> float:
        return self.steady

    async def sleep(self, seconds: float) -> None:
        self.moment += seconds * self.scale
        self.steady += seconds * self.scale


async def post(pace: Pace, clock: Hours, takes: float = 0.0) -> float:
    """Post once; return when it began."""
    async with pace.post():
        began = clock.steady
        await clock.sleep(takes / clock.scale if clock.scale else 0)
    return began


@pytest.mark.parametrize("scale", [1.0, 0.01, 0.0])
async def test_the_gap_counts_from_the_end_of_the_last_post(scale: float) -> None:
    """However long that one took; the scale shortens the gap alone."""
    clock = Hours(scale)
    pace = Pace(clock)
    first = await post(pace, clock, takes=7.0)
    second = await post(pace, clock)
    assert second - first == pytest.approx((7.0 if scale else 0.0) + POST_GAP * scale)


async def test_reads_keep_their_own_gap() -> None:
    """Half of what is allowed, and no wait for a POST."""
    clock = Hours()
    pace = Pace(clock)
    await post(pace, clock)
    before = clock.steady
    for _ in range(6):
        async with pace.get():
            pass
    assert clock.steady - before == pytest.approx(5 * GET_GAP)


async def test_the_next_process_keeps_the_gap_too(tmp_path: Path) -> None:
    """The end of the last POST is kept beside the account's lock."""
    clock = Hours()
    ended = await post(Pace(clock, tmp_path / "pace"), clock)
    await clock.sleep(0.4)
    assert await post(Pace(clock, tmp_path / "pace"), clock) - ended == pytest.approx(POST_GAP)


async def test_after_a_kill_the_whole_gap_is_kept(tmp_path: Path) -> None:
    """Nobody knows when a killed process's POST ended: it counts as ending now."""
    clock = Hours()
    pace = Pace(clock, tmp_path / "pace")
    async with pace.post():
        left = (tmp_path / "pace").read_bytes()
        assert json.loads(left)["used"] == 1  # it is counted before it goes
    (tmp_path / "pace").write_bytes(left)
    await clock.sleep(60)
    started = clock.steady
    assert await post(Pace(clock, tmp_path / "pace"), clock) - started == pytest.approx(POST_GAP)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b'{"ended": "x"}', b"\xff" * 90])
async def test_a_torn_pace_file_costs_one_gap(tmp_path: Path, content: bytes) -> None:
    """Killed while writing it: no error, and no early POST."""
    clock = Hours()
    (tmp_path / "pace").write_bytes(content)
    started = clock.steady
    assert await post(Pace(clock, tmp_path / "pace"), clock) - started == pytest.approx(POST_GAP)


async def test_a_clock_set_back_costs_one_gap_and_no_more(tmp_path: Path) -> None:
    """The last POST seems to lie a year ahead: nobody waits for that."""
    clock = Hours()
    await post(Pace(clock, tmp_path / "pace"), clock)
    clock.moment -= 365 * 86_400
    started = clock.steady
    assert await post(Pace(clock, tmp_path / "pace"), clock) - started == pytest.approx(POST_GAP)


async def test_a_folder_that_is_full_keeps_the_pace_within_the_process(tmp_path: Path) -> None:
    """The file cannot be written; the gap holds all the same."""
    clock = Hours()
    pace = Pace(clock, tmp_path / "gone" / "pace")
    first = await post(pace, clock)
    assert await post(pace, clock) - first == pytest.approx(POST_GAP)


async def test_requests_are_counted_by_the_day_in_new_york(tmp_path: Path) -> None:
    """Over processes, and from nothing when that day ends."""
    clock = Hours()
    await post(Pace(clock, tmp_path / "pace"), clock)
    pace = Pace(clock, tmp_path / "pace")
    await post(pace, clock)
    assert pace.used == 2
    assert json.loads((tmp_path / "pace").read_text())["used"] == 2
    clock.moment = quota_reset(clock.moment)
    await post(pace, clock)
    assert pace.used == 1


async def get(pace: Pace, count: int = 1) -> None:
    """Read so often."""
    for _ in range(count):
        async with pace.get():
            pass


async def test_requests_made_before_the_account_is_known_count_once(tmp_path: Path) -> None:
    """They move to the account, with those of earlier processes that never learnt it, and are gone from the token."""
    clock = Hours()
    token, account = tmp_path / "token.pace", tmp_path / "account.pace"
    await get(Pace(clock, account), 40)  # other processes
    await post(Pace(clock, account), clock)
    failed = Pace(clock, token)
    await get(failed, 2)
    await post(failed, clock)
    pace = Pace(clock, token)
    await get(pace)
    pace.move_to(account)
    assert pace.used == 40 + 1 + 3 + 1
    assert not token.exists()
    await post(pace, clock)
    assert Pace(clock, account).used == 46


async def test_yesterdays_requests_do_not_move_to_the_account(tmp_path: Path) -> None:
    """They were of another day."""
    clock = Hours()
    await post(Pace(clock, tmp_path / "token.pace"), clock)
    await post(Pace(clock, tmp_path / "account.pace"), clock)
    clock.moment = quota_reset(clock.moment)
    pace = Pace(clock, tmp_path / "token.pace")
    await get(pace)
    pace.move_to(tmp_path / "account.pace")
    assert pace.used == 1


async def test_a_read_that_is_not_counted_keeps_the_gap_all_the_same() -> None:
    """Simkl does not count it; two at once would be two at once."""
    clock = Hours()
    pace = Pace(clock)
    before = clock.steady
    for _ in range(3):
        async with pace.get(counted=False):
            pass
    assert pace.used == 0
    assert clock.steady - before == pytest.approx(2 * GET_GAP)


async def test_two_home_folders_share_one_pace(tmp_path: Path) -> None:
    """Each with files of its own: the second one's POST keeps the gap to the first one's end."""
    clock = Hours()
    shared = tmp_path / "shared.lock"
    first, second = (Pace(clock, tmp_path / name, shared) for name in ("one", "other"))
    await post(first, clock, takes=7.0)
    ended = clock.steady
    assert await post(second, clock) - ended == pytest.approx(POST_GAP)
    assert parse_moment(shared.read_bytes()) == pytest.approx(clock.moment)
    assert shared.stat().st_mode & 0o777 == 0o666


async def test_posts_of_two_home_folders_never_overlap(tmp_path: Path) -> None:
    """Also with nothing to wait for between them."""
    clock = Clock(0.0)
    shared = tmp_path / "shared.lock"
    inside: list[str] = []
    order: list[str] = []

    async def work(name: str) -> None:
        pace = Pace(clock, tmp_path / name, shared)
        for _ in range(3):
            async with pace.post():
                assert not inside
                inside.append(name)
                await anyio.sleep(0.01)
                inside.remove(name)
            order.append(name)

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(work, "one")
        tasks.start_soon(work, "other")
    assert sorted(order) == ["one"] * 3 + ["other"] * 3


async def test_a_process_killed_in_its_post_costs_the_others_one_gap(tmp_path: Path) -> None:
    """The system lets go of its lock; it never told when its POST ended."""
    clock = Hours()
    shared = tmp_path / "shared.lock"
    await post(Pace(clock, None, shared), clock)
    note = hold_note(shared)
    assert note is not None
    note.write(b"")
    note.close()
    await clock.sleep(60)
    started = clock.steady
    assert await post(Pace(clock, None, shared), clock) - started == pytest.approx(POST_GAP)


async def test_a_shared_end_that_lies_ahead_costs_one_gap(tmp_path: Path) -> None:
    """The clock was set back, or somebody scribbled."""
    clock = Hours()
    (tmp_path / "shared.lock").write_bytes(b"9999999999")
    started = clock.steady
    assert await post(Pace(clock, None, tmp_path / "shared.lock"), clock) - started == pytest.approx(POST_GAP)


async def test_the_first_post_of_all_waits_for_nothing(tmp_path: Path) -> None:
    """A file that was not there before tells of no POST."""
    clock = Hours()
    started = clock.steady
    assert await post(Pace(clock, None, tmp_path / "shared.lock"), clock) == started


def spoilt(kind: str, path: Path) -> None:
    """Make a path one that must not be opened."""
    match kind:
        case "link":
            path.with_name("target").write_bytes(b"precious")
            path.symlink_to(path.with_name("target"))
        case "second name":
            path.with_name("target").write_bytes(b"precious")
            path.hardlink_to(path.with_name("target"))
        case "folder":
            path.mkdir()
        case "pipe":
            os.mkfifo(path)
        case "no folder":
            path.parent.rmdir()


SAID = {
    "link": "Too many levels of symbolic links",
    "second name": "it is not a regular file with a single name",
    "folder": "Is a directory",
    "pipe": "it is not a regular file with a single name",
    "no folder": "No such file or directory",
}


@pytest.mark.parametrize("kind", SAID)
async def test_a_shared_file_that_cannot_be_used_refuses_nothing(tmp_path: Path, kind: str) -> None:
    """What lies there is left alone, the process's own files count, and it is said once."""
    clock = Hours()
    (tmp_path / "temporary").mkdir()
    shared = tmp_path / "temporary" / "shared.lock"
    spoilt(kind, shared)
    told: list[Event] = []
    pace = Pace(clock, tmp_path / "pace", shared, told.append)
    first = await post(pace, clock)
    assert await post(pace, clock) - first == pytest.approx(POST_GAP)
    assert len(told) == 1
    assert isinstance(told[0], Detailed)
    assert str(shared) in told[0].text
    assert told[0].text.endswith(SAID[kind])
    if shared.with_name("target").exists():
        assert shared.with_name("target").read_bytes() == b"precious"


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The waits between two looks at a file that another process holds, none of which is waited for."""
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    monkeypatch.setattr(anyio, "sleep", sleep)
    return waits


async def test_a_shared_file_that_nobody_lets_go_of_is_given_up(tmp_path: Path, looks: list[float]) -> None:
    """After two minutes: whatever holds it for longer than a request may take is no POST. It is looked for often."""
    clock = Hours()
    told: list[Event] = []
    note = hold_note(tmp_path / "shared.lock")
    assert note is not None
    pace = Pace(clock, None, tmp_path / "shared.lock", told.append)
    await post(pace, clock)
    assert sum(looks) == pytest.approx(120)
    assert max(looks) <= 0.1
    [event] = told
    assert isinstance(event, Detailed)
    assert event.text == (
        f"the pace is not shared with other home folders: {tmp_path / 'shared.lock'}:"
        " another process does not let go of it"
    )
    looks.clear()
    await post(pace, clock)
    assert (looks, len(told)) == ([], 1)
    note.close()


async def test_who_waits_for_another_process_can_be_stopped(tmp_path: Path, looks: list[float]) -> None:
    """At the next look."""
    clock = Hours()
    note = hold_note(tmp_path / "shared.lock")
    assert note is not None
    clock.stop(2)
    with pytest.raises(InterruptedRunError):
        await post(Pace(clock, None, tmp_path / "shared.lock"), clock)
    assert len(looks) == 1
    note.close()


async def test_while_a_post_is_under_way_the_shared_file_tells_no_end(tmp_path: Path) -> None:
    """Whoever finds it so knows that its writer was killed."""
    clock, shared = Hours(), tmp_path / "shared.lock"
    pace = Pace(clock, None, shared)
    await post(pace, clock)
    assert parse_moment(shared.read_bytes()) == clock.moment
    async with pace.post():
        assert shared.read_bytes() == b""


@pytest.mark.parametrize("late", [0.0, 0.3, 0.9])
async def test_who_waits_for_the_end_of_anothers_gap_does_not_lengthen_it(tmp_path: Path, late: float) -> None:
    """A third process still counts from the POST itself; what is left of the gap is waited for, however little."""
    seen: list[float | None] = []

    class Looking(Hours):
        async def sleep(self, seconds: float) -> None:
            seen.append(parse_moment(shared.read_bytes()))
            await super().sleep(seconds)

    clock, shared = Looking(), tmp_path / "shared.lock"
    await post(Pace(clock, None, shared), clock)
    ended = clock.moment
    await clock.sleep(late)
    seen.clear()
    other = Pace(clock, None, shared)
    async with other.post():
        assert clock.moment - ended == pytest.approx(POST_GAP)
    assert seen == [pytest.approx(ended)]


@contextmanager
def no_room() -> Iterator[None]:
    """No file of this process may grow meanwhile, as on a disk that is full."""
    before, heard = resource.getrlimit(resource.RLIMIT_FSIZE), signal.getsignal(signal.SIGXFSZ)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, heard)


async def test_a_shared_file_with_no_room_is_told_once_and_goes_no_further(tmp_path: Path) -> None:
    """The POST is made, and so is the next, at this process's own pace."""
    clock = Hours()
    told: list[Event] = []
    pace = Pace(clock, None, tmp_path / "shared.lock", told.append)
    with no_room():
        first = await post(pace, clock)
        second = await post(pace, clock)
    assert second - first == pytest.approx(POST_GAP)
    [event] = told
    assert isinstance(event, Detailed)
    assert event.text.endswith(": File too large")


@pytest.mark.parametrize("content", [b"", b"x", b"-5", b"nan", b"1e9", b"inf", b"1.5 ", b"9" * 64, b"1\x00"])
def test_what_others_scribble_into_the_shared_file_is_no_moment(content: bytes) -> None:
    """Everybody on the machine may write there."""
    assert parse_moment(content) is None


@pytest.mark.parametrize(
    ("ended", "seconds"),
    [(None, 1.1), (100.0, 1.1), (99.5, 0.6), (98.9, 0.0), (1.0, 0.0), (100.4, 1.1), (9e9, 1.1)],
)
def test_nobody_waits_for_longer_than_one_gap(ended: float | None, seconds: float) -> None:
    """At the moment 100: an end that is unknown or lies ahead counts as now."""
    assert rest(ended, 100.0, POST_GAP) == pytest.approx(seconds)


async def test_an_account_that_has_just_become_known_keeps_the_gap_over_processes(tmp_path: Path) -> None:
    """The POST that told whose account it is was made at the token's pace; the next process knows the account's."""
    clock = Hours()
    pace = Pace(clock, tmp_path / "token.pace")
    await post(pace, clock)
    ended = clock.steady
    pace.move_to(tmp_path / "account.pace")
    began = await post(Pace(clock, tmp_path / "account.pace"), clock)
    assert began - ended == pytest.approx(POST_GAP)


@pytest.mark.parametrize("kept", [Kept(5.25, "2025-06-15", 7), Kept(None, "2025-06-15", 7)])
def test_what_is_left_for_the_next_process_is_read_as_it_was(kept: Kept) -> None:
    """A known end is not the moment of writing; an unknown one stays unknown."""
    assert Kept.parse(kept.encoded(9.0).encode()) == kept
    assert json.loads(kept.encoded(9.0))["ended"] == (5.25 if kept.ended else 9.0)  # an older program reads a number


async def test_a_pace_moves_from_nowhere_to_its_own_place_and_to_one_that_cannot_be_written(tmp_path: Path) -> None:
    """Only a count that has found a new place is taken away from its old one."""
    clock = Hours()
    own = tmp_path / "account.pace"
    pace = Pace(clock)
    await get(pace)
    pace.move_to(own)
    assert json.loads(own.read_text())["used"] == 1
    pace.move_to(own)
    assert own.exists()
    pace.move_to(tmp_path / "gone" / "account.pace")
    assert own.exists()


def test_the_gaps_are_those_of_the_pages() -> None:
    """One POST a second, and half of ten reads a second."""
    assert (POST_GAP, GET_GAP) == (1.1, 0.2)


async def test_requests_of_processes_that_overlap_are_all_counted(tmp_path: Path) -> None:
    """Also where neither posts, and where one posts after the other's last read."""
    clock = Hours()
    one, other = Pace(clock, tmp_path / "pace"), Pace(clock, tmp_path / "pace")
    await get(one, 3)
    await get(other, 2)
    assert Pace(clock, tmp_path / "pace").used == 5
    await post(other, clock)
    await get(one)
    assert Pace(clock, tmp_path / "pace").used == 7


async def test_a_read_leaves_the_end_of_the_last_post_as_another_process_left_it(tmp_path: Path) -> None:
    """The next POST waits for that one, not for what the reader knew when it began."""
    clock = Hours()
    reader, poster = Pace(clock, tmp_path / "pace"), Pace(clock, tmp_path / "pace")
    ended = await post(poster, clock)
    await get(reader)
    assert await post(Pace(clock, tmp_path / "pace"), clock) - ended == pytest.approx(POST_GAP)


async def test_a_process_that_keeps_no_file_counts_its_own_requests() -> None:
    """All of a day."""
    pace = Pace(Hours())
    await get(pace, 3)
    assert pace.used == 3


async def test_an_account_that_becomes_known_has_its_own_requests_and_the_rest_of_its_gap(tmp_path: Path) -> None:
    """What another process of the account did counts, and so does what earlier ones did before it was known."""
    clock = Hours()
    other = Pace(clock, tmp_path / "account.pace")
    await get(other, 4)
    await get(Pace(clock, tmp_path / "token.pace"), 2)
    pace = Pace(clock, tmp_path / "token.pace")
    await get(pace)
    await post(other, clock)
    ended = clock.steady
    await clock.sleep(0.3)
    pace.move_to(tmp_path / "account.pace")
    assert pace.used == json.loads((tmp_path / "account.pace").read_text())["used"] == 8
    assert await post(pace, clock) - ended == pytest.approx(POST_GAP)


async def test_a_file_that_cannot_be_read_costs_one_gap(tmp_path: Path) -> None:
    """Somebody may have posted: who cannot look waits."""
    clock = Hours()
    (tmp_path / "pace").mkdir()
    started = clock.steady
    assert await post(Pace(clock, tmp_path / "pace"), clock) - started == pytest.approx(POST_GAP)


@pytest.mark.parametrize("scale", [0.01, 0.5])
async def test_the_shared_gap_is_scaled_like_every_wait(tmp_path: Path, scale: float) -> None:
    """Two home folders of one machine that is told to hurry."""
    clock = Hours(scale)
    first = await post(Pace(clock, tmp_path / "a", tmp_path / "shared"), clock)
    second = await post(Pace(clock, tmp_path / "b", tmp_path / "shared"), clock)
    assert second - first == pytest.approx(POST_GAP * scale, abs=1e-4)


async def test_a_read_is_no_post_for_the_next_process(tmp_path: Path) -> None:
    """Its gap counts from the last POST."""
    clock = Hours()
    pace = Pace(clock, tmp_path / "pace")
    ended = await post(pace, clock)
    await clock.sleep(0.6)
    await get(pace)
    assert await post(Pace(clock, tmp_path / "pace"), clock) - ended == pytest.approx(POST_GAP)
