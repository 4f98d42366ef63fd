"""Which API a command speaks to: the real one with a person's credentials, or an embedded sandbox of its own."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from importer.cli.options import Effective
from importer.events import Warned
from importer.machine.address import api_url, time_scale
from importer.machine.places import Places, host_of
from importer.run.access import Access
from importer.signin.credentials import Credentials, credentials
from importer.signin.tokens import Token

if TYPE_CHECKING:
    from importer.cli.output import Output

SANDBOX = "sandbox"


def api_access(values: Effective, exports: Sequence[Path], stack: ExitStack, output: Output) -> tuple[Access, float]:
    """The API to speak to and the scale of its waits. Raises CredentialsError if nobody is signed in."""
    if values["sandbox"]:
        return _embedded(values, exports, stack)
    url = api_url(os.environ)
    scale, warning = time_scale(os.environ, url)
    if warning:
        output.listen(Warned(warning))
    return Access(url, host_of(url), credentials(os.environ, values.places), values.places), scale


def _embedded(values: Effective, exports: Sequence[Path], stack: ExitStack) -> tuple[Access, float]:
    """A sandbox in a thread of this process. Every set of exports has an account of its own, kept beside its resume
    file, so that a second run and an undo find what the first one did.
    """
    folder = rehearsal(values, exports)
    return embedded(Places(values.places.config, folder), folder, values["resume-file"], stack)


def embedded(places: Places, folder: Path, named: Path | None, stack: ExitStack) -> tuple[Access, float]:
    """Return access to a sandbox whose account lies in `folder`, or beside the resume file that is `named`."""
    from anyio.from_thread import start_blocking_portal

    from importer.sandbox.app import Sandbox
    from importer.sandbox.server import serve

    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    state = folder / "account.json" if named is None else named.with_name(f"{named.name}.sandbox.json")
    # Its own waits are for show: without a word about them nobody waits.
    unscaled = not os.environ.get("SIMKL_IMPORT_TIME_SCALE", "").strip()
    scale = 0.0 if unscaled else time_scale(os.environ, "http://127.0.0.1")[0]
    sandbox = Sandbox(state=state, pace=scale, plan="vip")
    portal = stack.enter_context(start_blocking_portal())
    url = stack.enter_context(portal.wrap_async_context_manager(serve(sandbox)))
    found = Credentials(sandbox.client_id, Token(sandbox.client_id, sandbox.token), None)
    return Access(url, SANDBOX, found, places, alone=True), scale


def rehearsal(values: Effective, exports: Sequence[Path]) -> Path:
    """The folder of a set of exports; without exports (undo), or with a rejects file, that of the last rehearsal."""
    root = values.places.state / SANDBOX
    if exports and not any(map(_mends, exports)):
        names = "\n".join(sorted(str(path.absolute()) for path in exports))
        return root / hashlib.sha256(names.encode()).hexdigest()[:12]
    files = sorted(root.glob("*/*.sqlite"), key=lambda path: path.stat().st_mtime)
    return files[-1].parent if files else root / "empty"


def _mends(path: Path) -> bool:
    """Whether an export is a rejects file, whose rows belong to an import before."""
    try:
        with path.open("rb") as file:
            return file.read(64).removeprefix(b"\xef\xbb\xbf").startswith(b"reason,source,file,line,key")
    except OSError:
        return False
