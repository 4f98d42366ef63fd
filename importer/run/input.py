"""What a run has to go by: the rows of its exports, what a person gave for them, and the account as it stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import anyio
import anyio.to_thread

from importer.errors import ImporterError
from importer.journal.store import Journal
from importer.model import Command, value
from importer.plan.sides import Given
from importer.run.mending import FORMAT, Mending, mending, remember_corrections
from importer.run.reading import Export, Reading, read_exports
from importer.send.snapshot import snapshot
from importer.simkl.account import Account
from importer.simkl.client import Client

NOTHING_CHOSEN: Mapping[str, Given] = {}


@value
class Input:
    """The exports as read, what mends their rows, and the account's ratings before anything is sent."""

    reading: Reading
    mended: Mending
    account: Account


async def read_input(
    exports: Sequence[Export],
    client: Client,
    journal: Journal,
    *,
    command: str,
    run: int | None,
    chosen: Mapping[str, Given],
) -> Input:
    """Read the exports in a thread while the account is read over the network.

    What a person gives in a rejects file is on disk before the first request. An export that cannot be read is told
    before an account that cannot: mending it takes no network. `run` is the stopped run that goes on, if one does.
    """
    if not any(export.format == FORMAT for export in exports):
        return await _read_both(exports, client, journal)
    reading = await anyio.to_thread.run_sync(read_exports, exports)
    if command == Command.MEND:
        mended = Mending(frozenset(chosen), dict(chosen), reading.rows)
    else:
        mended = mending(journal, reading)
        with journal.transaction():
            remember_corrections(journal, mended.corrections, run or 0)
    return Input(reading, mended, await snapshot(client, journal))


async def _read_both(exports: Sequence[Export], client: Client, journal: Journal) -> Input:
    readings: list[Reading] = []
    account: Account | ImporterError

    async def read() -> None:
        readings.append(await anyio.to_thread.run_sync(read_exports, exports))

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(read)
        try:
            account = await snapshot(client, journal)
        except ImporterError as trouble:
            account = trouble
    if isinstance(account, ImporterError):
        raise account
    return Input(readings[0], mending(journal, readings[0]), account)
