"""What a person is told of an event at once, in whatever view: a warning, a word, the answer to Ctrl-C."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from importer.events import (
    Answered,
    Asking,
    Closed,
    Detailed,
    Event,
    Finished,
    PhaseBegan,
    PostsToCome,
    RequestsUsed,
    Retrying,
    RowsDecided,
    Stopped,
    Stopping,
    Told,
    Warned,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from importer.report.screen import Part


def spoken(event: Event) -> Sequence[Part]:
    """Return the lines that a person is told at once, each with its looks; most events are shown in other ways."""
    match event:
        case Warned(text):
            return [(f"warning: {text}", "yellow")]
        case Told(text):
            return [(line, "") for line in text.split("\n")]
        case Stopping(patience):
            return [(stopping_words(patience), "yellow")]
        case PhaseBegan() | RowsDecided() | PostsToCome() | RequestsUsed() | Retrying() | Answered() | Detailed():
            return ()
        case Asking() | Stopped() | Finished() | Closed():
            return ()
        case _:
            assert_never(event)


def stopping_words(patience: float | None) -> str:
    """Return what a person is told at once after a first Ctrl-C."""
    if patience is None:
        return "Stopping; again stops now"
    return f"Stopping: waiting for the answer in flight, {patience:g} s at most; again stops now"
