"""The report as one self-contained HTML page: no script, no network, readable in a mail, on a phone and on paper."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from importer.model import Note, Outcome, iso
from importer.record import summary_document
from importer.report.digest import Digest, digest
from importer.report.problems import newest, other_titles, problem_groups
from importer.report.ratings import rating_tables, year_chart
from importer.report.safe import count, escape, file_name, isolate, seconds_in_words
from importer.report.styles import OUTCOME_COLOURS, style_sheet
from importer.report.words import NOTES, REASONS, lead, outcome_words, problems

if TYPE_CHECKING:
    from collections.abc import Iterable

    from importer.record import Record, Summary
    from importer.report.sink import Sink


def write_html(summary: Summary, records: Iterable[Record], stream: Sink) -> None:
    """Write the page; the records are read once and not kept."""
    found = digest(records, summary.dry_run)
    stream.write(_head(summary).encode("utf-8", "replace"))
    for part in _sections(summary, found):
        stream.write(part.encode("utf-8", "replace"))
    stream.write(_foot(summary).encode("utf-8", "replace"))


def _sections(summary: Summary, found: Digest) -> Iterable[str]:
    sections = [("outcomes", "What became of every row", _ledger(summary))]
    if summary.totals is not None and found.rows:
        need = sum(group.rows for name, group in found.groups.items() if name != Note.OTHER_TITLE)
        other = found.groups.get(Note.OTHER_TITLE)
        intro = (
            "<p>Each value of the export, the rating it is on Simkl's scale, and how many stand there "
            f"{'after the run' if not summary.dry_run else 'once this is sent'}. Rows beside a dash are no rating "
            "from 1 to 10.</p>\n"
        )
        years = "<p>By the year they were given; rejected, skipped and duplicate rows left out.</p>\n"
        sections += [
            ("ratings", "Ratings, before and after", intro + rating_tables(found, summary.dry_run)),
            ("years", "Ratings by year", years + year_chart(found.years)),
            ("sources", "By source", _sources(summary, found)),
            ("need-you", f"What needs you{_number(need)}", problem_groups(found)),
            ("elsewhere", f"On another title{_number(other.rows if other else 0)}", other_titles(found)),
        ]
        if found.newest:
            sections.append(("newest", "See for yourself", newest(found.newest)))
    elif summary.sources:
        sections.append(("sources", "By source", _files(summary)))
    yield from _opening(summary, found, [(name, title) for name, title, _ in sections])
    for name, title, body in sections:
        yield f'<section aria-labelledby="{name}">\n<h2 id="{name}">{title}</h2>\n{body}\n</section>\n'
    yield "</main>\n"


def _number(rows: int) -> str:
    return f": {count(rows)}" if rows else ""


def _head(summary: Summary) -> str:
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{escape(_name(summary))}: {escape(lead(summary))}</title>\n"
        f'<style>{style_sheet()}</style>\n</head>\n<body>\n<a class="skip" href="#outcomes">Skip to the numbers</a>\n'
    )


def _name(summary: Summary) -> str:
    forecast = "Forecast of an import" if summary.dry_run else "Ratings import"
    kind = {"undo": "Undo", "check": "Check of an export"}.get(summary.command, forecast)
    return f"{kind}, run {summary.run}" if summary.run is not None else kind


def _opening(summary: Summary, found: Digest, sections: list[tuple[str, str]]) -> Iterable[str]:
    yield f'<header>\n<h1>{escape(_name(summary))}</h1>\n<p class="lead">{_lead(summary)}</p>\n{_strip(summary)}'
    facts = [f"{iso(summary.started)[:16].replace('T', ' ')} UTC"] if summary.started else []
    if summary.account_id is not None:
        facts.append(f"account {isolate(summary.account_name or str(summary.account_id))}")
    asked = summary.requests
    again = "retry" if asked.retries == 1 else "retries"
    facts.append(f"{count(asked.post)} POST, {count(asked.get)} GET, {count(asked.retries)} {again}")
    facts.append(seconds_in_words(summary.seconds))
    yield f'<p class="facts">{" · ".join(facts)}</p>\n'
    if summary.totals is not None and not summary.totals.get("read", 0) and summary.command != "undo":
        yield (
            '<p class="notice">The export was read, and no row of it is a rating. <code>simkl-import formats</code> '
            "tells which file each site hands out.</p>\n"
        )
    if summary.dry_run:
        yield '<p class="notice">A dry run: nothing was changed on Simkl.</p>\n'
    if summary.message:
        yield f'<p class="notice">{isolate(summary.message)}</p>\n'
    read = (summary.totals or {}).get("read", 0)
    if summary.command != "undo" and found.rows != read:
        yield (
            f'<p class="notice">The resume file still holds {count(found.rows)} of these {count(read)} rows; '
            "what follows the numbers is about them alone.</p>\n"
        )
    links = "".join(f'<li><a href="#{name}">{title}</a></li>' for name, title in sections)
    yield f'</header>\n<nav aria-label="On this page"><ul>{links}</ul></nav>\n<main>\n'


def _lead(summary: Summary) -> str:
    text = escape(lead(summary))
    if problems(summary):
        before, _, need = text.rpartition("; ")
        text = f'{before}; <span class="need">{need}</span>'
    return re.sub(r"(?<![\w#&])\d[\d,]*", r"<b>\g<0></b>", text)


def _shares(summary: Summary) -> list[tuple[str, int]]:
    """The totals in the order of the strip: what went well first, then what is neutral, then what needs somebody."""
    totals = summary_document(summary)["totals"] or {}
    return [(name, totals[name]) for name in OUTCOME_COLOURS if name in totals]


def _strip(summary: Summary) -> str:
    parts = [(name, rows) for name, rows in _shares(summary) if rows]
    if not parts:
        return ""
    said = escape(", ".join(f"{name} {count(rows)}" for name, rows in parts))
    bars = "".join(f'<i class="o-{name}" style="flex-grow:{rows}"></i>' for name, rows in parts)
    return f'<div class="strip" role="img" aria-label="{said}">{bars}</div>\n'


def _ledger(summary: Summary) -> str:
    if summary.totals is None:
        return '<p class="empty">Nothing was read, so there is nothing to count.</p>'
    lines = []
    for name, rows in _shares(summary):
        none = "" if rows else ' class="none"'
        lines.append(
            f'<tr{none} id="outcome-{name}"><th scope="row"><span class="dot o-{name}"></span>{_breakable(name)}</th>'
            f"<td>{escape(outcome_words(name, summary))}</td>{_cell(rows)}</tr>"
        )
        for reason, number in sorted(summary.reasons.get(name, {}).items(), key=lambda pair: -pair[1]):
            lines.append(
                f'<tr class="reason"><th scope="row">{_breakable(reason)}</th>'
                f"<td>{escape(REASONS.get(reason, ''))}</td>{_cell(number)}</tr>"
            )
    head = '<th scope="col">Outcome</th><th scope="col">Meaning</th><th scope="col" class="number">Rows</th>'
    read = summary.totals.get("read", 0)
    return (
        '<table class="plain ledger"><caption>Every row ends in exactly one of these</caption>'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n" + "\n".join(lines) + "\n</tbody>\n"
        f'<tfoot><tr id="outcome-read"><th scope="row">read</th><td></td>{_cell(read)}</tr></tfoot></table>\n'
        + _notes(summary)
    )


def _notes(summary: Summary) -> str:
    lines = [
        f'<tr id="note-{escape(name)}"><th scope="row">{_breakable(name)}</th>'
        f"<td>{escape(NOTES.get(name, ''))}</td>{_cell(number)}</tr>"
        for name, number in summary.notes.items()
        if number
    ]
    if not lines:
        return ""
    return (
        '<h3>Found on reading back</h3>\n<table class="plain ledger"><caption>Notes beside the outcomes</caption>'
        '<thead><tr><th scope="col">Note</th><th scope="col">Meaning</th><th scope="col" class="number">Rows</th></tr>'
        "</thead>\n<tbody>\n" + "\n".join(lines) + "\n</tbody></table>"
    )


def _breakable(name: str) -> str:
    """A name of the contract, which a narrow column may break after an underscore."""
    return escape(name).replace("_", "_<wbr>")


def _cell(rows: int) -> str:
    return f'<td class="number"><data value="{rows}">{count(rows)}</data></td>'


def _sources(summary: Summary, found: Digest) -> str:
    shown = sorted(
        {outcome for counts in found.outcomes.values() for outcome in counts}, key=list(OUTCOME_COLOURS).index
    )
    heads = "".join(f'<th scope="col" class="number">{isolate(source)}</th>' for source in found.outcomes)
    lines = "\n".join(
        f'<tr><th scope="row"><span class="dot o-{outcome}"></span>{outcome}</th>'
        + "".join(_cell(counts[outcome]) for counts in found.outcomes.values())
        + "</tr>"
        for outcome in shown
    )
    sums = "".join(_cell(counts.total()) for counts in found.outcomes.values())
    return _files(summary) + (
        '<div class="scroll"><table class="plain"><caption>Outcomes by source</caption>'
        f'<thead><tr><th scope="col">Outcome</th>{heads}</tr></thead>\n<tbody>\n{lines}\n</tbody>\n'
        f'<tfoot><tr><th scope="row">all</th>{sums}</tr></tfoot></table></div>'
    )


def _files(summary: Summary) -> str:
    lines = "\n".join(
        f'<tr><th scope="row">{isolate(file_name(one.path))}</th><td>{isolate(one.format)}</td>{_cell(one.rows)}</tr>'
        for one in summary.sources
    )
    return (
        '<table class="plain"><caption>The exports of this run</caption><thead><tr><th scope="col">Export</th>'
        '<th scope="col">Format</th><th scope="col" class="number">Rows</th></tr></thead>\n'
        f"<tbody>\n{lines}\n</tbody></table>\n"
    )


def _foot(summary: Summary) -> str:
    undo = ""
    wrote = (summary.totals or {}).get(Outcome.APPLIED, 0)
    if summary.command == "run" and wrote and not summary.dry_run and summary.run is not None:
        undo = f" To take this run back: <code>simkl-import undo --run {summary.run}</code>."
    return f"<footer>Made by simkl-import from its resume file.{undo}</footer>\n</body>\n</html>\n"
