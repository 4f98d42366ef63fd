"""Fifty thousand rows: the browser holds a few of them, whichever way somebody goes through them."""

from __future__ import annotations

from typing import Any

from exports import many
from playwright.sync_api import expect

ROWS = 50_000
HELD = 2_000
"""Rows that may be drawn at once: those in sight and some beyond."""


def test_fifty_thousand_rows_scroll(machine_with: Any) -> None:
    """To the middle, to the end, by keyboard: the rows there are right, and only those are asked for."""
    with machine_with() as machine:
        person = machine.person()
        person.read(many(machine.folder, ROWS))
        rows, scroll = person.rows("read"), person.step("read").locator(".scroll")
        asked = len(_windows(person))
        for share, place in ((0.5, ROWS // 2), (1.0, ROWS), (0.25, ROWS // 4), (0.0, 1)):
            scroll.evaluate("(one, share) => { one.scrollTop = (one.scrollHeight - one.clientHeight) * share; }", share)
            shown = _in_sight(person)
            assert shown, share
            assert all(title == f"Film {index - 1:05}" for index, title in shown), shown[:3]
            assert min(abs(index - 1 - place) for index, _ in shown) < ROWS / 50, (share, shown[:3])
            assert rows.count() <= HELD
        scroll.focus()
        person.page.keyboard.press("End")
        expect(person.page.get_by_text(f"Film {ROWS:05}")).to_be_visible()
        person.page.keyboard.press("Home")
        expect(person.page.get_by_text("Film 00001", exact=True)).to_be_visible()
        for _ in range(5):
            person.page.keyboard.press("PageDown")
        assert len(_windows(person)) - asked <= 60, "only what is looked at is asked for"
        nodes = person.page.evaluate("document.querySelectorAll('[data-table=read] *').length")
        assert nodes < 40 * HELD / 2
        person.step("read").get_by_label("Search").fill("49999")
        expect(rows).to_have_count(1)
        assert "Film 49999" in rows.first.inner_text()
        assert person.step("read").locator("table").get_attribute("aria-rowcount") == "2"


def _windows(person: Any) -> list[str]:
    return [address for address in person.asked if "/rows/" in address]


def _in_sight(person: Any) -> list[tuple[int, str]]:
    """The rows that are seen in the table, by their index and title, as soon as they are there."""
    for _ in range(1200):
        found: list[tuple[int, str]] = person.page.evaluate(_SIGHT)
        if found:
            return found
        person.page.wait_for_timeout(50)
    raise AssertionError("no row comes")


_SIGHT = """() => {
  const box = document.querySelector("[data-table=read] .scroll").getBoundingClientRect();
  return [...document.querySelectorAll("[data-table=read] tbody tr[role=row]")].filter((row) => {
    const { top, bottom } = row.getBoundingClientRect();
    return top >= box.top && bottom <= box.bottom;
  }).map((row) => [Number(row.getAttribute("aria-rowindex")), row.querySelector("bdi").textContent]);
}"""
