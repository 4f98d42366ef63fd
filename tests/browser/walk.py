"""A walk through every step of the page, with a halt wherever it looks different."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from exports import account, ratings
from gate import Gate
from person import SAMPLES, Person
from playwright.sync_api import expect

HALTS = (
    "empty",
    "no export",
    "read",
    "client id",
    "code",
    "questions",
    "forecast",
    "changed answer",
    "under way",
    "result",
    "cases",
    "candidates",
    "chosen",
    "looking back",
    "taken back",
)


def options(gate: Gate) -> dict[str, Any]:
    """What the sandbox of a walk is like."""
    return {"signed_in": False, "scale": "0.02", "catalog": "closed", "latency": 1.0, "sleep": gate.wait}


def walk(person: Person, machine: Any, gate: Gate) -> Iterator[str]:
    """Do the whole job; yields the name of each halt. What is done at a halt must leave the page where it is."""
    box = machine.sandbox
    box.auth.code_seconds, box.auth.interval = 90_000, 0  # neither a slow machine nor the scale of waits matters
    box.keyring.apps["an-app-of-my-own"] = frozenset({"pin"})
    account(box)
    yield "empty"
    person.choose(SAMPLES / "tmdb" / "watchlist.csv")
    person.sees("holds no ratings")
    yield "no export"
    person.button("Take watchlist.csv away").click()
    expect(person.step("files").locator(".exports")).to_have_count(0)
    person.read(ratings(machine.folder))
    yield "read"
    person.page.get_by_role("link", name="Next: sign in to Simkl").click()
    person.turn("sign-in")
    yield "client id"
    person.page.get_by_label("Copy the client id").fill("an-app-of-my-own")
    person.button("Get a code").click()
    expect(person.step("sign-in").locator(".code")).to_be_visible()
    yield "code"
    box.auth.approve(person.step("sign-in").locator(".code").inner_text())
    person.turn("forecast")
    yield "questions"
    person.look()
    yield "forecast"
    person.fold("Have it done otherwise")
    person.step("forecast").get_by_label("Simkl’s stays, always").check()
    person.sees("You changed an answer above")
    yield "changed answer"
    person.step("forecast").get_by_label("the newer one counts").check()
    gate.close()
    person.send()
    expect(person.step("go").get_by_role("button", name="Stop")).to_be_visible()
    yield "under way"
    gate.open()
    person.turn("result")
    expect(person.rows("result").first).to_be_visible()
    yield "result"
    person.button("Show them").click()
    expect(person.page.locator(".case").first).to_be_visible()
    yield "cases"
    case = person.page.locator(".case", has_text="Jaws")
    case.get_by_role("button", name="Search").click()
    expect(case.get_by_text("Which title is it?")).to_be_visible()
    yield "candidates"
    case.get_by_label("Jaws (1975)").check()
    case.get_by_role("button", name="This one").click()
    person.sees("Send 1 choice to Simkl")
    yield "chosen"
    person.button("Send 1 choice to Simkl").click()
    expect(person.page.locator(".cases")).to_have_count(0)
    person.open("earlier")
    person.button("Take import 1 back").click()
    expect(person.page.locator(".sure")).to_be_visible()
    expect(person.page.locator("[data-do=take-back]")).not_to_have_attribute("aria-disabled", "true")
    yield "looking back"
    person.page.locator("[data-do=take-back]").click()
    expect(person.step("earlier").locator(".sum")).to_be_visible()
    yield "taken back"
