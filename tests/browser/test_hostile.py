"""What others may try who share the machine or the browser: a page of another site, another browser, another name."""

from __future__ import annotations

import http.server
import os
import pty
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from person import Person
from playwright.sync_api import expect

_TRIES = """
<!DOCTYPE html><meta charset="utf-8"><title>another site</title>
<script>
const home = "HOME", got = [];
const settle = (name, promise) => promise.then((what) => got.push([name, what]), () => got.push([name, null]));
const loads = (tag, source) => new Promise((done, failed) => {
  const one = document.createElement(tag);
  one.onload = () => done("loaded");
  one.onerror = failed;
  one.src = source;
  if (tag === "script") one.type = "module";
  document.documentElement.append(one);
});
const ours = { credentials: "include" };
const blind = { ...ours, mode: "no-cors" };
const sends = { ...ours, method: "POST", body: "{}" };
const text = (answer) => answer.text();
window.tried = Promise.all([
  settle("read", fetch(home, ours).then(text)),
  settle("blind read", fetch(`${home}sections`, blind).then(text)),
  settle("write", fetch(`${home}do/end`, sends).then(text)),
  settle("blind write", fetch(`${home}do/end`, { ...sends, mode: "no-cors" }).then(text)),
  settle("write with a header", fetch(`${home}do/end`, { ...sends, headers: { "X-Page-Token": "x" } }).then(text)),
  settle("sheet", fetch(`${home}static/page.css`, ours).then(text)),
  settle("image", loads("img", `${home}static/icon.svg`)),
  settle("script", loads("script", `${home}static/page.js`)),
]).then(() => got);
</script>
<iframe name="inside" src="HOME"></iframe>
<form id="form" method="post" target="inside" action="HOMEdo/end"><input name="a" value="b"></form>
"""


@contextmanager
def _another_site(page: str) -> Iterator[str]:
    """A site on another port of this machine; yields its address."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def _tunnel(port: int) -> Iterator[int]:
    """A door on another port that leads to `port`, as ssh -L makes one; yields its port."""
    ends: list[socket.socket] = []
    threads: list[threading.Thread] = []

    def begin(work: Callable[..., None], *what: Any) -> None:
        threads.append(threading.Thread(target=work, args=what))
        threads[-1].start()

    def carry(source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while piece := source.recv(65536):
                target.sendall(piece)
        with suppress(OSError):
            target.shutdown(socket.SHUT_RDWR)

    def let_in(door: socket.socket) -> None:
        with suppress(OSError):
            while True:
                pair = door.accept()[0], socket.create_connection(("127.0.0.1", port))
                ends.extend(pair)
                begin(carry, *pair)
                begin(carry, *reversed(pair))

    with socket.create_server(("127.0.0.1", 0)) as door:
        begin(let_in, door)
        yield door.getsockname()[1]
        for end in (door, *ends):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        for thread in threads:
            thread.join()
        for end in ends:
            end.close()


def test_a_page_of_another_site_gets_nothing(machine: Any) -> None:
    """In a tab beside the page, of the same browser and host, that knows the port and even the path."""
    served = machine.serve()
    person: Person = machine.person(served)
    person.read()
    with _another_site(_TRIES.replace("HOME", served.home)) as site:
        tab = person.context.new_page()
        tab.goto(site)
        got = dict(tab.evaluate("tried"))
        assert len(got) == 8
        assert not any(got.values()), got
        inside = tab.frame("inside")
        assert inside is not None
        assert "What was read" not in inside.content()
        tab.evaluate("document.getElementById('form').submit()")
        tab.wait_for_timeout(300)
        assert served.process.poll() is None, "nobody else ends the page"
        popup = tab.evaluate_handle("(home) => open(home)", served.home)
        tab.wait_for_timeout(300)
        assert popup.evaluate("(one) => { try { return one.document.body.textContent } catch { return '' } }") == ""
        tab.close()
    person.reload()
    person.sees("ratings read")


def test_another_browser_gets_nothing_and_the_address_is_good_once(machine: Any) -> None:
    """Neither the address that was used nor that of the page lets anybody else in, and the first one stays in."""
    served = machine.serve()
    person: Person = machine.person(served)
    with machine.context() as other:
        tab = other.new_page()
        for address in (served.address, served.home, served.home + "sections", served.home + "stream"):
            answer = tab.goto(address)
            assert answer is not None
            assert answer.status == 403, address
            assert "Press Enter where simkl-import runs" in tab.content()
            assert "Move your ratings" not in tab.content()
    person.reload()
    person.read()


def test_enter_in_the_terminal_opens_it_elsewhere(machine: Any) -> None:
    """A new address is printed; the page that was open says that it is no longer the one."""
    ours, theirs = pty.openpty()
    try:
        served = machine.serve(stdin=theirs)
        first: Person = machine.person(served)
        os.write(ours, b"\n")
        served.address = served.line()
        machine.person(served).read()
        expect(first.page.locator("#lost")).to_contain_text("was opened elsewhere")
        first.troubles.clear()  # it was refused
    finally:
        os.close(ours)
        os.close(theirs)


def test_a_name_that_leads_here_is_refused(machine: Any) -> None:
    """A site may let its own name point to this machine: then it is another host, with or without the key."""
    served = machine.serve()
    with machine.context() as other:
        tab = other.new_page()
        for address in (served.address, served.home):
            answer = tab.goto(address.replace("127.0.0.1", "evil.test"))
            assert answer is not None
            assert answer.status == 403
            assert "answers to 127.0.0.1 and localhost alone" in tab.content()
    machine.person(served).read()


def test_a_tunnel_leads_to_the_page(machine: Any) -> None:
    """Under the name and port that it has on the machine where the browser is."""
    served = machine.serve()
    with _tunnel(served.port) as port:
        served.address = served.address.replace(f"127.0.0.1:{served.port}", f"localhost:{port}")
        person: Person = machine.person(served)
        person.read()
        assert person.page.url.startswith(f"http://localhost:{port}/")
        person.look()
        person.imported()
        person.context.close()


def test_the_private_file_leads_to_the_page(machine: Any, tmp_path: Any) -> None:
    """What the browser is handed by simkl-import itself: a file of the owner alone, with the address in it."""
    way = tmp_path / "opened"
    opener = tmp_path / "browser"
    opener.write_text(f'#!/bin/sh\necho "$1" > {way}\n')
    opener.chmod(0o700)
    served = machine.serve(opener=opener)
    for _ in range(200):
        if way.exists() and way.read_text().strip():
            break
        threading.Event().wait(0.05)
    served.address = way.read_text().strip()
    assert served.address.startswith("file://")
    file = machine.folder / "home" / "state" / "web" / "open.html"
    assert file.stat().st_mode & 0o777 == 0o600
    machine.person(served).read()
