"""Every exit status, their order, and one JSON document whatever it is."""

from __future__ import annotations

import fcntl
import io
import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

RATINGS = "Date,Name,Year,Letterboxd URI,Rating\n"
SHAPE = [
    *("schema", "command", "run", "exit", "dry_run", "account", "resume_file", "sources", "totals", "reasons", "notes"),
    *("dates", "requests", "resume_at", "seconds", "message"),
]


@contextmanager
def held(home: Path) -> Iterator[None]:
    """Another process that holds every lock there is."""
    handles = [os.open(path, os.O_RDWR) for path in (home / "state").glob("*.lock")]
    assert handles
    try:
        for handle in handles:
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        for handle in handles:
            os.close(handle)


def damaged_zip() -> bytes:
    """An export that looks well until its last byte is read."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr("ratings.csv", RATINGS + "2024-05-04,Casino,1995,https://boxd.it/1Xc2,4\n" * 9_000)
    content = bytearray(whole.getvalue())
    content[content.rindex(b"Casino")] ^= 1
    return bytes(content)


def check_document(ended: Any, command: str) -> dict[str, Any]:
    """The document has its whole shape and says the status; what went wrong is on stderr too."""
    document: dict[str, Any] = ended.document
    assert list(document) == SHAPE + ([] if command == "check" else ["open", "owed", "stuck"])
    assert (document["schema"], document["command"], document["exit"]) == (1, command, ended.status)
    if document["totals"] is not None:
        counts = dict(document["totals"])
        assert counts.pop("read") == sum(counts.values())
    return document


def test_a_good_run_is_0_and_its_document_has_every_number(machine: Any) -> None:
    """And so is the run with nothing to do."""
    first = machine.run("run", machine.export(), "--json")
    document = check_document(first, "run")
    assert first.status == 0
    assert document["totals"]["applied"] == document["totals"]["read"] == 4
    assert document["account"] == {"id": 51, "name": "Sandbox"}
    assert document["sources"] == [{"path": machine.export(), "format": "letterboxd", "rows": 4}]
    assert document["resume_file"] == str(machine.resume_file())
    assert (document["run"], document["dry_run"], document["message"]) == (1, False, None)
    assert document["requests"]["post"] >= 1
    asked = len(machine.sandbox.log)
    again = check_document(machine.run("run", machine.export(), "--json"), "run")
    assert (again["exit"], again["totals"]["unchanged"]) == (0, 4)
    assert len(machine.sandbox.log) == asked


def test_a_new_problem_is_3_and_an_old_one_0(machine: Any) -> None:
    """Thirty cron jobs report a rejected row once."""
    export = machine.export("Date,Name,Year,Letterboxd URI,Rating\n2024-05-01,Heat,1995,https://boxd.it/2a7i,5.5\n")
    assert machine.run("run", export).status == 3
    assert machine.run("run", export).status == 0
    assert machine.run("check", export).status == 3


@pytest.mark.parametrize(
    "line",
    [
        ("run", "--json"),
        ("run", "x.csv", "--json", "--batch-size", "0"),
        ("run", "x.csv", "--json", "--limt", "3"),
        ("check", "x.csv", "--json", "--only", "films"),
        ("check", "x.csv", "--json", "--from", "letterbox"),
        ("run", "x.csv", "--json", "--config", "none.toml"),
        ("undo", "--json", "--run", "1", "--all"),
        ("status", "--json"),
        ("report", "--json"),
        ("report", "--format", "csv", "--json"),
        ("run", "x.csv", "--json", "--report", "nowhere/x.html"),
        ("run", "", "--json"),
    ],
)
def test_a_usage_error_is_2(machine: Any, line: tuple[str, ...]) -> None:
    """Told on stderr with the next step, and as a document."""
    ended = machine.run(*line)
    assert ended.status == 2
    document = check_document(ended, line[0])
    assert document["message"]
    assert document["totals"] is None
    assert ended.err.startswith("simkl-import: ")
    assert len(ended.err.splitlines()) == 2


def test_an_unusable_resume_file_is_2_and_stays_as_it_was(machine: Any) -> None:
    """Not ours, or of another account."""
    export = machine.export()
    foreign = Path(machine.export("not a database, but long enough to be looked at" * 9, "foreign.sqlite"))
    before = foreign.read_bytes()
    ended = machine.run("run", export, "--json", "--resume-file", str(foreign))
    check_document(ended, "run")
    assert ended.status == 2
    assert foreign.read_bytes() == before
    assert machine.sent() == []
    machine.run("run", export)
    other = machine.sandbox.add_account("other")
    machine.sandbox.add_token("other-t0ken", other)
    ended = machine.run("run", export, "--resume-file", str(machine.resume_file()), SIMKL_ACCESS_TOKEN="other-t0ken")
    assert ended.status == 2
    assert "another account" in ended.err


def test_another_run_of_the_account_is_7(machine: Any) -> None:
    """For an undo as well."""
    export = machine.export()
    machine.run("run", export)
    with held(machine.home):
        assert check_document(machine.run("run", export, "--json"), "run")["exit"] == 7
        assert check_document(machine.run("undo", "--json", "--yes"), "undo")["exit"] == 7
        assert machine.run("status").status == 0


def test_what_cannot_be_read_is_5(machine: Any) -> None:
    """Nothing is sent of the others either."""
    ended = machine.run("run", machine.export(), "missing.zip", "--json")
    document = check_document(ended, "run")
    assert ended.status == 5
    assert "missing.zip" in document["message"]
    assert machine.sent() == []


def test_nobody_signed_in_is_4(machine: Any) -> None:
    """With the command that signs in."""
    ended = machine.run("run", machine.export(), "--json", SIMKL_ACCESS_TOKEN=None, SIMKL_CLIENT_ID=None)
    check_document(ended, "run")
    assert ended.status == 4
    assert "simkl-import login" in ended.err


def test_a_refused_token_is_4(machine: Any) -> None:
    """Also where the exports are fine."""
    ended = machine.run("run", machine.export(), "--json", SIMKL_ACCESS_TOKEN="wrong-t0ken")
    check_document(ended, "run")
    assert ended.status == 4
    assert "wrong-t0ken" not in ended.out + ended.err


@pytest.mark.parametrize("fault", ["quota", "app-quota"])
def test_a_spent_quota_is_6_and_the_rest_is_pending(machine_with: Any, fault: str) -> None:
    """The message says when it goes on."""
    with machine_with(faults=[fault]) as machine:
        ended = machine.run("run", machine.export(), "--json")
        document = check_document(ended, "run")
        assert ended.status == 6
        assert document["message"]
        assert machine.sent() == [] or document["totals"]["pending"] == 4


def test_2_comes_before_7_and_7_before_5_and_5_before_4(machine: Any) -> None:
    """Of several things that are wrong the status tells the first of its order."""
    export = machine.export()
    machine.run("run", export)
    foreign = machine.export("not a database, but long enough to be looked at" * 9, "foreign.sqlite")
    nobody: dict[str, Any] = {"SIMKL_ACCESS_TOKEN": None, "SIMKL_CLIENT_ID": None}
    refused = {"SIMKL_ACCESS_TOKEN": "wrong-t0ken"}
    broken = ("--config", machine.export('exports = ["nothing-*.zip"]', "job.toml"))
    with held(machine.home):
        assert machine.run("run", export, "--resume-file", foreign).status == 2
        assert machine.run("run", "missing.zip", "--resume-file", foreign).status == 2
        assert machine.run("run", export, "--from", "nothing").status == 2
        assert machine.run("undo", "--yes", "--resume-file", foreign).status == 2
        assert machine.run("run", "missing.zip").status == 7
        assert machine.run("run", *broken).status == 7
    assert machine.run("run", "missing.zip", "--resume-file", foreign, **nobody).status == 2
    assert machine.run("run", "missing.zip", **nobody).status == 5
    assert machine.run("run", *broken, **nobody).status == 5
    assert machine.run("run", "missing.zip", **refused).status == 5
    damaged = machine.export(damaged_zip(), "damaged.zip")
    assert machine.run("run", damaged, **refused).status == 5
    assert machine.run("run", damaged, **nobody).status == 5
    assert machine.run("run", export, **nobody).status == 4


def test_help_and_version_are_0(machine: Any) -> None:
    """On stdout, for the family and every command."""
    assert machine.run("--version").out.startswith("simkl-import ")
    for line in (["-h"], ["--help"], ["run", "-h"], ["sandbox", "--help"]):
        ended = machine.run(*line)
        assert (ended.status, ended.err) == (0, "")
        assert ended.out.startswith("Usage: simkl-import")


def test_no_command_at_all_shows_the_help(machine: Any) -> None:
    """As a usage error, on stderr."""
    ended = machine.run()
    assert (ended.status, ended.out) == (2, "")
    assert "Commands:" in ended.err


def test_a_defect_is_1_and_shows_nothing_but_its_place(machine: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """An exception's text may quote anything."""

    def fail(*_: object) -> None:
        raise ValueError("t0psecret")

    monkeypatch.setattr("importer.run.reading.read_exports", fail)
    ended = machine.run("check", machine.export(), "--json")
    check_document(ended, "check")
    assert ended.status == 1
    assert "ValueError at" in ended.err
    assert "t0psecret" not in ended.out + ended.err
