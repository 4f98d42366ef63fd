"""Who may come in: by the rules alone, and by a client that tries what a hostile page could."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from importer.web.guard import HEADERS, Visit, why_not
from importer.web.keys import Keys


def entered() -> tuple[Keys, Visit]:
    """Return keys that somebody has used, and a write that is in order."""
    keys = Keys()
    cookie = keys.enter(keys.key or "")
    host = "127.0.0.1:8017"
    return keys, Visit("POST", host, f"http://{host}", cookie, keys.token)


@pytest.mark.parametrize("host", ["127.0.0.1:8017", "127.0.0.1", "localhost:1", "LOCALHOST:65535", "[::1]:8017"])
def test_this_machine_is_let_in_under_each_of_its_names(host: str) -> None:
    """Through a tunnel the port is another one."""
    keys, visit = entered()
    assert why_not(replace(visit, host=host, origin=f"http://{host}"), keys) is None


@pytest.mark.parametrize(
    "host",
    [
        None,
        "",
        "evil.test",
        "evil.test:8017",
        "127.0.0.1.evil.test",
        "127.0.0.1:8017.evil.test",
        "127.0.0.1:x",
        "localhost.evil.test:8017",
        "0.0.0.0:8017",
        "127.0.0.2:8017",
        "[::2]:8017",
        "127.0.0.1:8017@evil.test",
        "evil.test#127.0.0.1:8017",
        "127.0.0.1:123456",
    ],
)
def test_no_other_name_is(host: str | None) -> None:
    """A name that somebody lets point here is not this machine's."""
    keys, visit = entered()
    assert why_not(replace(visit, host=host, origin=None if host is None else f"http://{host}"), keys) is not None
    assert why_not(replace(visit, method="GET", host=host, origin=None), keys) is not None


@pytest.mark.parametrize(
    "origin",
    ["null", "http://evil.test", "https://127.0.0.1:8017", "http://127.0.0.1:8018", "http://localhost:8017", ""],
)
def test_another_origin_is_refused_whatever_it_asks(origin: str) -> None:
    """Also another port of this machine, and a file."""
    keys, visit = entered()
    for method in ("GET", "POST"):
        assert why_not(replace(visit, method=method, origin=origin), keys) is not None


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_a_write_says_where_it_comes_from_and_carries_the_token(method: str) -> None:
    """Each of the three things alone is not enough."""
    keys, visit = entered()
    visit = replace(visit, method=method)
    assert why_not(visit, keys) is None
    for lacking in (
        replace(visit, origin=None),
        replace(visit, token=None),
        replace(visit, token="x"),
        replace(visit, cookie=None),
        replace(visit, cookie="x"),
        replace(visit, enters=True, cookie=None),
    ):
        assert why_not(lacking, keys) is not None


def test_a_stream_carries_the_token_and_reading_does_not() -> None:
    """A browser reads the page itself without any header of ours."""
    keys, visit = entered()
    reading = replace(visit, method="GET", origin=None, token=None)
    assert why_not(reading, keys) is None
    assert why_not(replace(reading, streams=True), keys) is not None
    assert why_not(replace(reading, streams=True, token=keys.token), keys) is None


def test_nobody_is_let_in_before_the_key_was_used() -> None:
    """None is equal to nothing."""
    visit = Visit("GET", "127.0.0.1", None, None, None)
    assert why_not(visit, Keys()) is not None
    assert why_not(replace(visit, cookie=""), Keys()) is not None


def test_an_address_stays_on_one_line_of_a_terminal() -> None:
    """It is copied from there."""
    assert len(f"http://127.0.0.1:65535{Keys().entrance}") < 80


def test_a_key_opens_once_and_a_new_one_ends_the_older_session() -> None:
    """Whoever comes second is told so."""
    keys = Keys()
    key = keys.key or ""
    first = keys.enter(key)
    assert first
    assert keys.enter(key) is None
    token = keys.token
    second = keys.enter(keys.renew())
    assert second not in (None, first)
    assert keys.token not in (None, token)
    assert keys.enter("") is None


async def test_the_first_visit_gives_a_cookie_for_this_page_alone_and_opens_it(stage: Any) -> None:
    """By a page of ours, not a redirection: a strict cookie would not be sent along on one that began elsewhere."""
    visitor = stage.visitor
    stage.visitor.keys.renew()
    answer = await visitor.ask(visitor.keys.entrance, sent=False)
    cookie = answer.headers["Set-Cookie"]
    assert answer.status == 200
    assert f'content="0;url={visitor.root}"' in answer.text
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert f"Path={visitor.root}" in cookie
    assert "Domain" not in cookie
    assert (await visitor.ask(visitor.root, sent=False)).status == 403


async def test_a_key_that_was_used_opens_nothing_and_a_look_does_not_use_it(stage: Any) -> None:
    """HEAD, as programs do that only look whether an address is there."""
    visitor = stage.visitor
    visitor.keys.renew()
    way = visitor.keys.entrance
    assert (await visitor.ask(way, method="HEAD", sent=False)).status != 200
    assert (await visitor.ask(way, sent=False)).status == 200
    again = await visitor.ask(way, sent=False)
    assert again.status == 403
    assert "Set-Cookie" not in again.headers
    assert "Press Enter" in again.text


async def test_every_answer_is_strict_about_what_may_load_and_who_may_frame_it(stage: Any) -> None:
    """Refusals and files, too."""
    visitor = stage.visitor
    paths = [visitor.root, f"{visitor.root}static/page.js", f"{visitor.root}sections", f"{visitor.root}nowhere", "/"]
    for path in paths:
        answer = await visitor.ask(path)
        for name, value in HEADERS.items():
            assert answer.headers[name] == value, (path, name)
        assert "Access-Control-Allow-Origin" not in answer.headers
    assert "unsafe" not in HEADERS["Content-Security-Policy"]


async def test_nothing_on_the_page_is_inline_or_comes_from_elsewhere(stage: Any) -> None:
    """Or the policy would break the page."""
    import re

    await stage.give(
        ("ratings.csv", b"Date,Name,Year,Letterboxd URI,Rating\n2024-05-01,Heat,1995,https://boxd.it/2a7i,4\n")
    )
    shown = (await stage.visitor.ask(stage.visitor.root)).text
    assert not re.search(r"<style|<script(?![^>]* src=)|\son\w+=|\sstyle=|javascript:", shown)
    assert not re.findall(r'(?:src|rel="stylesheet" href)="(?:https?:)?//', shown)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""),
        ("GET", "sections"),
        ("GET", "stream"),
        ("GET", "rows/read"),
        ("GET", "static/page.js"),
        ("GET", "report/1/report.html"),
        ("POST", "files"),
        ("POST", "do/go"),
        ("POST", "do/end"),
        ("OPTIONS", "do/go"),
    ],
)
async def test_a_second_browser_a_rebinding_name_and_another_origin_get_nothing(
    stage: Any, method: str, path: str
) -> None:
    """At no address."""
    visitor = stage.visitor
    where = visitor.root + path
    good = {"Cookie": f"page={visitor.cookie}", "X-Page-Token": visitor.token, "Origin": visitor.origin}
    tries = [
        {"Origin": visitor.origin},
        {**good, "Cookie": "page=guessed"},
        {**good, "Host": f"evil.test:{visitor.port}", "Origin": f"http://evil.test:{visitor.port}"},
        {**good, "Origin": "http://evil.test"},
        {**good, "Origin": "null"},
    ]
    for headers in tries:
        answer = await visitor.ask(where, method=method, headers=headers, sent=False)
        assert answer.status == 403, headers
        assert not stage.page.ended.is_set()


async def test_the_random_path_is_needed_too(stage: Any) -> None:
    """Without it there is nothing, for whoever asks."""
    answer = await stage.visitor.ask("/do/end", method="POST", data=b"{}")
    assert answer.status == 404
    assert (await stage.visitor.ask("/")).status == 404


async def test_a_new_key_ends_the_session_and_its_stream(stage: Any) -> None:
    """Enter in the terminal does it, wherever the old page is."""
    visitor = stage.visitor
    streaming = asyncio.create_task(visitor.ask(f"{visitor.root}stream"))
    await stage.until(lambda: stage.page.hub.connected == 1)
    visitor.keys.renew()
    stage.page.hub.end_all()
    assert (await streaming).status == 200
    assert (await visitor.do("read")).status == 403
    assert (await visitor.ask(visitor.root)).status == 403


async def test_only_files_of_the_page_are_served(stage: Any) -> None:
    """No way leads out of their folder."""
    for name in (
        "../server.py",
        "..%2Fserver.py",
        "%2e%2e/server.py",
        ".hidden",
        "nothing.js",
        "page.py",
        "/etc/passwd",
    ):
        assert (await stage.visitor.ask(f"{stage.visitor.root}static/{name}")).status == 404, name
    assert (await stage.visitor.ask(f"{stage.visitor.root}static/page.css")).status == 200
