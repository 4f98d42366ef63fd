"""A nursery of processes: imports the program once, then forks the real command for every line it is given.

Speaks JSON lines: {"argv", "env", "out", "err", "kill", "broken", "fsize", "closed", "powerless"} starts a command and
answers {"pid"}; {"look": pid} answers {"ended"} at once; {"wait": pid} answers {"status"}, negative for the signal that
ended it, and {"peak"}, the most memory that it or an earlier one held, in kilobytes (on Linux). Whoever started a
command may kill it until it was seen to have ended.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import pkgutil
import resource
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import limits
import points

import adapters
import importer

_APART = ("importer.sandbox", "importer.web", "importer.__main__")
"""What no command of a trial imports."""


def main() -> None:
    """Serve until stdin ends."""
    for name in modules():
        importlib.import_module(name)
    gc.collect()
    gc.freeze()  # what is there now is shared with every command, and not looked through again by each
    asked, answers = os.fdopen(os.dup(0)), os.fdopen(os.dup(1), "w")
    ends: dict[int, int] = {}
    answer: dict[str, object]
    for line in asked:
        wish = json.loads(line)
        if "look" in wish:
            pid, raw = os.waitpid(wish["look"], os.WNOHANG)
            if pid:
                ends[pid] = raw
            answer = {"ended": bool(pid)}
        elif "wait" in wish:
            pid = wish["wait"]
            raw = ends.pop(pid) if pid in ends else os.waitpid(pid, 0)[1]
            peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
            answer = {"status": os.waitstatus_to_exitcode(raw), "peak": peak}
        else:
            pid = os.fork()
            if not pid:
                _become(wish)
            answer = {"pid": pid}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


def modules() -> Iterator[str]:
    """Return all that a command may import of the program, and what only some of them do of others."""
    for package in (importer, adapters):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.startswith(_APART):
                yield module.name
    yield from ("rich.console", "rich.text", "anyio._backends._asyncio")


def _become(wish: dict[str, Any]) -> None:
    """Be the command, with its own streams and environment, and end with its status."""
    append = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    for path, descriptor, flags in ((os.devnull, 0, os.O_RDONLY), (wish["out"], 1, append), (wish["err"], 2, append)):
        os.dup2(os.open(path, flags, 0o600), descriptor)
    os.environ.clear()
    os.environ.update(wish["env"])
    sys.argv = ["simkl-import", *wish["argv"]]
    points.arm(wish.get("kill"), wish.get("broken"))
    limits.impose(wish.get("fsize"), wish.get("closed", ()), powerless=wish.get("powerless", False))
    from importer.cli.main import main as command

    status = 1
    try:
        command()
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 1
    except BaseException:  # noqa: BLE001 - what a process would print, so that the tests see it
        import traceback

        traceback.print_exc()
    finally:
        with suppress(OSError, AttributeError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(status)


if __name__ == "__main__":
    main()
