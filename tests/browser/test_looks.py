"""How the page looks and is heard in every step: for every eye, ear, hand and window."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from gate import Gate
from playwright.sync_api import Page
from walk import HALTS, options, walk

AXE = Axe()
WINDOWS = ((360, 780), (1280, 900))


def _findings(page: Page) -> list[str]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.axe_script)
    found: list[str] = page.evaluate(_FINDINGS)
    return found


_FINDINGS = """async () => (await axe.run({ resultTypes: ["violations"] })).violations.flatMap(
  ({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 120)} ${node.failureSummary}`))"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_any_step(machine_with: Any, scheme: Any) -> None:
    """In a window of a phone and of a desk."""
    gate = Gate()
    with machine_with(**options(gate)) as machine:
        person = machine.person(color_scheme=scheme, reduced_motion="reduce")
        seen, found = [], []
        for halt in walk(person, machine, gate):
            seen.append(halt)
            for width, height in WINDOWS:
                person.page.set_viewport_size({"width": width, "height": height})
                found += [f"{halt}, {width}: {one}" for one in _findings(person.page)]
        assert not found, "\n".join(found)
        assert tuple(seen) == HALTS


def test_nothing_scrolls_to_the_side_and_every_control_can_be_hit(machine_with: Any) -> None:
    """Down to 320 pixels, which is a window of 1,280 magnified four times; controls are 24 pixels high at least."""
    gate = Gate()
    with machine_with(**options(gate)) as machine:
        person = machine.person(viewport={"width": 360, "height": 780}, has_touch=True)
        for halt in walk(person, machine, gate):
            for width in (320, 360, 700):
                person.page.set_viewport_size({"width": width, "height": 780})
                assert not person.wide(), f"{halt}, {width}"
            small = person.page.evaluate(_SMALL)
            assert not small, f"{halt}: {small}"
            beyond = person.page.evaluate(_BEYOND)
            assert not beyond, f"{halt}: {beyond}"


_SMALL = """() => [...document.querySelectorAll("button, select, input:not([type=hidden]), .button, summary")]
  .filter((one) => one.checkVisibility() && !one.closest(".unseen, .skip, label.button"))
  .map((one) => [one.outerHTML.slice(0, 80), (one.closest("label") ?? one).getBoundingClientRect()])
  .filter(([, box]) => box.height < 24 || box.width < 24).map(([what]) => what)"""

_BEYOND = """() => [...document.querySelectorAll("main *")]
  .filter((one) => one.checkVisibility() && !one.closest(".unseen, .skip, thead, label.button"))
  .filter((one) => one.getBoundingClientRect().right > innerWidth + 1 && one.getBoundingClientRect().width > 1)
  .map((one) => one.outerHTML.slice(0, 80))"""


def test_it_is_still_and_drawn_in_the_colours_that_a_person_chose(machine_with: Any) -> None:
    """No animation runs for who wants none; with forced colours the shares of the strip and the dots are still seen."""
    gate = Gate()
    with machine_with(**options(gate)) as machine:
        person = machine.person(reduced_motion="reduce", forced_colors="active")
        for halt in walk(person, machine, gate):
            assert person.page.evaluate("document.getAnimations().length") == 0, halt
            if halt == "result":
                shown = person.page.locator(".strip i, .key .dot").evaluate_all(
                    "all => all.map((one) => [getComputedStyle(one).backgroundColor, one.offsetWidth > 3])"
                )
                back = person.page.evaluate("getComputedStyle(document.querySelector('.step')).backgroundColor")
                assert shown
                assert all(colour != back and drawn for colour, drawn in shown)
