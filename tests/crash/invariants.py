"""What must hold whatever was killed, checked item by item: at the service, on disk, and in the report."""

from __future__ import annotations

import hashlib
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from importer.sandbox.account import Rating
from importer.sandbox.app import Sandbox
from importer.sandbox.log import Request
from importer.sandbox.routes import is_call

if TYPE_CHECKING:
    from trial import Trial

WRITES = ("/sync/ratings", "/sync/ratings/remove", "/sync/history/remove")


class Witness:
    """Looks into the resume file, from outside: at every POST whether its intent is there, after every kill whether
    each batch has all of its outcomes or none.
    """

    def __init__(self, resume: Path, sandbox: Sandbox) -> None:
        self.resume = resume
        self.unintended: list[str] = []
        enter = sandbox.throttle.enter

        def watched(entry: Request, token: str) -> None:
            enter(entry, token)
            if entry.method == "POST" and entry.path in WRITES and not self._intended(entry):
                self.unintended.append(f"POST {entry.n} without its intent on disk")

        sandbox.throttle.enter = watched  # type: ignore[method-assign]

    def check_disk(self) -> None:
        """What must hold on disk at any moment."""
        if not self.resume.exists() or not self.resume.stat().st_size:
            return
        with closing(sqlite3.connect(self.resume)) as file:
            assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            if not file.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
                return
            torn = file.execute(
                "SELECT count(*) FROM batches b WHERE b.state = 'done' AND b.status BETWEEN 200 AND 299"
                " AND EXISTS (SELECT 1 FROM changes c JOIN rows r ON r.run = c.run AND r.key = c.key"
                " WHERE c.run = b.run AND c.batch = b.batch AND r.outcome = 'pending')"
            ).fetchone()
            assert torn == (0,), "a batch has its answer, but not all of its outcomes"

    def _intended(self, entry: Request) -> bool:
        digest = hashlib.sha256(entry.raw).hexdigest()
        try:
            with closing(sqlite3.connect(f"file:{self.resume}?mode=ro", uri=True)) as file:
                found = file.execute("SELECT 1 FROM batches WHERE state = 'sending' AND digest = ?", (digest,))
                return found.fetchone() is not None
        except sqlite3.Error:
            return False


def check(trial: Trial, *, faults: bool = False) -> None:
    """All that must hold at the end, after a run that ended with status 0. `faults` allow resends within a process."""
    assert trial.statuses[-1] == 0, (trial.statuses, trial.err.read_text()[-2000:])
    assert not trial.witness.unintended, trial.witness.unintended[:3]
    account, plan = trial.account(), trial.plan()
    assert not [title for title in plan if title not in account], "ratings were lost"
    assert account == plan, "ratings or dates differ from the plan"
    trial.witness.check_disk()
    check_claims(trial)
    _check_report(trial, plan)
    _check_batches(trial, faults=faults)
    check_wire(trial)
    if not faults:
        check_resends(trial)
    check_words(trial)


def check_claims(trial: Trial) -> None:
    """Whatever is called applied is on the account, also while a run is down."""
    account = trial.account()
    lost = [row["title"] for row in trial.report() if row["outcome"] == "applied" and row["title"] not in account]
    assert not lost, f"{lost[0]} is called applied and is not on the account"


def check_wire(trial: Trial) -> None:
    """No POST early or beside another, nothing in a body that does not belong there.

    Whoever waits a second after a POST has ended begins the next one more than a second after that one began, however
    slow this machine is.
    """
    assert not trial.sandbox.violations, trial.sandbox.violations[:3]
    began = [entry.started for entry in trial.sandbox.log if entry.method == "POST" and is_call(entry.path)]
    early = [later - earlier for earlier, later in pairwise(began) if later - earlier < trial.second]
    assert not early, f"an early-post: {min(early):.3f} s after the last one began"


def check_resends(trial: Trial) -> None:
    """A rating goes again only where it was in the last batch of a process that was killed."""
    seen: dict[str, tuple[int, int]] = {}
    for process, entries in enumerate(trial.slices):
        for place, entry in enumerate(_posts(entries)):
            for name in _names(entry):
                if name in seen:
                    earlier, last = seen[name]
                    assert earlier < process, f"{name} went twice from one process"
                    assert last == len(_posts(trial.slices[earlier])) - 1, f"{name} went again, and was not in flight"
                    assert trial.statuses[earlier] != 0, f"{name} went again, though nothing was killed"
                seen[name] = process, place


def check_words(trial: Trial) -> None:
    """Nothing that a process said or left behind holds a secret or a traceback, save what only its owner can read: the
    token's file, and the draft of it where the process was killed while it wrote one.
    """
    home = Path(trial.env["SIMKL_IMPORT_HOME"])
    secrets = [*trial.sandbox.keyring.tokens, *trial.sandbox.keyring.refresh_tokens, trial.sandbox.client_id]
    for path in trial.folder.rglob("*"):
        if path == home / "token.json" or (path.parent == home and path.match(".simkl-import-*.part")):
            assert path.stat().st_mode & 0o077 == 0, f"{path.name} can be read by others"
        elif path.is_file():
            content = path.read_bytes()
            for secret in secrets:
                assert secret.encode() not in content, f"{path.name} holds a secret"
    said = trial.err.read_text() + trial.out.read_text()
    assert "Traceback" not in said, said[-3000:]
    assert "defect" not in said, said[-3000:]


def _check_report(trial: Trial, plan: dict[str, Rating]) -> None:
    rows = trial.report()
    assert Counter(row["outcome"] for row in rows) == {"applied": trial.count}, "not every row is applied"
    assert len({row["key"] for row in rows}) == trial.count
    assert all(plan[row["title"]] == Rating(row["rating"], row["rated_at"]) for row in rows)


def _check_batches(trial: Trial, *, faults: bool) -> None:
    """Every batch on record has its answer, save those whose process was killed; every rating is in one."""
    with closing(sqlite3.connect(trial.resume)) as file:
        states = Counter(state for (state,) in file.execute("SELECT state FROM batches"))
        sent = {key for (key,) in file.execute("SELECT key FROM changes JOIN batches USING (run, batch)")}
        runs = file.execute("SELECT state FROM runs").fetchall()
    assert runs == [("finished",)], "one import is more than one run"
    assert len(sent) == trial.count, "a rating was sent without its intent"
    if not faults:
        assert states["sending"] <= sum(status != 0 for status in trial.statuses), "answers are missing"


def _posts(entries: list[Request]) -> list[Request]:
    return [entry for entry in entries if entry.method == "POST" and entry.path == "/sync/ratings"]


def _names(entry: Request) -> Iterator[str]:
    body = entry.body
    if isinstance(body, dict):
        for items in body.values():
            for item in items:
                yield item["title"]
