"""The whole job without a mouse: Tab, Enter, the space bar and arrows do all of it."""

from __future__ import annotations

from typing import Any

from exports import account, ratings
from person import Person
from playwright.sync_api import FileChooser, expect

MOST = 150
"""Presses of Tab within which every control of the page is reached."""


class Keyboard:
    """Presses keys, and knows what has the focus."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.press = person.page.keyboard.press

    def focus(self) -> str:
        """The name of what has the focus; it has to be in sight."""
        found: str = self.person.page.evaluate(_FOCUS)
        return found

    def to(self, name: str) -> None:
        """Press Tab until what has this name has the focus. Fails where the ring is not seen, or nothing has it."""
        for _ in range(MOST):
            self.press("Tab")
            if name in self.focus():
                assert self.person.page.evaluate(_RING), f"no ring around {name}"
                return
        raise AssertionError(f"Tab does not lead to {name!r}")


_FOCUS = """() => {
  const one = document.activeElement;
  const label = one.closest("label") ?? one.labels?.[0];
  return [one.getAttribute("aria-label"), label?.textContent, one.textContent].filter(Boolean).join(" ");
}"""
_RING = """() => {
  const one = document.activeElement;
  return [one, one.closest(".button")].some((el) => el && getComputedStyle(el).outlineStyle !== "none"
    && parseFloat(getComputedStyle(el).outlineWidth) >= 2);
}"""


def test_the_whole_job_by_keyboard(machine_with: Any) -> None:
    """The focus goes where the step goes, so that Tab leads on from there."""
    with machine_with(catalog="closed") as machine:
        account(machine.sandbox)
        person = machine.person()
        keys = Keyboard(person)
        person.page.on("filechooser", lambda chooser: _give(chooser, str(ratings(machine.folder))))
        keys.press("Tab")
        assert keys.focus() == "Skip to the steps"
        keys.press("Enter")
        keys.to("Choose files")
        keys.press("Enter")
        person.turn("read")
        keys.to("Every row of your files")
        keys.press("End")
        keys.to("Next: see what would happen")
        keys.press("Enter")
        person.turn("forecast")
        keys.to("the newer one counts")
        keys.press("ArrowDown")
        assert "Simkl’s stays, always" in keys.focus()
        keys.press("ArrowUp")
        keys.to("Show what would happen")
        keys.press("Enter")
        person.forecast()
        person.turn("forecast")
        keys.to("Search")
        person.page.keyboard.type("heat")
        expect(person.rows("forecast")).to_have_count(1)
        keys.to("Send 5 ratings")
        keys.press("Space")
        person.turn("result")
        keys.to("Show them")
        keys.press("Enter")
        expect(person.page.locator(".case").first).to_be_visible()
        keys.to("Search Simkl for")
        keys.to("Search")
        while "Jaws" not in person.page.evaluate("document.activeElement.closest('.case').textContent"):
            keys.to("Search")
        keys.press("Enter")
        expect(person.page.get_by_text("Which title is it?")).to_be_visible()
        keys.to("Jaws (1975)")
        keys.press("Space")
        keys.to("This one")
        keys.press("Enter")
        person.sees("Send 1 choice to Simkl")
        assert keys.focus(), "the focus is not lost with the case that went"
        keys.to("Send 1 choice")
        keys.press("Enter")
        expect(person.page.locator(".cases")).to_have_count(0)
        keys.to("Your imports, and the way back")
        keys.press("Enter")
        keys.to("Take import 1 back")
        keys.press("Enter")
        expect(person.page.locator(".sure")).to_be_visible()
        keys.to("Take import 1 back")
        if "look-back" in person.page.evaluate("document.activeElement.dataset.do"):
            keys.to("Take import 1 back")
        keys.press("Enter")
        person.turn("earlier")
        assert {simkl: one.rating for simkl, one in machine.sandbox.account.ratings.items()}[53036] == 7


def _give(chooser: FileChooser, path: str) -> None:
    chooser.set_files(path)
