"""The sign-in as a checkup judges it: which one counts, how long it holds, and what it may do. Pure."""

from __future__ import annotations

from pathlib import Path

from importer.report.times import local
from importer.run.checkup.lines import Line, Part, State
from importer.signin.credentials import Credentials
from importer.signin.flows import PIN_ENDS, Flow, read_only
from importer.signin.tokens import Token
from importer.simkl.refusals import DEVELOPER, DEVICE_KIND

SOON = 7 * 86_400.0
"""Seconds before its end from which a sign-in that nobody renews is warned of."""

_LOGIN = "sign in again: simkl-import login"


def source_line(found: Credentials, token_file: Path, *, beside: bool) -> Line:
    """Tell where the token comes from; `beside`: there is a token file as well."""
    if found.path is not None:
        return _line("sign-in", State.OK, f"kept in {found.path}")
    if not beside:
        return _line("sign-in", State.OK, f"from {found.variable}")
    return _line(
        "sign-in",
        State.WARNING,
        f"from {found.variable}, which wins over the sign-in in {token_file}",
        f"to use that one: unset {found.variable}",
    )


def life_line(found: Credentials, token: Token, now: float) -> Line:
    """Tell how long the sign-in holds; of one that the environment brings, Simkl alone knows."""
    if found.path is None:
        return _line("life", State.OK, "Simkl alone knows how long a token of the environment holds")
    if token.flow == Flow.PIN:
        return _line(
            "life",
            State.WARNING,
            f"this PIN sign-in is of the kind that Simkl ends around {PIN_ENDS}",
            f'register a client id of the kind "{DEVICE_KIND}" at {DEVELOPER}, then: simkl-import login --flow device',
        )
    if token.expires_at is None:
        return _line("life", State.OK, "holds until you revoke it")
    until = local(token.expires_at)
    if token.refresh_token is not None:
        return _line("life", State.OK, f"holds until {until}, and is renewed by itself")
    if now >= token.expires_at:
        return _line("life", State.TROUBLE, f"it ended at {until}", _LOGIN)
    state = State.WARNING if now >= token.expires_at - SOON else State.OK
    return _line("life", state, f"holds until {until}", _LOGIN if state is State.WARNING else "")


def rights_line(token: Token) -> Line:
    """Tell what the sign-in may do."""
    if token.flow == Flow.PIN:
        return _line("rights", State.OK, "read and write, as every PIN sign-in")
    if not token.scope:
        return _line("rights", State.OK, "not told with this token: Simkl tells at the first write")
    if read_only(token.scope.split()):
        return _line(
            "rights",
            State.TROUBLE,
            "this sign-in may read your ratings, but not write them: nothing can be sent with it",
            "sign in again and allow both reading and writing: simkl-import login",
        )
    return _line("rights", State.OK, "read and write")


def _line(name: str, state: State, text: str, next_step: str = "") -> Line:
    return Line(part=Part.SIGN_IN, name=name, state=state, text=text, next=next_step)
