"""Where every rating landed: the account before and after compared, title by title. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from importer.identity import conflicting, id_tokens, loose_title, same_title
from importer.journal.sent import Sent
from importer.model import DAY, Kind, Precision
from importer.plan.sides import Theirs
from importer.simkl.account import Account, tokens_of

COMMON = 3
"""Dates that differ alike are one note from this many on."""

_RowKey = Callable[[int], Iterable[object]]
_TitleKey = Callable[[Theirs], Iterable[object]]

_HALF_DAY = 14 * 3600
"""No time zone is further from UTC: a larger shift is another day, not the same one told elsewhere."""


@dataclass(frozen=True, slots=True)
class Landing:
    """Where one rating was found: `there` None where nowhere. `holds`: the title has the rating that was sent.

    `other` tells that the title is another one than the row names, `shared` that another row landed on it too.
    """

    sent: Sent
    there: Theirs | None
    holds: bool
    other: bool
    shared: bool


def land(sent: Sequence[Sent], opening: Mapping[int, Theirs], closing: Account) -> list[Landing]:
    """Tell where each rating landed, in the order sent (the last one on a title is the one that stays).

    First by simkl id, ids, or title; then what is new or changed on the account and claimed by none of these belongs
    to the row whose rating and date fit it, the exact second breaking ties.
    """
    found = [_named(one, closing) for one in sent]
    lost = [i for i, there in enumerate(found) if there is None or not _fits(sent[i], there)]
    if lost:
        for i, there in _fitted(sent, lost, _unclaimed(sent, found, opening, closing)):
            found[i] = there
    crowded = _crowded(found)
    return [
        Landing(
            one,
            there,
            there is not None and _fits(one, there),
            there is not None and _is_other(one, there),
            there is not None and there.simkl in crowded,
        )
        for one, there in zip(sent, found, strict=True)
    ]


def _unclaimed(
    sent: Sequence[Sent], found: Sequence[Theirs | None], opening: Mapping[int, Theirs], closing: Account
) -> list[Theirs]:
    """What is new or changed on the account and fits no row that was found on it."""
    claimed = {there.simkl for one, there in zip(sent, found, strict=True) if there is not None and _fits(one, there)}
    return [
        theirs
        for theirs in closing.by_simkl.values()
        if theirs.simkl not in claimed and not _same_rating(opening.get(theirs.simkl), theirs)
    ]


def _crowded(found: Iterable[Theirs | None]) -> set[int]:
    """The titles that more than one row landed on."""
    seen: set[int] = set()
    crowded: set[int] = set()
    for there in found:
        if there is not None:
            (crowded if there.simkl in seen else seen).add(there.simkl)
    return crowded


def differing_dates(landings: Iterable[Landing]) -> tuple[set[str], bool]:
    """The keys whose date came back otherwise than sent, and whether all of them are one and the same habit of the
    service (coarser, or shifted by so many hours), which is one note and no finding of any row.
    """
    differing: list[tuple[str, int, int]] = []
    same = 0
    for landing in landings:
        there, sent = landing.there, landing.sent
        if there is None or not landing.holds or there.rated_at is None:
            continue
        if _date_fits(sent, there.rated_at):
            same += there.rated_at == sent.rated_at
        else:
            differing.append((sent.key, sent.rated_at, there.rated_at))
    habit = len(differing) >= COMMON and _one_habit(differing)
    return (set() if habit else {key for key, _, _ in differing}), habit


def _one_habit(differing: list[tuple[str, int, int]]) -> bool:
    shifts = {back - out for _, out, back in differing}
    if len(shifts) == 1 and abs(next(iter(shifts))) <= _HALF_DAY:
        return True
    return any(all(back == out - out % step for _, out, back in differing) for step in (60, 3600, DAY))


def _named(sent: Sent, closing: Account) -> Theirs | None:
    if sent.simkl is not None and sent.simkl in closing.by_simkl:
        return closing.by_simkl[sent.simkl]
    by_ids = closing.by_ids(sent.kind, sent.ids)
    if by_ids is not None:
        return by_ids
    by_title = closing.by_title(sent.kind, (), sent.title, sent.year)
    if by_title is not None:
        return by_title
    others = (closing.by_title(kind, (), sent.title, sent.year) for kind in Kind if kind is not sent.kind)
    return next(filter(None, others), None)


def _fits(sent: Sent, theirs: Theirs) -> bool:
    return theirs.rating == sent.rating


def _date_fits(sent: Sent, back: int) -> bool:
    out = sent.rated_at
    return back // DAY == out // DAY if sent.date.precision is Precision.DAY else back == out


def _same_rating(before: Theirs | None, now: Theirs) -> bool:
    return before is not None and before.rating == now.rating and before.rated_at == now.rated_at


def _is_other(sent: Sent, theirs: Theirs) -> bool:
    """Whether a row landed on another title. A shared id vouches for the title, however Simkl spells it; a spelling
    or a year of ±1 is no finding."""
    if sent.simkl == theirs.simkl or not sent.title:
        return False
    if same_title(sent.title, sent.year, theirs.title, theirs.year):
        return False
    ours, tokens = set(id_tokens(sent.kind, sent.ids)), tokens_of(theirs) | {("simkl", str(theirs.simkl))}
    return not ours & tokens or conflicting(ours - tokens, tokens - ours)


def _fitted(sent: Sequence[Sent], lost: list[int], changed: list[Theirs]) -> Iterable[tuple[int, Theirs]]:
    """Pair lost rows with changed titles: by spelling, then wherever rating and date leave one choice both ways."""
    rows, titles = lost, changed
    pairs: dict[int, Theirs] = {}
    for row_key, title_key in _ways(sent):
        pairs.update(_unique_pairs(rows, titles, row_key, title_key))
        taken = {theirs.simkl for theirs in pairs.values()}
        rows = [i for i in rows if i not in pairs]
        titles = [theirs for theirs in titles if theirs.simkl not in taken]
    return pairs.items()


def _ways(sent: Sequence[Sent]) -> list[tuple[_RowKey, _TitleKey]]:
    """Keys by which a row may fit a title, the surest first; a title without a date fits by its rating alone."""

    def spelled(i: int) -> Iterable[object]:
        one = sent[i]
        years = (None,) if one.year is None else (one.year - 1, one.year, one.year + 1)
        return [(one.rating, loose_title(one.title), year) for year in years] if one.title else []

    def second(i: int) -> Iterable[object]:
        return [(sent[i].rating, sent[i].rated_at)]

    def day(i: int) -> Iterable[object]:
        return [(sent[i].rating, sent[i].rated_at // DAY)]

    def near_days(theirs: Theirs) -> Iterable[object]:
        today = (theirs.rated_at or 0) // DAY
        return [(theirs.rating, today + shift) for shift in (-1, 0, 1)] if theirs.rated_at is not None else []

    return [
        (spelled, lambda theirs: [(theirs.rating, loose_title(theirs.title), theirs.year)]),
        (second, lambda theirs: [(theirs.rating, theirs.rated_at)] if theirs.rated_at is not None else []),
        (day, lambda theirs: [(theirs.rating, theirs.rated_at // DAY)] if theirs.rated_at is not None else []),
        (day, near_days),
        (lambda i: [sent[i].rating], lambda theirs: [theirs.rating] if theirs.rated_at is None else []),
    ]


def _unique_pairs(
    rows: Sequence[int], titles: Sequence[Theirs], row_key: _RowKey, title_key: _TitleKey
) -> dict[int, Theirs]:
    by_key: defaultdict[object, list[int]] = defaultdict(list)
    for i in rows:
        for key in row_key(i):
            by_key[key].append(i)
    claims: defaultdict[int, list[Theirs]] = defaultdict(list)
    for theirs in titles:
        candidates = {i for key in title_key(theirs) for i in by_key.get(key, ())}
        for i in candidates:
            # A title that several rows fit is no choice for any of them.
            claims[i].extend([theirs] * (1 if len(candidates) == 1 else 2))
    return {i: found[0] for i, found in claims.items() if len(found) == 1}
