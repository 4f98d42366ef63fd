"""How templates become HTML, for the report and for the page in the browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

from importer.report.safe import clean, count, many, whole

if TYPE_CHECKING:
    from jinja2 import Environment


def templates_of(package: str) -> Environment:
    """Return the templates of a package, with the filters for numbers and names.

    Whatever a title holds, it is text there: escaped everywhere, and without what no document may hold.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader(package),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: whole(value) if type(value) is str else value,
    )
    environment.filters |= {"count": count, "clean": clean, "many": many}
    return environment
