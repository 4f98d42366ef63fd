"""Files as people give them: several, a folder, one that is no export, one that leaves something open."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from exports import many
from person import LETTERBOXD, MAL, SAMPLES, TRAKT, Person
from playwright.sync_api import expect


def _drop(person: Person, *paths: Path) -> None:
    """Drop files and folders onto the page, as a file manager does."""
    session = person.context.new_cdp_session(person.page)
    files = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        session.send("Input.dispatchDragEvent", {"type": kind, "x": 300, "y": 400, "data": files})
    session.detach()


def test_several_exports_are_one_import(person: Person) -> None:
    """Each is named with what it was recognised as; one that is taken away is gone from the rows."""
    person.read(LETTERBOXD, MAL, TRAKT)
    assert person.lead("read").startswith("43 rows read")
    person.open("files")
    for words in ("Letterboxd: 22 rows", "MyAnimeList: 12 rows", "Trakt: 9 rows"):
        person.sees(words, "files")
    person.button(f"Take {MAL.name} away").click()
    expect(person.step("read").locator(".sum")).to_contain_text("31 rows read")


def test_files_and_folders_are_dropped(person: Person, tmp_path: Path) -> None:
    """A folder is one export, whatever it holds; one that holds none is told so, and what else was dropped is read."""
    folder = tmp_path / "letterboxd export"
    shutil.unpack_archive(LETTERBOXD, folder)
    _drop(person, folder)
    person.turn("read")
    assert person.lead("read").startswith("22 ratings read")
    person.open("files")
    expect(person.page.locator(".exports li")).to_have_count(1)
    person.sees("letterboxd export", "files")
    _drop(person, MAL, TRAKT)
    expect(person.page.locator(".exports li")).to_have_count(3)
    expect(person.step("read").locator(".sum")).to_contain_text("43 rows read")


def test_a_folder_is_picked(person: Person, tmp_path: Path) -> None:
    """With the button of its own."""
    folder = tmp_path / "export"
    shutil.unpack_archive(LETTERBOXD, folder)
    person.page.locator("input[webkitdirectory]").set_input_files(folder)
    person.turn("read")
    assert person.lead("read").startswith("22 ratings read")


@pytest.mark.parametrize(
    ("sample", "said"),
    [
        ("tmdb/watchlist.csv", "holds no ratings: it is a watchlist"),
        ("mal/mangalist.xml", "is a manga list; Simkl has no manga"),
        ("netflix/netflix-report.zip", "thumbs"),
        ("jobs/nightly.toml", "nightly.toml"),
    ],
)
def test_what_is_no_export_is_told_with_what_to_do(person: Person, sample: str, said: str) -> None:
    """Nothing else is shown, no path of this machine and no option of a command; the next file is read all the same."""
    person.choose(SAMPLES / sample)
    notice = person.step("files").get_by_role("alert")
    expect(notice).to_contain_text(said)
    text = notice.inner_text()
    assert not any(odd in text for odd in ("--", "/uploads", "Traceback")), text
    assert text.rstrip().endswith("."), text
    assert person.state("read") == "waits"
    person.step("files").get_by_role("button", name="Take", exact=False).click()
    person.read()


def test_a_doubt_about_dates_is_asked_about(person: Person, tmp_path: Path) -> None:
    """Where nothing but a person can tell; the answer is kept, and can be changed."""
    path = tmp_path / "ratings.csv"
    path.write_text("Date,Name,Year,Letterboxd URI,Rating\n03/04/2024,Heat,1995,https://boxd.it/2a7i,4\n")
    person.choose(path)
    ask = person.page.get_by_label("How do its dates read?")
    expect(ask).to_be_visible()
    assert person.state("read") == "waits"
    ask.select_option("dmy")
    person.turn("read")
    expect(person.rows("read").first).to_contain_text("2024-04-03")
    person.open("files")
    ask.select_option("mdy")
    expect(person.rows("read").first).to_contain_text("2024-03-04")


@pytest.mark.parametrize(
    ("sample", "answer", "rating"),
    [
        ("crosswatch/letterboxd_ratings_doubtful.csv", "5", "10"),
        ("crosswatch/letterboxd_ratings_doubtful.csv", "10", "5"),
        ("anilist/graphql-no-scale.json", "POINT_100", ""),
    ],
)
def test_a_doubt_about_the_scale_is_asked_about(person: Person, sample: str, answer: str, rating: str) -> None:
    """In words that somebody knows who looks at the site."""
    person.choose(SAMPLES / sample)
    person.sees("Say it here, and the file is read", "files")
    person.page.get_by_label("What is the best rating there?").select_option(answer)
    person.turn("read")
    assert rating in person.rows("read").first.locator(".rating").inner_text()


def test_ratings_between_two_points_are_asked_about(person: Person, tmp_path: Path) -> None:
    """Without an answer they are left out, with one they are rounded as it says."""
    path = tmp_path / "ratings.csv"
    path.write_text("type,title,year,rating,imdb\nmovie,Heat,1995,7.5,tt0113277\nmovie,Alien,1979,8,tt0078748\n")
    person.read(path)
    assert person.lead("read").startswith("2 ratings read; 1 can be sent")
    person.open("files")
    ask = person.page.get_by_label("Some ratings lie between")
    ask.select_option("up")
    expect(person.step("read").locator(".sum")).to_contain_text("2 can be sent")
    expect(person.rows("read").first.locator(".rating")).to_contain_text("8")
    ask.select_option("down")
    expect(person.rows("read").first.locator(".rating")).to_contain_text("7")


def test_a_table_that_nobody_knows_is_told_with_what_makes_it_one(person: Person, tmp_path: Path) -> None:
    """Which columns it has, and which it needs; with those it is read."""
    path = tmp_path / "mine.csv"
    path.write_text("Film,Jahr,Note\nHeat,1995,9\n")
    person.choose(path)
    alert = person.step("files").get_by_role("alert")
    expect(alert).to_contain_text("film, jahr, note")
    expect(alert).to_contain_text("named type, title, year and rating")
    person.button("Take mine.csv away").click()
    path.write_text("type,title,year,rating\nmovie,Heat,1995,9\n")
    person.read(path)
    expect(person.rows("read").first.locator(".rating")).to_contain_text("9")


def test_table_is_searched_sorted_and_narrowed(person: Person, tmp_path: Path) -> None:
    """Each by a control with a label; how many rows are left is said."""
    person.read(LETTERBOXD, many(tmp_path, 250))
    table = person.step("read")
    rows = person.rows("read")
    table.get_by_label("Search").fill("haunted")
    expect(rows).to_have_count(2)
    person.sees("2 of 272 rows", "read")
    table.get_by_label("Search").fill("no such film anywhere")
    expect(rows).to_have_count(0)
    person.sees("0 of 272 rows", "read")
    table.get_by_label("Search").fill("")
    expect(rows.first).to_contain_text("The Matrix")
    table.get_by_label("Show").select_option("rejected")
    expect(rows).to_have_count(3)
    table.get_by_label("Show").select_option("")
    table.get_by_label("Sort").select_option("title")
    expect(rows.first).to_contain_text("8½")
    table.get_by_label("Sort").select_option("rating")
    expect(rows.first.locator(".rating")).to_contain_text("10")
    table.get_by_label("Sort").select_option("date")
    expect(rows.first).to_contain_text("2026")


def test_what_arrives_is_told(machine: Any) -> None:
    """A name while a file is on its way, and the reading of it, are said in words."""
    person = machine.person()
    person.page.evaluate(
        "window.told = []; new MutationObserver(() => told.push(document.getElementById('part-files').textContent))"
        ".observe(document.getElementById('part-files'), { childList: true, subtree: true, characterData: true })"
    )
    person.read(many(machine.folder, 5000))
    told = " ".join(person.page.evaluate("told"))
    assert "Taking in ratings.csv" in told
    assert "Reading your files" in told
