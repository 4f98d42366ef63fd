"""What would happen, and what does: each answer, stopping, refusals on the way, loading the page again at any time."""

from __future__ import annotations

from typing import Any

import pytest
from exports import ALIEN, HEAT, account, many, ratings
from gate import Gate
from person import LETTERBOXD, Person
from playwright.sync_api import expect
from walk import options, walk

CASABLANCA = 53025


def _looked(machine: Any, *files: Any) -> Person:
    person: Person = machine.person()
    person.read(*files)
    person.look()
    return person


def _rated(machine: Any) -> dict[int, int]:
    return {simkl: one.rating for simkl, one in machine.sandbox.account.ratings.items()}


@pytest.mark.parametrize(
    ("answers", "after"),
    [
        ((), {CASABLANCA: 8, HEAT: 9, ALIEN: 8}),
        (("Simkl’s stays, always",), {CASABLANCA: 8, HEAT: 7, ALIEN: 8}),
        (("the file’s replaces it, always",), {CASABLANCA: 8, HEAT: 9, ALIEN: 10}),
        (("the file’s replaces it, always", "are left out"), {HEAT: 9, ALIEN: 10}),
    ],
)
def test_each_answer_comes_to_what_was_shown(
    machine_with: Any, answers: tuple[str, ...], after: dict[int, int]
) -> None:
    """The forecast says it beforehand, row by row, and nothing is sent by answers whose outcome nobody has seen."""
    with machine_with(catalog="closed") as machine:
        account(machine.sandbox)
        person = _looked(machine, ratings(machine.folder))
        if answers:
            person.fold("Have it done otherwise")
            person.step("forecast").get_by_label(answers[-1], exact=True).check()
            person.sees("You changed an answer above", "go")
            expect(person.step("go").locator("[data-do=go]")).to_be_hidden()
            for answer in answers:
                person.step("forecast").get_by_label(answer, exact=True).check()
            person.button("Look again").click()
            expect(person.step("go").locator("[data-do=go]")).to_be_visible()
        expect(person.rows("forecast")).to_have_count(7)
        shown = {}
        for row in person.rows("forecast").all():
            cells = row.locator("td").all_inner_texts()
            shown[cells[0].split("\n")[0].split(" 19")[0]] = cells[3]
        before = _rated(machine)
        person.imported()
        assert _rated(machine) == after
        for title, simkl in (("Heat", HEAT), ("Alien", ALIEN)):
            replaced = shown[title].startswith("Replaces")
            assert replaced == (after[simkl] != before[simkl]), shown[title]


def test_stop_finishes_what_is_on_its_way_and_go_on_sends_the_rest(machine_with: Any) -> None:
    """The numbers move, nothing is sent twice, and the same page goes on."""
    gate = Gate()
    with machine_with(scale="1", latency=1.0, sleep=gate.wait) as machine:
        person = _looked(machine, many(machine.folder, 350))
        gate.close(lambda: len(machine.sent()) > 1)
        person.send()
        live = person.step("go").locator("[data-live]")
        expect(live.locator("[data-live-done]")).to_have_text("100 of 350")
        assert live.locator("progress").get_attribute("value") == "100"
        while len(machine.sent()) < 2:
            person.page.wait_for_timeout(20)
        person.step("go").get_by_role("button", name="Stop").click()
        expect(live.locator("[data-live-waits]")).to_contain_text("Stopping: what is on its way is finished")
        gate.open()
        person.turn("result")
        person.sees("still to be sent", "go")
        done = len(_rated(machine))
        assert 0 < done < 350
        person.step("go").get_by_role("button", name="Go on").click()
        expect(person.step("result").locator(".sum")).to_contain_text("350 are on Simkl")
        sent = [item["title"] for body in machine.sent() for item in body["movies"]]
        assert len(sent) == len(set(sent)) == 350


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("status-503-html", "try again"),
        ("reset-before-write", "try again"),
        ("quota", "requests"),
        ("status-401", "sign in again"),
    ],
)
def test_a_service_that_refuses_is_told_in_plain_words(machine_with: Any, fault: str, said: str) -> None:
    """Nobody has to know a status or an option; looking again works as soon as the service does."""
    with machine_with() as machine:
        person: Person = machine.person()
        person.read(LETTERBOXD)
        machine.sandbox.faults.turn_on(fault)
        person.button("Show what would happen").click()
        alert = person.page.locator("main [role=alert]").first
        expect(alert).to_be_visible()
        words = alert.inner_text()
        assert said in words.casefold(), words
        assert not any(odd in words for odd in ("--", "simkl-import", "HTTP", "Traceback", "Error:", "exit")), words
        machine.sandbox.faults.turn_off(fault)
        person.look()


@pytest.mark.parametrize(("fault", "again"), [("quota", True), ("status-503-html", True), ("status-403-scope", False)])
def test_a_refusal_on_the_way_leaves_the_rest_to_be_sent(machine_with: Any, fault: str, again: bool) -> None:
    """What was sent is told, what was not is pending, and going on sends the rest alone."""
    with machine_with() as machine:
        person = _looked(machine, many(machine.folder, 350))
        machine.sandbox.faults.script("POST /sync/ratings", [None, *[fault] * 40])
        person.send()
        expect(person.step("result").or_(person.step("go")).locator(".notice:visible").first).to_be_visible()
        words = " ".join(person.page.locator("main .notice:visible").all_inner_texts())
        assert not any(odd in words for odd in ("--", "simkl-import ", "Traceback", "Error:")), words
        machine.sandbox.faults.turn_off()
        if again:
            person.sees("still to be sent", "go")
            person.step("go").get_by_role("button", name="Go on").click()
            expect(person.step("result").locator(".sum")).to_contain_text("350 are on Simkl")
            assert len(_rated(machine)) == 350


def test_loading_the_page_again_loses_nothing(machine_with: Any) -> None:
    """At each halt every step stands as it stood, and says the same; the walk goes on from there."""
    gate = Gate()
    with machine_with(**options(gate)) as machine:
        person = machine.person(reduced_motion="reduce")
        for halt in walk(person, machine, gate):
            if halt == "changed answer":
                continue  # an answer that nobody has sent yet is the browser's alone
            before = person.page.locator(".part").evaluate_all(_STANDING)
            person.reload()
            after = person.page.locator(".part").evaluate_all(_STANDING)
            assert after == before, halt
            if halt == "under way":
                expect(person.step("go").get_by_role("button", name="Stop")).to_be_visible()


_STANDING = """all => all.map((part) => [part.id, part.querySelector(".step")?.className,
  part.querySelector("h2")?.textContent, part.querySelector(".sum")?.textContent,
  part.querySelectorAll("form, .case, .exports li, .sure").length])"""


def test_a_closed_tab_does_not_end_the_import(machine_with: Any) -> None:
    """Who comes back sees the result; the browser still has its key."""
    gate = Gate()
    with machine_with(latency=1.0, sleep=gate.wait) as machine:
        person = _looked(machine, LETTERBOXD)
        gate.close()
        person.send()
        expect(person.step("go").get_by_role("button", name="Stop")).to_be_visible()
        home = person.page.url
        person.page.close()
        gate.open()
        tab = person.context.new_page()
        tab.goto(home)
        expect(tab.locator("#part-result .sum")).to_contain_text("are on Simkl")
        tab.close()
