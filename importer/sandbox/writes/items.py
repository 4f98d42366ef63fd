"""What a write asks for: the items of a body, checked and in the order in which they are worked off."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from importer.sandbox.answers import Answer, error, page
from importer.sandbox.dials import Dials
from importer.sandbox.resolve import SECTIONS, Section, asked
from importer.sandbox.schedule import Play

Raw = dict[str, object]
_SECOND = "2026-05-15T20:00:00Z"


class MalformedError(ValueError):
    """A body the service refuses as a whole with 400."""


@dataclass(frozen=True, slots=True)
class Item:
    """One item as it was sent: its section, and its place in the body, counted over all sections from 0."""

    place: int
    section: Section
    sent: Raw

    @property
    def answered(self) -> str:
        """The key under which answers name it: they know no anime."""
        return "movies" if self.section == "movies" else "shows"

    @property
    def rated_at(self) -> str | None:
        """Its `rated_at` to the second as `…Z`, None without one. Raises MalformedError where it is no date."""
        sent = self.sent.get("rated_at")
        if sent is None:
            return None
        moment = _in_utc(sent) if isinstance(sent, str) else None
        if moment is None:
            raise MalformedError(f"rated_at {sent!r} is no date")
        return moment


def items_of(body: object) -> list[Item]:
    """Return the items of a body in its order, none for an empty one; raise MalformedError for one of another shape."""
    if body is None:
        return []
    if not isinstance(body, dict):
        raise MalformedError("the body is not a JSON object")
    found: list[Item] = []
    for section in (key for key in body if key in SECTIONS and body[key] is not None):
        items = body[section]
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            raise MalformedError(f"{section} is not a list of objects")
        found.extend(Item(place, section, item) for place, item in enumerate(items, len(found)))
    return found


def in_turn(items: list[Item], play: Play) -> list[Item]:
    """Return the items in the order in which they are worked off: as sent, unless a mode says otherwise."""
    if "movies-first" in play:
        return sorted(items, key=lambda item: item.section != "movies")
    if "shows-first" in play:
        return sorted(items, key=lambda item: item.section == "movies")
    return items


def refused(items: list[Item], size: int, play: Play, dials: Dials) -> Answer | None:
    """Return the refusal of a whole body for its size in bytes or items, or for what is in it; None for none."""
    if "bytes-413" in play and size > dials.bytes_limit:
        return page(413, "413 Request Entity Too Large")
    if "size-413" in play and len(items) > dials.size_limit:
        return error(413, "payload_too_large", f"at most {dials.size_limit} items")
    if "poison" in play and any(_poisoned(item.sent, dials) for item in items):
        return error(400, "wrong_parameter", "an item cannot be read")
    if "duplicates-refused" in play and _alike(items):
        return error(400, "wrong_parameter", "an item stands there twice")
    return None


def _alike(items: list[Item]) -> bool:
    seen: set[tuple[str, object]] = set()
    for item in items:
        found = asked(item.section, item.sent).marks
        if not seen.isdisjoint(found):
            return True
        seen.update(found)
    return False


def _in_utc(text: str) -> str | None:
    if len(text) < len(_SECOND):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if len(text) == len(_SECOND) and text[-1] == "Z" and text[10] == "T":
        return text
    offset = moment.utcoffset()
    if offset is None:
        return None
    return (moment - offset).replace(tzinfo=None, microsecond=0).isoformat() + "Z"


def _poisoned(item: Mapping[str, object], dials: Dials) -> bool:
    if item.get("title") in dials.poison_titles:
        return True
    return any(mark in dials.poison_ids for mark in _ids(item))


def _ids(item: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    ids = item.get("ids")
    for key, value in ids.items() if isinstance(ids, dict) else ():
        yield key, str(value)
