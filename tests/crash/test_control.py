"""The control: a protocol that is broken on purpose must be noticed. A crash test that cannot fail proves nothing."""

from __future__ import annotations

import pytest


def test_a_post_without_its_intent_is_noticed(make, law) -> None:
    """Also where nothing is killed."""
    with make(40, 10) as trial:
        trial.run(broken="no-intent")
        with pytest.raises(AssertionError, match="without its intent"):
            law.check(trial)


def test_a_lost_intent_loses_a_row_of_the_report(make, law) -> None:
    """The item-by-item checks notice it even without the witness at the service."""
    with make(40, 10) as trial:
        trial.run(broken="no-intent", kill=("after-post", 2))
        assert trial.run(broken="no-intent") == 0
        trial.witness.unintended.clear()
        with pytest.raises(AssertionError, match="not every row is applied"):
            law.check(trial)


def test_an_outcome_before_its_post_is_noticed(make, law) -> None:
    """Reported as applied, and never sent."""
    with make(40, 10) as trial:
        trial.run("--no-verify", broken="outcome-first", kill=("after-intent", 2))
        with pytest.raises(AssertionError, match="called applied"):
            law.check_claims(trial)


def test_an_outcome_that_is_never_recorded_is_noticed(make, law) -> None:
    """The batches stay without their answer."""
    with make(40, 10) as trial:
        assert trial.run(broken="no-outcome") == 0
        with pytest.raises(AssertionError, match="answers are missing"):
            law.check(trial)


def test_outcomes_outside_a_transaction_are_noticed(make) -> None:
    """Killed between two statements, a batch has its answer and not its outcomes."""
    with make(40, 10) as trial:
        trial.run(broken="no-transaction", kill=("in-outcome", 2))
        with pytest.raises(AssertionError, match="not all of its outcomes"):
            trial.witness.check_disk()


def test_an_early_post_is_noticed(make, law) -> None:
    """A pace of none, where a second is a whole one: however slow the machine, one of four POSTs comes sooner."""
    with make(40, 10, scale=1.0) as trial:
        assert trial.run(broken="no-pace") == 0
        with pytest.raises(AssertionError, match="early-post"):
            law.check_wire(trial)
