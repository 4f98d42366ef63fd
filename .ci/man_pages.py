"""Man pages for the wheel, made of the manual while it is built: `man simkl-import`, `man simkl-import-start`."""

from __future__ import annotations

import re
import runpy
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

COMMAND = "simkl-import"
ABOUT = "move your ratings into Simkl from the exports of other trackers"
LAYOUT = SimpleNamespace(**runpy.run_path(str(Path(__file__).parents[1] / "importer/manual/layout.py")))
"""What a topic consists of, as the program itself has it; the build knows no package of ours."""
WIDEST = 18
"""Columns for the names in a list; what is longer stands on a line of its own."""
COMMANDS = "commands"
"""The topic that becomes the page of the command itself; each of the others becomes a page beside it."""


class ManPages(BuildHookInterface):
    """Write the pages into a folder of the build, and have the wheel install them where `man` looks."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 (hatchling's signature)
        """Add the pages to the wheel."""
        folder = Path(self.directory) / "man"
        folder.mkdir(parents=True, exist_ok=True)
        texts = {path.stem: path.read_text("utf-8") for path in (Path(self.root) / "importer/manual").glob("*.md")}
        for name, page in man_pages(texts, self.metadata.version).items():
            (folder / name).write_text(page, encoding="utf-8")
            build_data["shared_data"][str(folder / name)] = f"share/man/man{name[-1]}/{name}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002
        """Leave nothing but the wheel behind."""
        folder = Path(self.directory) / "man"
        for page in folder.glob(f"{COMMAND}*"):
            page.unlink()
        folder.rmdir()


def man_pages(texts: dict[str, str], version: str) -> dict[str, str]:
    """Return the pages by file name, from the manual's topics by name."""
    names = {topic: COMMAND if topic == COMMANDS else f"{COMMAND}-{topic}" for topic in sorted(texts)}
    section = {topic: 1 if topic == COMMANDS else 7 for topic in names}
    pages = {}
    for topic, name in names.items():
        others = ", ".join(f"{names[one]}({section[one]})" for one in names if one != topic)
        about, _, text = texts[topic].removeprefix("# ").partition("\n")
        about = ABOUT if topic == COMMANDS else about.partition(": ")[2] or about
        # Nothing is hyphenated or spread: options and addresses are to be copied.
        head = f'.TH {name.upper()} {section[topic]} "" "{COMMAND} {version}" "manual"\n.nh\n.ad l\n'
        head += f".SH NAME\n{name} \\- {_words(about)}\n"
        pages[f"{name}.{section[topic]}"] = f"{head}{_body(text)}.SH SEE ALSO\n{_words(others)}\n"
    return pages


def _body(text: str) -> str:
    """Return headings, paragraphs, lists and what is to stand as it is, as troff has them."""
    lines = [".SH DESCRIPTION"]
    for part in LAYOUT.parts(text):
        match str(part.sort):
            case "heading":
                marks, _, title = part.lines[0].partition(" ")
                lines.append(f".SH {_plain(title).upper()}" if marks == "##" else f".SS {_plain(title)}")
            case "paragraph":
                lines += [".PP", _words(part.lines[0])]
            case "bullet":
                lines += [".IP \\(bu 2" if part.name == "-" else f".IP {part.name} 4", _words(part.lines[0])]
            case "entry":
                meaning = "\n.br\n".join(map(_words, part.lines))
                name = f"\\fB{_plain(part.name.replace('`', ''))}\\fR"
                lines += [f".TP {min(WIDEST, part.column - 4)}", name, meaning]
            case _:
                lines += [".PP", ".in +2n", ".nf", *map(_plain, part.lines), ".fi", ".in"]
    return "\n".join(lines) + "\n"


def _plain(text: str) -> str:
    """Escape what troff would act on; a hyphen stays one that can be copied."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{escaped}" if escaped.startswith((".", "'")) else escaped


def _words(text: str) -> str:
    return re.sub(r"`([^`]+)`", r"\\fB\1\\fR", _plain(text))
