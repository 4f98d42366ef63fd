"""Other forms of the answer to a write than the recorded ones (`/api-reference/simkl/add-ratings`)."""

from __future__ import annotations

from importer.sandbox.faults.fault import Fault, Where

REPLIES: dict[str, Fault] = {
    "status-200": Fault("success is 200 instead of 201", Where.WRITES),
    "echo-untyped": Fault("echoes have no type", Where.RATING),
    "echo-millis": Fault("echoes give rated_at with milliseconds, as an older example does", Where.RATING),
    "echo-reordered": Fault("echoes, and the ids in them, have their keys in another order", Where.RATING),
    "echo-missing": Fault("every third item is stored but named in neither list", Where.RATING),
    "echo-lie": Fault("every third item is echoed as added but not stored", Where.RATING),
    "dropped-items": Fault("every third item is neither stored nor named in either list", Where.RATING),
    "no-statuses": Fault("added has counts but no statuses", Where.RATING),
    "empty-statuses": Fault("added.statuses is an empty list", Where.RATING),
    "zero-counts": Fault("counts are 0, statuses are complete", Where.WRITES),
    "full-counts-no-statuses": Fault("counts are of all that was sent, without statuses", Where.WRITES),
    "shuffle": Fault("statuses and not_found come in another order than sent", Where.WRITES),
    "anime-key": Fault("anime is counted, and not found, under a key of its own", Where.WRITES),
    "response-extras": Fault("response has simkl_type, anime_type and rewatch fields beside its status", Where.RATING),
    "status-unknown": Fault("response.status is a word that no page documents", Where.RATING),
    "not-found-untyped": Fault("not_found entries have no type", Where.WRITES),
    "not-found-title-untyped": Fault("not_found entries that were sent without ids have no type", Where.WRITES),
    "not-found-unrated": Fault("not_found entries have no rating", Where.RATING),
    "not-found-undated": Fault("not_found entries have no rated_at", Where.RATING),
    "not-found-ids-only": Fault(
        "not_found entries keep only their ids (title and year where there are none)", Where.WRITES
    ),
    "not-found-title-only": Fault(
        "not_found entries keep only title and year (ids where there is no title)", Where.WRITES
    ),
    "not-found-no-ids": Fault("not_found entries have no ids", Where.WRITES),
    "not-found-stray": Fault("not_found holds an entry that matches nothing sent", Where.WRITES),
    "range-silent": Fault("a rating out of range is named in neither list", Where.RATING),
}
