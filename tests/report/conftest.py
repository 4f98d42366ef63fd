"""What the tests of the reports share: a maker of records, a reader of pages, and streams that are not nice."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Callable, Sequence
from html.parser import HTMLParser
from typing import Any

import pytest

from importer.model import Kind, Note, Origin, Outcome, Reason
from importer.record import Match, Record, Requests, SourceSummary, Summary
from importer.report.html import write_html

VOID = ("meta", "wbr", "br", "link", "img")

PLAIN = Record(
    source="letterboxd",
    file="ratings.csv",
    line=2,
    key="letterboxd:https://boxd.it/1",
    kind=Kind.MOVIE,
    title="Heat",
    year=1995,
    ids=(("imdb", "tt0113277"), ("tmdb", "949")),
    source_rating="4.5",
    rating=9,
    rated_at=1_614_859_205,
    date_from=Origin.RATING,
    outcome=Outcome.APPLIED,
    reason=None,
    note=None,
    simkl_status="completed",
    prior_rating=None,
    prior_rated_at=None,
    matched=Match("Heat", 1995, 53_536),
    batch=1,
    fresh=True,
)


class Page(HTMLParser):
    """A page as a reader of it sees it: every tag with its attributes and text, and what was left open."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[dict[str, Any]] = []
        self.tags: list[dict[str, Any]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        around = [outer.get("class") or "" for outer in self.open]
        one = {"tag": tag, "text": "", "inside": [outer["tag"] for outer in self.open], "within": " ".join(around)}
        one |= dict(attrs)
        self.tags.append(one)
        if tag not in VOID:
            self.open.append(one)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop()["tag"] == tag

    def handle_data(self, data: str) -> None:
        for one in self.open:
            one["text"] += data

    def all(self, tag: str) -> list[dict[str, Any]]:
        """Every element of that name, in the order of the page."""
        return [one for one in self.tags if one["tag"] == tag]

    def cells(self) -> list[list[str]]:
        """The text of every cell of every table row."""
        rows: list[list[str]] = []
        for one in self.tags:
            if one["tag"] == "tr":
                rows.append([])
            elif one["tag"] in ("td", "th"):
                rows[-1].append(one["text"])
        return rows

    def row(self, name: str) -> int | None:
        """The number that the table row with this id shows, or None where there is no such row."""
        for place, one in enumerate(self.tags):
            if one.get("id") == name:
                data = next(later for later in self.tags[place:] if later["tag"] == "data")
                assert int(data["text"].replace(",", "")) == int(data["value"])
                return int(data["value"])
        return None


class GoneStream(io.StringIO):
    """A stream whose other end hangs up after some writes."""

    def __init__(self, writes: int = 0) -> None:
        super().__init__()
        self.left = writes

    def write(self, text: str) -> int:
        self.left -= 1
        if self.left < 0:
            raise BrokenPipeError
        return super().write(text)


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(scope="session")
def record() -> Callable[..., Record]:
    """A maker of records that differ from a plain one in what is given."""

    def make(**changes: Any) -> Record:
        return dataclasses.replace(PLAIN, **changes)

    return make


@pytest.fixture(scope="session")
def summarise() -> Callable[..., Summary]:
    """A maker of the summary that belongs to some records."""

    def make(records: Sequence[Record], **changes: Any) -> Summary:
        totals: dict[str, int] = {"read": len(records)}
        reasons: dict[str, dict[str, int]] = {}
        notes: dict[str, int] = {}
        for one in records:
            totals[one.outcome] = totals.get(one.outcome, 0) + 1
            if one.reason is not None:
                counts = reasons.setdefault(one.outcome, {})
                counts[one.reason] = counts.get(one.reason, 0) + 1
            if one.note is not None:
                notes[one.note] = notes.get(one.note, 0) + 1
        summary = Summary(
            command="run",
            exit=0,
            run=7,
            account_id=51,
            account_name="heidi",
            resume_file="/home/heidi/.local/state/simkl-import/51.sqlite",
            sources=(SourceSummary("/home/heidi/letterboxd.zip", "letterboxd", len(records)),),
            totals=totals,
            reasons=reasons,
            notes=notes,
            requests=Requests(post=11, get=3, retries=1),
            seconds=14.24,
            started=1_795_000_000,
        )
        return dataclasses.replace(summary, **changes)

    return make


@pytest.fixture(scope="session")
def page() -> Callable[..., Page]:
    """Writes the HTML report and reads it again; everything that was opened is closed."""

    def make(summary: Summary, records: Sequence[Record]) -> Page:
        stream = io.BytesIO()
        write_html(summary, iter(records), stream)
        found = Page(stream.getvalue().decode())
        assert found.open == []
        return found

    return make


@pytest.fixture
def gone() -> type[GoneStream]:
    """The maker of streams that hang up."""
    return GoneStream


@pytest.fixture
def terminal() -> type[Terminal]:
    """The maker of streams that pass for terminals."""
    return Terminal


@pytest.fixture(scope="session")
def mixed(record: Callable[..., Record]) -> list[Record]:
    """Rows of two sources with every outcome and every kind of problem."""
    off = {"rating": None, "matched": None, "rated_at": None, "batch": None}
    return [
        *(record(line=line) for line in range(2, 1_102)),
        *(record(source="mal", kind=Kind.ANIME, outcome=Outcome.UNCHANGED, source_rating="8", rating=8) for _ in "abc"),
        record(outcome=Outcome.KEPT, reason=Reason.CONFLICT, prior_rating=3),
        record(outcome=Outcome.DUPLICATE, matched=None),
        record(outcome=Outcome.SKIPPED, reason=Reason.UNRATED, source_rating="0", **off),
        *(record(outcome=Outcome.REJECTED, reason=Reason.OUT_OF_RANGE, source_rating="5.5", **off) for _ in range(412)),
        record(outcome=Outcome.REJECTED, reason=Reason.NO_YEAR, matched=None, year=None),
        record(outcome=Outcome.NOT_FOUND, matched=None),
        record(outcome=Outcome.UNCONFIRMED, matched=None),
        record(outcome=Outcome.FAILED, matched=None),
        record(outcome=Outcome.PENDING, matched=None),
        record(note=Note.OTHER_TITLE, matched=Match("Heat Wave", 2022, 1_234)),
        record(note=Note.SHARED_TITLE),
    ]
