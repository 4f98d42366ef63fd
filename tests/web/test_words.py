"""What the page says: plain words, and never a command."""

from __future__ import annotations

from pathlib import Path

import pytest

from importer import errors
from importer.errors import ExportError, ImporterError
from importer.model import Origin, Outcome, Reason
from importer.record import TakenBack
from importer.web import words
from importer.web.words import for_page, message_for_page, stand_ins, trouble_of

ERRORS = [
    one
    for one in vars(errors).values()
    if isinstance(one, type) and issubclass(one, ImporterError) and one is not errors.InterruptedRunError
]


@pytest.mark.parametrize("kind", ERRORS)
def test_no_error_names_a_command_or_leaves_a_person_without_a_next_step(kind: type[ImporterError]) -> None:
    """Whatever the hint says at a terminal."""
    for hint in (
        "sign in: simkl-import login",
        "add --on-conflict overwrite",
        "run the same command",
        "set SIMKL_CLIENT_ID",
        "",
    ):
        found = trouble_of(kind("it went wrong", hint))
        assert found.what == "It went wrong."
        assert found.todo.endswith((".", "!"))
        assert not any(word in found.todo for word in ("simkl-import", "--", "SIMKL_", "command"))


def test_a_hint_in_plain_words_is_kept() -> None:
    """It knows better."""
    assert trouble_of(ExportError("it is empty", "take the zip itself")).todo == "Take the zip itself."


def test_the_folder_of_uploads_is_nobodys_business() -> None:
    """A file is called what its owner calls it, and keeps its letters."""
    error = ExportError("/private/uploads/12/ratings.csv: no known export")
    assert trouble_of(error, Path("/private/uploads")).what == "ratings.csv: no known export."


def test_lines_that_belong_together_are_one_and_commands_are_left_out() -> None:
    """As the forecast tells them."""
    told = [
        "To send: 3 ratings",
        "onto lists:\n  2 movies onto Completed\n  1 show onto Watching",
        "to do so: --redate",
    ]
    assert for_page(told) == ["To send: 3 ratings", "Onto lists: 2 movies onto Completed, 1 show onto Watching"]


def test_a_message_keeps_its_parts_for_people_and_is_never_empty() -> None:
    """What stopped it is told in any case."""
    assert message_for_page("the day is spent; run the same command then") == "The day is spent."
    assert message_for_page("run the same command") == "It was stopped, and nothing is lost."
    assert message_for_page(None) == ""


def test_stand_ins_are_counted_by_what_they_are() -> None:
    """True dates are none."""
    assert stand_ins({Origin.RATING: 5, Origin.ENTRY: 2}) == ""
    assert stand_ins({Origin.RATING: 5, Origin.WATCHED: 1}) == (
        "1 rating has no rating date and gets the day the title was watched instead, marked in the table."
    )
    both = stand_ins({Origin.WATCHED: 2, Origin.RUN: 1})
    assert both.startswith("3 ratings have no rating date")
    assert "the day the title was watched (2) or the day of the import (1)" in both


def test_every_outcome_reason_and_origin_has_its_words() -> None:
    """None is shown by its name alone, and none names an option."""
    assert set(words.OUTCOMES) == {*Outcome, *TakenBack}
    assert set(words.REASONS) == set(Reason)
    assert words.REASONS[Reason.NOT_A_NUMBER] == "The rating is no number"
    assert words.REASONS[Reason.FILTERED] == "You leave it out"
    assert set(words.ORIGINS) == set(Origin)
    assert not any("--" in text for text in (*words.OUTCOMES.values(), *words.REASONS.values()))
