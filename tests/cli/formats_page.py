"""Write the manual's page on formats from what the adapters tell: `python tests/cli/formats_page.py`."""

from __future__ import annotations

import textwrap
from pathlib import Path

from adapters import ADAPTERS

PAGE = Path(__file__).parents[2] / "importer" / "manual" / "formats.md"

HEAD = """# Formats: every export that is read

The format is told by the content of a file, never by its name. Give the file as the site handed it out: zips need no
unpacking. A mail address, a message or a token that an archive holds is not read. `--from NAME` names the format where
two are possible.

Where an export has no rating date, another date may stand in; reports say so, and --undated decides (help commands).
"""

TAIL = """
Your site is not here? A CSV with the columns type, title, year and rating is the last of these formats; its other
columns are named by --map, and what it has no column for is given by --set. Or write an adapter: help adapter.
"""


def formats_page() -> str:
    """Return the page: of each format its name, and where the export is, its forms, its scale and its dates."""
    parts = [HEAD]
    for adapter in ADAPTERS:
        about = adapter.about
        parts.append(f"\n## {adapter.name}: {about.site}\n\n")
        named = (("where", about.where), ("forms", about.forms), ("scale", about.scale), ("dates", about.dates))
        for name, text in named:
            parts.append(
                textwrap.fill(
                    text,
                    118,
                    initial_indent=f"    {name}   ",
                    subsequent_indent=" " * 12,
                    break_on_hyphens=False,
                    break_long_words=False,
                )
                + "\n"
            )
    return "".join([*parts, TAIL])


if __name__ == "__main__":
    PAGE.write_text(formats_page(), encoding="utf-8")
