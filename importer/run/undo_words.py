"""What a person is told at the end of an undo, each part with the whole command that goes on from there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field

from importer.model import Outcome, value
from importer.readback.unlisting import Doubt
from importer.record import TakenBack
from importer.run.scope import Scope, command_for
from importer.run.wishes import UndoneTitle

NOT_DONE = frozenset({Outcome.NOT_FOUND, Outcome.FAILED, Outcome.UNCONFIRMED})
"""What did not come of a title, and is worth another undo."""


@value
class Ended:
    """What an undo came to: its titles and what became of each, and why titles stay on their lists, by title.

    `names` are those of all titles, also of those that an earlier part of the undo had begun with. `undated` are those
    that got the time of the undo, since nobody knows a date. `unseen` ratings were accepted and never seen;
    `unseen_is_news`: no undo has told of that.
    """

    scope: Scope
    runs: Sequence[int]
    titles: Sequence[UndoneTitle]
    outcomes: Mapping[int, TakenBack | Outcome]
    names: Mapping[int, str]
    unseen: int = 0
    doubts: Mapping[int, Doubt] = field(default_factory=dict)
    undated: frozenset[int] = frozenset()
    unseen_is_news: bool = False

    @property
    def counts(self) -> Counter[TakenBack | Outcome]:
        """Return how many titles came to what."""
        return Counter(self.outcomes.values())


def words_of(ended: Ended, told_of_debts: Iterable[str]) -> str:
    """Return what an undo came to, as one line."""
    parts = [*_taken(ended), *_on_lists(ended), *_left(ended), *_undated(ended), *_not_done(ended)]
    return "; ".join([*parts, *told_of_debts, *_unseen(ended)]) or "nothing to take back"


def _taken(ended: Ended) -> list[str]:
    counts = ended.counts
    if any(counts[one] for one in (TakenBack.RESTORED, TakenBack.REMOVED, TakenBack.UNLISTED, Outcome.PENDING)):
        return ["the next run would send these again"]
    return []


def _on_lists(ended: Ended) -> list[str]:
    if ended.scope.unlist:
        return _doubted(ended)
    removed = ended.counts[TakenBack.REMOVED]
    if not removed:
        return []
    stay = "1 title stays" if removed == 1 else f"{removed:,} titles stay"
    command = command_for(ended.scope, ended.runs, "--unlist")
    why = "removing a rating does not remove the title"
    return [f"{stay} on a list: {why}; {command} also takes off what our rating put there"]


def _doubted(ended: Ended) -> list[str]:
    if not ended.doubts:
        return []
    why = ", ".join(f"{count:,} {doubt}" for doubt, count in Counter(ended.doubts.values()).items())
    stay = "1 title stays" if len(ended.doubts) == 1 else f"{len(ended.doubts):,} titles stay"
    return [f"{stay} on a list: {why}"]


def _left(ended: Ended) -> list[str]:
    left = ended.counts[TakenBack.LEFT]
    if not left:
        return []
    were, them = ("1 was", "that") if left == 1 else (f"{left:,} were", "those")
    command = command_for(ended.scope, ended.runs, "--force")
    return [f"{were} changed since and left: {command} takes {them} back too"]


def _undated(ended: Ended) -> list[str]:
    undated = sum(ended.outcomes.get(simkl) is TakenBack.RESTORED for simkl in ended.undated)
    return [f"{undated:,} had no date on Simkl and got the time of this undo"] if undated else []


def _not_done(ended: Ended) -> list[str]:
    missing = [one for one, outcome in ended.outcomes.items() if outcome in NOT_DONE]
    if not missing:
        return []
    named = [ended.names[simkl] or "a title without a name" for simkl in missing]
    which = ", ".join(named[:3]) + (f" and {len(named) - 3:,} more" if len(named) > 3 else "")
    again = command_for(ended.scope, ended.runs, "--unlist") if ended.scope.unlist else "simkl-import undo"
    return [f"not taken back yet: {which}; {again} tries {'it' if len(missing) == 1 else 'them'} again"]


def _unseen(ended: Ended) -> list[str]:
    if not ended.unseen:
        return []
    what = "1 rating" if ended.unseen == 1 else f"{ended.unseen:,} ratings"
    lists, it = "simkl-import report --outcome unconfirmed lists", "it" if ended.unseen == 1 else "them"
    return [f"{what} accepted by Simkl cannot be told from your own: nothing of that was taken back; {lists} {it}"]
