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
    return place_changes(unsettled.changes, known)


def pair_by_name(placed: list[Change], known: Known, names: Mapping[int, Names]) -> None:
    """Give rows that were found as a set the titles that they name, as far as the titles' other names tell: which of
    them is which was a guess.
    """
    sets: defaultdict[tuple[int | None, int], dict[int, list[int]]] = defaultdict(dict)
    for i, change in enumerate(placed):
        if change.evidence is Evidence.SET and change.simkl is not None and change.question is not None:
            sets[change.rating, change.question.number].setdefault(change.simkl, []).append(i)
    for rating, number in list(sets):
        for other_rating, other in list(sets):
            alone = len(sets[rating, number]) == len(sets[other_rating, other]) == 1
            if rating != other_rating or number == other or not alone:
                continue
            [(mine, rows)], [(theirs, others)] = sets[rating, number].items(), sets[rating, other].items()
            question = placed[rows[0]].question
            if question is None or _names(question, mine, known, names) or not _names(question, theirs, known, names):
                continue
            for i in rows:
                placed[i] = placed[i].placed(theirs, Evidence.SET)
            for i in others:
                placed[i] = placed[i].placed(mine, Evidence.SET)
            sets[rating, number], sets[rating, other] = {theirs: rows}, {mine: others}


def _names(question: Question, simkl: int, known: Known, names: Mapping[int, Names]) -> bool:
    return names_title(question, simkl, known.account.by_simkl.get(simkl), names.get(simkl))
