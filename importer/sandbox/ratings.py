"""The endpoints that write: ratings in and out, and titles out of the library (`/api-reference/simkl/add-ratings`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from importer.sandbox.account import Account, iso
from importer.sandbox.answers import Answer, error, ok
from importer.sandbox.catalog import Catalog
from importer.sandbox.judge import well_rated
from importer.sandbox.resolve import SECTIONS, Section, plausible, resolve
from importer.sandbox.schedule import Dials, Faults, Play
from importer.sandbox.titles import Kind, Title

Item = dict[str, object]
_STRAY: Item = {"title": "Nothing Anyone Sent", "year": 1901, "ids": {"imdb": "tt0000001", "tmdb": 1}}
# Answers know no anime: it counts under shows, whichever key it was sent under.
_ANSWERED: dict[Section, str] = {"movies": "movies", "shows": "shows", "anime": "shows"}
_TYPES: dict[Kind, str] = {"movie": "movie", "show": "tv", "anime": "anime"}


class MalformedError(ValueError):
    """A body the service refuses as a whole with 400."""


@dataclass(slots=True)
class Outcome:
    """What became of one body: statuses as answered, items not found and counts, by answered type."""

    statuses: list[Item] = field(default_factory=list)
    not_found: dict[str, list[Item]] = field(default_factory=lambda: {"movies": [], "shows": []})
    counts: dict[str, int] = field(default_factory=lambda: {"movies": 0, "shows": 0})
    moved: dict[Kind, set[str]] = field(default_factory=dict)


def items_of(body: object) -> list[tuple[Section, Item]]:
    """Return the items of a body in order; raise MalformedError where its shape is wrong. An empty body has none."""
    if body is None:
        return []
    if not isinstance(body, dict):
        raise MalformedError("the body is not a JSON object")
    found: list[tuple[Section, Item]] = []
    for section in SECTIONS:
        items = body.get(section)
        if items is None:
            continue
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            raise MalformedError(f"{section} is not a list of objects")
        found.extend((section, item) for item in items)
    return found


def refused(items: list[tuple[Section, Item]], play: Play, dials: Dials) -> Answer | None:
    """Return the refusal of a whole body for its size or for one poisoned item, or None."""
    if "size-413" in play and len(items) > dials.size_limit:
        return error(413, "payload_too_large", f"at most {dials.size_limit} items")
    if "poison" in play and any(_poisoned(item, dials) for _, item in items):
        return error(400, "wrong_parameter", "an item cannot be read")
    return None


def rate(account: Account, catalog: Catalog, items: list[tuple[Section, Item]], play: Play, faults: Faults) -> Answer:
    """Store the ratings of a body and answer as the service does; the items are known to be objects."""
    try:
        dated = [(section, item, _moment(item)) for section, item in items]
    except ValueError as problem:
        return error(400, "wrong_parameter", str(problem))
    half = len(dated) // 2 if "partial-apply" in play else len(dated)
    done = Outcome()
    now = iso(account.clock())
    keep_planned = "status-plan-to-watch" in play
    for place, (section, item, rated_at) in enumerate(dated[:half]):
        if "ignore-anime" in play and section == "anime":
            continue
        third = place % 3 == 0
        if third and "dropped-items" in play:
            continue
        value = item.get("rating")
        if not well_rated(value):
            if "range-silent" not in play:
                done.not_found[_ANSWERED[section]].append(item)
            continue
        title = resolve(catalog, section, item, play)
        if title is None:
            done.not_found[_ANSWERED[section]].append(item)
            continue
        if third and "echo-lie" in play:
            status = account.library.get(title.simkl, "completed")
        else:
            assert isinstance(value, int)  # noqa: S101 - well_rated said so
            status = account.write(title, value, rated_at or now, keep_planned=keep_planned)
            done.moved.setdefault(title.kind, {"rated_at"}).add(status)
        if not (third and "echo-missing" in play):
            done.counts["movies" if title.kind == "movie" else "shows"] += 1
            done.statuses.append({"request": _echo(item, section, play), "response": _response(title, status, play)})
    account.touch(done.moved)
    if "partial-apply" in play:
        return error(500, "server_error", "failed while writing")
    return _rated(done, items, play, faults)


def remove(
    account: Account, catalog: Catalog, items: list[tuple[Section, Item]], play: Play, faults: Faults, *, library: bool
) -> Answer:
    """Take ratings away; with `library` the titles leave their lists too and `anime[]` is ignored."""
    half = len(items) // 2 if "partial-apply" in play else len(items)
    done = Outcome()
    for section, item in items[:half]:
        if section == "anime" and (library or "ignore-anime" in play):
            continue
        title = resolve(catalog, section, item, play, make=False)
        if title is not None:
            # The count is of items matched, whether they were rated or not.
            done.counts["movies" if title.kind == "movie" else "shows"] += 1
            if title.simkl in account.ratings or (library and title.simkl in account.library):
                account.erase(title, library=library)
                done.moved.setdefault(title.kind, {"rated_at"}).update(("removed_from_list",) if library else ())
        elif catalog.mode == "open" and plausible(section, item):
            done.counts[_ANSWERED[section]] += 1
        else:
            done.not_found[_ANSWERED[section]].append(item)
    account.touch(done.moved)
    if "partial-apply" in play:
        return error(500, "server_error", "failed while writing")
    body: Item = {
        "deleted": _counted(done, items, play),
        "not_found": _missing(done, play, faults),
    }
    return ok(body, 200 if "status-200" in play else 201)


def _rated(done: Outcome, items: list[tuple[Section, Item]], play: Play, faults: Faults) -> Answer:
    added: Item = dict(_counted(done, items, play))
    if play.isdisjoint({"no-statuses", "full-counts-no-statuses"}):
        if "shuffle" in play:
            faults.shuffle(done.statuses)
        added["statuses"] = [] if "empty-statuses" in play else done.statuses
    return ok({"added": added, "not_found": _missing(done, play, faults)}, 200 if "status-200" in play else 201)


def _counted(done: Outcome, items: list[tuple[Section, Item]], play: Play) -> dict[str, int]:
    if "zero-counts" in play:
        return {"movies": 0, "shows": 0}
    if "full-counts-no-statuses" in play:
        sent = [_ANSWERED[section] for section, _ in items]
        return {"movies": sent.count("movies"), "shows": sent.count("shows")}
    return done.counts


def _missing(done: Outcome, play: Play, faults: Faults) -> dict[str, list[Item]]:
    missing = {kind: [_entry(item, kind, play) for item in items] for kind, items in done.not_found.items()}
    for items in missing.values():
        if "not-found-stray" in play:
            items.append(_STRAY)
        if "shuffle" in play:
            faults.shuffle(items)
    return missing


def _entry(item: Item, kind: str, play: Play) -> Item:
    title: Item = {key: value for key, value in item.items() if key in ("title", "year")}
    ids: Item = {"ids": item["ids"]} if item.get("ids") else {}
    if "not-found-ids-only" in play:
        item = ids or title
    elif "not-found-title-only" in play:
        item = title or ids
    elif "not-found-no-ids" in play:
        item = {key: value for key, value in item.items() if key != "ids"}
    return {**item, "type": kind.removesuffix("s")} if "not-found-typed" in play else item


def _echo(item: Item, section: Section, play: Play) -> Item:
    """Rebuild what was sent: other key order, `rated_at` with milliseconds, values and their types as sent."""
    echo: Item = {}
    if "echo-type" in play:
        echo["type"] = "movie" if section == "movies" else "show"
    for key in ("year", "rated_at", "ids", "title", "rating"):
        if key in item:
            echo[key] = item[key]
    sent = echo.get("rated_at")
    if isinstance(sent, str):
        echo["rated_at"] = (_iso(sent) or sent).removesuffix("Z") + ".000Z"
    ids = echo.get("ids")
    if isinstance(ids, dict):
        echo["ids"] = dict(reversed(ids.items()))
    return echo


def _response(title: Title, status: str, play: Play) -> Item:
    said = "rewatching" if "status-unknown" in play else status
    response: Item = {"status": said, "simkl_type": _TYPES[title.kind]}
    if title.kind == "anime":
        response["anime_type"] = title.anime_type
    return response


def _moment(item: Mapping[str, object]) -> str | None:
    """Return the item's `rated_at` to the second as `...Z`, None without one; raise MalformedError where it is bad."""
    sent = item.get("rated_at")
    if sent is None:
        return None
    moment = _iso(sent) if isinstance(sent, str) else None
    if moment is None:
        raise MalformedError(f"rated_at {sent!r} is no date")
    return moment


def _iso(text: str) -> str | None:
    if len(text) < len("2026-05-15T20:00:00Z"):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if len(text) == len("2026-05-15T20:00:00Z") and text[-1] == "Z" and text[10] == "T":
        return text
    if moment.tzinfo is None:
        return None
    return (moment - (moment.utcoffset() or moment - moment)).replace(tzinfo=None, microsecond=0).isoformat() + "Z"


def _poisoned(item: Item, dials: Dials) -> bool:
    if item.get("title") in dials.poison_titles:
        return True
    return any(mark in dials.poison_ids for mark in _marks(item))


def _marks(item: Item) -> Iterator[tuple[str, str]]:
    ids = item.get("ids")
    for key, value in ids.items() if isinstance(ids, dict) else ():
        yield key, str(value)
