"""GET /redirect: from an id, or title and year, to the address of the title (`/api-reference/redirect`)."""

from __future__ import annotations

from collections.abc import Mapping

from importer.sandbox.answers import Answer, error
from importer.sandbox.catalog import Catalog
from importer.sandbox.resolve import Section, resolve
from importer.sandbox.routes import PAGES
from importer.sandbox.schedule import Play
from importer.sandbox.titles import Kind, Title

_SECTIONS: dict[str, Section] = {"movie": "movies", "tv": "shows", "show": "shows", "anime": "anime"}
_WORDS: dict[Kind, str] = {kind: word for word, kind in PAGES.items()}
_UNKNOWN = "//simkl.com"


def redirect(catalog: Catalog, query: Mapping[str, str], play: Play) -> Answer:
    """Return where the asked title lives, as a `Location` that leads nowhere on this machine."""
    if query.get("to") != "simkl":
        return error(400, "wrong_parameter", "to must be simkl")
    section = _SECTIONS.get(query.get("type", ""))
    name = None if "redirect-names-unknown" in play else query.get("title")
    item = {"title": name, "year": query.get("year"), "ids": dict(query)}
    # Without a type a number of a film is as good as one of a series.
    sections: tuple[Section, ...] = (section,) if section else ("movies", "shows")
    found = (resolve(catalog, section, item, play, make=False) for section in sections)
    title = next(filter(None, found), None)
    location = _UNKNOWN if title is None else _address(title)
    return Answer(302 if "redirect-302" in play else 301, headers=(("Location", location),))


def _address(title: Title) -> str:
    return f"https://simkl.com/{_WORDS[title.kind]}/{title.simkl}/{title.slug}"
