"""What goes back over the wire: status, bytes and the way they are delivered.

The error envelope is that of `/conventions/errors`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

import orjson


class Delivery(Enum):
    """How an answer leaves: whole, or broken in one of the ways a network breaks it."""

    WHOLE = "whole"
    RESET = "reset"  # TCP reset, not a byte sent
    RESET_MID_BODY = "reset mid body"  # half of the body, then a TCP reset
    CLOSE_MID_BODY = "close mid body"  # half of the declared body, then an orderly close
    DRIP = "drip"  # a few bytes at a time


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: HTTP status, body, header pairs beside the content type, delivery, and seconds to wait before it."""

    status: int
    body: bytes = b""
    content_type: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()
    delivery: Delivery = Delivery.WHOLE
    delay: float = 0.0

    def but(self, **changes: object) -> Answer:
        """Return this answer with some fields changed."""
        return replace(self, **changes)  # type: ignore[arg-type]  # the field names are checked by replace itself


def ok(content: object, status: int = 200) -> Answer:
    """Return a JSON answer."""
    return Answer(status, orjson.dumps(content))


def error(status: int, name: str, message: str = "", headers: tuple[tuple[str, str], ...] = ()) -> Answer:
    """Return the error envelope `{"error", "code", "message"?}`."""
    body: dict[str, object] = {"error": name, "code": status}
    if message:
        body["message"] = message
    return Answer(status, orjson.dumps(body), headers=headers)


def bare_error(status: int, name: str, description: str = "") -> Answer:
    """Return `{"error", "error_description"?}` without a code, as sign-in and the write lock answer."""
    body = {"error": name}
    if description:
        body["error_description"] = description
    return Answer(status, orjson.dumps(body))


def page(status: int, title: str, text: str = "") -> Answer:
    """Return an HTML page such as an edge server or a proxy sends; both texts must be safe as HTML."""
    html = (
        f"<!doctype html>\n<html><head><title>{title}</title></head><body><h1>{title}</h1><p>{text}</p></body></html>\n"
    )
    return Answer(status, html.encode(), content_type="text/html")
