"""Signing in: both kinds of apps, and each way in which it does not come to anything."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from person import Person
from playwright.sync_api import Page, expect

APP = "an-app-of-my-own"


@pytest.fixture
def outside(machine_with: Any) -> Iterator[Any]:
    """A machine whose person is not signed in; codes hold as long as a test needs them."""
    with machine_with(signed_in=False, scale="0.02") as machine:
        machine.sandbox.auth.code_seconds, machine.sandbox.auth.interval = 90_000, 0
        machine.sandbox.keyring.apps[APP] = frozenset({"device"})
        yield machine


def _ask(machine: Any) -> Person:
    """Somebody who has read a file and asked for a code."""
    person: Person = machine.person()
    person.read()
    person.page.get_by_label("Copy the client id").fill(f" {APP} ")
    person.button("Get a code").click()
    expect(person.page.locator("b.code")).to_be_visible()
    return person


def _simkl(person: Person) -> Page:
    with person.context.expect_page() as other:
        person.page.get_by_role("link", name="Open Simkl’s page").click()
    return other.value


def test_an_app_of_the_older_kind_signs_in_with_a_pin(outside: Any) -> None:
    """The code is typed on Simkl's page, and how long that kind of app lives is said."""
    outside.sandbox.keyring.apps[APP] = frozenset({"pin"})
    person = _ask(outside)
    person.sees("signs in with a PIN, which Simkl ends")
    code = person.page.locator("b.code").inner_text()
    simkl = _simkl(person)
    simkl.get_by_label("The code your app shows").fill(code)
    simkl.get_by_role("button", name="Approve").click()
    person.turn("forecast")
    person.sees("as Sandbox", "sign-in")


def test_the_picture_and_the_time_that_is_left_are_shown(outside: Any) -> None:
    """The picture says where it leads, the time counts down, and who waits no longer may leave."""
    person = _ask(outside)
    assert f"{outside.url}/device?user_code=" in (person.page.locator(".qr").get_attribute("aria-label") or "")
    left = person.page.locator("[data-ends]")
    expect(left).to_contain_text("The code holds")
    first = left.inner_text()
    expect(left).not_to_have_text(first)
    person.button("Cancel").click()
    expect(person.page.get_by_label("Copy the client id")).to_be_visible()
    assert not (outside.folder / "home" / "token.json").exists()


def test_the_values_of_the_form_are_there_to_be_copied(outside: Any) -> None:
    """Each by a button that says what it copies, and that it did."""
    person = outside.person(permissions=["clipboard-read", "clipboard-write"])
    person.read()
    row = person.page.locator(".plain tr").first
    wanted = row.locator("code").inner_text()
    row.get_by_role("button").click()
    expect(row.get_by_role("button")).to_have_text("Copied")
    assert person.page.evaluate("navigator.clipboard.readText()") == wanted
    assert "Copied." in person.heard


def test_a_sign_in_that_is_declined_is_told_and_tried_again(outside: Any) -> None:
    """In plain words, with the next step."""
    person = _ask(outside)
    outside.sandbox.faults.turn_on("auth-denied")
    person.sees("The sign-in was declined.", "sign-in")
    outside.sandbox.faults.turn_off("auth-denied")
    person.button("Get a code").click()
    expect(person.page.locator("b.code")).to_be_visible()


def test_a_code_that_runs_out_is_told_and_a_new_one_is_got(outside: Any) -> None:
    """With the client id still there."""
    outside.sandbox.faults.turn_on("auth-expired")
    person: Person = outside.person()
    person.read()
    person.page.get_by_label("Copy the client id").fill(APP)
    person.button("Get a code").click()
    person.sees("The code ran out", "sign-in")
    assert person.page.get_by_label("Copy the client id").input_value() == APP
    person.button("Get a code").click()
    expect(person.page.locator("b.code")).to_be_visible()


@pytest.mark.parametrize(("typed", "said"), [("two words", "no client id"), ("nobodys-app", "client id")])
def test_a_client_id_that_is_none_is_told(outside: Any, typed: str, said: str) -> None:
    """What was typed stays there to be mended."""
    person: Person = outside.person()
    person.read()
    person.page.get_by_label("Copy the client id").fill(typed)
    person.button("Get a code").click()
    expect(person.step("sign-in").get_by_role("alert")).to_contain_text(said)
    assert person.page.get_by_label("Copy the client id").input_value() == typed


def test_a_sign_in_that_may_only_read_is_told_at_once(outside: Any) -> None:
    """Before anything is tried, and how to get one that may write; signing out leads there."""
    outside.sandbox.faults.turn_on("auth-read-only")
    person = _ask(outside)
    _simkl(person).get_by_role("button", name="Approve").click()
    person.sees("may read but not write", "sign-in")
    person.open("sign-in")
    person.button("Sign out").click()
    expect(person.page.get_by_label("Copy the client id").or_(person.button("Sign in")).first).to_be_visible()
    assert not (outside.folder / "home" / "token.json").exists()


def test_a_service_that_does_not_answer_is_told(outside: Any) -> None:
    """It is asked again, which is said, and nobody has to wait for it."""
    outside.sandbox.faults.script("POST /oauth2/device", ["status-503-html"] * 500)
    person: Person = outside.person()
    person.read()
    person.page.get_by_label("Copy the client id").fill(APP)
    person.button("Get a code").click()
    person.sees("It is asked again", "sign-in")
    person.button("Cancel").click()
    outside.sandbox.faults.turn_off()
    assert person.page.get_by_label("Copy the client id").input_value() == APP
    person.button("Get a code").click()
    expect(person.page.locator("b.code")).to_be_visible()
