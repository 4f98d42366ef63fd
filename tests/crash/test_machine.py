"""A machine in trouble: a full disk, folders that cannot be written, streams that go away, two runs at once."""

from __future__ import annotations

import os
import signal

import limits
import pytest

SENDS = "POST", "/sync/ratings"


def test_a_full_disk_is_one_line_and_loses_nothing(make, law) -> None:
    """Wherever the disk is full first: status 2, nothing sent that is not on record, and the same command goes on."""
    with make(300, 20) as trial:
        stopped = 0
        for kilobytes in range(8, 400, 28):
            status = trial.run(fsize=kilobytes * 1024)
            assert status in (0, 2)
            trial.witness.check_disk()
            if status == 2:
                stopped += 1
                assert len(trial.said().strip().splitlines()) <= 2
                assert "resume" in trial.said()
        assert stopped > 3
        assert trial.run() == 0
        law.check_words(trial)
        assert trial.account() == trial.plan()
        assert not trial.witness.unintended


def test_a_disk_that_is_full_from_the_start_leaves_nothing_half_made(make) -> None:
    """No resume file, no draft of one, and no request that could have needed it."""
    with make(5) as trial:
        assert trial.run(fsize=4096) == 2
        assert not [path for path in trial.folder.iterdir() if "resume" in path.name]
        assert not trial.sandbox.requests(*SENDS)
        assert trial.run() == 0


@pytest.mark.skipif(not limits.can_give_up_power(), reason="permissions do not count for this user")
def test_a_folder_that_cannot_be_written_is_one_line(make) -> None:
    """The state folder first, then the resume file's: status 2 and no POST either way."""
    with make(5) as trial:
        state = trial.folder / "home" / "state"
        state.mkdir(parents=True)
        state.chmod(0o500)
        assert trial.run(powerless=True) == 2
        assert "cannot lock" in trial.said()
        state.chmod(0o700)
        trial.resume = trial.folder / "closed" / "resume.sqlite"
        trial.resume.parent.mkdir(mode=0o500)
        assert trial.run(powerless=True) == 2
        assert "cannot be made" in trial.said()
        trial.resume.parent.chmod(0o700)
        assert not trial.sandbox.requests(*SENDS)
        assert "Traceback" not in trial.err.read_text()


@pytest.mark.skipif(not limits.can_give_up_power(), reason="permissions do not count for this user")
def test_a_resume_file_that_cannot_be_written_is_one_line(make) -> None:
    """It can be read: nothing is sent all the same, since no intent could be put on disk."""
    with make(5) as trial:
        assert trial.run("--limit", "2") == 0
        before, sent = trial.resume.read_bytes(), len(trial.sandbox.requests(*SENDS))
        trial.resume.chmod(0o400)
        assert trial.run(powerless=True) == 2
        assert str(trial.resume) in trial.said()
        assert trial.resume.read_bytes() == before
        assert len(trial.sandbox.requests(*SENDS)) == sent


@pytest.mark.parametrize("closed", [[1], [2], [0, 1, 2]], ids=str)
def test_closed_streams_change_nothing(make, law, closed: list[int]) -> None:
    """Nobody listens; the work and the status are the same."""
    with make(30, 10) as trial:
        assert trial.run(closed=closed) == 0
        law.check(trial)


def test_a_terminal_that_goes_away_does_no_harm(make, law) -> None:
    """SIGHUP in the middle of a POST: the run goes on to its end."""
    with make(30, 10) as trial:
        trial.sandbox.faults.dials.stall = 0.2
        trial.sandbox.faults.script("POST /sync/ratings", ["stall"])
        pid = trial.start("run", str(trial.export), "--batch-size", "10", "-q")
        trial.until(lambda: trial.sandbox.requests(*SENDS))
        os.kill(pid, signal.SIGHUP)
        assert trial.finish(pid) == 0
        law.check(trial)


def test_a_second_run_is_turned_away_until_the_first_has_ended(make, law) -> None:
    """Status 7 at once and no request; a holder that is killed does not block."""
    with make(30, 10) as trial:
        trial.sandbox.faults.script("POST /sync/ratings", ["stall"])
        pid = trial.start("run", str(trial.export), "--batch-size", "10", "-q")
        trial.until(lambda: trial.sandbox.requests(*SENDS))
        asked = len(trial.sandbox.log)
        assert trial.run() == 7
        assert "another run" in trial.said()
        assert len(trial.sandbox.log) == asked
        os.kill(pid, signal.SIGKILL)
        assert trial.finish(pid) == -signal.SIGKILL
        assert trial.run() == 0
        assert trial.account() == trial.plan()
        law.check_wire(trial)
