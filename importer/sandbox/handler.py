"""The way of a request through the sandbox: log, gate, pace, faults, work, answer."""

from __future__ import annotations

import asyncio
import time

import orjson
from aiohttp import web

from importer.sandbox import ratings, reads
from importer.sandbox.account import Account
from importer.sandbox.answers import Answer, Delivery, error, page
from importer.sandbox.app import Sandbox
from importer.sandbox.effects import afterwards, instead, no_scope, unauthorized
from importer.sandbox.judge import breaches
from importer.sandbox.log import Request
from importer.sandbox.quota import QUOTAS, spend
from importer.sandbox.schedule import Play
from importer.sandbox.tokens import WRITE
from importer.sandbox.wire import send

_WRITES = ("/sync/ratings", "/sync/ratings/remove", "/sync/history/remove")
_MAX_BODY = 256 * 2**20  # bytes; the service names no limit, so no client should meet one by chance


def application(sandbox: Sandbox) -> web.Application:
    """Return a fresh web application that serves this sandbox."""
    app = web.Application(client_max_size=_MAX_BODY)
    app.router.add_route("*", "/{path:.*}", Handler(sandbox).handle)
    return app


class Handler:
    """Answers every request of one sandbox."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

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
            answer = self._gate(request, entry, always | chosen)
            if answer is None:
                sandbox.throttle.enter(entry, token)
                answer = sandbox.throttle.refusal(entry, token, always, chosen)
                if answer is None:
                    answer = self._work(entry, token, always | chosen)
            # While it waits the client may go away: then no status was sent.
            if delay := sandbox.latency + answer.delay:
                await asyncio.sleep(delay)
            if answer.delivery is not Delivery.RESET:
                entry.status, entry.response = answer.status, answer.body
            return await send(request, answer, sandbox.faults.dials.drip)
        finally:
            entry.ended = time.monotonic()
            sandbox.throttle.leave(entry, token)

    def _gate(self, request: web.Request, entry: Request, play: Play) -> Answer | None:
        """Answer what never reaches the user calls: the edge, sign-in, bad client ids (`/conventions/headers`)."""
        sandbox = self._sandbox
        if not entry.user_agent:
            return page(403, "403 Forbidden")
        if sandbox.auth.claims(entry.path):
            answer = instead(play, sandbox.faults.dials, sandbox.clock())
            if answer is None:
                answer = afterwards(sandbox.auth.answer(request, entry.raw, play), play, sandbox.faults.dials)
                sandbox.save()
            return answer
        client_id = request.query.get("client_id") or request.headers.get("simkl-api-key")
        if client_id not in sandbox.keyring.apps:
            return error(412, "client_id_failed", "client_id is missing or wrong")
        if "strict-app" in play and not {"app-name", "app-version"} <= set(entry.query):
            return error(400, "wrong_parameter", "app-name and app-version are required")
        if not entry.is_sync:
            return error(404, "url_failed")
        return None

    def _work(self, entry: Request, token: str, play: Play) -> Answer:
        """Check the token and its rights, spend the quota, do the work, and let the faults have their way."""
        sandbox = self._sandbox
        dials = sandbox.faults.dials
        if (answer := instead(play, dials, sandbox.clock())) is not None:
            return answer
        if "token-ends" in play and sandbox.writes >= dials.token_ends_after:
            sandbox.revoke(token)
        known = sandbox.keyring.valid(token)
        if known is None:
            return unauthorized()
        account = sandbox.accounts[known.account]
        entry.account = account.id
        quota = QUOTAS[account.plan] if sandbox.quota is None else sandbox.quota
        if (answer := spend(account, quota)) is not None:
            return answer
        if entry.method == "POST" and entry.path in _WRITES:
            if WRITE not in known.scopes:
                return no_scope()
            answer = self._write(entry, account, play)
        else:
            answer = self._read(entry, account, play)
        return afterwards(answer, play, dials)

    def _write(self, entry: Request, account: Account, play: Play) -> Answer:
        sandbox = self._sandbox
        try:
            body = orjson.loads(entry.raw) if entry.raw.strip() else None
            items = ratings.items_of(body)
        except ValueError as problem:
            return error(400, "wrong_parameter", str(problem))
        sandbox.findings.extend(breaches(entry, body))
        refusal = ratings.refused(items, play, sandbox.faults.dials)
        if refusal is not None:
            return refusal
        if entry.path == "/sync/ratings":
            answer = ratings.rate(account, sandbox.catalog, items, play, sandbox.faults)
        else:
            library = entry.path == "/sync/history/remove"
            answer = ratings.remove(account, sandbox.catalog, items, play, sandbox.faults, library=library)
        sandbox.writes += 1
        sandbox.save()
        return answer

    def _read(self, entry: Request, account: Account, play: Play) -> Answer:
        dials = self._sandbox.faults.dials
        match entry.method, entry.path.strip("/").split("/"):
            case "GET" | "POST", ["users", "settings"]:
                return reads.settings(account)
            case "GET", ["sync", "activities"]:
                return reads.activities(account, play, dials)
            case "GET", ["sync", "ratings"]:
                return reads.ratings(account, None, None, play, dials)
            case "GET", ["sync", "ratings", kind]:
                return reads.ratings(account, kind, None, play, dials)
            case "GET", ["sync", "ratings", kind, chosen]:
                return reads.ratings(account, kind, chosen, play, dials)
            case _:
                return error(404, "url_failed")


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
    )


def _bearer(request: web.Request) -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.casefold() == "bearer" else ""
