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
    """Return a README without its pictures, and with the words alone of each link that leads to a file beside it."""
    text = re.sub(r"^<picture>\n.*?^</details>\n\n", "", text, flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"\[([^\]]+)\]\((?!https?:)[^)]+\)", r"\1", text)
