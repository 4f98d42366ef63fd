"""The page's server on this machine's loopback address: who may come in, what is asked, and when it ends."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from importlib.resources import files
from typing import Any
from urllib.parse import unquote

import anyio.to_thread
import orjson
from aiohttp import web

from importer.errors import ExportError, ImporterError, UsageError
from importer.report.styles import palette
from importer.web.downloads import KINDS, download
from importer.web.export_files import Question
from importer.web.forms import LARGEST, choice_in, form_of, number_in, options_in, text_in, wanted_in
from importer.web.guard import HEADERS, TOKEN, Visit, why_not
from importer.web.keys import COOKIE, Keys
from importer.web.page import Page
from importer.web.under_way import BusyError
from importer.web.views import entered, refused, rows_document, sections, told, whole
from importer.web.words import trouble_of

HOST = "127.0.0.1"

_STATIC = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
_USED = "This address was used before, or is out of date. Press Enter where simkl-import runs: it prints a new one."
_BUSY = "Something else is under way: wait until it has ended, or stop it."

Action = Callable[[Mapping[str, Any]], Awaitable[None] | None]


class Server:
    """Answers for one page. `keys` say who may come in."""

    def __init__(self, page: Page, keys: Keys) -> None:
        self.page = page
        self.keys = keys
        self._actions: dict[str, Action] = {
            "read": lambda _: page.read(),
            "take-away": lambda form: page.take_away(number_in(form, "number") or 0),
            "answer": lambda form: page.answer(number_in(form, "number") or 0, _question(form), text_in(form, "value")),
            "sign-in": lambda form: page.sign_in(text_in(form, "client_id")),
            "cancel-sign-in": lambda _: page.cancel_sign_in(),
            "sign-out": lambda _: page.sign_out(),
            "look-ahead": lambda form: page.look_ahead(options_in(form)),
            "go": lambda _: page.go(),
            "stop": lambda _: page.stop(),
            "list-cases": lambda _: page.list_cases(),
            "search": lambda form: page.search(text_in(form, "key"), text_in(form, "words")[:200]),
            "choose": self._choose,
            "send-chosen": lambda _: page.send_chosen(),
            "look-back": self._look_back,
            "forget-back": lambda _: page.forget_back(),
            "take-back": lambda _: page.take_back(),
            "end": lambda _: page.ended.set(),
        }

    def application(self) -> web.Application:
        """Return the application, every address of which lies below the random path."""
        app = web.Application(middlewares=[self._guard], client_max_size=LARGEST)
        root = f"/{self.keys.path}"
        app.router.add_get(f"{root}/", self._page)
        app.router.add_get(f"{root}/enter/{{key}}", self._enter, allow_head=False)
        app.router.add_get(f"{root}/sections", self._sections)
        app.router.add_get(f"{root}/stream", self._stream, allow_head=False)
        app.router.add_get(f"{root}/rows/{{table}}", self._rows)
        app.router.add_get(f"{root}/report/{{run}}/{{name}}", self._report)
        app.router.add_get(f"{root}/static/{{name}}", self._static)
        app.router.add_post(f"{root}/files", self._receive)
        app.router.add_post(f"{root}/do/{{action}}", self._do)
        return app

    @web.middleware
    async def _guard(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        name = request.match_info.route.name if request.match_info.route is not None else None
        visit = Visit(
            method=request.method,
            host=request.headers.get("Host"),
            origin=request.headers.get("Origin"),
            cookie=request.cookies.get(COOKIE),
            token=request.headers.get(TOKEN),
            streams=request.path == f"/{self.keys.path}/stream",
            enters=request.path.startswith(f"/{self.keys.path}/enter/") and name is None,
        )
        why = why_not(visit, self.keys)
        if why is not None:
            answer: web.StreamResponse = _html(refused(why), status=403)
        else:
            try:
                answer = await handler(request)
            except web.HTTPException as error:
                answer = _html(refused(error.reason), status=error.status)
            except BusyError:
                answer = _json({"what": _BUSY, "todo": ""}, status=409)
            except ImporterError as error:
                said = trouble_of(error, self.page.files.uploads.folder)
                answer = _json({"what": said.what, "todo": said.todo}, status=422)
        for header, value in HEADERS.items():
            if not answer.prepared:
                answer.headers.setdefault(header, value)
        return answer

    async def _enter(self, request: web.Request) -> web.Response:
        """Take the one-time key. The page it leads to is opened by this one: a browser that was sent here from
        elsewhere keeps a strict cookie back for the whole way that it was sent.
        """
        cookie = self.keys.enter(request.match_info["key"])
        if cookie is None:
            return _html(refused(_USED), status=403)
        answer = _html(entered(f"/{self.keys.path}/"))
        answer.set_cookie(COOKIE, cookie, path=f"/{self.keys.path}/", httponly=True, samesite="Strict")
        return answer

    async def _page(self, _request: web.Request) -> web.Response:
        return _html(whole(self.page, self.keys.token or ""))

    async def _sections(self, _request: web.Request) -> web.Response:
        page = self.page
        return _json({"version": page.version, "sections": sections(page), "live": page.under_way.live(), **told(page)})

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse(headers={**HEADERS, "Content-Type": "text/event-stream"})
        with self.page.hub.stream() as messages:
            await answer.prepare(request)
            first = {"version": self.page.version}
            await answer.write(b"event: changed\ndata: " + orjson.dumps(first) + b"\n\n")
            async for message in messages:
                await answer.write(message)
        return answer

    async def _rows(self, request: web.Request) -> web.Response:
        page = self.page
        tables = {
            "read": page.files.table,
            "forecast": page.reports.forecast_table,
            "result": page.reports.result_table,
        }
        table = tables.get(request.match_info["table"])
        if table is None:
            raise web.HTTPNotFound
        wanted = wanted_in(request.query)
        # Sorting fifty thousand rows takes a moment, in which the stream goes on.
        window = await anyio.to_thread.run_sync(table.window, wanted)
        return _json(rows_document(window))

    async def _report(self, request: web.Request) -> web.Response:
        run, name = request.match_info["run"], request.match_info["name"]
        past = self.page.record.past
        kind = KINDS.get(name)
        if past is None or kind is None or not run.isdecimal():
            raise web.HTTPNotFound
        body, policy = await anyio.to_thread.run_sync(download, past.path, int(run), kind)
        headers = {"Content-Type": kind.type}
        if policy:
            headers["Content-Security-Policy"] = policy
        if kind.saved:
            headers["Content-Disposition"] = f'attachment; filename="simkl-import-run-{int(run)}-{name}"'
        return web.Response(body=body, headers=headers)

    async def _static(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        kind = _STATIC.get(name.rpartition(".")[2])
        place = files("importer.web").joinpath("static", name)
        if kind is None or "/" in name or name.startswith(".") or not place.is_file():
            raise web.HTTPNotFound
        body = place.read_bytes()
        if name == "page.css":
            body = palette().encode() + body
        return web.Response(body=body, content_type=kind, charset="utf-8")

    async def _receive(self, request: web.Request) -> web.Response:
        path = unquote(request.headers.get("X-File-Path", ""), errors="replace")
        group = request.headers.get("X-File-Group", "")[:64]
        try:
            upload = await self.page.receive(path, group, request.content.iter_chunked(1 << 16))
        except ExportError:
            request.protocol.force_close()  # what is still on its way is not wanted
            raise
        return _json({"number": upload.number, "name": upload.name})

    async def _do(self, request: web.Request) -> web.Response:
        action = self._actions.get(request.match_info["action"])
        if action is None:
            raise web.HTTPNotFound
        done = action(form_of(await request.read()))
        if done is not None:
            await done
        return _json({"version": self.page.version})

    def _choose(self, form: Mapping[str, Any]) -> None:
        key = text_in(form, "key")
        case = (self.page.mending.cases or {}).get(key)
        shown = case.ranking.candidates if case is not None and case.ranking is not None else ()
        self.page.choose(key, choice_in(form, tuple(shown)))

    def _look_back(self, form: Mapping[str, Any]) -> None:
        run = number_in(form, "run")
        if run is None:
            raise UsageError("no import is chosen", "choose one of the list")
        self.page.look_back(run, force=form.get("force") is True, unlist=form.get("unlist") is True)


@asynccontextmanager
async def serving(server: Server, port: int) -> AsyncIterator[int]:
    """Serve on the loopback address as long as the block lasts; yields the port. Raises UsageError for one that is
    taken."""
    runner = web.AppRunner(
        server.application(), handle_signals=False, access_log=None, handler_cancellation=True, shutdown_timeout=1.0
    )
    await runner.setup()
    try:
        try:
            sock = socket.create_server((HOST, port))
        except OSError as error:
            raise UsageError(f"cannot serve on port {port}: {error.strerror}", "take another --port") from None
        await web.SockSite(runner, sock).start()
        yield int(sock.getsockname()[1])
    finally:
        server.page.hub.close()
        await asyncio.sleep(0)
        await runner.cleanup()


def _question(form: Mapping[str, Any]) -> Question:
    try:
        return Question(text_in(form, "question"))
    except ValueError:
        raise UsageError("this form is not one of this page", "load the page again") from None


def _html(text: str, status: int = 200) -> web.Response:
    return web.Response(text=text, content_type="text/html", charset="utf-8", status=status)


def _json(value: object, status: int = 200) -> web.Response:
    return web.Response(body=orjson.dumps(value), content_type="application/json", status=status)
