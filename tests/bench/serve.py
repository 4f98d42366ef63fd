"""The sandbox in a process of its own: `python tests/bench/serve.py LATENCY PACE` prints its address and serves."""

from __future__ import annotations

import asyncio
import sys

from importer.sandbox.app import Sandbox
from importer.sandbox.server import serve


async def main() -> None:
    """Serve until killed."""
    sandbox = Sandbox(latency=float(sys.argv[1]), pace=float(sys.argv[2]), plan="vip", quota=10**9)
    async with serve(sandbox) as url:
        print(url, flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
