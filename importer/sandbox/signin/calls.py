"""Which part of sign-in answers a request."""

from __future__ import annotations

from urllib.parse import parse_qsl

from aiohttp import web

from importer.sandbox.answers import Answer, error
from importer.sandbox.schedule import Play
from importer.sandbox.signin import device, page, pin
from importer.sandbox.signin.auth import Auth


def sign_in(auth: Auth, request: web.Request, raw: bytes, client_id: str, play: Play) -> Answer:
    """Answer a request of either flow or of the pages for the person; `raw` is its body."""
    form = dict(parse_qsl(raw.decode("utf-8", "replace")))
    base = f"{request.scheme}://{request.host}"
    match request.method, request.path.strip("/").split("/"):
        case "GET", ["oauth", "pin"]:
            return pin.refused(auth, client_id) or pin.start(auth, client_id, base)
        case "GET", ["oauth", "pin", code]:
            return pin.refused(auth, client_id) or pin.poll(auth, code, client_id, base, play)
        case "POST", ["oauth2", step]:
            return device.answer(auth, step, request.content_type, form, base, play)
        case method, ["pin" | "device" as flow] if method in ("GET", "POST"):
            return page.answer(auth, flow, method, form or dict(request.query))
        case _:
            return error(404, "url_failed")
