"""One title as the reads tell of it (`/conventions/standard-media-objects`, `/conventions/dates`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from importer.sandbox.dials import Dials
from importer.sandbox.quota import new_york_offset
from importer.sandbox.schedule import Play
from importer.sandbox.shelf import Listed, Rating, Standing
from importer.sandbox.stamps import iso
from importer.sandbox.titles import Kind, Title

Row = dict[str, object]
TYPES: dict[str, Kind] = {"movies": "movie", "shows": "show", "anime": "anime"}
_NOTHING = Listed()
_COARSE = frozenset({"day-dates", "shifted-dates"})


@dataclass(frozen=True, slots=True)
class Shape:
    """How rows look: the modes in play, their numbers, and the key under which anime nests."""

    play: Play
    dials: Dials
    anime_key: str

    def rating_row(self, title: Title, standing: Standing) -> Row:
        """Return the row of a title among the ratings."""
        listed = standing.listed or _NOTHING
        row: Row = {"last_watched_at": self.time(listed.watched_at), "status": standing.status}
        row |= self._rated(standing.rating)
        return row | self._counts(title, listed) | self._media(title)

    def removed_row(self, title: Title, standing: Standing) -> Row:
        """Return the row of a delta for a title whose rating was removed."""
        row = self.rating_row(title, standing)
        if "delta-removed-dated" in self.play and standing.rating_moved is not None:
            row["user_rated_at"] = self.time(iso(standing.rating_moved))
        if "delta-removed-bare" in self.play:
            del row["user_rating"]
        return row

    def library_row(self, title: Title, standing: Standing) -> Row:
        """Return the row of a title in the library."""
        listed = standing.listed or _NOTHING
        return {"added_to_watchlist_at": self.time(listed.added_at), **self.rating_row(title, standing)}

    def small_row(self, title: Title, *, simkl_only: bool) -> Row:
        """Return the row of a title where ids alone are wanted, or its simkl number alone."""
        ids = self._number(title) if simkl_only else self._ids(title)
        return {self._key(title): {"ids": ids}}

    def time(self, text: str | None) -> str | None:
        """Return a time `…Z` as the modes spell it."""
        if text is None or "offset-dates" not in self.play:
            return text
        moment = datetime.fromisoformat(text).astimezone(UTC)
        return moment.astimezone(timezone(-timedelta(hours=new_york_offset(moment)))).isoformat()

    def _rated(self, rating: Rating | None) -> Row:
        rated: Row = {"user_rating": rating.rating if rating else None}
        if "no-rated-at" not in self.play:
            rated["user_rated_at"] = self._date(rating)
        return rated

    def _date(self, rating: Rating | None) -> str | None:
        if rating is None or rating.rated_at is None or "null-rated-at" in self.play:
            return None
        if self.play.isdisjoint(_COARSE):
            return self.time(rating.rated_at)
        moment = datetime.fromisoformat(rating.rated_at)
        if "day-dates" in self.play:
            moment = moment.replace(hour=0, minute=0, second=0)
        if "shifted-dates" in self.play:
            moment += timedelta(hours=self.dials.shift_hours)
        return self.time(moment.strftime("%Y-%m-%dT%H:%M:%SZ"))

    def _counts(self, title: Title, listed: Listed) -> Row:
        if title.kind == "movie":
            return {"not_aired_episodes_count": 0}
        return {
            "not_aired_episodes_count": 0,
            "watched_episodes_count": listed.episodes,
            "total_episodes_count": title.episodes or 0,
        }

    def _media(self, title: Title) -> Row:
        media = {"title": title.title, "poster": None, "year": title.year, "ids": self._ids(title)}
        row: Row = {self._key(title): media}
        if title.kind == "anime":
            row["anime_type"] = title.anime_type
        return row

    def _key(self, title: Title) -> str:
        return self.anime_key if title.kind == "anime" else title.kind

    def _number(self, title: Title) -> Row:
        return {"simkl_id" if "simkl-id-key" in self.play else "simkl": title.simkl}

    def _ids(self, title: Title) -> Row:
        ids = self._number(title)
        if "bare-ids" not in self.play:
            ids["slug"] = title.slug
            ids |= title.ids
            if "old-slug-keys" in self.play and "letterboxd" in ids:
                ids["letterslug"] = ids.pop("letterboxd")
        return ids
