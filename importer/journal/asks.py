"""Where questions led, remembered by the question: kind, title, year and ids as sent.

The key that asked it last has the answer in its item; here stand the questions that no key asks any more, and those
that led to a wrong title.
"""

from __future__ import annotations

from collections.abc import Iterable

from importer.journal.change import Question
from importer.journal.store import Journal
from importer.journal.values import ids_text
from importer.model import Kind, Outcome, value

_KINDS = {kind.value: kind for kind in Kind}


@value
class Led:
    """Where questions led, by their number; `wrong` are those that led to a title they do not name.

    `misleading` are the (kind, title, year) that lead to a wrong title: they never go along with ids.
    """

    to: dict[int, int]
    wrong: dict[int, int]
    misleading: frozenset[tuple[Kind, str, int | None]]


def where_questions_led(journal: Journal, items: Iterable[tuple[int | None, int | None]]) -> Led:
    """Return all that is known. `items` are the question and the title on record of each key."""
    to = {asked: simkl for asked, simkl in items if asked is not None and simkl is not None}
    wrong: dict[int, int] = {}
    misleading: set[tuple[Kind, str, int | None]] = set()
    for asked, kind, title, year, simkl, is_wrong in journal.rows(
        "SELECT asked, kind, title, year, simkl, wrong FROM asks WHERE simkl IS NOT NULL"
    ):
        to[asked] = simkl
        if is_wrong:
            wrong[asked] = simkl
            if title:
                misleading.add((_KINDS.get(kind, Kind.MOVIE), title, year))
    return Led(to, wrong, frozenset(misleading))


def wrong_questions(journal: Journal) -> dict[int, int]:
    """Return the questions that led to a title which they do not name, each with that title."""
    return dict(journal.rows("SELECT asked, simkl FROM asks WHERE wrong = 1 AND simkl IS NOT NULL"))


def keep_questions(journal: Journal, keys: Iterable[str]) -> None:
    """Keep what these keys asked so far, before they ask something else. Within a transaction."""
    journal.write_all(
        "INSERT OR IGNORE INTO asks SELECT asked, kind, title, year, ids, simkl, 0 FROM items"
        f" WHERE key = ? AND asked IS NOT NULL AND outcome <> '{Outcome.REJECTED.value}'",
        ((key,) for key in keys),
    )


def note_wrong(journal: Journal, found: Iterable[tuple[Question, int]]) -> None:
    """Remember that these questions lead to a title that they do not name. Within a transaction."""
    _note(journal, found, wrong=True)


def note_led(journal: Journal, found: Iterable[tuple[Question, int]]) -> None:
    """Remember where questions led that are not the last ones of their keys. Within a transaction."""
    _note(journal, found, wrong=False)


def _note(journal: Journal, found: Iterable[tuple[Question, int]], *, wrong: bool) -> None:
    journal.write_all(
        "INSERT INTO asks VALUES (?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (asked) DO UPDATE SET simkl = excluded.simkl, wrong = max(wrong, excluded.wrong)",
        (
            (ask.number, ask.kind.value, ask.title, ask.year, ids_text(ask.ids), simkl, int(wrong))
            for ask, simkl in found
            if ask.number
        ),
    )


def accept(journal: Journal, asked: Iterable[int]) -> None:
    """A person says that these questions lead to the right title after all. Within a transaction."""
    journal.write_all("UPDATE asks SET wrong = 0 WHERE asked = ?", ((number,) for number in asked))
