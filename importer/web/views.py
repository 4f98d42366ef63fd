"""What the page shows, as HTML: each step by itself, so that a browser renews only what has changed."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from markupsafe import Markup

from importer.exports import all_adapters
from importer.machine.address import on_loopback
from importer.model import Outcome, iso
from importer.record import summary_document
from importer.report.links import searches, source_page
from importer.report.safe import many
from importer.report.styles import OUTCOME_COLOURS
from importer.report.templating import templates_of
from importer.report.times import local, moment_of
from importer.report.words import lead, problem, problem_words
from importer.signin.flows import PIN_ENDS
from importer.signin.registration import VALUES
from importer.simkl.quota import DAILY
from importer.simkl.refusals import DEVELOPER
from importer.web.export_files import Question
from importer.web.page import Page
from importer.web.signing import Stage, older_kind
from importer.web.steps import LONG, Doing, Step
from importer.web.words import KINDS, OUTCOMES, choices_in_words, for_page, message_for_page, stand_ins, trouble_of

if TYPE_CHECKING:
    from jinja2 import Environment

    from importer.record import Record, Summary
    from importer.web.rows import Window

SENT = (Outcome.APPLIED, Outcome.NOT_FOUND, Outcome.UNCONFIRMED, Outcome.FAILED)
"""What can become of a rating that was sent."""

CASES = 20
"""Rows that are asked about at once; the next ones come as these are settled."""


def whole(page: Page, token: str) -> str:
    """Return the whole page. `token` is what its writes have to carry."""
    return _render("page.html", page=page, token=token, parts=sections(page))


def sections(page: Page) -> list[dict[str, Any]]:
    """Return each step with its HTML, and a digest by which a browser tells whether it has changed."""
    shown = _shown(page)
    found = []
    for number, step in enumerate(Step, 1):
        text = _render(f"{step.value}.html", **shown, step=step, number=number, state=_state(page, step))
        digest = hashlib.sha256(text.encode()).hexdigest()[:16]
        found.append({"id": step.value, "digest": digest, "html": text})
    return found


def told(page: Page) -> dict[str, Any]:
    """Return whose turn it is, and what is said aloud of it."""
    doing = page.under_way.doing
    return {"turn": page.turn.value, "say": _said(page), "busy": doing in LONG, "doing": doing}


def entered(path: str) -> str:
    """Return the page that opens the page."""
    return _render("entered.html", path=path)


def refused(why: str) -> str:
    """Return what somebody sees who may not come in."""
    return _render("refused.html", why=why)


def rows_document(window: Window) -> dict[str, Any]:
    """Return a window of a table's rows for the browser."""
    return {"total": window.total, "start": window.start, "html": _render("rows.html", window=window)}


@cache
def environment() -> Environment:
    """Return the templates."""
    found = templates_of("importer.web")
    found.filters |= {
        "day": lambda seconds: moment_of(seconds, None).shown,
        "for_page": for_page,
        "message": message_for_page,
        "iso": iso,
        "lead": lead,
        "local": local,
        "problem": _problem,
        "safe_address": _safe_address,
        "searches": searches,
        "sentence": lambda text: text[:1].upper() + text[1:],
        "size": _size,
        "source_page": source_page,
        "trouble": lambda error, page: trouble_of(error, page.files.uploads.folder),
    }
    return found


def _render(name: str, **context: object) -> str:
    return environment().get_template(name).render(**context)


def _shown(page: Page) -> dict[str, Any]:
    """Return what the steps are made of."""
    signing = page.signing
    return {
        "page": page,
        "doing": page.under_way.doing,
        "busy": page.under_way.doing is not None,
        "long": page.under_way.doing in LONG,
        "Doing": Doing,
        "Stage": Stage,
        "Step": Step,
        "Question": Question,
        "KINDS": KINDS,
        "OUTCOMES": OUTCOMES,
        "judged_lead": lead(page.files.judged.summary) if page.files.judged is not None else "",
        "stand_ins": stand_ins(page.files.judged.summary.dates) if page.files.judged is not None else "",
        "forecast_lead": lead(page.reports.forecast.summary) if page.reports.forecast is not None else "",
        "result_lead": lead(page.reports.result.summary) if page.reports.result is not None else "",
        "choices_lead": choices_in_words(page.options),
        "sent_lead": _sent(page.reports.result.summary) if page.reports.result is not None else "",
        "shares": _shares(page.reports.result.summary) if page.reports.result is not None else [],
        "to_send": _to_send(page),
        "sites": sorted((adapter.name, adapter.about.site) for adapter in all_adapters()),
        "values": VALUES,
        "developer": DEVELOPER,
        "pin_ends": PIN_ENDS,
        "older_kind": signing.code is not None and older_kind(signing.code),
        "qr": _qr(signing.code.direct or signing.code.address) if signing.code is not None else "",
        "quota": DAILY.get(page.owner.plan) if page.owner is not None else None,
        "cases": list(page.mending.cases.items())[:CASES] if page.mending.cases is not None else [],
        "more_cases": max(0, len(page.mending.cases or {}) - CASES),
        "today": datetime.now(UTC).date().isoformat(),
        "live": page.under_way.live() if page.under_way.doing in LONG else None,
    }


def _state(page: Page, step: Step) -> str:
    """Return how a step stands: `waits` for its turn, is `open`, or is `done` and can be looked at again; `gone` is not
    shown at all.
    """
    judged, signed_in = page.files.judged is not None, page.signing.stage is Stage.IN
    troubled = step in page.under_way.troubles
    reached = {
        Step.FILES: True,
        Step.READ: judged,
        Step.SIGN_IN: judged or signed_in or page.signing.stage is not Stage.OUT or page.signing.trouble is not None,
        Step.FORECAST: judged and signed_in,
        Step.GO: page.may_go or page.under_way.doing is Doing.IMPORTING or page.reports.result is not None or troubled,
        Step.RESULT: page.reports.result is not None or (page.record.past is not None and page.record.past.waiting > 0),
        Step.EARLIER: page.record.past is not None or troubled,
    }
    if not reached[step]:
        return "gone" if step is Step.EARLIER else "waits"
    over = {
        Step.FILES: judged,
        Step.READ: signed_in and page.turn is not Step.READ,
        Step.SIGN_IN: signed_in and page.signing.trouble is None and not page.signing.read_only,
        Step.FORECAST: page.turn in (Step.GO, Step.RESULT) and page.reports.forecast is None,
        Step.GO: not page.may_go and page.under_way.doing is not Doing.IMPORTING,
        Step.RESULT: page.reports.result is None and page.mending.cases is None,
        Step.EARLIER: page.turn is not Step.EARLIER and page.record.elsewhere is None,
    }
    return "done" if over[step] and not troubled else "open"


def _said(page: Page) -> str:
    """Return the sentence that a screen reader speaks when a step is done."""
    trouble = next(iter(page.under_way.troubles.values()), None)
    if trouble is not None:
        return f"{trouble.what} {trouble.todo}"
    if page.under_way.doing is not None:
        return ""
    match page.turn:
        case Step.READ:
            return f"The files were read. {lead(page.files.judged.summary)}" if page.files.judged is not None else ""
        case Step.FORECAST:
            return lead(page.reports.forecast.summary) if page.reports.forecast is not None else ""
        case Step.RESULT | Step.GO:
            return lead(page.reports.result.summary) if page.reports.result is not None else ""
        case Step.EARLIER if page.way_back.done is not None:
            return lead(page.way_back.done.summary)
        case _:
            return ""


def _to_send(page: Page) -> int:
    found = page.reports.forecast or page.reports.result
    return (found.summary.totals or {}).get(Outcome.PENDING, 0) if found is not None else 0


def _sent(summary: Summary) -> str:
    """Return what an import or a mending took, for when its step is folded."""
    totals, requests = summary.totals or {}, summary.requests.post
    sent = sum(totals.get(name, 0) for name in SENT)
    return f"{many(sent, 'rating')} sent in {many(requests, 'request')}" if requests else "nothing was to be sent"


def _shares(summary: Summary) -> list[tuple[str, str, int, int]]:
    """Return each outcome above zero with its words, its rows and its share in hundredths, what went well first."""
    totals = summary_document(summary)["totals"] or {}
    read = totals.get("read") or 1
    return [
        (name, OUTCOMES[name], totals[name], max(1, round(100 * totals[name] / read)))
        for name in OUTCOME_COLOURS
        if totals.get(name)
    ]


def _problem(record: Record) -> str:
    found = problem(record)
    return problem_words(found) if found is not None else ""


def _safe_address(address: str) -> str:
    """Return an address that a link may lead to, "" for another one: Simkl's answer names it, and no script does."""
    scheme = urlsplit(address).scheme
    return address if scheme == "https" or (scheme == "http" and on_loopback(address)) else ""


def _qr(address: str) -> Markup:
    import segno

    if not _safe_address(address):
        return Markup()
    drawn = segno.make_qr(address, error="l").svg_inline(scale=5, border=3, dark="#000", light="#fff", omitsize=True)
    return Markup(drawn)  # noqa: S704 (numbers and commands of a drawing, none of the address's letters)


def _size(size: int) -> str:
    """1234567 → "1.2 MB"."""
    return f"{size / 1_000_000:.1f} MB" if size >= 100_000 else f"{max(1, round(size / 1000)):,} KB"
