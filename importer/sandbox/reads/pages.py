"""GET /movies/{id}, /tv/{id}, /anime/{id}: a title's page, with its alternative names."""

from __future__ import annotations

from importer.sandbox.answers import Answer, ok
from importer.sandbox.catalog import Catalog
from importer.sandbox.reads.rows import Row
from importer.sandbox.routes import PAGES
from importer.sandbox.schedule import Play


def title_page(catalog: Catalog, word: str, number: str, play: Play) -> Answer:
    """Return the page of a title of that type by its number, old numbers included; `[]` for one nobody knows."""
    title = catalog.by_id("simkl", number, film=word == "movies")
    if title is None or title.kind != PAGES[word]:
        return ok([])
    body: Row = {
        "title": title.title,
        "year": title.year,
        "type": title.kind,
        "ids": {"simkl": title.simkl, "slug": title.slug, **title.ids},
    }
    if title.kind == "anime":
        body["anime_type"] = title.anime_type
    if "alt-titles-text" in play:
        body["alt_titles"] = [name.name for name in title.names]
    elif "alt-titles-missing" not in play:
        body["alt_titles"] = [{"name": name.name, "lang": name.lang or None} for name in title.names]
    return ok(body)
