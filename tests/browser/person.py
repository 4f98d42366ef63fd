"""Somebody with a browser: what they do on the page, in words, and what their browser saw meanwhile."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Request, expect

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
LETTERBOXD = SAMPLES / "letterboxd" / "letterboxd-sample-2026-03-01-20-15-utc.zip"
MAL = SAMPLES / "mal" / "animelist_1767225600_-_4242.xml"
TRAKT = SAMPLES / "trakt" / "trakt-json-export-sample.zip"

STEPS = ("files", "read", "sign-in", "forecast", "go", "result", "earlier")

_WATCH = """
addEventListener("securitypolicyviolation", (event) => breach(`${event.violatedDirective} ${event.blockedURI}`));
addEventListener("DOMContentLoaded", () => {
  const say = document.getElementById("say");
  if (say) new MutationObserver(() => say.textContent && spoken(say.textContent)).observe(say, { childList: true });
});
"""
_REFUSED = re.compile(r"Failed to load resource: the server responded with a status of (409|422)")
"""What Chromium says of a form that was answered with what is wrong with it."""


class Person:
    """Drives one page. `troubles` holds what its browser complained of, `asked` every address that it asked for,
    `heard` what the page said aloud.
    """

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.context = context
        self.address = address
        self.troubles: list[str] = []
        self.asked: list[str] = []
        self.heard: list[str] = []
        context.expose_binding("breach", lambda _, what: self.troubles.append(f"policy: {what}"))
        context.expose_binding("spoken", lambda _, text: self.heard.append(text))
        context.add_init_script(_WATCH)
        self.page = context.new_page()
        self.page.on("console", self._complains)
        self.page.on("pageerror", lambda error: self.troubles.append(f"script: {error}"))
        self.page.on("request", self._asks)
        with self.page.expect_response("**/stream"):
            self.page.goto(address)
        self.home = self.page.url

    def _complains(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not _REFUSED.match(message.text):
            self.troubles.append(f"{message.type}: {message.text} {message.location.get('url', '')}")

    def _asks(self, request: Request) -> None:
        self.asked.append(request.url)

    def step(self, name: str) -> Locator:
        """A step with its head."""
        return self.page.locator(f"#part-{name}")

    def button(self, name: str, step: str = "") -> Locator:
        """The button of this name."""
        return (self.step(step) if step else self.page).get_by_role("button", name=name, exact=True)

    def sees(self, text: str, step: str = "") -> None:
        """Wait until this is to be read."""
        expect((self.step(step) if step else self.page).get_by_text(text).locator("visible=true").first).to_be_visible()

    def open(self, step: str) -> None:
        """Unfold a step, unless it is."""
        head = self.step(step).locator("[data-fold]")
        if head.get_attribute("aria-expanded") == "false":
            head.click()

    def state(self, step: str) -> str:
        """How a step stands."""
        found = self.step(step).locator(".step")
        return (found.get_attribute("class") or "").split()[-1] if found.count() else "gone"

    def turn(self, step: str) -> None:
        """Wait until the focus has gone to a step: its turn has come."""
        expect(self.page.locator(f"#{step}-title")).to_be_focused()

    def choose(self, *files: Path) -> None:
        """Pick files with the button."""
        self.page.locator("input[data-pick]:not([webkitdirectory])").set_input_files(list(files))

    def read(self, *files: Path) -> None:
        """Pick files, and wait until they are read."""
        self.choose(*(files or (LETTERBOXD,)))
        self.turn("read")
        expect(self.rows("read").first).to_be_visible()

    def look(self) -> None:
        """Ask what would happen, and wait for the answer."""
        self.button("Show what would happen").click()
        self.forecast()

    def forecast(self) -> None:
        """Wait until it is shown what would happen."""
        expect(self.step("forecast").locator(".sum")).to_be_visible()
        expect(self.rows("forecast").first).to_be_visible()

    def otherwise(self, *labels: str) -> None:
        """Give other answers, and look again."""
        if not self.button("Look again").is_visible():
            self.fold("Have it done otherwise")
        for label in labels:
            self.step("forecast").get_by_label(label).check()
        self.button("Look again").click()

    def send(self) -> None:
        """Press Send; what comes of it is waited for elsewhere."""
        self.step("go").locator("[data-do=go]").click()

    def imported(self) -> None:
        """Send, and wait for the result."""
        self.send()
        self.turn("result")

    def rows(self, table: str) -> Locator:
        """The rows of a table that are drawn at present."""
        return self.page.locator(f'[data-table="{table}"] tbody tr[role=row]')

    def lead(self, step: str) -> str:
        """The sentence that sums a step up."""
        return self.step(step).locator(".sum").first.inner_text()

    def fold(self, summary: str) -> None:
        """Open or close what folds."""
        self.page.locator("summary", has_text=summary).locator("visible=true").first.click()

    def reload(self) -> None:
        """Load the page again, and wait until it lives."""
        with self.page.expect_response("**/stream"):
            self.page.reload()

    def wide(self) -> bool:
        """Whether something makes the page scroll to the side."""
        found = self.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        return bool(found)

    def elsewhere(self) -> Sequence[str]:
        """Every address outside of this page's server that was asked for."""
        home = self.home.split("/", 3)[:3]
        return [one for one in self.asked if one != self.address and one.split("/", 3)[:3] != home]
