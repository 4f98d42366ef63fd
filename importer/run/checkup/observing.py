"""What a live test makes of what it saw: one observation for each question that the service's pages leave open. Pure.

No observation holds a name, a number of a title or of an account, or a secret: people paste them into issues.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from enum import StrEnum

from importer.model import DAY, FURTHEST_ZONE, Kind, value
from importer.run.checkup.choosing import Led
from importer.run.checkup.exchange import Said
from importer.simkl.library import Listed

NEAR = 900
"""Seconds around its writing within which a date is taken for the moment at which the rating came."""


class Question(StrEnum):
    """What is asked of the service, in the order in which it is shown."""

    READS = "a read after a write"
    STAMPS = "rated_at of activities"
    LISTS = "list after a rating"
    DATES = "date of a rating"
    OLD_DATES = "date before 2000"
    ANIME = "anime[] in a rating"
    EQUAL = "equal rating and date"
    EQUAL_REDATED = "equal rating, new date"
    DUPLICATES = "two of one in a box"
    ORDER = "one in both boxes"
    DELTA_SECOND = "date_from, own second"
    ANIME_REMOVAL = "anime[] in a removal"
    LIST_STAYS = "list after a removal"
    DELTA_REMOVAL = "removal in the delta"
    IDS = "ids in /redirect"
    NAMES = "names in /redirect"
    TOKEN = "token for /redirect"  # noqa: S105 (a question)
    SPEED = "time for an answer"


@value
class Observation:
    """What was seen: the question, the answer as a word for programs, and a sentence for people."""

    question: Question
    answer: str
    text: str


LOST = ("unknown", "an answer was lost on the way: it may have been sent twice")


def reads(*, late: bool, missing: bool) -> Observation:
    """Return how soon a read shows what was written."""
    if missing:
        return Observation(Question.READS, "missing", "shows nothing of it, some seconds later either")
    if late:
        return Observation(Question.READS, "late", "lags: what was written shows some seconds later")
    return Observation(Question.READS, "at once", "shows what was written at once")


def stamps(before: Sequence[str | None], after: Sequence[str | None]) -> Observation:
    """Tell whether the rating stamps of the kinds moved with a rating."""
    moved = [old != new for old, new in zip(before, after, strict=True)]
    if all(moved):
        return Observation(Question.STAMPS, "moves", "moves with every rating")
    if not any(moved):
        return Observation(Question.STAMPS, "stays", "stays where it was although ratings were written")
    return Observation(Question.STAMPS, "some", f"moves for {sum(moved)} of {len(moved)} kinds that were rated")


def lists(rows: Mapping[Kind, Listed]) -> Observation:
    """Onto which list a rating puts a title."""
    told = [(_WORDS[kind], row.status or "none") for kind, row in rows.items()]
    answer = ", ".join(status for _, status in told) or "none"
    return Observation(Question.LISTS, answer, "; ".join(f"{kind}: {status}" for kind, status in told) or "none")


_WORDS = {Kind.MOVIE: "film", Kind.SHOW: "series", Kind.ANIME: "anime"}


def date(question: Question, sent: int, row: Listed | None, now: int) -> Observation:
    """Return how a date comes back."""
    if row is None or row.rating is None:
        return Observation(question, "unknown", "cannot be told: the rating is not there")
    back = row.rating.rated_at
    if back is None:
        return Observation(question, "none", "comes back as none")
    if back == sent:
        return Observation(question, "exact", "comes back as it was sent, to the second")
    if abs(back - now) <= NEAR:
        return Observation(question, "ignored", "is ignored: the rating is dated when it came")
    if back == sent // DAY * DAY:
        return Observation(question, "day", "comes back as its day alone")
    if abs(back - sent) <= FURTHEST_ZONE:
        return Observation(question, "shifted", f"comes back shifted by {(back - sent) / 3_600:+g} h")
    return Observation(question, "changed", "comes back as quite another date")


def anime(row: Listed | None) -> Observation:
    """Tell whether anime may stand in a box of its own when it is rated."""
    if row is not None and row.rating is not None:
        return Observation(Question.ANIME, "taken", "is taken as shows[] is")
    return Observation(Question.ANIME, "ignored", "is ignored: the rating is not there")


def equal(said: Said, simkl: int) -> Observation:
    """Return what is answered to a rating that stands already, date and all."""
    question = Question.EQUAL
    if said.doubtful:
        return Observation(question, *LOST)
    if said.reply is None:
        return Observation(question, "refused", f"is refused ({said.refused})")
    counted, named = said.counts.get("movies", 0) > 0, said.named(simkl) > 0
    if counted and named:
        return Observation(question, "counted", "is answered as a new one: counted in added, and named")
    if named:
        return Observation(question, "named", "is named, but not counted in added")
    if counted:
        return Observation(question, "unnamed", "is counted in added, but not named")
    return Observation(question, "silent", "is neither counted nor named")


def equal_redated(before: Listed | None, after: Listed | None, sent: int) -> Observation:
    """Tell whether an equal rating moves its date."""
    question = Question.EQUAL_REDATED
    old, new = (None if row is None or row.rating is None else row.rating.rated_at for row in (before, after))
    if after is None or after.rating is None or new is None:
        return Observation(question, "unknown", "cannot be told: no date comes back")
    if new == sent or (new != old and abs(new - sent) <= DAY):
        return Observation(question, "moves", "moves the date")
    if new == old:
        return Observation(question, "stays", "leaves the date as it was")
    return Observation(question, "changed", "makes quite another date of it")


def duplicates(said: Said, row: Listed | None, simkl: int, first: int, last: int) -> Observation:
    """Return which of two ratings of one title stands that were sent in one box."""
    question = Question.DUPLICATES
    if said.reply is None:
        return Observation(question, "refused", f"the body is refused as a whole ({said.refused})")
    stands = None if row is None or row.rating is None else row.rating.rating
    how = {0: "neither is named", 1: "one is named"}.get(said.named(simkl), "both are named")
    if stands == last:
        return Observation(question, "last", f"the last of the two stands; {how}")
    if stands == first:
        return Observation(question, "first", f"the first of the two stands; {how}")
    return Observation(question, "neither", f"neither of the two stands; {how}")


@value
class Both:
    """A title that stood in both boxes of a body: what was answered, which rating each box had, and what stood then."""

    said: Said
    movies: int
    shows: int
    stands: int | None

    @property
    def winner(self) -> str:
        """Return the box whose rating stands, "" where neither does."""
        if self.said.reply is None:
            return "refused"
        return {self.movies: "movies", self.shows: "shows"}.get(self.stands or 0, "")


_ORDERS = {
    ("shows", "movies"): ("order", "boxes are worked off as they stand in the body; the last one wins"),
    ("shows", "shows"): ("shows", "shows[] wins, whichever box stands first in the body"),
    ("movies", "movies"): ("movies", "movies[] wins, whichever box stands first in the body"),
    ("movies", "shows"): ("first", "the box that stands first in the body wins"),
    ("refused", "refused"): ("refused", "the body is refused as a whole"),
}


def order(movies_first: Both, shows_first: Both, simkl: int) -> Observation:
    """Return which box wins where an anime stands in both, in both orders of the body."""
    found = _ORDERS.get((movies_first.winner, shows_first.winner))
    missed = all(both.said.missed(simkl) for both in (movies_first, shows_first))
    if found is None:
        told = [both.winner or "neither" for both in (movies_first, shows_first)]
        return Observation(Question.ORDER, "mixed", f"movies[] first: {told[0]} wins; shows[] first: {told[1]} wins")
    answer, text = found
    if missed:
        return Observation(Question.ORDER, f"{answer}, one not found", f"{text}; of the other it is not found")
    return Observation(Question.ORDER, answer, text)


def delta_second(*, there: bool | None) -> Observation:
    """Tell whether `date_from` includes its own second; None: the stamps did not move, so nothing can be told."""
    question = Question.DELTA_SECOND
    if there is None:
        return Observation(question, "unknown", "cannot be told: the stamps did not move")
    if there:
        return Observation(question, "included", "is included: the same row comes twice")
    return Observation(question, "left out", "is left out")


def anime_removal(row: Listed | None) -> Observation:
    """Tell whether anime may stand in a box of its own when its rating is removed."""
    if row is not None and row.rating is not None:
        return Observation(Question.ANIME_REMOVAL, "ignored", "is ignored: the rating stays")
    return Observation(Question.ANIME_REMOVAL, "taken", "takes the rating away, as shows[] does")


def list_stays(row: Listed | None) -> Observation:
    """Tell whether a title stays on its list without its rating."""
    if row is not None and row.status:
        return Observation(Question.LIST_STAYS, "stays", f"the title stays on it ({row.status})")
    return Observation(Question.LIST_STAYS, "leaves", "the title leaves the library with its rating")


def delta_removal(row: Mapping[str, object] | None) -> Observation:
    """Return how the delta tells of a rating that was removed."""
    question = Question.DELTA_REMOVAL
    if row is None:
        return Observation(question, "absent", "there is no row for it")
    if "user_rating" not in row:
        return Observation(question, "bare", "a row without user_rating")
    if row["user_rating"] is not None:
        return Observation(question, "rated", "a row that still has a rating")
    if row.get("user_rated_at") is not None:
        return Observation(question, "null, dated", "user_rating is null, with a date beside it")
    return Observation(question, "null", "user_rating is null, without a date")


def led(question: Question, found: Sequence[Led]) -> Observation:
    """Return where ids, or names, lead."""
    places: dict[str, Counter[str]] = {}
    for one in found:
        places.setdefault(one.place, Counter())[one.key] += 1
    told = [
        f"{place}: {', '.join(key if count == 1 else f'{key} ({count})' for key, count in keys.items())}"
        for place, keys in sorted(places.items(), key=lambda pair: _PLACES.index(pair[0]))
    ]
    answer = ", ".join(place for place in _PLACES if place in places) or "unknown"
    return Observation(question, answer, "; ".join(told) or "nothing was looked up")


_PLACES = ("there", "another title", "nowhere", "no answer")


def token(statuses: Sequence[int]) -> Observation:
    """Tell whether /redirect wants a token, and with which status it answers."""
    redirects = sorted({status for status in statuses if 300 <= status < 400})
    told = "/".join(map(str, redirects)) or "no redirect"
    if 401 in statuses:
        return Observation(Question.TOKEN, f"needed, {told}", f"is needed; the answer is {told}")
    return Observation(Question.TOKEN, f"not needed, {told}", f"is not needed; the answer is {told}")


def speed(seconds: Sequence[float]) -> Observation:
    """Return how long a write of one to three items took."""
    if not seconds:
        return Observation(Question.SPEED, "unknown", "no write was answered")
    told = f"{min(seconds):.2f} to {max(seconds):.2f} s"
    return Observation(Question.SPEED, told, f"{told} for a write of one to three items")


def ordered(found: Sequence[Observation]) -> list[Observation]:
    """Return observations in the order of their questions."""
    return sorted(found, key=lambda one: list(Question).index(one.question))
