"""The way of a request through the sandbox: logged, answered, and sent as the faults will have it."""

from __future__ import annotations

import time

from aiohttp import web

from importer.sandbox.answers import Delivery
from importer.sandbox.app import Sandbox
from importer.sandbox.log import Request
from importer.sandbox.service import Service
from importer.sandbox.wire import send

_MAX_BODY = 256 * 2**20  # bytes; the service names no limit, so no client should meet one by chance


def application(sandbox: Sandbox) -> web.Application:
    """Return a fresh web application that serves this sandbox."""
    app = web.Application(client_max_size=_MAX_BODY)
    app.router.add_route("*", "/{path:.*}", Handler(sandbox).handle)
    return app


class Handler:
    """Takes every request of one sandbox in, and sends every answer out."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._service = Service(sandbox)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Log a request, answer it, and send the answer as the faults will have it."""
        sandbox = self._sandbox
        entry = _entry(request, len(sandbox.log) + 1)
        sandbox.log.append(entry)
        token = _bearer(request)
        try:
            entry.raw = await request.read()
            always, chosen = sandbox.faults.pick(entry.method, entry.path)
            entry.fault = "+".join(sorted(always | chosen)) or None
            answer = await self._service.answer(request, entry, token, always, chosen)
            # While it waits the client may go away: then no status was sent.
            if delay := sandbox.latency + answer.delay:
                await sandbox.sleep(delay)
            if answer.delivery is not Delivery.RESET:
                entry.status, entry.response = answer.status, answer.body
            dials = sandbox.faults.dials
            skew = dials.skew if "clock-ahead" in always | chosen else 0.0
            return await send(request, answer, dials.drip, sandbox.clock() + skew, sandbox.sleep)
        finally:
            entry.ended = time.monotonic()
            sandbox.throttle.leave(entry, token)
            sandbox.lock.leave(entry.account, entry.n)


def _entry(request: web.Request, n: int) -> Request:
    return Request(
        n=n,
        method=request.method,
        path=request.path,
        query=tuple(request.query),
        user_agent=request.headers.get("User-Agent"),
        has_authorization="Authorization" in request.headers,
        started=time.monotonic(),
        headers={key: value for key, value in request.headers.items() if key != "Authorization"},
        params={key: value for key, value in request.query.items() if key != "client_id"},
    )


def _bearer(request: web.Request) -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.casefold() == "bearer" else ""
