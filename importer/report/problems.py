"""The lists of the page: rows that need a person, rows on another title, and the newest that arrived."""

from __future__ import annotations

from typing import TYPE_CHECKING

from importer.model import Note, iso
from importer.report.digest import link
from importer.report.safe import clean, count, escape, isolate
from importer.report.words import STEPS, problem_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from importer.record import Record
    from importer.report.digest import Digest, Group


def problem_groups(digest: Digest) -> str:
    """One table a problem, the most frequent first; titles that landed elsewhere have their own."""
    groups = [(name, group) for name, group in digest.groups.items() if name != Note.OTHER_TITLE]
    if not groups:
        return '<p class="empty">No row was rejected, not found, failed or left unconfirmed.</p>'
    groups.sort(key=lambda pair: (-pair[1].rows, pair[0]))
    steps = "<p>Write these rows to a file, mend them there, and import that file:</p>\n" + commands()
    return steps + "\n" + "\n".join(_group(name, group) for name, group in groups)


def commands() -> str:
    """The two commands that take a person from a problem to its end."""
    lines = ("simkl-import report --format rejects --output rejects.csv", "simkl-import run rejects.csv")
    # A narrow page may break a command between its words alone.
    words = "\n".join(" ".join(f"<span>{word}</span>" for word in line.split()) for line in lines)
    return f"<pre><code>{words}</code></pre>"


def _group(name: str, group: Group) -> str:
    rows = "\n".join(
        f'<tr>{_title(record)}<td class="rating">{_rating(record)}</td>{_place(record)}</tr>' for record in group.first
    )
    return (
        f'<h3 id="problem-{escape(name)}">{escape(_sentence(problem_words(name)))} '
        f'<data value="{group.rows}">{count(group.rows)}</data></h3>\n'
        f'<p class="step">Next: {escape(STEPS[name])}.</p>\n'
        f'<table class="plain rows"><caption><code>{escape(name)}</code></caption><thead><tr><th scope="col">Title</th>'
        '<th scope="col">Rating</th><th scope="col">File and line</th></tr></thead>\n'
        f"<tbody>\n{rows}\n</tbody></table>\n{_rest(group)}"
    )


def other_titles(digest: Digest) -> str:
    """Rows whose rating was found on another title than the export names."""
    group = digest.groups.get(Note.OTHER_TITLE)
    if group is None:
        return '<p class="empty">No rating was found on another title.</p>'
    rows = "\n".join(f"<tr>{_title(record)}<td>{_matched(record)}</td>{_place(record)}</tr>" for record in group.first)
    return (
        f'<p class="step">Please check. Next: {escape(STEPS[Note.OTHER_TITLE])} '
        "with the row's key, which the rejects file names.</p>\n"
        '<table class="plain rows pair"><caption>Exported title and the title on Simkl</caption><thead><tr>'
        '<th scope="col">In the export</th><th scope="col">On Simkl</th><th scope="col">File and line</th></tr>'
        f"</thead>\n<tbody>\n{rows}\n</tbody></table>\n{_rest(group)}"
    )


def newest(records: Sequence[Record]) -> str:
    """The ratings given last, each with its page on Simkl."""
    rows = "\n".join(
        f'<tr><th scope="row">{_matched(record)}</th>'
        f'<td class="rating">{isolate(record.source_rating)} → {record.rating}</td>'
        f"<td>{'' if record.rated_at is None else iso(record.rated_at)[:10]}</td></tr>"
        for record in records
    )
    return (
        '<table class="plain rows"><caption>The newest ratings, as read back from Simkl</caption><thead><tr>'
        '<th scope="col">Title</th><th scope="col">Rating</th><th scope="col">Given</th></tr></thead>\n'
        f"<tbody>\n{rows}\n</tbody></table>"
    )


def _rest(group: Group) -> str:
    more = group.rows - len(group.first)
    if not more:
        return ""
    return f'<p class="more">and {count(more)} more: see <code>simkl-import report --format csv</code></p>'


def _title(record: Record) -> str:
    name = isolate(record.title) if clean(record.title) else '<span class="dim">no title</span>'
    if not clean(record.title) and clean(record.key):
        name = isolate(record.key)
    return f'<th scope="row">{name}{_year(record.year)}</th>'


def _year(year: int | None) -> str:
    return "" if year is None else f' <span class="dim">{year}</span>'


def _rating(record: Record) -> str:
    text = isolate(record.source_rating) if clean(record.source_rating) else '<span class="dim">none</span>'
    return text if record.rating is None else f"{text} → {record.rating}"


def _place(record: Record) -> str:
    # A narrow column breaks a path after its folders rather than within a name.
    file = "/<wbr>".join(escape(part) for part in clean(record.file).split("/"))
    return f'<td class="place"><bdi>{file}</bdi>:{record.line}</td>'


def _matched(record: Record) -> str:
    found = record.matched
    if found is None:
        return '<span class="dim">not known</span>'
    name, address = isolate(found.title or f"Simkl {found.simkl}"), link(record)
    if address is not None:
        name = f'<a href="{address}" rel="noopener noreferrer">{name}</a>'
    return name + _year(found.year)


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]
