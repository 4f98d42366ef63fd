"""Resume files that earlier versions wrote: read as they are, gone on with, and taken back to the first day."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from importer.cli.main import run as command

FIVE = {
    "Heat": (9, "2024-01-02T12:00:00Z"),
    "Alien": (8, "2024-01-03T12:00:00Z"),
    "Amélie": (7, "2024-01-04T12:00:00Z"),
    "Psycho": (6, "2024-01-05T12:00:00Z"),
    "Vertigo": (4, "2024-01-06T12:00:00Z"),
}
"""The rows that most stories import, as the account has them in the end."""

ALL_APPLIED = ["applied"] * 5
PARTLY_SENT = ["applied", "applied", "pending", "pending", "pending"]
WRONGLY_KEPT = ["unchanged", "kept", "applied"]
RUN, UNDO = ("run", "finished"), ("undo", "finished")

TOLD: dict[str, tuple[list[tuple[str, str]], list[str]]] = {
    "finished": ([RUN], [*["applied"] * 4, "unchanged", "kept", "skipped", "rejected"]),
    "killed_after_writing": ([("run", "running")], PARTLY_SENT),
    "killed_before_writing": ([("run", "running")], PARTLY_SENT),
    "stopped_by_quota": ([("run", "stopped")], PARTLY_SENT),
    "stopped_by_outage": ([("run", "stopped")], [*["applied"] * 4, "pending"]),
    "not_read_back": ([RUN], ["applied"] * 4),
    "undo_killed_before_writing": ([("undo", "running"), RUN], ALL_APPLIED),
    "undo_killed_after_writing": ([("undo", "running"), RUN], ALL_APPLIED),
    "undo_partly_refused": ([UNDO, RUN], ALL_APPLIED),
    "undone_and_run_again": ([RUN, UNDO, RUN], ALL_APPLIED),
    "overwritten": ([RUN, ("run", "stopped")], [*WRONGLY_KEPT, "applied"]),
    "overwritten_beside_another_job": ([RUN, RUN, ("run", "stopped")], WRONGLY_KEPT),
    "changed_and_never_sent": ([RUN, RUN], ["unchanged", "kept"]),
    "giving_back_refused": ([RUN], ["applied", "kept other_title"]),
    "sent_twice": ([RUN], ["applied", "duplicate shared_title", "applied other_title"]),
    "mended": ([RUN, RUN], ["applied", "applied"]),
    "another_language": ([RUN], ["applied", "applied other_title"]),
    "key_like_a_title": ([RUN], ["applied", "kept other_title"]),
    "seven_runs": ([RUN] * 5, [*["unchanged"] * 3, "applied", *["unchanged"] * 6, "applied"]),
    "findings": (
        [RUN],
        [
            "unconfirmed",
            "applied other_title",
            "duplicate shared_title",
            "applied other_title",
            "not_found",
            "rejected",
            "duplicate",
            "unconfirmed",
        ],
    ),
    "dates_shifted": ([RUN], ALL_APPLIED),
    "dates_missing": ([RUN], ["applied", "kept", "kept", "applied", "applied"]),
}
"""By story: the runs as `status` shows them, the newest first, and the rows of `report` in input order."""

TOLD_BY_VERSION = {("version_1", "key_like_a_title"): ([RUN], ["applied", "applied"])}
"""Version 1 took rows with such keys for its own repairs, and never settled them."""

EARLY = ("finished", "killed_after_writing", "undo_killed_after_writing", "mended")
EVERY_FILE = [
    *(("version_1_early", name) for name in EARLY),
    *((version, name) for version in ("version_1", "version_2") for name in TOLD),
]

CUT_SHORT = (
    "killed_after_writing",
    "killed_before_writing",
    "stopped_by_quota",
    "stopped_by_outage",
    "undo_killed_before_writing",
    "undo_killed_after_writing",
)
"""Stories whose last command did not come to its end: the same import then puts all five ratings on the account."""

SETTLED = (
    "finished",
    "undone_and_run_again",
    "sent_twice",
    "mended",
    "another_language",
    "seven_runs",
    "dates_shifted",
    "dates_missing",
)
"""Stories after which the same import has nothing to send."""

PERSONS = {"undone_and_run_again": {"Psycho": (9, "2025-06-18T09:30:09Z")}}
"""By story, what the person rated after all runs: it stays, whatever is taken back."""

TAKEN_BACK = [(version, name) for version, name in EVERY_FILE if name != "undo_partly_refused"]
"""The files of which undo takes back every rating and date, to the second."""


def test_every_kept_file_is_opened_here() -> None:
    """A file that nobody opens proves nothing."""
    kept = {(path.parent.name, path.stem) for path in Path(__file__).with_name("files").glob("*/*.sqlite")}
    assert kept == set(EVERY_FILE)


def said(capture: pytest.CaptureFixture[str], *line: str) -> str:
    """What a command that ends well says on stdout."""
    capture.readouterr()
    assert command(list(line)) == 0
    return capture.readouterr().out


@pytest.mark.parametrize(("version", "name"), EVERY_FILE)
def test_an_old_file_is_read_without_a_byte_changed(
    take: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, version: str, name: str
) -> None:
    """`status` and `report` tell of it what its own version knew, whatever today's tables look like."""
    kept = take(version, name)
    monkeypatch.setenv("SIMKL_IMPORT_HOME", str(kept.folder / "home"))
    before = kept.path.read_bytes()
    place = ("--resume-file", str(kept.path))
    status = json.loads(said(capsys, "status", "--json", *place))
    rows = [json.loads(line) for line in said(capsys, "report", "--format", "jsonl", *place).splitlines()]
    snapshot = json.loads(said(capsys, "report", "--format", "snapshot", *place))
    runs, outcomes = TOLD_BY_VERSION.get((version, name), TOLD[name])
    assert [(run["command"], run["state"]) for run in status["runs"]] == runs
    assert status["pending"] == outcomes.count("pending")
    assert [" ".join(filter(None, (row["outcome"], row["note"]))) for row in rows] == outcomes
    shown = {one["movie"]["title"]: one["user_rating"] for one in snapshot["movies"]}
    assert shown == {title["title"]: title["rating"] for title in kept.said["before"]}
    assert kept.path.read_bytes() == before
    assert {path.name for path in kept.folder.iterdir()} == {kept.path.name, *kept.said["exports"]}


@pytest.mark.parametrize(
    ("version", "name"), [one for one in EVERY_FILE if one[1] in (*CUT_SHORT, "undo_partly_refused", *SETTLED)]
)
async def test_a_later_version_goes_on_with_an_old_file(at_desk: Any, version: str, name: str) -> None:
    """The same import ends with every row on the account as it says, or as it was left; a second one finds nothing to
    do; an undo of all runs, the old ones too, gives the account back."""
    async with at_desk(version, name) as kept:
        kept.desk.version = "2.0"
        done = await kept.run()
        after = kept.at_that_time if name in SETTLED else FIVE
        assert kept.now() == after
        assert set(done.totals) <= {"read", "applied", "unchanged", "kept", "duplicate", "skipped", "rejected"}
        kept.desk.wait()
        kept.desk.version = "2.1"
        again = await kept.run()
        assert (again.posts, again.summary.exit, kept.now()) == (0, 0, after)
        if (version, name) in TAKEN_BACK:
            await kept.desk.undo(all_runs=True)
            assert kept.now() == {**kept.before, **PERSONS.get(name, {})}


@pytest.mark.parametrize(("version", "name"), TAKEN_BACK)
async def test_an_old_file_is_taken_back_to_the_first_day(at_desk: Any, version: str, name: str) -> None:
    """Whatever its last run came to: every rating and date is as it was before the program wrote, save what the person
    did since."""
    async with at_desk(version, name) as kept:
        while (await kept.desk.undo()).posts:
            kept.desk.wait()
        await kept.desk.undo(all_runs=True)
        assert kept.now() == {**kept.before, **PERSONS.get(name, {})}


@pytest.mark.parametrize("version", ["version_1", "version_2"])
@pytest.mark.parametrize("name", CUT_SHORT)
async def test_the_same_command_goes_on_with_an_old_stopped_run(at_desk: Any, version: str, name: str) -> None:
    """It is one run to the person: the report shows each of its rows once, as sent."""
    async with at_desk(version, name) as kept:
        if name.startswith("undo"):
            undone = await kept.desk.undo()
            assert (undone.summary.run, undone.totals) == (2, {"read": 5, "restored": 2, "removed": 3})
            assert kept.now() == kept.before
        else:
            done = await kept.run()
            assert (done.summary.run, done.summary.exit, done.totals) == (1, 0, {"read": 5, "applied": 5})
            assert kept.now() == FIVE
