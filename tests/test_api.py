"""The importer as a library, against the sandbox: the example that its page gives, and what a program relies on."""

from __future__ import annotations

import asyncio
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from anyio.from_thread import start_blocking_portal

import importer
from importer import api
from importer.api import Item, Kind, Options, Outcome, Settings, import_ratings
from importer.errors import LockedError
from importer.machine.places import host_of
from importer.run.access import Access
from importer.sandbox.app import Sandbox
from importer.sandbox.server import serve


@pytest.fixture
def sandbox() -> Iterator[tuple[Sandbox, str]]:
    """A sandbox in another thread, so that a program may run its own loop."""
    box = Sandbox(pace=0, plan="vip")
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(serve(box)) as url:
        yield box, url


@pytest.fixture
def environment(sandbox: tuple[Sandbox, str], tmp_path: Path) -> dict[str, str]:
    """The variables of a person with an account there."""
    box, url = sandbox
    return {
        "SIMKL_API_URL": url,
        "SIMKL_CLIENT_ID": box.client_id,
        "SIMKL_ACCESS_TOKEN": box.token,
        "SIMKL_IMPORT_HOME": str(tmp_path),
        "SIMKL_IMPORT_TIME_SCALE": "0",
    }


def film(title: str, year: int, rating: int) -> Item:
    """A row as a program makes it."""
    return Item(
        key=f"mine:{title}",
        kind=Kind.MOVIE,
        title=title,
        year=year,
        ids=(),
        source_rating=str(rating),
        rating=rating,
        date=None,
        file="films",
        line=1,
    )


def test_the_example_runs_as_it_stands(
    sandbox: tuple[Sandbox, str],
    environment: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Word for word, with the variables of a person, in about fifteen lines."""
    example = textwrap.dedent("".join(re.findall(r"^(?:    .*)?\n", api.__doc__ or "", re.MULTILINE))).strip()
    assert "import_ratings(rows, Settings.of(os.environ))" in example
    assert len(example.splitlines()) <= 17
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    exec(example, {})
    assert capsys.readouterr().out == "Heat: applied\nRonin: applied\n"
    rating = sandbox[0].rated("Heat", 1995)
    assert rating is not None
    assert rating.rating == 9


def test_the_same_rows_cost_nothing_and_other_rows_are_new(
    sandbox: tuple[Sandbox, str], environment: dict[str, str]
) -> None:
    """As for an export of the command; rows that differ in one rating are other rows."""

    def again(*rows: Item) -> dict[str, int]:
        imported = asyncio.run(import_ratings(iter(rows), Settings.of(environment)))
        assert imported.summary.totals is not None
        return {name: count for name, count in imported.summary.totals.items() if count}

    assert again(film("Heat", 1995, 9)) == {"read": 1, "applied": 1}
    asked = len(sandbox[0].log)
    assert again(film("Heat", 1995, 9)) == {"read": 1, "unchanged": 1}
    assert len(sandbox[0].log) == asked
    assert again(film("Heat", 1995, 8)) == {"read": 1, "applied": 1}


def test_options_and_a_listener_are_taken(sandbox: tuple[Sandbox, str], environment: dict[str, str]) -> None:
    """A dry run sends nothing and keeps nothing, and what goes on is heard."""
    heard: list[Any] = []
    settings = Settings.of(environment, Options(dry_run=True), source="mine")
    imported = asyncio.run(import_ratings([film("Heat", 1995, 9), film("Bad", 1995, 11)], settings, heard.append))
    assert [(row.source, row.outcome) for row in imported.rows] == [
        ("mine", Outcome.PENDING),
        ("mine", Outcome.REJECTED),
    ]
    assert (imported.summary.exit, sandbox[0].account.ratings) == (3, {})
    assert heard
    assert not list(Path(environment["SIMKL_IMPORT_HOME"]).rglob("*.sqlite"))


def test_an_account_that_is_held_is_told(environment: dict[str, str]) -> None:
    """Also within one program."""
    settings = Settings.of(environment)
    asyncio.run(import_ratings([film("Heat", 1995, 9)], settings))
    access = Access(settings.url, host_of(settings.url), settings.credentials, settings.places)
    with access.lock(access.known_owner()), pytest.raises(LockedError):
        asyncio.run(import_ratings([film("Heat", 1995, 8)], settings))


def test_no_secret_is_in_what_a_program_might_print(environment: dict[str, str]) -> None:
    """The settings say whose they are, and not with what."""
    text = repr(Settings.of(environment))
    assert environment["SIMKL_ACCESS_TOKEN"] not in text
    assert environment["SIMKL_CLIENT_ID"] not in text


def test_the_types_are_there() -> None:
    """A type checker looks for this file."""
    assert (Path(importer.__file__).parent / "py.typed").is_file()
