"""What is answered to a request: the gates first, then the pace, the day and the lock, then the work."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import orjson
from aiohttp import web

from importer.sandbox import routes
from importer.sandbox.account import Account
from importer.sandbox.answers import Answer, error, page
from importer.sandbox.caller import admitted
from importer.sandbox.effects import afterwards, instead, no_scope
from importer.sandbox.judge import breaches, form_breaches
from importer.sandbox.log import Request
from importer.sandbox.quota import spent_answer
from importer.sandbox.reads.library import all_items
from importer.sandbox.reads.pages import title_page
from importer.sandbox.reads.profile import activities, settings
from importer.sandbox.reads.ratings import ratings
from importer.sandbox.reads.reading import BadQuestionError, Reading
from importer.sandbox.reads.redirect import redirect
from importer.sandbox.reads.search import search
from importer.sandbox.schedule import Play
from importer.sandbox.signin.calls import sign_in
from importer.sandbox.writes.items import items_of, refused
from importer.sandbox.writes.rating import rate
from importer.sandbox.writes.removal import remove, unlist

if TYPE_CHECKING:
    from importer.sandbox.app import Sandbox

_DEBUG_LIMITS = {"user": "user_limit_exceeded", "app": "app_limit_exceeded"}


class Service:
    """Answers the requests of one sandbox."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    async def answer(self, request: web.Request, entry: Request, token: str, always: Play, chosen: Play) -> Answer:
        """Answer a request; `token` is what stands in its Authorization header, "" for none."""
        sandbox = self._sandbox
        play = always | chosen
        client_id = request.query.get("client_id") or request.headers.get("simkl-api-key") or ""
        sandbox.findings.extend(form_breaches(entry))
        if not entry.user_agent:
            return page(403, "403 Forbidden")
        if routes.is_sign_in(entry.path):
            answer = self._spoilt(play, lambda: sign_in(sandbox.auth, request, entry.raw, client_id, play))
            sandbox.save()
            return answer
        if (refusal := self._gate(entry, client_id, play)) is not None:
            return refusal
        if routes.is_page(entry.path):
            _, word, number = entry.path.split("/", 2)
            return self._spoilt(play, lambda: title_page(sandbox.catalog, word, number.strip("/"), play))
        sandbox.throttle.enter(entry, token)
        refusal = sandbox.throttle.refusal(entry, token, always, chosen)
        return refusal or await self._call(request, entry, client_id, token, play)

    def _gate(self, entry: Request, client_id: str, play: Play) -> Answer | None:
        """Refuse what needs no token to be refused (`/conventions/headers`, `/resources/rate-limits`)."""
        if client_id not in self._sandbox.keyring.apps:
            return error(412, "client_id_failed", "client_id is missing or wrong")
        if "strict-app" in play and not {"app-name", "app-version"} <= set(entry.query):
            return error(400, "wrong_parameter", "app-name and app-version are required")
        if (limit := entry.params.get("debug_limit")) in _DEBUG_LIMITS:
            return spent_answer(_DEBUG_LIMITS[limit], self._sandbox.clock())
        known = routes.is_call(entry.path) or (entry.method == "GET" and routes.is_lookup(entry.path))
        return None if known else error(404, "url_failed")

    async def _call(self, request: web.Request, entry: Request, client_id: str, token: str, play: Play) -> Answer:
        """Check the token and its rights, spend of the day, do the work, and let the faults have their way."""
        sandbox = self._sandbox
        dials = sandbox.faults.dials
        if (refusal := instead(play, dials, sandbox.clock())) is not None:
            return refusal
        if "token-ends" in play and sandbox.writes >= dials.token_ends_after:
            sandbox.revoke(token)
        caller = admitted(
            sandbox.keyring, sandbox.accounts, path=entry.path, client_id=client_id, token=token, play=play
        )
        if isinstance(caller, Answer):
            return caller
        entry.account = None if caller.account is None else caller.account.id
        if entry.path == routes.REDIRECT:
            return afterwards(redirect(sandbox.catalog, request.query, play), play, dials)
        writes = entry.method == "POST" and entry.path in routes.WRITES
        if (writes or (entry.method == "GET" and entry.raw)) and not caller.may_write:
            return no_scope()
        if writes and caller.account is not None:
            refusal = await sandbox.lock.refusal(caller.account.id, entry.n, play)
            if refusal is not None:
                return refusal
        if (refusal := sandbox.allowance.spend(caller, play)) is not None:
            return refusal
        if writes and caller.account is not None:
            answer = self._write(entry, caller.account, play)
        else:
            answer = self._read(entry, caller.account, play)
        return sandbox.allowance.told(afterwards(answer, play, dials), caller, play)

    def _write(self, entry: Request, account: Account, play: Play) -> Answer:
        sandbox = self._sandbox
        try:
            body = orjson.loads(entry.raw) if entry.raw.strip() else None
            items = items_of(body)
        except ValueError as problem:
            return error(400, "wrong_parameter", str(problem))
        sandbox.findings.extend(breaches(entry, body))
        refusal = refused(items, len(entry.raw), play, sandbox.faults.dials)
        if refusal is not None:
            return refusal
        work = {routes.RATE: rate, routes.REMOVE: remove, routes.UNLIST: unlist}[entry.path]
        answer = work(account, sandbox.catalog, items, play, sandbox.faults)
        sandbox.writes += 1
        sandbox.save()
        seconds = sandbox.item_seconds + (sandbox.faults.dials.item if "slow-items" in play else 0.0)
        return answer.but(delay=answer.delay + seconds * len(items))

    def _read(self, entry: Request, account: Account | None, play: Play) -> Answer:
        sandbox = self._sandbox
        parts = entry.path.strip("/").split("/")
        if entry.method == "GET" and parts[0] == "search" and len(parts) == 2:
            return search(sandbox.catalog, parts[1], entry.params, play)
        if account is None:
            return error(404, "url_failed")
        try:
            reading = Reading.of(account, entry.params, play, sandbox.faults.dials)
            return _read_account(reading, entry.method, parts)
        except BadQuestionError as problem:
            return error(400, "wrong_parameter", str(problem))

    def _spoilt(self, play: Play, work: Callable[[], Answer]) -> Answer:
        """Do work that is neither paced nor counted, and let the faults have their way."""
        dials = self._sandbox.faults.dials
        refusal = instead(play, dials, self._sandbox.clock())
        return refusal if refusal is not None else afterwards(work(), play, dials)


def _read_account(reading: Reading, method: str, parts: list[str]) -> Answer:
    match method, parts:
        case "GET" | "POST", ["users", "settings"]:
            return settings(reading.account)
        case "GET", ["sync", "activities"]:
            return activities(reading)
        case "GET", ["sync", "ratings", *rest] if len(rest) <= 2:
            return ratings(reading, *rest)
        case "GET", ["sync", "all-items", *rest] if len(rest) <= 2:
            return all_items(reading, *rest)
        case _:
            return error(404, "url_failed")
