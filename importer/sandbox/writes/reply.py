"""What a write is answered: statuses, counts and not_found (`/api-reference/simkl/add-ratings`)."""

from __future__ import annotations

from dataclasses import dataclass, field

from importer.sandbox.answers import Answer, error, ok
from importer.sandbox.schedule import Faults, Play
from importer.sandbox.titles import Kind, Title
from importer.sandbox.writes.items import Item, Raw

_STRAY: Raw = {"title": "Nothing Anyone Sent", "year": 1901, "ids": {"imdb": "tt0000001", "tmdb": 1}}
_LEFT_OUT = {"ids": "not-found-no-ids", "rating": "not-found-unrated", "rated_at": "not-found-undated"}
_SIMKL_TYPES: dict[Kind, str] = {"movie": "movie", "show": "tv", "anime": "anime"}


@dataclass(slots=True)
class Outcome:
    """What became of the items of one body, and which stamps move with it.

    `statuses` are the items echoed, with what the answer says of each; `counted` and `missing` hold one item an entry.
    """

    play: Play
    statuses: list[tuple[Item, Raw]] = field(default_factory=list)
    counted: list[str] = field(default_factory=list)
    missing: list[Item] = field(default_factory=list)
    moved: dict[Kind, set[str]] = field(default_factory=dict)

    def found(self, title: Title) -> None:
        """Count a title that an item led to."""
        self.counted.append(_key(title, self.play))

    def move(self, kind: Kind, *stamps: str) -> None:
        """Let the rating stamp of a kind move, and these."""
        self.moved.setdefault(kind, {"rated_at"}).update(stamps)


def added(done: Outcome, items: list[Item], faults: Faults) -> Answer:
    """Return the answer to ratings that were sent."""
    body: Raw = dict(_counts(done, items))
    if done.play.isdisjoint({"no-statuses", "full-counts-no-statuses"}):
        told = sorted(done.statuses, key=lambda pair: pair[0].place)
        statuses: list[Raw] = [{"request": _echo(item, done.play), "response": response} for item, response in told]
        if "shuffle" in done.play:
            faults.shuffle(statuses)
        body["statuses"] = [] if "empty-statuses" in done.play else statuses
    return _answer({"added": body, "not_found": _missing(done, faults)}, done.play)


def deleted(done: Outcome, items: list[Item], faults: Faults) -> Answer:
    """Return the answer to a removal: the same without statuses."""
    return _answer({"deleted": _counts(done, items), "not_found": _missing(done, faults)}, done.play)


def response(title: Title, status: str, play: Play) -> Raw:
    """Return what the answer says of a title that was rated: the list that it is on."""
    said: Raw = {"status": "rewatching" if "status-unknown" in play else status}
    if "response-extras" in play:
        said |= {"simkl_type": _SIMKL_TYPES[title.kind], "rewatch_status": None, "rewatch_count": 0}
        if title.kind == "anime":
            said["anime_type"] = title.anime_type
    return said


def _answer(body: Raw, play: Play) -> Answer:
    if "partial-apply" in play:
        return error(500, "server_error", "failed while writing")
    return ok(body, 200 if "status-200" in play else 201)


def _keys(play: Play) -> list[str]:
    return ["movies", "shows", "anime"] if "anime-key" in play else ["movies", "shows"]


def _key(title: Title, play: Play) -> str:
    if title.kind == "movie":
        return "movies"
    return "anime" if title.kind == "anime" and "anime-key" in play else "shows"


def _counts(done: Outcome, items: list[Item]) -> dict[str, int]:
    if "zero-counts" in done.play:
        return dict.fromkeys(_keys(done.play), 0)
    counted = [item.answered for item in items] if "full-counts-no-statuses" in done.play else done.counted
    return {key: counted.count(key) for key in _keys(done.play)}


def _missing(done: Outcome, faults: Faults) -> dict[str, list[Raw]]:
    missing: dict[str, list[Raw]] = {key: [] for key in _keys(done.play)}
    for item in sorted(done.missing, key=lambda item: item.place):
        key = item.section if "anime-key" in done.play else item.answered
        missing[key].append(_entry(item, done.play))
    for entries in missing.values():
        if "not-found-stray" in done.play:
            entries.append(dict(_STRAY))
        if "shuffle" in done.play:
            faults.shuffle(entries)
    return missing


def _entry(item: Item, play: Play) -> Raw:
    """Return an item that was not found as `not_found` names it: as it was sent, and its type."""
    sent = item.sent
    title: Raw = {key: value for key, value in sent.items() if key in ("title", "year")}
    ids: Raw = {"ids": sent["ids"]} if sent.get("ids") else {}
    if "not-found-ids-only" in play:
        return ids or title
    if "not-found-title-only" in play:
        return title or ids
    entry = {key: value for key, value in sent.items() if _LEFT_OUT.get(key) not in play}
    if "not-found-untyped" in play or ("not-found-title-untyped" in play and not ids):
        return entry
    return {**entry, "type": _type(item)}


def _echo(item: Item, play: Play) -> Raw:
    """Return an item that was rated as its status names it: as it was sent, and its type."""
    echo: Raw = dict(item.sent)
    if "echo-untyped" not in play:
        echo["type"] = _type(item)
    sent = echo.get("rated_at")
    if "echo-millis" in play and isinstance(sent, str) and sent.endswith("Z"):
        echo["rated_at"] = sent.removesuffix("Z") + ".000Z"
    if "echo-reordered" in play:
        echo = dict(reversed(echo.items()))
        ids = echo.get("ids")
        if isinstance(ids, dict):
            echo["ids"] = dict(reversed(ids.items()))
    return echo


def _type(item: Item) -> str:
    return "movie" if item.section == "movies" else "show"
