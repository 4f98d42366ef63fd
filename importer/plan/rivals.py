"""Ours against ours: what stands on a title can be another row's rating, sent before. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from importer.model import AccountRating, Date, Note, Origin, Outcome, Precision, Reason
from importer.plan.decide import Decision, Rules, decide
from importer.plan.dedupe import better
from importer.plan.sides import Base, Ours


@dataclass(frozen=True, slots=True)
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
        """Whether what is read can be this."""
        if rating != self.rating or rated_at is None:
            return rating == self.rating
        return self.shown is not None and self.shown[0] <= rated_at <= self.shown[1]


Layers = Callable[[Collection[int]], Mapping[int, Sequence[Layer]]]
"""Return by title what lies there of ours, in sending order, for the titles that are asked for."""

_CONFLICTS = (Reason.CONFLICT, Reason.CHANGED_ON_SIMKL)


def is_contested(decision: Decision) -> bool:
    """Whether it matters whose the other rating on the account is."""
    return decision.outcome is Outcome.PENDING or (decision.outcome is Outcome.KEPT and decision.reason in _CONFLICTS)


def against_ours(
    ours: Ours,
    merged: Collection[str],
    theirs: AccountRating,
    decision: Decision,
    layers: Sequence[Layer],
    rules: Rules,
    *,
    based: bool,
) -> tuple[Decision, Note | None]:
    """Decide by the merge rule, whatever --on-conflict, where another row's rating of ours stands: then against the
    person's rating below, if there is one. `merged` are the keys of the rows that this one has won over already;
    `based` tells that it was decided by a base of its own.
    """
    top = _top(theirs, layers)
    if top is None or (top.key == ours.item.key and based):
        return decision, None
    if top.key == ours.item.key:  # its base was forgotten when a person said which title is meant: it is this one
        base = Base(top.rating, top.date, theirs.rating, theirs.rated_at)
        return decide(ours, base, theirs, None, rules), None
    if top.key not in merged:
        if not (top.date.true or ours.date.true):
            return decision, None  # of two stand-ins neither tells anything
        if better(top.date, ours.date):
            return replace(decision, outcome=Outcome.DUPLICATE, reason=None), Note.SHARED_TITLE
        if not better(ours.date, top.date):
            return decision, None
    if decision.outcome is Outcome.PENDING:
        return decision, None
    below = _below(top, layers)
    person = replace(theirs, rating=below[0], rated_at=below[1]) if below is not None else None
    at = below[1] if below is not None else None
    against = decide(ours, None, person, None if at is None else Date(at, Precision.SECOND, Origin.RATING), rules)
    wins = against.outcome is not Outcome.KEPT
    return (replace(against, outcome=Outcome.PENDING, reason=None) if wins else decision), None


def _top(theirs: AccountRating, layers: Sequence[Layer]) -> Layer | None:
    for layer in reversed(layers):
        if layer.fits(theirs.rating, theirs.rated_at):
            return layer
    return None


def _below(top: Layer, layers: Sequence[Layer]) -> tuple[int, int | None] | None:
    """The rating of the person's that lies beneath all of ours."""
    below = top.before
    for layer in reversed(layers[: layers.index(top)]):
        if below is not None and layer.fits(*below):
            below = layer.before
    return below
