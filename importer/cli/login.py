"""The commands that sign in and out: login, logout, whoami."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

import click

from importer.cli.options import Choice, profile_option
from importer.cli.service import Service, tell
from importer.cli.streams import print_document
from importer.errors import CredentialsError, ExitStatus, ImporterError, UsageError
from importer.machine.places import Places
from importer.model import iso_or_none

if TYPE_CHECKING:
    from importer.run.access import Owner
    from importer.signin.credentials import Credentials
    from importer.signin.flows import Code, Flow, Polled
    from importer.signin.tokens import Token

_AGAIN = "sign in again: simkl-import login"
_OLDER_KIND = """
This client id is of the kind that signs in with a PIN. Simkl ends that around {ends}; a client id of the kind
"{kind}" lasts, and is registered here:

{address}
"""


@click.command(epilog="Example:  simkl-import login --no-browser")
@click.option(
    "--flow",
    type=Choice(["auto", "device", "pin"]),
    default="auto",
    show_default=True,
    help="How to sign in; auto finds out which one your app is registered for.",
)
@click.option("--no-browser", is_flag=True, help="Only show the address; open no browser.")
@profile_option
def login(flow: str, no_browser: bool, profile: str | None) -> None:
    """Sign in to Simkl with a code in the browser.

    Needs the client id of an app of your own, which is free and registered in a minute:

    \b
    https://simkl.com/settings/developer/

    The sign-in is kept in a file that only you can read.
    """
    import anyio

    from importer.machine.lock import exclusive
    from importer.signin.credentials import Credentials, winning_variable
    from importer.signin.flows import Flow, Step
    from importer.signin.tokens import Token, lock_file, save

    places = Places.of(os.environ, profile)
    variable = winning_variable(os.environ)
    if variable and places.profile:
        raise UsageError(
            f"{variable} is set: beside a sign-in of {places.label} nobody could tell which of them counts",
            f"unset {variable}, or leave the profile out",
        )
    service = Service.of(os.environ)
    client_id = _client_id(os.environ, places)
    chosen = None if flow == "auto" else Flow(flow)
    while True:
        code, polled = anyio.run(_consent, service, client_id, chosen, not no_browser)
        if polled.step is Step.DENIED:
            raise CredentialsError("the sign-in was refused in the browser", f"to allow it, {_AGAIN}")
        if polled.grant is not None:
            break
        _offer_another(code)
    if polled.grant.read_only:
        tell(f"warning: this sign-in may read but not write, so nothing can be sent with it; to allow both, {_AGAIN}")
    now = _now()
    token = Token(client_id, "", flow=str(code.flow)).granted(polled.grant, now)
    with exclusive(lock_file(places.token_file), wait=True):
        save(places.token_file, token)
    if variable:
        tell(f"warning: {variable} is set and wins over this sign-in; to use it: unset {variable}")
    try:
        name = anyio.run(service.owner_of, Credentials(client_id, token, places.token_file), places)
    except ImporterError as error:
        # The sign-in itself is done and kept; who it is can be asked again.
        tell(f"warning: {error.message}")
        click.echo("Signed in to Simkl.")
    else:
        click.echo(f"Signed in to Simkl as {_person(name)}.")
    whose = f" ({places.label})" if places.profile else ""
    tell(f"The sign-in is kept in {places.token_file}{whose}.")


@click.command(epilog="Example:  simkl-import logout")
@profile_option
def logout(profile: str | None) -> None:
    """Revoke the sign-in where Simkl can, and remove it from this machine."""
    import anyio

    from importer.machine.lock import exclusive
    from importer.signin.credentials import winning_variable
    from importer.signin.tokens import load, lock_file, remove
    from importer.simkl.refusals import CONNECTED_APPS

    places = Places.of(os.environ, profile)
    variable = winning_variable(os.environ)
    if variable:
        tell(f"{variable} is set in the environment: unset it there.")
    if not places.token_file.exists() and not places.token_file.is_symlink():
        click.echo("Not signed in: nothing to do.")
        return
    with exclusive(lock_file(places.token_file), wait=True):
        token: Token | None = None
        try:
            # A file that others could read is all the more to be revoked.
            token = load(places.token_file, shared=True)
            revoked = token is not None and anyio.run(Service.of(os.environ).revoke, token)
        except ImporterError as error:
            tell(f"warning: {error.message}")
            revoked = False
        remove(places.token_file)
    click.echo("Signed out of Simkl." if revoked else "Signed out on this machine.")
    if not revoked:
        tell(f"Simkl still knows this sign-in; to end it there too, remove the app at {CONNECTED_APPS}")


@click.command(epilog="Example:  simkl-import whoami")
@profile_option
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
def whoami(profile: str | None, as_json: bool) -> None:
    """Show who is signed in, the plan, what the sign-in may do, and what is left of its life."""
    import anyio

    from importer.signin.credentials import credentials
    from importer.signin.flows import read_only
    from importer.signin.tokens import load
    from importer.simkl.quota import DAILY

    places = Places.of(os.environ, profile)
    found = credentials(os.environ, places)
    owner = anyio.run(Service.of(os.environ).owner_of, found, places)
    # Asking may have renewed it.
    token = found.token if found.path is None else load(found.path) or found.token
    quota = DAILY.get(owner.plan)
    if as_json:
        print_document(
            {
                "schema": 1,
                "command": "whoami",
                "exit": ExitStatus.DONE,
                "account": {"id": owner.id, "name": owner.name},
                "plan": owner.plan,
                "requests_a_day": quota,
                "profile": places.profile or None,
                "sign_in": sign_in(found),
                "scope": token.scope or None,
                "expires_at": iso_or_none(token.expires_at),
                "renewed_by_itself": token.refresh_token is not None,
                "message": None,
            }
        )
        return
    click.echo(f"name     {owner.name or 'unknown'}")
    click.echo(f"account  {owner.id}")
    click.echo(f"plan     {owner.plan}" + (f" ({quota:,} requests a day)" if quota else ""))
    if places.profile:
        click.echo(f"profile  {places.profile}")
    over = f" (wins over {places.token_file})" if found.path is None and places.token_file.exists() else ""
    click.echo(f"sign-in  {sign_in(found)}{over}")
    if token.scope:
        click.echo(f"rights   {'read only' if read_only(token.scope.split()) else 'read and write'}")
    click.echo(f"life     {life(token, _now(), known=found.path is not None)}")


def sign_in(found: Credentials) -> str:
    """Return where the token comes from: the variable, or the token file."""
    return found.variable if found.path is None else str(found.path)


def life(token: Token, now: float, *, known: bool) -> str:
    """What is left of a sign-in at `now` (seconds since the epoch), in words; `known`: it is a file's."""
    if not known:
        return "Simkl alone knows"
    if token.expires_at is None:
        return "until you revoke it"
    left = int(token.expires_at - now)
    days, hours, minutes = left // 86_400, left // 3_600, left // 60
    if left <= 0:
        text = "run out"
    elif days:
        text = f"{_count(days, 'day')} {_count(hours % 24, 'hour')} left"
    elif hours:
        text = f"{_count(hours, 'hour')} {_count(minutes % 60, 'minute')} left"
    else:
        text = f"{_count(minutes, 'minute')} left"
    return text + (", renewed by itself" if token.refresh_token else "")


async def _consent(service: Service, client_id: str, flow: Flow | None, browser: bool) -> tuple[Code, Polled]:
    from importer.cli.consent import at_terminal, browser_here, open_browser, show, waiting
    from importer.signin.flows import PIN_ENDS, Flow
    from importer.simkl.refusals import DEVELOPER, DEVICE_KIND

    async with service.signin(client_id) as signin:
        code = await signin.code(flow)
        show(code, os.environ)
        if code.flow is Flow.PIN:
            tell(_OLDER_KIND.format(ends=PIN_ENDS, kind=DEVICE_KIND, address=DEVELOPER))
        if browser and at_terminal() and browser_here(os.environ, sys.platform) and open_browser(code, client_id):
            tell("It is open in your browser.")
        with waiting(code, signin.clock):
            return code, await signin.wait(code)


def _client_id(environment: Mapping[str, str], places: Places) -> str:
    from importer.cli.consent import at_terminal
    from importer.signin.credentials import CLIENT_ID, named
    from importer.signin.flows import usable
    from importer.signin.registration import VALUES
    from importer.signin.tokens import load
    from importer.simkl.refusals import DEVELOPER, DEVICE_KIND

    client_id = named(environment, CLIENT_ID)
    if client_id:
        return client_id
    kept: Token | None = None
    with suppress(CredentialsError):  # a file that is damaged or open to others is about to be replaced
        kept = load(places.token_file, shared=True)
    if kept is not None:
        tell("Using the client id of the last sign-in (simkl-import logout forgets it).")
        return kept.client_id
    if not at_terminal():
        raise CredentialsError(
            "there is no client id", f'set {CLIENT_ID} to that of an app of the kind "{DEVICE_KIND}": {DEVELOPER}'
        )
    tell(f"Simkl asks everybody to bring an app of their own. It is free; register it here:\n\n{DEVELOPER}\n")
    tell("What the form asks for (this kind has no secret and no redirect address):\n")
    for name, value in VALUES:
        tell(f"  {name:<13}{value}")
    typed: str = click.prompt("\nThe client id it gives you", err=True).strip()
    if not usable(typed):
        raise CredentialsError(
            "this is no client id: it holds a space or an odd character", f"copy it from {DEVELOPER}"
        )
    return typed


def _offer_another(code: Code) -> None:
    from importer.cli.consent import at_terminal

    # Nobody is told of a person who declines: Simkl answers as if they were still thinking.
    minutes = max(1, round(code.lifetime / 60))
    gone = f"nobody allowed the sign-in within the {_count(minutes, 'minute')} of its code, or it was declined"
    if not at_terminal():
        raise CredentialsError(gone, _AGAIN)
    tell(gone[0].upper() + gone[1:] + ".")
    if not click.confirm("Get a new one?", default=True, err=True):
        raise CredentialsError("not signed in", _AGAIN)


def _person(name: Owner) -> str:
    return f"{name.name or name.id} ({name.plan})"


def _count(number: int, word: str) -> str:
    return f"{number} {word}" + ("" if number == 1 else "s")


def _now() -> float:
    from importer.machine.clock import Clock

    return Clock().now()
