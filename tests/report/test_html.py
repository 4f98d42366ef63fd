"""The page: its numbers are those of --json, its cells are escaped, it loads nothing, and everybody can read it."""

from __future__ import annotations

import io
import itertools
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importer.model import Kind, Note, Outcome, Reason
from importer.record import Match, Summary, summary_document
from importer.report.digest import SHOWN, link
from importer.report.html import write_html
from importer.report.safe import clean
from importer.report.styles import style_sheet

LEVELS = {"h1": 1, "h2": 2, "h3": 3}


def test_totals_reasons_and_notes_equal_the_summary_document(mixed, summarise, page):
    """Every number of --json stands on the page, in its own row."""
    summary = summarise(mixed)
    found, document = page(summary, mixed), summary_document(summary)
    for name, rows in document["totals"].items():
        assert found.row(f"outcome-{name}") == rows
    for name, rows in document["notes"].items():
        assert found.row(f"note-{name}") == rows
    ledger = [one["text"] for one in found.all("tr") if "reason" in (one.get("class") or "").split()]
    for counts in document["reasons"].values():
        for reason, rows in counts.items():
            assert any(text.startswith(reason) and text.endswith(str(rows)) for text in ledger)


def test_the_first_sentence_says_it_all(mixed, summarise, page):
    """Read, on Simkl, and what needs a person."""
    lead = next(one for one in page(summarise(mixed), mixed).all("p") if one.get("class") == "lead")
    assert lead["text"] == "1,525 rows read; 1,105 are on Simkl; 1 is still to be sent; 417 need you."


def test_histogram_counts_before_and_after(mixed, summarise, page):
    """Rows by value as exported on the left, ratings on Simkl on the right; a kept rating counts as it stands there."""
    rows = page(summarise(mixed), mixed).cells()
    assert ["1,109", "4.5", "9", "1,102"] in rows
    assert ["0", "", "3", "1"] in rows
    assert ["412", "5.5", "– no rating from 1 to 10", ""] in rows
    assert ["3", "8", "8", "3"] in rows


def test_years_by_date_given(mixed, summarise, page):
    """One table row a year; what was never to be sent is left out."""
    rows = page(summarise(mixed), mixed).cells()
    left_in = sum(one.outcome not in ("rejected", "skipped", "duplicate") for one in mixed)
    assert ["2021", f"{left_in:,}"] in rows


def test_a_long_group_is_capped_and_says_so(mixed, summarise, page):
    """The heading holds the whole number, the last line the rest."""
    found = page(summarise(mixed), mixed)
    heading = next(one for one in found.all("h3") if one.get("id") == "problem-out_of_range")
    assert heading["text"].endswith(" 412")
    more = [one["text"] for one in found.all("p") if one.get("class") == "more"]
    assert more == [f"and {412 - SHOWN} more: see simkl-import report --format csv"]
    assert sum("ratings.csv:2" in one["text"] for one in found.all("tr")) == SHOWN + 5


@settings(deadline=None)
@given(
    st.text() | st.sampled_from(["<script>alert(1)</script>", "\"'><img src=x onerror=y>", "&lt;", "\u202eabc", "]]>"])
)
def test_every_text_is_escaped(record, summarise, page, text):
    """Whatever a title, a file, a key, a rating, a format or a name holds, it is text on the page."""
    texts = {"title": text, "file": text, "key": text, "source_rating": text, "source": text}
    records = [
        record(**texts),
        record(**texts, outcome=Outcome.NOT_FOUND, matched=None),
        record(**texts, note=Note.OTHER_TITLE, matched=Match(text, None, 5)),
        record(**texts, outcome=Outcome.REJECTED, reason=Reason.NOT_A_NUMBER, rating=None),
    ]
    calm = page(summarise(records), [record(), *[record(outcome=one.outcome) for one in records[1:]]])
    found = page(summarise(records, account_name=text, message=text), records)
    assert {one["tag"] for one in found.tags} <= {one["tag"] for one in calm.tags} | {"a", "bdi", "span", "h3"}
    assert {name for one in found.tags for name in one if name.startswith("on")} == set()
    if clean(text):
        assert any(one["text"] == clean(text) for one in found.all("bdi"))
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", found.all("html")[0]["text"])


def test_nothing_points_outside_but_links_to_simkl(mixed, summarise, page):
    """No script, nothing loaded; links go to places on the page or to the title on simkl.com."""
    found = page(summarise(mixed), mixed)
    assert not {"script", "img", "iframe", "object", "embed", "form", "link", "base", "svg"} & {
        one["tag"] for one in found.tags
    }
    assert not any("src" in one or "srcset" in one or "action" in one for one in found.tags)
    places = {one["id"] for one in found.tags if "id" in one}
    for one in found.all("a"):
        assert one["href"][1:] in places or re.fullmatch(r"https://simkl\.com/(movies|tv|anime)/\d+", one["href"])
    style = found.all("style")[0]["text"]
    assert "url(" not in style
    assert "@import" not in style


@pytest.mark.parametrize(("kind", "path"), [(Kind.MOVIE, "movies"), (Kind.SHOW, "tv"), (Kind.ANIME, "anime")])
def test_links_follow_the_kind(record, kind, path):
    """Each kind has its own place on simkl.com; without kind or match there is no link."""
    assert link(record(kind=kind)) == f"https://simkl.com/{path}/53536"
    assert link(record(kind=None)) is None
    assert link(record(matched=None)) is None


def test_structure_for_screen_readers(mixed, summarise, page):
    """A language, a title, landmarks once each, headings in order, captions and scopes in every table, unique ids."""
    found = page(summarise(mixed), mixed)
    assert found.all("html")[0]["lang"] == "en"
    assert found.all("title")[0]["text"].startswith("Ratings import, run 7: 1,525 rows read")
    assert [len(found.all(tag)) for tag in ("header", "main", "nav", "footer", "h1")] == [1, 1, 1, 1, 1]
    levels = [LEVELS[one["tag"]] for one in found.tags if one["tag"] in LEVELS]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    assert len(found.all("table")) == len(found.all("caption"))
    assert all(one.get("scope") in ("col", "row") for one in found.all("th"))
    ids = [one["id"] for one in found.tags if "id" in one]
    assert len(ids) == len(set(ids))
    assert {one["aria-labelledby"] for one in found.all("section")} <= set(ids)


def test_no_folder_of_the_machine_is_on_the_page(mixed, summarise):
    """A report that is handed on tells the name of an export, not where it lay."""
    stream = io.BytesIO()
    write_html(summarise(mixed), mixed, stream)
    assert b"/home/heidi" not in stream.getvalue()
    assert b"letterboxd.zip" in stream.getvalue()


def test_nothing_read_has_a_page_of_its_own(summarise, page):
    """No rows, or not even totals: still a whole page with one sentence."""
    assert (
        "No ratings to import"
        in page(summarise([]), []).all("main")[0]["text"] + page(summarise([]), []).all("header")[0]["text"]
    )
    found = page(Summary(command="run", exit=5, message="cannot read <a.zip>"), [])
    assert "Nothing was read." in found.all("header")[0]["text"]
    assert "cannot read <a.zip>" in found.all("header")[0]["text"]


def test_pruned_rows_are_said_to_be(mixed, summarise, page):
    """Of an old run the resume file keeps some rows only: the page says that its charts are about those."""
    found = page(summarise(mixed), mixed[:100])
    assert "holds 100 of these 1,525 rows" in found.all("header")[0]["text"]


def test_a_dry_run_says_so(record, summarise, page):
    """Pending rows of a forecast are drawn as they would be."""
    records = [record(outcome=Outcome.PENDING, matched=None)]
    text = page(summarise(records, dry_run=True), records).all("body")[0]["text"]
    assert "1 would be sent" in text
    assert "nothing was changed on Simkl" in text
    assert "1 in the export, 1 would be on Simkl" in text


def test_many_rows_make_no_large_page(record, summarise):
    """The page grows with its lists, which are capped, and not with the rows."""
    stream = io.BytesIO()
    rows = (record(line=line, source_rating=str(line), title="x" * 10_000) for line in range(20_000))
    write_html(summarise([record()]), rows, stream)
    assert len(stream.getvalue()) < 100_000


def luminance(colour):
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark", "print"])
def test_contrast_suffices_in_every_scheme(scheme):
    """Text has 4.5 to 1 on every ground (WCAG AA), bars and dots have 3 to 1."""
    sheet = style_sheet()
    palettes = [
        dict(re.findall(r"--([a-z]+):(#[0-9a-f]{6})", block)) for block in re.findall(r":root\{([^}]*)\}", sheet)
    ]
    palette = palettes[("light", "dark", "print").index(scheme)]
    grounds = ["paper", "card"]
    texts = set(re.findall(r"[{;]color:var\(--([a-z]+)\)", sheet))
    marks = set(re.findall(r"background:var\(--([a-z]+)\)", sheet)) - set(grounds)
    assert {"ink", "dim", "link", "warn", "good"} <= texts
    assert {"applied", "trouble", "before"} <= marks
    for ground in grounds:
        assert {
            name: contrast(palette[name], palette[ground])
            for name in texts
            if contrast(palette[name], palette[ground]) < 4.5
        } == {}
        assert {
            name: contrast(palette[name], palette[ground])
            for name in marks
            if contrast(palette[name], palette[ground]) < 3
        } == {}
