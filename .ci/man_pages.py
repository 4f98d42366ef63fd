"""Man pages for the wheel, made of the manual while it is built: `man simkl-import`, `man simkl-import-start`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

COMMAND = "simkl-import"
ABOUT = "move your ratings into Simkl from the exports of other trackers"
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
        about = ABOUT if topic == COMMANDS else about
        head = f'.TH {name.upper()} {section[topic]} "" "{COMMAND} {version}"\n.SH NAME\n{name} \\- {_words(about)}\n'
        pages[f"{name}.{section[topic]}"] = f"{head}{_body(text)}.SH SEE ALSO\n{_words(others)}\n"
    return pages


def _body(text: str) -> str:
    """Return headings, paragraphs, lists and what is to stand as it is, as troff has them."""
    lines, literal, fenced, begun = [".SH DESCRIPTION"], False, False, False
    for line in text.splitlines():
        fence = line.startswith("```")
        fenced ^= fence
        # An empty line within what stands as it is belongs to it; the next line of text ends it.
        as_it_is = fenced or (line.startswith("    ") if line.strip() else literal)
        if as_it_is != literal:
            lines.append(".PP\n.nf" if as_it_is else ".fi")
            literal = as_it_is
        if fence:
            continue
        if literal:
            lines.append(_plain(line))
        elif heading := re.match(r"#+ (.*)", line):
            lines.append(f".SH {_plain(heading[1]).upper()}" if line.startswith("## ") else f".SS {_plain(heading[1])}")
        elif line.startswith("- "):
            lines.append(f".IP \\(bu 2\n{_words(line[2:])}")
        elif line.strip():
            lines.append(_words(line.strip()) if begun else f".PP\n{_words(line.strip())}")
        begun = bool(line.strip()) and not line.startswith("#")
    return "\n".join([*lines, *([".fi"] if literal else [])]) + "\n"


def _plain(text: str) -> str:
    """Escape what troff would act on; a hyphen stays one that can be copied."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{escaped}" if escaped.startswith((".", "'")) else escaped


def _words(text: str) -> str:
    return re.sub(r"`([^`]+)`", r"\\fB\1\\fR", _plain(text))
