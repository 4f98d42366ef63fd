"""A small JSON document in the state folder, which several commands may change at once."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from importer.errors import UsageError
from importer.machine.files import write_file
from importer.machine.lock import exclusive
from importer.value import value


@value
class StateFile:
    """One such document, an object. What it holds spares work or questions; no command fails for the want of it."""

    path: Path

    def read(self) -> dict[str, Any]:
        """Return what it holds, or nothing if it is missing or damaged."""
        try:
            found = json.loads(self.path.read_bytes())
        except (OSError, ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}

    def change(self, change: Callable[[dict[str, Any]], None]) -> bool:
        """Let `change` work on what it holds and write that; tell whether it could be written.

        A lock of its own keeps two commands from losing each other's words.
        """
        try:
            with exclusive(self.path.with_name(f"{self.path.name}.held"), wait=True):
                content = self.read()
                change(content)
                text = json.dumps(content, indent=1)
                write_file(self.path, lambda stream: stream.write(text.encode()), private=True)
        except (OSError, UsageError):
            return False
        return True
