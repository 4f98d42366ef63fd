"""Renders the HTML report of made-up runs in headless Chromium, so that a person can look at it.

    python tests/report/render.py OUTDIR [ROWS…]

Writes for 0, 1, 1,000 and 20,000 rows (or the numbers given) the page itself, a PNG at 320, 360 and 1,280 pixels each
in light and dark, and a PDF as it prints. Needs a `chromium` on PATH; nothing goes over any network but loopback.
"""

# ruff: noqa: ASYNC110, ASYNC240, T201 - a script for one person: nothing else runs in its loop, and it prints

from __future__ import annotations

import asyncio
import base64
import contextlib
import random
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import aiohttp

from importer.model import Kind, Note, Origin, Outcome, Reason
from importer.record import Match, Record, Requests, SourceSummary, Summary
from importer.report.html import write_html

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *(
        "--disable-background-networking",
        "--disable-component-update",
        "--remote-debugging-port=0",
        "--hide-scrollbars",
    ),
)
SIZES = (0, 1, 1_000, 20_000)
WIDTHS = (320, 360, 1_280)
TALLEST = 12_000
"""Pixels of a page that one picture shows."""

TITLES = ("Heat", "Alien", "Amélie", "千と千尋の神隠し", "الرسالة", "<script>alert(1)</script>", "Se7en", "M")
TAILS = ("", " II", ": The Long Way Home", " & Sons", ' "Redux"', " \u202efdp.exe", " – Director's Cut")

Call = Callable[..., Awaitable[dict[str, Any]]]


def made_up(rows: int) -> Iterator[Record]:
    """Rows of two sources with every outcome, hostile titles among them; the same for the same number."""
    dice = random.Random(rows)
    for line in range(2, rows + 2):
        film = dice.random() < 0.8
        rating = min(10, max(1, round(dice.gauss(7.2, 1.7))))
        outcome, reason, note = _fate(dice, film)
        title = dice.choice(TITLES) + dice.choice(TAILS)
        text = f"{rating / 2:g}" if film else str(rating)
        wrong = reason is Reason.OUT_OF_RANGE
        unrated = reason is Reason.UNRATED
        settled = outcome in (Outcome.APPLIED, Outcome.UNCHANGED)
        yield Record(
            source="letterboxd" if film else "mal",
            file="letterboxd-heidi-2026-11-02-08-15-utc/ratings.csv" if film else "animelist_1700000000_-_77.xml",
            line=line,
            key=f"letterboxd:https://boxd.it/{line:x}" if film else f"mal:{line}",
            kind=Kind.MOVIE if film else Kind.ANIME,
            title=title,
            year=dice.choice((None, 1979, 1995, 2001, 2019)),
            ids=() if film else (("mal", str(line)),),
            source_rating="5.5" if wrong else "0" if unrated else text,
            rating=None if wrong or unrated else rating,
            rated_at=None if unrated else int(dice.triangular(1.35e9, 1.79e9, 1.6e9)),
            date_from=Origin.RATING,
            outcome=outcome,
            reason=reason,
            note=note,
            simkl_status="completed" if settled else None,
            prior_rating=8 if outcome is Outcome.KEPT else None,
            prior_rated_at=1_600_000_000 if outcome is Outcome.KEPT else None,
            matched=Match(title if note is None else "Another " + title, 2001, 53_000 + line) if settled else None,
            batch=line // 100 if settled else None,
            fresh=True,
        )


def _fate(dice: random.Random, film: bool) -> tuple[Outcome, Reason | None, Note | None]:
    draw = dice.random()
    if not film and draw < 0.35:
        return Outcome.SKIPPED, Reason.UNRATED, None
    fates: tuple[tuple[float, Outcome, Reason | None, Note | None], ...] = (
        (0.62, Outcome.APPLIED, None, None),
        (0.9, Outcome.UNCHANGED, None, None),
        (0.93, Outcome.KEPT, Reason.CHANGED_ON_SIMKL, None),
        (0.95, Outcome.DUPLICATE, None, None),
        (0.96, Outcome.REJECTED, Reason.OUT_OF_RANGE, None),
        (0.966, Outcome.REJECTED, Reason.NO_YEAR, None),
        (0.985, Outcome.NOT_FOUND, None, None),
        (0.99, Outcome.UNCONFIRMED, None, None),
        (0.994, Outcome.APPLIED, None, Note.OTHER_TITLE),
        (1.0, Outcome.FAILED, None, None),
    )
    return next((outcome, reason, note) for bound, outcome, reason, note in fates if draw <= bound)


def summary_of(rows: int) -> Summary:
    """The summary that belongs to `made_up(rows)`."""
    totals, sources, notes = Counter[str](read=rows), Counter[str](letterboxd=0), Counter[str]()
    reasons: dict[str, dict[str, int]] = {}
    for record in made_up(rows):
        totals[record.outcome.value] += 1
        sources[record.source] += 1
        if record.reason is not None:
            counts = reasons.setdefault(record.outcome.value, {})
            counts[record.reason.value] = counts.get(record.reason.value, 0) + 1
        if record.note is not None:
            notes[record.note.value] += 1
    return Summary(
        command="run",
        exit=3 if rows > 1 else 0,
        run=7,
        account_id=51,
        account_name="heidi",
        resume_file="/somewhere/resume.sqlite",
        sources=tuple(SourceSummary(f"/home/heidi/{name}-export", name, number) for name, number in sources.items()),
        totals=dict(totals),
        reasons=reasons,
        notes=dict(notes),
        requests=Requests(post=-(-rows // 100), get=3, retries=1 if rows else 0),
        seconds=rows / 91,
        started=1_795_000_000,
    )


@contextlib.asynccontextmanager
async def browser(program: str) -> AsyncIterator[Call]:
    """A headless browser with one blank page, and a way to call its debugging protocol."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = (program, *FLAGS, f"--user-data-dir={profile}", "about:blank")
        quiet = asyncio.subprocess.DEVNULL
        process = await asyncio.create_subprocess_exec(*command, stdout=quiet, stderr=quiet)
        try:
            port = Path(profile, "DevToolsActivePort")
            async with asyncio.timeout(60):
                while not port.exists() or len(port.read_text().split()) < 2:
                    await asyncio.sleep(0.1)
            number, path = port.read_text().split()
            address = f"ws://127.0.0.1:{number}{path}"
            async with aiohttp.ClientSession() as session, session.ws_connect(address, max_msg_size=0) as socket:
                yield await _page(socket)
        finally:
            process.terminate()
            await process.wait()


async def _page(socket: aiohttp.ClientWebSocketResponse) -> Call:
    page: dict[str, str] = {}
    number = 0

    async def call(method: str, **params: object) -> dict[str, Any]:
        nonlocal number
        number += 1
        await socket.send_json({"id": number, "method": method, "params": params} | page)
        while True:
            answer = await socket.receive_json()
            if answer.get("id") == number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                result: dict[str, Any] = answer["result"]
                return result

    target = await call("Target.createTarget", url="about:blank")
    attached = await call("Target.attachToTarget", targetId=target["targetId"], flatten=True)
    page["sessionId"] = attached["sessionId"]
    return call


async def render(call: Call, page: Path) -> None:
    """Write the pictures and the print of one page beside it; complains of a page that is wider than its window."""
    for width in WIDTHS:
        for scheme in ("light", "dark"):
            size = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 500}
            await call("Emulation.setDeviceMetricsOverride", **size)
            features = [{"name": "prefers-color-scheme", "value": scheme}]
            await call("Emulation.setEmulatedMedia", features=features)
            await call("Page.navigate", url=page.as_uri())
            await asyncio.sleep(1)
            box = (await call("Page.getLayoutMetrics"))["cssContentSize"]
            if box["width"] > width:
                print(f"{page.name}: {box['width']} pixels wide in a window of {width}")
            clip = {"x": 0, "y": 0, "width": width, "height": min(box["height"], TALLEST), "scale": 1}
            shot = await call("Page.captureScreenshot", clip=clip, captureBeyondViewport=True)
            page.with_name(f"{page.stem}-{width}-{scheme}.png").write_bytes(base64.b64decode(shot["data"]))
    printed = await call("Page.printToPDF", printBackground=False)
    page.with_suffix(".pdf").write_bytes(base64.b64decode(printed["data"]))


async def main(folder: Path, sizes: tuple[int, ...]) -> None:
    """Make and render the pages."""
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        sys.exit(f"No Chromium on PATH (looked for {', '.join(BROWSERS)}); install one, e.g. apt-get install chromium")
    folder.mkdir(parents=True, exist_ok=True)
    async with browser(program) as call:
        for rows in sizes:
            page = folder.resolve() / f"report-{rows}.html"
            with page.open("wb") as stream:
                write_html(summary_of(rows), made_up(rows), stream)
            await render(call, page)
            print(f"{page}: {page.stat().st_size:,} bytes")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    asyncio.run(main(Path(sys.argv[1]), tuple(map(int, sys.argv[2:])) or SIZES))
