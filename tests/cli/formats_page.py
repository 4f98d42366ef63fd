"""Write what is told of the formats, from what the adapters tell: `python tests/cli/formats_page.py`.

It writes the manual's page, the list of trackers in README, and the keywords of the package.
"""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

from adapters import ADAPTERS

ROOT = Path(__file__).parents[2]
PAGE, README, PROJECT = ROOT / "importer" / "manual" / "formats.md", ROOT / "README.md", ROOT / "pyproject.toml"

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


def readme() -> str:
    """Return README with every tracker that is read; one whose files are only refused is not among them."""
    sites = [adapter.about.site for adapter in ADAPTERS if adapter.name not in ("simkl", "netflix", "generic")]
    listed = f"It reads {', '.join(sites)}, Simkl's own backup, and any CSV."
    filled = textwrap.fill(listed, 120, break_on_hyphens=False, break_long_words=False)
    return _with(README, r"(?s)It reads .*? any CSV\.", filled)


def project() -> str:
    """Return the package's own file with a keyword for every tracker that is read."""
    spelled = {"mal": "myanimelist"}
    names = [spelled.get(adapter.name, adapter.name) for adapter in ADAPTERS]
    found = ["simkl", "ratings", "import", "migration", *names]
    words = ", ".join(f'"{word}"' for word in dict.fromkeys(found) if word not in ("netflix", "generic")) + ","
    filled = textwrap.fill(words, 119, initial_indent="    ", subsequent_indent="    ", break_on_hyphens=False)
    return _with(PROJECT, r"(?ms)(?<=^keywords = \[\n).*?(?=\n\]$)", filled)


def _with(path: Path, pattern: str, filled: str) -> str:
    """Return a file's text with the one place that a pattern finds filled in anew."""
    text, places = re.subn(pattern, lambda _: filled, path.read_text("utf-8"))
    assert places == 1, f"{path.name} has no place for the formats"
    return text


def pages() -> dict[Path, str]:
    """Return every file that tells of the formats, as it should be."""
    return {PAGE: formats_page(), README: readme(), PROJECT: project()}


if __name__ == "__main__":
    for page, text in pages().items():
        page.write_text(text, encoding="utf-8")
