"""README's pictures: `python tests/browser/picture.py [FOLDER]`, of `simkl-import web --sandbox` with a sample.

Of the page one on a desk, light and dark, and one on a phone, and one of the report that it opens; as WebP, since they
are kept with the project.
"""

from __future__ import annotations

import base64
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from person import LETTERBOXD, Person
from playwright.sync_api import Browser, Page
from served import browsing, serving

FOLDER = Path(__file__).resolve().parents[2] / ".github"
LARGEST = 200_000
"""Bytes of one picture."""

DESK, PHONE = {"width": 1280, "height": 1400}, {"width": 360, "height": 780}
PICTURES = {
    "page-light.webp": ("light", DESK),
    "page-dark.webp": ("dark", DESK),
    "page-phone.webp": ("light", PHONE),
}
REPORT = "report.webp"


def draw(folder: Path, browser: Browser) -> list[Path]:
    """Import a sample into a made-up account, and write a picture of the result into `folder` for each window."""
    drawn: list[Path] = []
    with tempfile.TemporaryDirectory() as home, serving(Path(home), {"TMPDIR": home}, "--sandbox") as web:
        context = browser.new_context(viewport=DESK, reduced_motion="reduce", timezone_id="UTC")
        person = Person(context, web.address)
        person.read(LETTERBOXD)
        person.look()
        person.imported()
        person.rows("result").first.wait_for()
        for name, (scheme, window) in PICTURES.items():
            person.page.set_viewport_size(window)
            person.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            person.page.evaluate("document.activeElement.blur()")
            person.page.evaluate(_TO_THE_RESULT if window is PHONE else "scrollTo(0, 0)")
            path = folder / name
            path.write_bytes(_webp(person.page))
            drawn.append(path)
        person.page.set_viewport_size(DESK)
        person.page.emulate_media(color_scheme="light", reduced_motion="reduce")
        with context.expect_page() as opened:
            person.step("result").get_by_role("link", name="Open the report").click()
        report = opened.value
        report.wait_for_load_state()
        drawn.append(folder / REPORT)
        drawn[-1].write_bytes(_webp(report))
        context.close()
    return drawn


_TO_THE_RESULT = "scrollTo(0, document.getElementById('part-result').offsetTop - 16)"


def _webp(page: Page) -> bytes:
    """What is in sight, as Chromium packs it."""
    session = page.context.new_cdp_session(page)
    found = session.send("Page.captureScreenshot", {"format": "webp", "quality": 80})
    session.detach()
    return base64.b64decode(found["data"])


if __name__ == "__main__":
    into = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    with browsing() as chromium:
        for picture in draw(into, chromium):
            size = picture.stat().st_size
            sys.stdout.write(f"{picture}: {size:,} bytes\n")
            if size > LARGEST:
                sys.exit(f"{picture} is larger than {LARGEST:,} bytes")
