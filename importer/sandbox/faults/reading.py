"""Other forms of what is read: library, ratings, activities (`/guides/sync`), and titles looked up."""

from __future__ import annotations

from importer.sandbox.faults.fault import Fault, Where

READS: dict[str, Fault] = {
    "empty-null": Fault("no rows: null instead of {}", Where.READS),
    "empty-list": Fault("no rows: [] instead of {}", Where.READS),
    "empty-lists": Fault("no rows: an empty list for each type instead of {}", Where.READS),
    "no-rated-at": Fault("rows have no user_rated_at", Where.READS),
    "null-rated-at": Fault("user_rated_at is null", Where.READS),
    "day-dates": Fault("user_rated_at is coarser: midnight of its day", Where.READS),
    "shifted-dates": Fault("user_rated_at is shifted by some hours", Where.READS),
    "offset-dates": Fault("times come in New York's offset instead of Z", Where.READS),
    "bare-ids": Fault("rows have no ids but simkl", Where.READS),
    "simkl-id-key": Fault("the simkl number stands under simkl_id", Where.READS),
    "old-slug-keys": Fault("the Letterboxd slug stands under letterslug, its older key", Where.READS),
    "anime-rows-swapped": Fault("anime nests under anime in ratings, under show in all-items", Where.READS),
    "lagging-reads": Fault("reads show the account as it was some seconds ago", Where.READS),
    "lagging-ratings": Fault("ratings and all-items lag some seconds behind, activities do not", Where.READS),
    "lagging-delta": Fault("answers to date_from lag some seconds behind, whole reads do not", Where.READS),
    "delta-inclusive": Fault("date_from includes its own second", Where.READS),
    "delta-removed-dated": Fault("a removed rating has a date beside its null", Where.READS),
    "delta-removed-bare": Fault("a removed rating is a row without user_rating", Where.READS),
    "max-items": Fault(
        "400 max_items where all-items is asked for more than 1,000 titles and no single list", Where.READS
    ),
    "null-activities": Fault("activities hold nulls", Where.READS),
    "old-activities": Fault("activities say notinteresting for dropped, and nothing of settings", Where.READS),
}

LOOKUPS: dict[str, Fault] = {
    "alt-titles-text": Fault("alternative titles are plain texts", Where.LOOKUPS),
    "alt-titles-missing": Fault("pages of titles have no alternative titles", Where.LOOKUPS),
    "redirect-open": Fault("/redirect wants no token", Where.LOOKUPS),
    "redirect-302": Fault("/redirect answers 302 instead of 301", Where.LOOKUPS),
    "redirect-names-unknown": Fault("/redirect leads nowhere from title and year", Where.LOOKUPS),
    "search-empty": Fault("a search finds nothing", Where.LOOKUPS),
    "search-reversed": Fault("a search tells the worst match first", Where.LOOKUPS),
    "search-bare": Fault("matches of a search have no other titles and no tmdb id", Where.LOOKUPS),
}
