"""The report as one self-contained HTML page: no script, no network, readable in a mail, on a phone and on paper."""

from __future__ import annotations

import base64
import hashlib
import re
import time
from functools import cache
from typing import TYPE_CHECKING, Any

from importer.errors import local_time
from importer.model import Command, Note, Outcome, iso
from importer.record import summary_document
from importer.report.charts import ratings, years
from importer.report.digest import Digest, digest
from importer.report.fates import View, view_of
from importer.report.links import matched_page
from importer.report.page import page_sections, rating_words
from importer.report.safe import file_name, seconds_in_words
from importer.report.styles import OUTCOME_COLOURS, style_sheet
from importer.report.templating import templates_of
from importer.report.times import local, rated_at
from importer.report.words import (
    NOTES,
    OUTCOMES,
    REASONS,
    STEPS,
    TITLE_MISSING,
    lead,
    outcome_words,
    problems,
    stand_ins,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jinja2 import Environment

    from importer.record import Record, Summary
    from importer.report.sink import Sink


def write_html(summary: Summary, records: Iterable[Record], stream: Sink) -> None:
    """Write the page. The records are read once; of those that the page does not show only numbers are kept."""
    template = _environment().get_template("report.html")
    for piece in template.generate(**_context(summary, records)):
        stream.write(piece.encode("utf-8", "replace"))


@cache
def _environment() -> Environment:
    environment = templates_of("importer.report")
    environment.filters |= {"words": _breakable, "place": _parts}
    return environment


def _context(summary: Summary, records: Iterable[Record]) -> dict[str, Any]:
    view = view_of(summary)
    found = digest(records, view)
    sections = page_sections(found.shelves, summary, view)
    totals = summary.totals or {}
    from markupsafe import Markup

    sheet = style_sheet()
    return {
        "sheet": Markup(sheet),  # noqa: S704 (our own, from this package)
        "policy": f"default-src 'none'; style-src 'sha256-{_digest(sheet)}'",
        "name": _name(summary),
        "lead": lead(summary),
        "lead_parts": _lead_parts(summary),
        "summary": summary,
        "forecast": view is View.FORECAST,
        "undo": view is View.UNDO,
        "started": (local(summary.started), f"{iso(summary.started)[:16].replace('T', ' ')} UTC"),
        "zone": _zone(),
        "seconds": seconds_in_words(summary.seconds),
        "message": _sentence(summary.message or ""),
        "stand_ins": stand_ins(summary.dates),
        "shares": [_share(name, rows, summary) for name, rows in _totals(summary) if rows],
        "notes": [(name, rows, _sentence(NOTES.get(name, name))) for name, rows in summary.notes.items() if rows],
        "read": totals.get("read", 0),
        "held": found.rows,
        "titles_missing": any(name in TITLE_MISSING for name, _ in problems(summary)),
        "troubles": [one for one in sections if one.name in STEPS and one.name != Note.OTHER_TITLE],
        "elsewhere": next((one for one in sections if one.name == Note.OTHER_TITLE), None),
        "changes": [one for one in sections if one.first and one.name not in STEPS],
        "others": [(one, totals.get(one.name, 0)) for one in sections if not one.first and one.name not in STEPS],
        "unlisted": sum(one.more for one in sections),
        "ratings": ratings(found.scales) if summary.totals is not None else [],
        "years": years(found.years),
        "undated": found.undated,
        "exports": [(file_name(one.path), one.format, one.rows) for one in summary.sources],
        "by_source": _by_source(summary, found),
        "newest": [(one, matched_page(one), rating_words(one), rated_at(one)) for one in found.newest],
        "wrote": totals.get(Outcome.APPLIED, 0),
    }


def _zone() -> str:
    """Return the zone of this machine, "" if that is UTC."""
    now = local_time(time.time())
    return now.strftime("%Z") if now.utcoffset() else ""


def _digest(sheet: str) -> str:
    return base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode()


def _name(summary: Summary) -> str:
    forecast = "Forecast of an import" if summary.dry_run else "Ratings import"
    names: dict[str, str] = {Command.UNDO: "Undo", Command.CHECK: "Check of an export"}
    kind = names.get(summary.command, forecast)
    return f"{kind}, run {summary.run}" if summary.run is not None else kind


def _lead_parts(summary: Summary) -> list[tuple[str, str]]:
    """Return the first sentence in pieces, each with how it looks: "" for plain, "number", "need"."""
    text = lead(summary)
    before, _, need = text.rpartition("; ") if problems(summary) else (text, "", "")
    pieces = [(piece, "number" if number else "") for piece, number in _numbers(before)]
    return [*pieces, ("; ", ""), (need, "need")] if need else pieces


def _numbers(text: str) -> Iterable[tuple[str, bool]]:
    place = 0
    for found in re.finditer(r"(?<!\w)\d[\d,]*", text):
        yield text[place : found.start()], False
        yield found[0], True
        place = found.end()
    yield text[place:], False


def _totals(summary: Summary) -> list[tuple[str, int]]:
    """Return the totals in the order of the strip: what went well, then what is neutral, then what needs somebody."""
    totals = summary_document(summary)["totals"] or {}
    return [(name, totals[name]) for name in OUTCOME_COLOURS if name in totals]


def _share(name: str, rows: int, summary: Summary) -> tuple[str, int, str, list[tuple[str, int, str]]]:
    """Return an outcome with its rows, its words, and the reasons within it, the most frequent first."""
    reasons = [(why, found, REASONS.get(why, why)) for why, found in summary.reasons.get(name, {}).items() if found]
    words = _sentence(OUTCOMES[name]) if reasons else _words(name, summary)
    return name, rows, words, sorted(reasons, key=lambda reason: -reason[1])


def _words(name: str, summary: Summary) -> str:
    return _sentence(outcome_words(name, summary))


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def _by_source(summary: Summary, found: Digest) -> dict[str, Any] | None:
    """Return the outcomes by source, where there are several."""
    if len(found.outcomes) < 2:
        return None
    names = sorted({name for counts in found.outcomes.values() for name in counts}, key=list(OUTCOME_COLOURS).index)
    counted = list(found.outcomes.values())
    return {
        "sources": list(found.outcomes),
        "lines": [(name, _words(name, summary), [counts[name] for counts in counted]) for name in names],
        "sums": [counts.total() for counts in counted],
    }


def _breakable(name: str) -> list[str]:
    """Return the parts of a name of the contract, which a narrow column may break after an underscore."""
    parts = name.split("_")
    return [*(f"{part}_" for part in parts[:-1]), parts[-1]]


def _parts(path: str) -> list[str]:
    """Return the parts of a path, which a narrow column breaks after its folders rather than within a name."""
    parts = path.split("/")
    return [*(f"{part}/" for part in parts[:-1]), parts[-1]]
