"""What becomes of every title, given what is remembered of it and what the account says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field, replace

from importer.model import AccountRating, Date, Ids, Item, Kind, Note, Origin, Outcome, Reason, value
from importer.plan.again import Retry, retried
from importer.plan.believed import believed, vague_dates
from importer.plan.decide import Rules, date_instead, decide
from importer.plan.dedupe import better
from importer.plan.question import question_number
from importer.plan.rivals import Layers, against_ours, is_contested
from importer.plan.sides import Base, Kept, Remembered
from importer.plan.title import Title

Find = Callable[[int | None, Kind, Ids, str, int | None], AccountRating | None]
"""How a title is looked up on the account: the simkl id its question led to, kind, ids, title, year."""


@value
class Standing:
    """What is known of titles from earlier changes: where questions led, which led to a wrong title, and what is owed.

    `owed` is, by title, what it is to have once its debt is paid. `rivals` are, by title, the rows on record that lie
    on it, each with its date. `layers` tells what our rows put there.
    """

    led: Mapping[int, int] = field(default_factory=dict)
    wrong: Mapping[int, int] = field(default_factory=dict)
    owed: Mapping[int, AccountRating | None] = field(default_factory=dict)
    rivals: Mapping[int, Mapping[str, Date]] = field(default_factory=dict)
    layers: Layers = lambda _: {}


NOTHING_KNOWN = Standing()


def resolve(
    titles: Iterable[Title],
    items: Sequence[Item],
    remembered: Mapping[str, Remembered],
    find: Find,
    rules: Rules,
    retry: Retry,
    standing: Standing = NOTHING_KNOWN,
) -> list[Title]:
    """Decide every title; `items` are all rows by number, for the bases of rows merged into a winner."""
    vague = vague_dates(remembered.values())
    decided = [_decided(title, items, remembered, find, rules, vague, standing) for title in titles]
    if remembered:
        _leave_to_better_rows(decided, items, standing.rivals)
        _decide_among_ours(decided, items, remembered, rules, standing)
    return retried(decided, remembered, retry)


def _decided(
    title: Title,
    items: Sequence[Item],
    remembered: Mapping[str, Remembered],
    find: Find,
    rules: Rules,
    vague: Mapping[int, Sequence[Base]],
    standing: Standing,
) -> Title:
    item = title.item
    past = remembered.get(item.key) if remembered else None
    asked = question_number(item.kind, item.title, item.year, title.ids)
    wrong = standing.wrong.get(asked)
    simkl = standing.led.get(asked) if wrong is None else None
    known = simkl
    if known is None and wrong is None and title.others and past is not None and past.asked not in standing.wrong:
        known = past.simkl  # merged rows are one title, but with the ids of all of them it was never asked for
    theirs = find(known, title.kind, title.ids, item.title, item.year)
    if theirs is not None and theirs.simkl == wrong:
        theirs = None
    number = theirs.simkl if theirs is not None else simkl
    stands = theirs.rating if theirs is not None else None
    if number is not None and number in standing.owed:
        theirs = standing.owed[number]
    if wrong is not None:
        # Known to lead to a wrong title: not asked again, by id or title, until a person mends or accepts it.
        return title.decided(
            Outcome.KEPT,
            Reason.CONFLICT,
            asked=asked,
            simkl=None,
            theirs=theirs,
            hidden=find(wrong, title.kind, (), "", None),
            note=Note.OTHER_TITLE,
        )
    base = past.base if past is not None else None
    if base is None and title.others and remembered:
        base = _other_base(title, items, remembered)
    outcome, reason = decide(title, base, theirs, believed(theirs, vague), rules)
    instead = date_instead(title, base, theirs, rules.start) if outcome is Outcome.PENDING else None
    if past is not None:
        instead = _run_date_before(title, instead, past)
        if outcome is Outcome.PENDING and number is not None and _kept_before(title, past.kept, number, theirs):
            outcome, reason = Outcome.KEPT, Reason.CONFLICT
    if outcome is Outcome.UNCHANGED and stands != title.rating:
        outcome = Outcome.UNCONFIRMED  # it is what the title is owed, and the account does not hold it yet
    return title.decided(outcome, reason, asked=asked, simkl=simkl, theirs=theirs, instead=instead)


def _leave_to_better_rows(titles: list[Title], items: Sequence[Item], rivals: Mapping[int, Mapping[str, Date]]) -> None:
    """Do not send what a better row by the merge rule keeps from its title, whatever --on-conflict: one on record, or
    one of this call that needs no sending. What a row of this call says counts, not what it said before; those that
    are merged into another one have lost.
    """
    pending = {
        place: number
        for place, title in enumerate(titles)
        if title.outcome is Outcome.PENDING and (number := _number(title)) is not None
    }
    if not pending:
        return
    lying: dict[int, dict[str, Date]] = {number: dict(rivals.get(number, ())) for number in pending.values()}
    said: dict[str, Date] = {}
    for title in titles:
        said[title.key] = title.date
        number = _number(title)
        if number in lying and title.note is None and title.outcome in (Outcome.UNCHANGED, Outcome.KEPT):
            lying[number][title.key] = title.date
    for place, number in pending.items():
        title = titles[place]
        own = {title.key, *(items[n].key for n in title.others)}
        if any(key not in own and better(said.get(key, date), title.date) for key, date in lying[number].items()):
            titles[place] = replace(title, outcome=Outcome.DUPLICATE, note=Note.SHARED_TITLE)


def _number(title: Title) -> int | None:
    return title.theirs.simkl if title.theirs is not None else title.simkl


def _decide_among_ours(
    titles: list[Title],
    items: Sequence[Item],
    remembered: Mapping[str, Remembered],
    rules: Rules,
    standing: Standing,
) -> None:
    """Decide anew what is held against another row's rating of ours."""
    contested = {
        place: one.theirs
        for place, one in enumerate(titles)
        if one.theirs is not None
        and one.theirs.rating != one.rating
        and one.note is None
        and is_contested(one)
        and one.theirs.simkl not in standing.owed
    }
    layers = standing.layers({theirs.simkl for theirs in contested.values()}) if contested else {}
    for place, theirs in contested.items():
        if theirs.simkl not in layers:
            continue
        one = titles[place]
        merged = {items[n].key for n in one.others}
        past = remembered.get(one.key)
        based = past is not None and past.base is not None
        after = against_ours(one, merged, theirs, layers[theirs.simkl], rules, based=based)
        if after.outcome is Outcome.PENDING and past is not None:
            if one.outcome is not Outcome.PENDING and _kept_before(one, past.kept, theirs.simkl, theirs):
                continue
            after = replace(after, instead=_run_date_before(after, after.instead, past))
        titles[place] = after


def _kept_before(title: Title, kept: Kept | None, number: int, theirs: AccountRating | None) -> bool:
    """Tell whether a reading decided to keep what stands there against this very row: it is not sent again until either
    changes.
    """
    if kept is None or kept.simkl != number or (kept.rating, kept.rated_at) != (title.rating, title.rated_at):
        return False
    return kept.standing == ((theirs.rating, theirs.rated_at) if theirs is not None else None)


def only_listed(titles: Sequence[Title], is_listed: Callable[[Title], bool]) -> list[Title]:
    """Leave out what is on none of the account's lists: nothing is put onto one."""
    return [
        replace(one, outcome=Outcome.SKIPPED, reason=Reason.NOT_LISTED)
        if one.outcome is Outcome.PENDING and not is_listed(one)
        else one
        for one in titles
    ]


def _other_base(title: Title, items: Sequence[Item], remembered: Mapping[str, Remembered]) -> Base | None:
    for n in title.others:
        past = remembered.get(items[n].key)
        if past is not None and past.base is not None:
            return past.base
    return None


def _run_date_before(title: Title, instead: Date | None, past: Remembered) -> Date | None:
    """Return the date to send instead, where it is taken from a run's start: it is recorded once, and sending again
    never moves it.
    """
    date = title.date if instead is None else instead
    wanted = past.wanted
    if (
        date.origin is Origin.RUN
        and wanted is not None
        and wanted.origin is Origin.RUN
        and past.wanted_rating == title.rating
    ):
        return wanted
    return instead
