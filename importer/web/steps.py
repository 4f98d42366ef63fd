"""The parts of the page in their order, and what can be under way."""

from __future__ import annotations

from enum import StrEnum


class Step(StrEnum):
    """A part of the page."""

    FILES = "files"
    READ = "read"
    SIGN_IN = "sign-in"
    FORECAST = "forecast"
    GO = "go"
    RESULT = "result"
    EARLIER = "earlier"


class Doing(StrEnum):
    """Something that takes a while."""

    READING = "reading"
    ASKING = "asking"
    FORECASTING = "forecasting"
    IMPORTING = "importing"
    LOOKING_BACK = "looking back"
    UNDOING = "undoing"
    LISTING = "listing"
    SEARCHING = "searching"
    CHOOSING = "choosing"
    SENDING = "sending"


LONG = (Doing.FORECASTING, Doing.IMPORTING, Doing.UNDOING, Doing.LOOKING_BACK, Doing.SENDING)
"""What shows how far it is, and can be stopped."""

STEP_OF: dict[Doing, Step] = {
    Doing.READING: Step.FILES,
    Doing.ASKING: Step.SIGN_IN,
    Doing.FORECASTING: Step.FORECAST,
    Doing.IMPORTING: Step.GO,
    Doing.LOOKING_BACK: Step.EARLIER,
    Doing.UNDOING: Step.EARLIER,
    Doing.LISTING: Step.RESULT,
    Doing.SEARCHING: Step.RESULT,
    Doing.CHOOSING: Step.RESULT,
    Doing.SENDING: Step.RESULT,
}
"""Where it is shown, and where it is told what went wrong."""
