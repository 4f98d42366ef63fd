"""Which title a change names: by its number, by an id, by where its question led before, or by title and year. Pure."""

from __future__ import annotations

from importer.identity import conflicting, id_tokens, same_title
from importer.journal.change import Change, Evidence, Question
from importer.model import AccountRating, Kind
from importer.plan.names import Names
from importer.readback.known import Known
from importer.simkl.account import Account, proof_tokens


def identity_of(change: Change, known: Known) -> tuple[int, Evidence] | None:
    """Return the title that a change points at, and how: by where it was found before, by the number it was sent by,
    by an id, by where its question led before, by its name. None if none of these leads anywhere.
    """
    if change.evidence is not None and change.simkl is not None:
        return known.moved.get(change.simkl, change.simkl), change.evidence
    if change.sent_simkl is not None:
        return known.moved.get(change.sent_simkl, change.sent_simkl), Evidence.ID
    question = change.question
    if question is None:
        return None
    theirs = known.account.by_ids(question.kind, question.ids)
    if theirs is not None:
        return theirs.simkl, Evidence.ID
    led = known.led.get(question.number)
    if led is not None and (led in known.account.by_simkl or led in known.opening(change.run).ratings):
        return led, Evidence.ASKED
    theirs = _named(question, known.account)
    return None if theirs is None else (theirs.simkl, Evidence.NAME)


def _named(question: Question, account: Account) -> AccountRating | None:
    """Return the one rating of its title and year, of whatever kind: Simkl may file a film as anime."""
    if not question.title:
        return None
    found = account.by_title(question.kind, (), question.title, question.year)
    if found is not None:
        return found
    others = (account.by_title(kind, (), question.title, question.year) for kind in Kind if kind is not question.kind)
    return next(filter(None, others), None)


def as_asked(question: Question, simkl: int, rating: int, rated_at: int | None) -> AccountRating:
    """Return a rating of a title that the account does not show, under the names that the title was asked for by."""
    return AccountRating(
        simkl=simkl,
        kind=question.kind,
        title=question.title,
        year=question.year,
        ids=question.ids,
        rating=rating,
        rated_at=rated_at,
    )


def names_title(question: Question, simkl: int, theirs: AccountRating | None, names: Names | None) -> bool:
    """Tell whether a title is the one that a question names, as far as its spelling, its ids and its other names tell.

    A shared id vouches for the title, however Simkl spells it; a spelling or a year of ±1 is no finding. Where the
    title has no rating any more nothing speaks against it.
    """
    if ("simkl", str(simkl)) in question.ids or not question.title:
        return True
    if theirs is not None:
        if same_title(question.title, question.year, theirs.title, theirs.year):
            return True
        ours, tokens = set(id_tokens(question.kind, question.ids)), proof_tokens(theirs)
        if ours & tokens and not conflicting(ours - tokens, tokens - ours):
            return True
    if names is not None:
        year = names.year if names.year is not None else theirs.year if theirs is not None else None
        if any(same_title(question.title, question.year, title, year) for title in names.titles):
            return True
        if any(pair in names.ids for pair in question.ids if pair[0] not in ("tmdb", "tvdb")):
            return True
    return theirs is None
