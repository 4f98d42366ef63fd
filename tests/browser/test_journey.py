"""The whole job, as somebody does it who has a file and a browser; what they see is what the account says."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Any

from exports import ALIEN, HEAT, JAWS, SAMURAI, SHARK, account, ratings
from person import Person
from playwright.sync_api import Locator, expect


def _rated(machine: Any) -> dict[int, int]:
    return {simkl: one.rating for simkl, one in machine.sandbox.account.ratings.items()}


def _case(person: Person, title: str) -> Locator:
    return person.page.locator(".case", has_text=title)


def test_from_the_file_to_the_import_mended_and_taken_back(machine_with: Any) -> None:
    """Nothing is known beforehand: the file, a sign-in by a code, what would happen, Send, titles, the way back."""
    with machine_with(signed_in=False, scale="0.02", catalog="closed") as machine:
        account(machine.sandbox)
        machine.sandbox.auth.code_seconds, machine.sandbox.auth.interval = 90_000, 0
        machine.sandbox.keyring.apps["an-app-of-my-own"] = frozenset({"device"})
        person: Person = machine.person()
        person.read(ratings(machine.folder))
        assert person.lead("read") == "7 ratings read; 6 can be sent; 1 needs you."
        assert not machine.sandbox.log, "nothing has left this machine"
        assert [person.state(step) for step in ("files", "read", "sign-in", "forecast", "go", "result", "earlier")] == [
            "done",
            "open",
            "open",
            "waits",
            "waits",
            "waits",
            "gone",
        ]

        person.page.get_by_role("link", name="Next: sign in to Simkl").click()
        person.turn("sign-in")
        person.page.get_by_label("Copy the client id").fill("an-app-of-my-own")
        person.button("Get a code").click()
        with person.context.expect_page() as other:
            person.page.get_by_role("link", name="Open Simkl’s page").click()
        other.value.get_by_role("button", name="Approve").click()
        expect(other.value.get_by_role("status")).to_contain_text("Approved")
        other.value.close()
        person.turn("forecast")

        person.look()
        heat = person.rows("forecast").filter(has_text="Heat")
        expect(heat).to_contain_text("Replaces your 7 of 2020-01-02")
        expect(person.rows("forecast").filter(has_text="Alien")).to_contain_text(
            "Keeps your 8 of 2025-01-02; the export says 10"
        )
        assert not machine.sent()
        person.sees("titles will be put onto your Simkl lists", "go")

        person.imported()
        assert _rated(machine) == {53025: 8, HEAT: 9, ALIEN: 8}
        assert person.state("go") == "done"
        with person.context.expect_page() as report:
            person.page.get_by_role("link", name="Open the report").click()
        expect(report.value.get_by_role("heading").first).to_be_visible()
        assert report.value.evaluate("getComputedStyle(document.body).maxWidth") != "none", "it has its style sheet"
        report.value.close()
        with person.page.expect_download() as saved:
            person.page.get_by_role("link", name="Every row as CSV").click()
        rows = list(csv.DictReader(io.StringIO(Path(saved.value.path()).read_text("utf-8-sig"))))
        assert [row["title"] for row in rows if row["outcome"] == "applied"] == ["Casablanca", "Heat"]
        with person.page.expect_download() as saved:
            person.page.get_by_role("link", name="Rows that need you as CSV").click()
        assert len(Path(saved.value.path()).read_text("utf-8-sig").splitlines()) == 5

        person.button("Show them").click()
        samurai = _case(person, "Seven Samurais")
        samurai.get_by_label("Search Simkl for").fill("Seven Samurai")
        samurai.get_by_role("button", name="Search").click()
        samurai.get_by_label("Seven Samurai (1954), film").check()
        samurai.get_by_role("button", name="This one").click()
        expect(samurai).to_have_count(0)
        jaws = _case(person, "Jaws")
        jaws.get_by_role("button", name="Search").click()
        jaws.get_by_label("Jaws (1975), film").check()
        jaws.get_by_role("button", name="This one").click()
        expect(jaws).to_have_count(0)
        shark = _case(person, "The Other Shark")
        shark.get_by_label("Or an id or address").fill("not an id")
        shark.get_by_role("button", name="Take it").click()
        person.sees("neither an id nor an address")
        shark.get_by_label("Or an id or address").fill("https://www.imdb.com/title/tt0976976/")
        shark.get_by_role("button", name="Take it").click()
        expect(shark).to_have_count(0)
        _case(person, "Nobody Made This").get_by_role("button", name="Simkl does not have it").click()
        person.sees("Nothing is left to choose")
        assert len(machine.sent()) == 1, "nothing is sent before somebody says so"
        person.button("Send 3 choices to Simkl").click()
        expect(person.page.locator(".cases")).to_have_count(0)
        assert _rated(machine) == {53025: 8, HEAT: 9, ALIEN: 8, SAMURAI: 9, JAWS: 6, SHARK: 10}

        person.open("earlier")
        person.button("Take import 1 back").click()
        expect(person.page.locator(".sure")).to_contain_text("2 ratings would be taken back")
        machine.sandbox.account.rate(HEAT, 2)
        person.page.get_by_label("Also take titles off the lists").check()
        expect(person.page.locator(".sure")).to_contain_text("1 rating you changed since stays")
        expect(person.page.locator(".sure")).to_contain_text("would leave them")
        expect(person.page.locator("[data-do=take-back]")).not_to_have_attribute("aria-disabled", "true")
        assert person.page.get_by_label("Also take titles off the lists").is_checked()
        person.page.get_by_label("Also what you changed").check()
        expect(person.page.locator(".sure")).to_contain_text("2 ratings would be taken back")
        expect(person.page.locator("[data-do=take-back]")).not_to_have_attribute("aria-disabled", "true")
        person.button("Leave it").click()
        expect(person.page.locator(".sure")).to_have_count(0)
        assert 53025 in _rated(machine), "to look takes nothing back"
        person.button("Take import 1 back").click()
        person.page.get_by_label("Also what you changed").check()
        expect(person.page.locator(".sure")).to_contain_text("2 ratings would be taken back")
        expect(person.page.locator("[data-do=take-back]")).not_to_have_attribute("aria-disabled", "true")
        person.page.get_by_label("Also take titles off the lists").check()
        expect(person.page.locator(".sure")).to_contain_text("would leave them")
        expect(person.page.locator("[data-do=take-back]")).not_to_have_attribute("aria-disabled", "true")
        person.page.locator("[data-do=take-back]").click()
        expect(person.step("earlier").locator(".sum")).to_be_visible()
        expect(person.page.locator(".runs")).to_contain_text("taken back")
        left = _rated(machine)
        assert (left[HEAT], left[ALIEN], 53025 in left) == (7, 8, False)
        assert 53025 not in machine.sandbox.account.library

        assert person.heard, "a screen reader was told"
        assert all(re.fullmatch(r"[A-Z0-9].*[.!?]", said) for said in person.heard), person.heard


def test_it_ends_by_its_own_button(machine: Any) -> None:
    """The tab says so, and the process is gone with the files that it kept."""
    served = machine.serve()
    person = machine.person(served)
    person.read()
    uploads = machine.folder / "home" / "state" / "web"
    assert list(uploads.rglob("*.zip"))
    person.page.once("dialog", lambda dialog: dialog.accept())
    person.button("End the page").click()
    expect(person.page.get_by_role("heading", name="The page has ended")).to_be_focused()
    assert served.process.wait(20) == 0
    assert not uploads.exists()
