"""The page: its numbers are those of --json, its cells are escaped, it loads nothing, and everybody can read it."""

from __future__ import annotations

import base64
import hashlib
import io
import itertools
import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importer.model import Kind, Note, Origin, Outcome, Precision, Reason
from importer.record import Match, Summary, TakenBack, summary_document
from importer.report.html import write_html
from importer.report.links import matched_page, searches, source_page
from importer.report.page import PREVIEW
from importer.report.safe import clean
from importer.report.styles import style_sheet
from importer.report.words import OUTCOMES, REASONS

LEVELS = {"h1": 1, "h2": 2, "h3": 3}
LEFT_IN = {"matched": None, "batch": None}


def written(summary, records):
    stream = io.BytesIO()
    write_html(summary, iter(records), stream)
    return stream.getvalue()


def body(found):
    """The text of the page."""
    return found.all("body")[0]["text"]


def test_totals_reasons_and_notes_equal_the_summary_document(mixed, summarise, page):
    """Every number of --json above zero stands on the page, in its own row with its own words."""
    summary = summarise(mixed)
    found, document = page(summary, mixed), summary_document(summary)
    for name, rows in document["totals"].items():
        assert found.row(f"outcome-{name}") == (rows or None)
    for name, rows in document["notes"].items():
        assert found.row(f"note-{name}") == rows
    lines = found.cells()
    for counts in document["reasons"].values():
        for reason, rows in counts.items():
            assert [REASONS[reason], reason, f"{rows:,}"] in lines


def test_outcomes_have_plain_words_and_none_that_is_empty_is_shown(record, summarise, page):
    """The name that files and commands use stands beside them."""
    found = page(summarise([record()]), [record()])
    assert ["Sent, and on Simkl", "applied", "1"] in found.cells()
    ids = {one["id"] for one in found.tags if "id" in one}
    assert {name for name in ids if name.startswith("outcome-")} == {"outcome-applied", "outcome-read"}
    assert not {"needs", "elsewhere", "rows-kept", "rows-replaced"} & ids


def test_the_first_sentence_says_it_all_and_what_needs_a_person_comes_next(mixed, summarise, page):
    """Read, on Simkl, and what needs a person, with a way there; then the problems, then what was changed."""
    found = page(summarise(mixed), mixed)
    lead = next(one for one in found.all("p") if one.get("class") == "lead")
    assert lead["text"] == "1,525 rows read; 1,105 are on Simkl; 1 is still to be sent; 417 need you."
    assert next(one for one in found.all("a") if one["text"] == "417 need you.")["href"] == "#needs"
    headings = [one["id"] for one in found.all("h2")]
    assert headings[:4] == ["needs", "elsewhere", "rows-kept", "outcomes"]


def test_every_row_is_on_the_page_once(mixed, summarise, page):
    """Whatever became of it: the problems and changes at once, the rest folded."""
    found = page(summarise(mixed), mixed)
    cells = [one["text"] for one in found.all("td") if "rows" in one["within"].split()]
    titles = [text for text in cells if text.startswith("Heat") and not text.startswith("Heat Wave")]
    assert len(titles) == len(mixed)


def test_a_long_group_is_folded_and_says_how_long(mixed, summarise, page):
    """The heading holds the whole number, the fold the rest."""
    found = page(summarise(mixed), mixed)
    heading = next(one for one in found.all("h3") if one.get("id") == "problem-out_of_range")
    assert heading["text"].endswith(" 412")
    assert f"{412 - PREVIEW} more rows" in [one["text"] for one in found.all("summary")]


def test_histogram_counts_before_and_after(mixed, summarise, page):
    """Rows by value as exported on the left, ratings on Simkl on the right; a kept rating counts as it stands there."""
    rows = page(summarise(mixed), mixed).cells()
    assert ["1,109", "4.5", "9", "1,102"] in rows
    assert ["0", "", "3", "1"] in rows
    assert ["412", "5.5", "– no rating from 1 to 10", ""] in rows
    assert ["3", "8", "8", "3"] in rows


def test_years_and_the_newest_use_true_dates_alone(record, summarise, page):
    """A stand-in is no date that a rating was given on; how many were left out is told."""
    true = [record(rated_at=1_614_859_205, title="True"), record(rated_at=1_583_000_000, date_from=Origin.ENTRY)]
    stand_ins = [
        record(rated_at=1_795_000_000, date_from=origin, title="Stand-in")
        for origin in (Origin.WATCHED, Origin.EDITED, Origin.RUN)
    ]
    found = page(summarise([*true, *stand_ins]), [*true, *stand_ins])
    rows = found.cells()
    assert (["2021", "1"] in rows, ["2020", "1"] in rows, ["2026", "3"] in rows) == (True, True, False)
    assert "3 ratings without a rating date are left out" in body(found)
    (newest,) = [one for one in found.all("section") if one["aria-labelledby"] == "newest"]
    assert "Heat" in newest["text"]
    assert newest["text"].count("2021-03-04") == 1
    assert "2026" not in newest["text"]


def test_a_stand_in_is_told_wherever_its_date_is_shown(record, summarise, page):
    """In its row, and in one line with how to leave such out."""
    one = record(date_from=Origin.WATCHED)
    found = page(summarise([one], dates={"watched": 1}), [one])
    assert ["Heat 1995", "4.5 → 9", "watched 2021-03-04"] in found.cells()
    assert "1 rating has no rating date: it gets the day the title was watched; --undated skip leaves it out" in body(
        found
    )


def test_replaced_and_kept_ratings_show_both_sides_with_their_dates(record, summarise, page):
    """After a run, and in a dry run."""
    replaced = {"prior_rating": 7, "prior_rated_at": 1_614_686_400}
    kept = record(title="Alien", outcome=Outcome.KEPT, reason=Reason.CONFLICT, **replaced)
    for outcome, dry in ((Outcome.APPLIED, False), (Outcome.PENDING, True)):
        records = [record(outcome=outcome, **replaced), kept]
        found = page(summarise(records, dry_run=dry), records)
        assert ["Heat 1995", "7 2021-03-02", "9 2021-03-04"] in found.cells()
        assert [f"Alien 1995{REASONS[Reason.CONFLICT]}", "7 2021-03-02", "9 2021-03-04"] in found.cells()
        assert "--on-conflict overwrite" in body(found)


def test_each_problem_row_leads_to_where_it_can_be_looked_up(record, summarise, page):
    """Its page at the site it comes from, and three searches for its title and year."""
    one = record(outcome=Outcome.NOT_FOUND, title="Tom & Jerry: “100 %”", year=1965, **LEFT_IN)
    found = page(summarise([one]), [one])
    section = [link for link in found.all("a") if "td" in link["inside"]]
    assert {link["text"]: link["href"] for link in section} == {
        "Letterboxd": "https://boxd.it/1",
        "Simkl": "https://simkl.com/search/?type=movies&q=Tom+%26+Jerry:+“100+%25”",
        "TMDB": "https://www.themoviedb.org/search/movie?query=Tom+%26+Jerry:+“100+%25”+y:1965",
        "IMDb": "https://www.imdb.com/find/?q=Tom+%26+Jerry:+“100+%25”+1965&s=tt",
    }


@pytest.mark.parametrize(
    ("key", "page"),
    [
        ("letterboxd:https://boxd.it/2a7i", "https://boxd.it/2a7i"),
        ("letterboxd:https://letterboxd.com/film/heat-1995/", "https://letterboxd.com/film/heat-1995/"),
        ("letterboxd:javascript:alert(1)", None),
        ("letterboxd:https://boxd.it.example.com/x", None),
        ('letterboxd:https://boxd.it/x" onclick="y', None),
        ("letterboxd:imdb=tt0113277", "https://www.imdb.com/title/tt0113277/"),
        ("mal:5114", "https://myanimelist.net/anime/5114"),
        ("mal:manga:2", None),
        ("trakt:movie:481", "https://trakt.tv/search/trakt/481?id_type=movie"),
        ("trakt:show:1390", "https://trakt.tv/search/trakt/1390?id_type=show"),
        ("trakt:movie:slug:heat-1995", "https://trakt.tv/movies/heat-1995"),
        ("trakt:movie:imdb:tt0113277", "https://www.imdb.com/title/tt0113277/"),
        ("imdb:tt0113277", "https://www.imdb.com/title/tt0113277/"),
        ("simkl:show:17465", "https://simkl.com/tv/17465"),
        ("anilist:5114", "https://anilist.co/anime/5114"),
        ("anilist:mal=5114", "https://myanimelist.net/anime/5114"),
        ("anilist:manga:mal=2", None),
        ("generic:movie:tmdb=949", "https://www.themoviedb.org/movie/949"),
        ("generic:movie:heat:1995", None),
    ],
)
def test_a_key_leads_to_no_page_but_the_sites_own(record, key, page):
    """Whatever an export wrote into it."""
    found = source_page(record(key=key))
    assert (found and found[1]) == page


def test_searches_fit_the_kind(record):
    """Series and anime are not looked for among films; without a title there is nothing to look for."""
    assert [page for _, page in searches(record(kind=Kind.ANIME, title="Monster", year=None))] == [
        "https://simkl.com/search/?type=anime&q=Monster",
        "https://www.themoviedb.org/search/tv?query=Monster",
        "https://www.imdb.com/find/?q=Monster&s=tt",
    ]
    assert searches(record(title="")) == []


def test_a_row_on_another_title_names_both_and_the_whole_command(record, summarise, page):
    """To be copied as it stands."""
    one = record(note=Note.OTHER_TITLE, matched=Match("Heat Wave", 2022, 1_234), key="generic:movie:it's:1995")
    found = page(summarise([one]), [one])
    (row,) = [line for line in found.cells() if "Heat Wave (2022)" in line[-1]]
    assert row[-1].endswith("""simkl-import undo --key 'generic:movie:it'"'"'s:1995'""")
    assert any(link.get("href") == "https://simkl.com/movies/1234" for link in found.all("a"))


@pytest.mark.parametrize(
    ("zone", "day", "began"),
    [("Pacific/Kiritimati", "2021-03-05", "2026-11-19 01:06"), ("UTC", "2021-03-04", "2026-11-18 11:06")],
)
def test_times_are_the_readers_with_utc_beside(record, summarise, page, monkeypatch, zone, day, began):
    """A day that is known as a day is that day in every zone."""
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        seconds = record(title="Seconds", rated_at=1_614_859_205 + 36_000, precision=Precision.SECOND)
        one_day = record(title="Day", rated_at=1_614_859_200, precision=Precision.DAY)
        found = page(summarise([seconds, one_day]), [seconds, one_day])
    finally:
        monkeypatch.undo()
        time.tzset()
    assert ["Day 1995", "4.5 → 9", "2021-03-04"] in found.cells()
    assert ["Seconds 1995", "4.5 → 9", day] in found.cells()
    assert {one["title"] for one in found.all("td") if "title" in one} == {"2021-03-04 22:00:05 UTC"}
    (started,) = found.all("time")
    assert (started["text"][:16], started["title"]) == (began, "2026-11-18 11:06 UTC")


def test_an_undo_has_its_rows_and_its_words(record, summarise, page):
    """What was put back, taken off, left, and what could not be done."""
    records = [
        record(title="Back", outcome=TakenBack.RESTORED, prior_rating=9, rating=7, prior_rated_at=1_614_859_205),
        record(title="Off", outcome=TakenBack.REMOVED, prior_rating=9, rating=None, rated_at=None, date_from=None),
        record(title="Yours", outcome=TakenBack.LEFT, prior_rating=4, rating=7),
        record(title="Lost", outcome=Outcome.NOT_FOUND, prior_rating=9, rating=7),
    ]
    found = page(summarise(records, command="undo", sources=()), records)
    rows = found.cells()
    assert ["Back 1995", "9 2021-03-04", "7 2021-03-04"] in rows
    assert ["Off 1995", "9", "–"] in rows
    assert ["Yours 1995", "4", "7 2021-03-04"] in rows
    assert any(row[0].startswith("Lost 1995") and row[1] == "9 → 7" for row in rows)
    text = body(found)
    for words in (TakenBack.RESTORED, TakenBack.REMOVED, TakenBack.LEFT):
        assert OUTCOMES[words][1:] in text
    assert "look the title up on Simkl" in text
    assert "rejects.csv" not in text
    assert "Ratings, before and after" not in text


@pytest.fixture(scope="module")
def calm_tags(record, summarise, page):
    """The tags of a page of every kind of row, with nothing but a plain title."""
    outcomes = (Outcome.APPLIED, Outcome.NOT_FOUND, Outcome.APPLIED, Outcome.REJECTED, Outcome.KEPT)
    records = [record(outcome=outcome) for outcome in outcomes]
    return {one["tag"] for one in page(summarise(records), records).tags}


@settings(deadline=None)
@given(
    st.text() | st.sampled_from(["<script>alert(1)</script>", "\"'><img src=x onerror=y>", "&lt;", "\u202eabc", "]]>"])
)
def test_every_text_is_escaped(record, summarise, page, calm_tags, text):
    """Whatever a title, a file, a key, a rating, a format or a name holds, it is text on the page."""
    texts = {"title": text, "file": text, "key": text, "source_rating": text, "source": text}
    records = [
        record(**texts),
        record(**texts, outcome=Outcome.NOT_FOUND, matched=None),
        record(**texts, note=Note.OTHER_TITLE, matched=Match(text, None, 5)),
        record(**texts, outcome=Outcome.REJECTED, reason=Reason.NOT_A_NUMBER, rating=None),
        record(**texts, outcome=Outcome.KEPT, prior_rating=3),
    ]
    found = page(summarise(records, account_name=text, message=text), records)
    assert {one["tag"] for one in found.tags} <= calm_tags | {
        "a",
        "b",
        "bdi",
        "wbr",
        "h3",
        "code",
        "p",
    }
    assert {name for one in found.tags for name in one if name.startswith("on") or name == "style"} == set()
    if clean(text):
        assert any(one["text"] == clean(text) for one in found.all("b"))
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", found.all("html")[0]["text"])


def test_nothing_is_loaded_and_links_lead_to_known_sites_alone(mixed, summarise, page):
    """No script, no style but one sheet that the policy names by its digest; links to the page itself and six sites."""
    found = page(summarise(mixed), mixed)
    assert not {"script", "img", "iframe", "object", "embed", "form", "link", "base", "svg"} & {
        one["tag"] for one in found.tags
    }
    assert not any({"src", "srcset", "action", "style"} & set(one) for one in found.tags)
    places = {one["id"] for one in found.tags if "id" in one}
    sites = r"https://(simkl\.com|boxd\.it|myanimelist\.net|www\.themoviedb\.org|www\.imdb\.com)(/|$)"
    for one in found.all("a"):
        assert one["href"][1:] in places or re.match(sites, one["href"])
    assert any(one["href"] == "https://simkl.com" and one["text"] == "Simkl" for one in found.all("a"))
    sheet = found.all("style")[0]["text"]
    assert "url(" not in sheet
    assert "@import" not in sheet
    policy = next(one["content"] for one in found.all("meta") if "content" in one and "default-src" in one["content"])
    digest = base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'"


@pytest.mark.parametrize(("kind", "path"), [(Kind.MOVIE, "movies"), (Kind.SHOW, "tv"), (Kind.ANIME, "anime")])
def test_pages_on_simkl_follow_the_kind(record, kind, path):
    """Each kind has its own place on simkl.com; without kind or match there is no page."""
    assert matched_page(record(kind=kind)) == f"https://simkl.com/{path}/53536"
    assert matched_page(record(kind=None)) is None
    assert matched_page(record(matched=None)) is None


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
    data = written(summarise(mixed), mixed)
    assert b"/home/heidi" not in data
    assert b"letterboxd.zip" in data


def test_nothing_read_has_a_page_of_its_own(summarise, page):
    """No rows, or not even totals: still a whole page with one sentence."""
    assert "No ratings to import" in body(page(summarise([]), []))
    text = body(page(Summary(command="run", exit=5, message="cannot read <a.zip>"), []))
    assert "Nothing was read." in text
    assert "Cannot read <a.zip>" in text


def test_pruned_rows_are_said_to_be(mixed, summarise, page):
    """Of an old run the resume file keeps some rows only: the page says that its charts are about those."""
    found = page(summarise(mixed), mixed[:100])
    assert "holds 100 of these 1,525 rows" in found.all("header")[0]["text"]


def test_a_dry_run_says_so(record, summarise, page):
    """Pending rows of a forecast are drawn as they would be."""
    records = [record(outcome=Outcome.PENDING, matched=None)]
    text = body(page(summarise(records, dry_run=True), records))
    assert "1 would be sent" in text
    assert "nothing was changed on Simkl" in text
    assert "1 in the export, 1 would be on Simkl" in text


def test_twenty_thousand_rows_are_on_one_page_below_four_megabytes(record, summarise):
    """All of them with ordinary titles, links and times."""
    rows = [record(line=line, title=f"A film of the usual length {line}") for line in range(19_000)]
    rows += [record(line=line, title="Not found", outcome=Outcome.NOT_FOUND, matched=None) for line in range(1_000)]
    data = written(summarise(rows), rows)
    assert data.count(b"<tr><td>") == 20_000
    assert len(data) < 4_000_000


@pytest.mark.parametrize(("rows", "title"), [(30_000, "Heat"), (20_000, "x" * 10_000), (20_000, "千 & <" * 40)])
def test_no_run_makes_a_page_that_a_browser_chokes_on(record, summarise, rows, title):
    """What does not fit is counted, and where it is found is told."""
    data = written(
        summarise([record()]), (record(line=line, title=title, source_rating=str(line)) for line in range(rows))
    )
    shown = data.count(b"<tr><td>")
    assert len(data) < 4_000_000
    assert 4_000 < shown <= 20_000
    assert f"{rows - shown:,} rows more than a page can hold".encode() in data


def test_a_stream_gets_the_page_in_pieces(mixed, summarise):
    """It is never held whole."""
    pieces = []

    class Sink:
        def write(self, data):
            pieces.append(len(data))

    write_html(summarise(mixed), iter(mixed), Sink())
    assert len(pieces) > 10
    assert max(pieces) < sum(pieces) / 2


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
    palette = [found for found in palettes if "ink" in found][("light", "dark", "print").index(scheme)]
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
