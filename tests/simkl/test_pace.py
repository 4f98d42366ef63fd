"""The pace: one POST at a time, 1.1 s apart, over processes, kills and clocks that are set back."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from importer.machine.clock import Clock
from importer.simkl.pace import GET_GAP, POST_GAP, Pace, quota_day, quota_reset


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


@pytest.mark.parametrize(
    ("moment", "reset"),
    [
        ("2026-01-15T12:00:00", "2026-01-16T05:00:00"),
        ("2026-07-15T03:59:59", "2026-07-15T04:00:00"),
        ("2026-03-08T12:00:00", "2026-03-09T04:00:00"),
        ("2026-11-01T12:00:00", "2026-11-02T05:00:00"),
    ],
)
def test_the_day_ends_at_midnight_in_new_york(moment: str, reset: str) -> None:
    """In summer and in winter, and on the days between them."""
    now = datetime.fromisoformat(moment).replace(tzinfo=UTC).timestamp()
    end = datetime.fromisoformat(reset).replace(tzinfo=UTC).timestamp()
    assert quota_reset(now) == end
    assert quota_day(end - 1) == quota_day(now) != quota_day(end)


async def test_an_account_that_has_just_become_known_keeps_the_gap_over_processes(tmp_path: Path) -> None:
    """The POST that told whose account it is was made at the token's pace; the next process knows the account's."""
    clock = Hours()
    pace = Pace(clock, tmp_path / "token.pace")
    await post(pace, clock)
    ended = clock.steady
    pace.move_to(tmp_path / "account.pace")
    began = await post(Pace(clock, tmp_path / "account.pace"), clock)
    assert began - ended == pytest.approx(POST_GAP)
