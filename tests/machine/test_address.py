"""Where the API may be, and where time may be scaled."""

from __future__ import annotations

import pytest

from importer.errors import UsageError
from importer.machine.address import DEFAULT_URL, api_url, on_loopback, time_scale


def test_the_real_service_is_the_default() -> None:
    """Unset and empty mean the same."""
    assert api_url({}) == api_url({"SIMKL_API_URL": " "}) == DEFAULT_URL == "https://api.simkl.com"


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8017",
        "http://127.5.6.7",
        "http://localhost:1",
        "http://LOCALHOST",
        "http://[::1]:80",
        "https://example.org/api",
    ],
)
def test_https_anywhere_and_http_on_this_machine_are_taken(url: str) -> None:
    """A slash at the end is dropped."""
    assert api_url({"SIMKL_API_URL": url + "/"}) == url


@pytest.mark.parametrize(
    "url",
    [
        "http://api.simkl.com",
        "http://192.168.1.4",
        "http://127.0.0.1.example.org",
        "http://localhost.example.org",
        "http://[::ffff:7f00:1]",
        "http://0.0.0.0",
        "http://2130706433",
        "ftp://127.0.0.1",
        "127.0.0.1:80",
        "https://",
        "https://[::1",
        "https://host:port",
        "https://a b",
        "https://host/?client_id=5ecret",
        "https://user:5ecret@host",
        "http://127.0.0.1@example.org",
        "https://host/#5ecret",
    ],
)
def test_everything_else_is_refused_without_showing_it(url: str) -> None:
    """Plain http leaves this machine, or the address is none, or holds what may be a secret."""
    with pytest.raises(UsageError) as caught:
        api_url({"SIMKL_API_URL": url})
    assert caught.value.exit_code == 2
    assert "5ecret" not in f"{caught.value} {caught.value.hint}"
    assert caught.value.hint


def test_loopback_is_told_from_the_network() -> None:
    """By address, not by how it looks."""
    assert on_loopback("https://127.0.0.2:1")
    assert not on_loopback(DEFAULT_URL)


@pytest.mark.parametrize(("text", "scale"), [("", 1.0), ("0", 0.0), ("0.01", 0.01), (" 2 ", 2.0)])
def test_time_can_be_scaled_on_this_machine(text: str, scale: float) -> None:
    """Unset is 1."""
    assert time_scale({"SIMKL_IMPORT_TIME_SCALE": text}, "http://127.0.0.1") == (scale, None)


@pytest.mark.parametrize("text", ["-1", "nan", "inf", "fast", "-0.1"])
def test_a_scale_that_is_no_number_is_refused(text: str) -> None:
    """As is one below 0."""
    with pytest.raises(UsageError):
        time_scale({"SIMKL_IMPORT_TIME_SCALE": text}, "http://localhost")


def test_time_is_never_scaled_against_the_real_service() -> None:
    """It is ignored, with a warning, whatever it says."""
    scale, warning = time_scale({"SIMKL_IMPORT_TIME_SCALE": "0"}, DEFAULT_URL)
    assert scale == 1.0
    assert warning is not None
    assert "SIMKL_IMPORT_TIME_SCALE" in warning
