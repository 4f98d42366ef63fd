"""What a person sends from the page, read out of JSON: whatever else it holds is refused with a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson

from adapters.reading.typed import typed_id
from importer.errors import UsageError
from importer.model import Kind
from importer.plan.candidates import Candidate
from importer.plan.decide import OnConflict
from importer.plan.judge import Undated
from importer.run.job import Options
from importer.run.mend.choices import Absent, Choice, Picked, Skip, Typed
from importer.web.rows import Order, Wanted

LARGEST = 64 * 1024
"""Bytes of a form."""


def form_of(body: bytes) -> dict[str, Any]:
    """Return the fields of a form. Raises UsageError for what is none."""
    try:
        found = orjson.loads(body or b"{}")
    except orjson.JSONDecodeError:
        found = None
    if not isinstance(found, dict):
        raise UsageError("this form is not one of this page", "load the page again")
    return found


def text_in(form: Mapping[str, Any], name: str) -> str:
    """Return a text, "" if there is none. Raises UsageError for something else."""
    found = form.get(name) or ""
    if not isinstance(found, str):
        raise UsageError("this form is not one of this page", "load the page again")
    return found


def number_in(form: Mapping[str, Any], name: str) -> int | None:
    """Return a whole number from 1 on, None if the field is empty. Raises UsageError for something else."""
    found = form.get(name)
    if found in (None, ""):
        return None
    try:
        number = int(str(found))
    except ValueError:
        number = 0
    if number < 1:
        raise UsageError(f"{str(found)[:40]!r} is not a whole number", "write a whole number from 1 on")
    return number


def options_in(form: Mapping[str, Any]) -> Options:
    """Return the options of an import, as the questions of the page were answered."""
    only = form.get("only")
    kinds = frozenset(Kind(kind) for kind in only if kind in set(Kind)) if isinstance(only, list) else frozenset[Kind]()
    if isinstance(only, list) and not kinds:
        raise UsageError("nothing is left to import", "choose films, series or anime")
    try:
        return Options(
            undated=Undated(text_in(form, "undated") or Undated.WATCHED),
            only=frozenset() if len(kinds) == len(Kind) else kinds,
            since=_day(text_in(form, "since")),
            on_conflict=OnConflict(text_in(form, "on_conflict") or OnConflict.NEWER),
            redate=form.get("redate") is True,
            limit=number_in(form, "limit"),
            retry_not_found=form.get("retry_not_found") is True,
            listed_only=text_in(form, "lists") == "listed",
        )
    except ValueError:
        raise UsageError("one of the answers is not among those that are shown", "load the page again") from None


def _day(text: str) -> int | None:
    if not text:
        return None
    try:
        day = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise UsageError(f"{text[:40]!r} is not a date", "write it like 2024-05-31") from None
    return int(day.timestamp())


def choice_in(form: Mapping[str, Any], candidates: tuple[Candidate, ...]) -> Choice:
    """Return what a person says about a row, of which these candidates were shown. Raises UsageError for no answer."""
    match text_in(form, "choice"):
        case "absent":
            return Absent()
        case "skip":
            return Skip()
        case "typed":
            found = typed_id(text_in(form, "id"))
            if found is None:
                raise UsageError(
                    "this is neither an id nor an address",
                    "paste the address of the title's page on Simkl, IMDb, TMDB, TheTVDB, MyAnimeList or AniList",
                )
            return Typed(*found)
        case chosen:
            for one in candidates:
                if chosen == f"{one.kind}:{one.simkl}":
                    return Picked(one)
            raise UsageError("nothing is chosen", "choose one of the titles")


def wanted_in(query: Mapping[str, str]) -> Wanted:
    """Return which rows are asked for. What makes no sense is left out: a table always shows something."""
    order = query.get("order", "")
    return Wanted(
        group=query.get("group", ""),
        words=query.get("words", "")[:200],
        order=Order(order) if order in set(Order) else Order.FILE,
        falling=query.get("falling") == "yes",
        start=_whole(query.get("start", "")),
        count=_whole(query.get("count", "")) or Wanted().count,
    )


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
