"""Netflix: thumbs are no ratings, and its archive holds what is nobody's business."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters import ADAPTERS, detect
from adapters.protocol import Source
from adapters.reading.files import open_source
from importer.errors import ExportError

SAMPLES = Path(__file__).resolve().parents[2] / "samples" / "netflix"


@pytest.mark.parametrize("name", ["Ratings.csv", "netflix-report.zip"])
def test_thumbs_are_refused_with_the_reason(name: str) -> None:
    """Nobody can tell what a thumb is of ten."""
    with pytest.raises(ExportError, match="thumbs: down, up and twice up are no scale") as caught:
        detect(open_source(SAMPLES / name))
    assert caught.value.exit_code == 5


def test_viewing_activity_is_refused() -> None:
    """It is what most people download first."""
    head = b"Profile Name,Start Time,Duration,Attributes,Title,Supplemental Video Type\n"
    with pytest.raises(ExportError, match="viewing activity, which has no ratings"):
        detect(Source("v.csv", {"ViewingActivity.csv": lambda: head}))


@pytest.mark.parametrize("lead", ["", "12345678/"])
def test_of_the_archive_no_member_is_opened_but_two(lead: str) -> None:
    """Not by any adapter: it has e-mails, addresses, devices and bills in it."""

    def forbidden() -> bytes:
        raise AssertionError

    private = (
        "ACCOUNT/AccountDetails.csv",
        "PROFILES/Profiles.csv",
        "DEVICES/Devices.csv",
        "MESSAGES/Sent.csv",
        "IP_ADDRESSES/Streaming.csv",
        "PAYMENT_AND_BILLING/History.csv",
        "CLICKSTREAM/Clickstream.csv",
        "CONTENT_INTERACTION/SearchHistory.csv",
        "Cover Sheet.pdf",
    )
    members = {lead + name: forbidden for name in private}
    ratings = {f"{lead}CONTENT_INTERACTION/Ratings.csv": (SAMPLES / "Ratings.csv").read_bytes}
    with pytest.raises(ExportError, match="thumbs"):
        detect(Source("netflix-report", members | ratings))


def test_nothing_of_a_refused_file_is_ever_sent() -> None:
    """Also where the format is named."""
    only = tuple(adapter for adapter in ADAPTERS if adapter.name == "netflix")
    with pytest.raises(ExportError, match="thumbs"):
        detect(open_source(SAMPLES / "Ratings.csv"), only)
    with pytest.raises(ExportError, match="no export of Netflix"):
        detect(Source("x.csv", {"x.csv": lambda: b"a,b\n"}), only)
