"""The endpoints that read: ratings, activities, settings (`/guides/sync`, `/conventions/null-and-missing-values`)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from importer.sandbox.account import STATUSES, Account, Rating, iso
from importer.sandbox.answers import Answer, error, ok
from importer.sandbox.schedule import Dials, Play
from importer.sandbox.titles import Kind, Title

Row = dict[str, object]
_KINDS: dict[str, Kind] = {"movies": "movie", "shows": "show", "anime": "anime"}
_ACTIVITIES: dict[str, Kind] = {"movies": "movie", "tv_shows": "show", "anime": "anime"}
_STAMPS = ("all", "rated_at", *STATUSES, "removed_from_list")
# Some ids have another key in answers than in requests (`/conventions/standard-media-objects`).
_ANSWER_KEYS = {"letterboxd": "letterslug"}


def settings(account: Account) -> Answer:
    """Return the account's identity."""
    return ok(
        {
            "user": {"name": account.name, "joined_at": "2019-03-01T10:00:00Z", "gender": "", "avatar": ""},
            "account": {"id": account.id, "timezone": account.timezone, "type": account.plan},
            "connections": {"facebook": False},
        }
    )


def activities(account: Account, play: Play, dials: Dials) -> Answer:
    """Return when each part of the account last moved; what never moved is null."""
    moment = account.clock() - dials.lag if "lagging-reads" in play else account.clock() + 1
    stamps = account.as_of(moment)[2]
    if "null-activities" in play:
        stamps = {"movie": {}, "show": {}, "anime": {}}
    body: Row = {"all": _text(max((kind.get("all", 0) for kind in stamps.values()), default=0))}
    body["settings"] = {"all": None}
    for name, kind in _ACTIVITIES.items():
        body[name] = {stamp: _text(stamps[kind].get(stamp, 0)) for stamp in _STAMPS}
    return ok(body)


def ratings(account: Account, kind: str | None, chosen: str | None, play: Play, dials: Dials) -> Answer:
    """Return the rows of one type (all three for None) whose rating is in `chosen`; without it the whole library."""
    if kind is not None and kind not in _KINDS:
        return error(404, "url_failed", f"no type {kind}")
    wanted: set[int] | None = None
    if chosen is not None:
        try:
            wanted = {int(number) for number in chosen.split(",")}
        except ValueError:
            return error(400, "wrong_parameter", "ratings must be numbers")
    late = not play.isdisjoint({"lagging-reads", "lagging-ratings"})
    held, library, _ = account.as_of(account.clock() - dials.lag if late else account.clock() + 1)
    names = [kind] if kind else list(_KINDS)
    body: dict[str, list[Row]] = {name: [] for name in names}
    sections = {_KINDS[name]: body[name] for name in names}
    for simkl in list(held) if wanted is not None else {**library, **held}:
        title = account.catalog.titles[simkl]
        rows = sections.get(title.kind)
        rating = held.get(simkl)
        if rows is None or (wanted is not None and (rating is None or rating.rating not in wanted)):
            continue
        rows.append(_row(title, rating, library.get(simkl), play, dials))
    if not any(body.values()):
        for fault, empty in (("empty-null", b"null"), ("empty-object", b"{}"), ("empty-list", b"[]")):
            if fault in play:
                return Answer(200, empty)
    return ok(body)


def _row(title: Title, rating: Rating | None, status: str | None, play: Play, dials: Dials) -> Row:
    row: Row = {
        "last_watched_at": None,
        "user_rating": rating.rating if rating else None,
        "user_rated_at": _dated(rating, play, dials),
        "status": status,
        "not_aired_episodes_count": 0,
    }
    if "no-rated-at" in play:
        del row["user_rated_at"]
    ids: Row = {"simkl": title.simkl}
    if "bare-ids" not in play:
        ids["slug"] = "-".join("".join(c if c.isalnum() else " " for c in title.title.casefold()).split())
        ids.update((_ANSWER_KEYS.get(key, key), value) for key, value in title.ids.items())
    media = {"title": title.title, "poster": None, "year": title.year, "ids": ids}
    if title.kind == "movie":
        row["movie"] = media
    else:
        row["watched_episodes_count"] = 0
        row["total_episodes_count"] = title.episodes or 0
        row["show"] = media
    if title.kind == "anime":
        row["anime_type"] = title.anime_type
    return row


def _dated(rating: Rating | None, play: Play, dials: Dials) -> str | None:
    if rating is None or rating.rated_at is None or "null-rated-at" in play:
        return None
    if "day-dates" in play:
        return rating.rated_at[:10] + "T00:00:00Z"
    if "shifted-dates" in play:
        moment = datetime.fromisoformat(rating.rated_at).astimezone(UTC) + timedelta(hours=dials.shift_hours)
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    return rating.rated_at


def _text(stamp: int) -> str | None:
    return iso(stamp) if stamp else None
