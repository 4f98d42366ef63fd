"""The pages on which a person approves or declines a code: `/pin` and `/device`."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Protocol

from importer.sandbox.answers import Answer

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sandbox sign-in</title>
<style>
body {{ font: 1.1rem/1.5 system-ui, sans-serif; max-width: 30rem; margin: 3rem auto; padding: 0 1rem;
  background: #fff; color: #1a1a1a; }}
input {{ font: inherit; letter-spacing: .2em; text-transform: uppercase; width: 100%; padding: .5rem;
  box-sizing: border-box; }}
button {{ font: inherit; padding: .5rem 1.5rem; margin: 1rem 1rem 0 0; }}
</style>
</head>
<body>
<main>
<h1>Connect an app</h1>
<p>This is the sandbox, a look-alike on this machine: no account of yours is touched.</p>
{said}
<form method="post" action="/{flow}">
<label for="code">The code your app shows</label>
<input id="code" name="user_code" value="{code}" autocomplete="off" required>
<button name="choice" value="approve">Approve</button>
<button name="choice" value="deny">Decline</button>
</form>
</main>
</body>
</html>
"""

_APPROVED = "Approved. Go back to your app."
_DECLINED = "Declined. Your app is not told of it: it goes on waiting until the code is over."
_NO_CODE = "No such code is waiting: it is mistyped, used, or over its time."


class Codes(Protocol):
    """Where codes wait for the person."""

    def approve(self, code: str) -> None:
        """Approve a user code; LookupError where none is waiting."""

    def deny(self, code: str) -> None:
        """Decline a user code; LookupError where none is waiting."""


def answer(codes: Codes, flow: str, method: str, form: Mapping[str, str]) -> Answer:
    """Show the form, or do what was chosen on it and say so."""
    code = form.get("user_code", "")
    said, status = "", 200
    if method == "POST":
        approved = form.get("choice") == "approve"
        try:
            (codes.approve if approved else codes.deny)(code)
            said = _APPROVED if approved else _DECLINED
        except LookupError:
            said, status = _NO_CODE, 404
    shown = f'<p role="status"><strong>{escape(said)}</strong></p>' if said else ""
    html = _PAGE.format(said=shown, flow=flow, code=escape(code, quote=True))
    return Answer(status, html.encode(), content_type="text/html")
