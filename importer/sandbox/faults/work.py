"""Open questions of what a write does to the account: where titles resolve to, what is stored, what moves."""

from __future__ import annotations

from importer.sandbox.faults.fault import Fault, Where

RESOLVING: dict[str, Fault] = {
    "wrong-title": Fault("title and year without ids resolve to another title", Where.WRITES),
    "wrong-kind-not-found": Fault("a film under shows, or a series under movies, is not found", Where.WRITES),
    "wrong-kind-other-title": Fault(
        "a film under shows, or a series under movies, lands on another title", Where.WRITES
    ),
    "slugs-unknown": Fault("ids of letterboxd, traktslug, netflix, hulu and crunchyroll lead nowhere", Where.API),
    "film-as-anime": Fault("a film that is sent is filed as an anime film from then on", Where.WRITES),
    "one-title": Fault('"Film", "Film (Restored)" and "Film (Uncut)" are one title: the last wins', Where.WRITES),
    "ignore-anime": Fault("anime[] is ignored: neither stored nor named", Where.WRITES),
    "ignore-anime-removal": Fault("anime[] is ignored when ratings are removed", Where.REMOVAL),
    "movies-first": Fault("movies are worked off before shows, whatever the order of the body", Where.WRITES),
    "shows-first": Fault("shows and anime are worked off before movies, whatever the order of the body", Where.WRITES),
    "duplicates-first": Fault("of two items on one title the first wins; both are echoed", Where.RATING),
    "duplicates-once": Fault("of two items on one title the second is ignored and named nowhere", Where.RATING),
    "duplicates-refused": Fault("400 for a body in which two items share an id, or title and year", Where.WRITES),
}

STORING: dict[str, Fault] = {
    "equal-uncounted": Fault("a rating that stands already is echoed but not counted in added", Where.RATING),
    "equal-silent": Fault("a rating that stands already is neither counted nor echoed", Where.RATING),
    "equal-keeps-date": Fault("a rating that stands already keeps its date", Where.RATING),
    "dates-ignored": Fault("rated_at is ignored: a rating is dated when it arrives", Where.RATING),
    "old-dates-unknown": Fault("a rating with a date before 2000 is kept without a date", Where.RATING),
    "old-dates-epoch": Fault('a date before 2000 becomes 1970-01-01T00:00:01Z: "very long ago"', Where.RATING),
    "spill-rating": Fault("a rating also lands on another title of the account", Where.RATING),
    "spill-removal": Fault("a removal also takes the rating of another title of the account", Where.REMOVAL),
    "removal-unlists": Fault("a title leaves its list when its rating is removed", Where.REMOVAL),
    "planned-completed": Fault("rating a film that is on plantowatch completes it", Where.RATING),
    "status-plan-to-watch": Fault("a rating files every title on plantowatch", Where.RATING),
    "watched-when-rated": Fault("a rating that completes a title sets its watch date to rated_at", Where.RATING),
    "watched-now": Fault("a rating that completes a title sets its watch date to now", Where.RATING),
    "frozen-stamps": Fault("a write moves no stamp of the activities", Where.WRITES),
    "same-second-stamps": Fault(
        "a stamp is the plain second: a second write within it does not move the stamp", Where.WRITES
    ),
}
