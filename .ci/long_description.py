"""The README as a package index shows it, which has none of the files beside it: without pictures and links to them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface


class LongDescription(MetadataHookInterface):
    """Give the distribution its long description."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Put it among the metadata."""
        text = (Path(self.root) / "README.md").read_text("utf-8")
        metadata["readme"] = {"content-type": "text/markdown", "text": alone(text)}


def alone(text: str) -> str:
    """Return a README without its pictures; a link to a file beside it becomes words, or the command that shows it."""
    text = re.sub(r"^<picture>\n.*?^</details>\n\n", "", text, flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"\[([^\]]+)\]\((?!https?:)([^)]+)\)", _words, text)


def _words(link: re.Match[str]) -> str:
    topic = re.fullmatch(r"importer/manual/(\w+)\.md", link[2])
    return link[1] if topic is None or topic[1] == link[1] else f"`simkl-import help {topic[1]}`"
