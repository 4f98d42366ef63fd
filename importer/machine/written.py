"""Which files this program wrote, and what stood in them: only those may be replaced unasked."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from importer.machine.files import digest_at
from importer.machine.state_file import StateFile
from importer.value import value

MOST = 1_000
"""Files remembered. The oldest go first: one that was forgotten counts as the person's."""


@value
class Written:
    """The files of one state folder's commands, by path, with the SHA-256 of what was written last."""

    file: StateFile

    @classmethod
    def at(cls, state: Path) -> Written:
        """Return what is kept in this state folder."""
        return cls(StateFile(state / "written.json"))

    def is_ours(self, path: Path) -> bool:
        """Tell whether what stands at a path is what this program wrote there."""
        known = self.file.read().get(_name(path))
        try:
            return isinstance(known, str) and known == digest_at(path)
        except OSError:
            return False

    def remember(self, path: Path, digest: str) -> None:
        """Remember what was written to a path just now."""

        def change(content: dict[str, Any]) -> None:
            content.pop(_name(path), None)
            content[_name(path)] = digest
            for name in list(content)[:-MOST]:
                del content[name]

        self.file.change(change)


def _name(path: Path) -> str:
    return os.path.realpath(path)
