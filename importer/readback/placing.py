"""Where open changes are on the account, before any debt is judged. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from importer.journal.change import Change, Evidence, Question
from importer.model import AccountRating
from importer.plan.names import Names
from importer.readback.known import Known
from importer.readback.matching import place_changes
from importer.readback.naming import names_title
from importer.readback.settlement import Unsettled


def doubtful_titles(placed: Sequence[Change], account: Mapping[int, AccountRating]) -> list[int]:
    """Return the titles whose own page should be asked for their other names, before anything is called wrong."""
    found: dict[int, None] = {}
    for change in placed:
        if change.simkl is None or change.question is None or change.sent_simkl == change.simkl:
            continue
        theirs = account.get(change.simkl)
        if theirs is not None and not names_title(change.question, change.simkl, theirs, None):
            found[change.simkl] = None
    return list(found)


def find_changes(unsettled: Unsettled, known: Known) -> list[Change]:
    """Place all open changes, before any debt is judged."""
    return place_changes(unsettled.changes, known, unsettled.history)


def pair_by_name(placed: list[Change], known: Known, names: Mapping[int, Names]) -> None:
    """Give rows that were found as a set the titles that they name, as far as the titles' other names tell: which of
    them is which was a guess.
    """
    rows: defaultdict[int, list[int]] = defaultdict(list)
    for i, change in enumerate(placed):
        if change.evidence is Evidence.SET and change.question is not None:
            rows[change.question.number].append(i)
    alone = [number for number, found in rows.items() if len({placed[i].simkl for i in found}) == 1]
    for number in alone:
        for other in alone:
            mine, theirs = placed[rows[number][0]], placed[rows[other][0]]
            if number == other or mine.simkl is None or theirs.simkl is None or mine.question is None:
                continue
            if not {placed[i].rating for i in rows[number]} & {placed[i].rating for i in rows[other]}:
                continue
            if _names(mine.question, mine.simkl, known, names) or not _names(mine.question, theirs.simkl, known, names):
                continue
            # All that asked the same goes along: also what was of another rating, and is there by its question alone.
            for found, simkl in ((rows[number], theirs.simkl), (rows[other], mine.simkl)):
                for i in found:
                    placed[i] = placed[i].placed(simkl, Evidence.SET)


def _names(question: Question, simkl: int, known: Known, names: Mapping[int, Names]) -> bool:
    return names_title(question, simkl, known.account.by_simkl.get(simkl), names.get(simkl))
