"""Ours against ours: what stands on a title can be another row's rating, sent before. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

from importer.model import AccountRating, Date, Note, Origin, Outcome, Precision, Reason, value
from importer.plan.decide import Rules, date_instead, decide
from importer.plan.dedupe import better
from importer.plan.sides import Base
from importer.plan.title import Title


@value
class Layer:
    """What a row of ours put onto a title: its rating, its date as the row knows it, the first and the last date with
    which it may be shown there (one where it was seen, None where it never can be told), and what stood there before.
    """

    key: str
    rating: int
    date: Date
    shown: tuple[int, int] | None
    before: tuple[int, int | None] | None

    def fits(self, rating: int, rated_at: int | None) -> bool:
        """Tell whether what is read can be this."""
        if rating != self.rating or rated_at is None:
            return rating == self.rating
        return self.shown is not None and self.shown[0] <= rated_at <= self.shown[1]


Layers = Callable[[Collection[int]], Mapping[int, Sequence[Layer]]]
"""Return by title what lies there of ours, in sending order, for the titles that are asked for."""

_CONFLICTS = (Reason.CONFLICT, Reason.CHANGED_ON_SIMKL)


def is_contested(title: Title) -> bool:
    """Tell whether it matters whose the other rating on the account is."""
    return title.outcome is Outcome.PENDING or (title.outcome is Outcome.KEPT and title.reason in _CONFLICTS)


def against_ours(
    title: Title,
    merged: Collection[str],
    theirs: AccountRating,
    layers: Sequence[Layer],
    rules: Rules,
    *,
    based: bool,
) -> Title:
    """Decide by the merge rule, whatever --on-conflict, where another row's rating of ours stands: then against the
    person's rating below, if there is one. `merged` are the keys of the rows that this one has won over already;
    `based` tells that it was decided by a base of its own.
    """
    top = _top(theirs, layers)
    if top is None or (top.key == title.key and based):
        return title
    if top.key == title.key:  # its base was forgotten when a person said which title is meant: it is this one
        base = Base(top.rating, top.date, theirs.rating, theirs.rated_at)
        outcome, reason = decide(title, base, theirs, None, rules)
        instead = date_instead(title, base, theirs, rules.start) if outcome is Outcome.PENDING else None
        return replace(title, outcome=outcome, reason=reason, instead=instead)
    if top.key not in merged:
        if not (top.date.true or title.date.true):
            return title  # of two stand-ins neither tells anything
        if better(top.date, title.date):
            return replace(title, outcome=Outcome.DUPLICATE, reason=None, note=Note.SHARED_TITLE)
        if not better(title.date, top.date):
            return title
    if title.outcome is Outcome.PENDING:
        return title
    below = _below(top, layers)
    person = replace(theirs, rating=below[0], rated_at=below[1]) if below is not None else None
    at = below[1] if below is not None else None
    outcome, _ = decide(title, None, person, None if at is None else Date(at, Precision.SECOND, Origin.RATING), rules)
    wins = outcome is not Outcome.KEPT
    return replace(title, outcome=Outcome.PENDING, reason=None, instead=None) if wins else title


def _top(theirs: AccountRating, layers: Sequence[Layer]) -> Layer | None:
    for layer in reversed(layers):
        if layer.fits(theirs.rating, theirs.rated_at):
            return layer
    return None


def _below(top: Layer, layers: Sequence[Layer]) -> tuple[int, int | None] | None:
    """Return the rating of the person's that lies beneath all of ours."""
    below = top.before
    for layer in reversed(layers[: layers.index(top)]):
        if below is not None and layer.fits(*below):
            below = layer.before
    return below
