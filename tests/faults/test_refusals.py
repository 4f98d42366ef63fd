"""Tokens that end, rights that are missing, answers that nobody expects, and faults of the reads."""

from __future__ import annotations

import pytest

from importer.errors import CredentialsError, ServiceStopError

READS = "GET /sync"


class Renewable:
    """A sign-in with a refresh token: every renewal gives a new access token, as long as there are any."""

    def __init__(self, sandbox, renewals: int) -> None:
        self.sandbox = sandbox
        self.token = sandbox.token
        self.left = renewals
        self.renewed = 0

    async def current(self) -> str:
        return self.token

    async def renew(self) -> str | None:
        self.renewed += 1
        if not self.left:
            return None
        self.left -= 1
        self.token = f"renewed-{self.renewed}"
        self.sandbox.add_token(self.token)
        return self.token


async def test_a_token_that_ends_in_mid_run_stops_it(stage) -> None:
    """What was accepted stays applied, the rest is pending, and the status is that of credentials."""
    stage.sandbox.faults.turn_on("token-ends")
    done = await stage.run(300)
    assert (done.exit, done.outcomes) == (4, {"applied": 100, "pending": 200})
    assert "token" in done.message
    assert len(done.posts) == 2
    stage.sandbox.faults.turn_off()
    stage.sandbox.add_token(stage.sandbox.token)
    again = await stage.run(300)
    assert (again.exit, again.outcomes) == (0, {"applied": 300})


async def test_a_refresh_token_carries_the_run_over_the_end_of_its_token(stage, script) -> None:
    """One renewal, the same bytes again at the usual pace, and nothing stops."""
    stage.tokens = Renewable(stage.sandbox, 1)
    script(None, "status-401")
    done = await stage.run(300)
    assert (done.exit, done.outcomes) == (0, {"applied": 300})
    assert stage.tokens.renewed == 1
    assert stage.account() == stage.planned(300)


async def test_a_long_run_renews_as_often_as_its_tokens_end(stage, script) -> None:
    """Each renewal is followed by an accepted call: that is no loop."""
    stage.tokens = Renewable(stage.sandbox, 9)
    script("status-401", None, "status-401", None, "status-401", None)
    done = await stage.run(600)
    assert (done.exit, done.outcomes) == (0, {"applied": 600})
    assert stage.tokens.renewed == 3


async def test_a_refused_token_is_renewed_once_and_no_more(stage, script) -> None:
    """Where the new one is refused as well, something else is wrong."""
    stage.tokens = Renewable(stage.sandbox, 9)
    script("status-401", "status-401")
    done = await stage.run()
    assert (done.exit, done.outcomes) == (4, {"pending": 4})
    assert stage.tokens.renewed == 1
    assert len(done.posts) == 2


@pytest.mark.parametrize("fault", ["status-403-scope", "status-403-forbidden"])
async def test_a_token_that_may_not_write_stops_the_run(stage, script, fault: str) -> None:
    """One POST, and the message says what to do."""
    script(fault)
    done = await stage.run()
    assert (done.exit, done.outcomes) == (4, {"pending": 4})
    assert len(done.posts) == 1
    assert "write" in done.message


@pytest.mark.parametrize(
    ("fault", "status", "said"),
    [
        ("status-400-client", 4, "newer sign-in (V2)"),
        ("status-401", 4, "access token"),
        ("status-401-v2", 4, "access token"),
        ("status-401-no-token", 1, "a defect of this program"),
        ("status-403-v2", 4, "newer kind (V2)"),
        ("status-412", 6, "too fast"),
    ],
)
async def test_a_refusal_stops_at_once_in_words_of_its_own(stage, script, fault: str, status: int, said: str) -> None:
    """One POST, nothing divided; the same command goes on once the cause is gone."""
    script(None, fault)
    done = await stage.run(250)
    assert done.exit == status
    assert said in done.message
    assert done.sizes == [100, 150]
    again = await stage.run(250)
    assert (again.exit, again.outcomes) == (0, {"applied": 250})
    assert again.sizes == [100, 50]


@pytest.mark.parametrize("fault", ["status-404", "status-409"])
async def test_an_answer_that_nobody_expects_is_not_repeated(stage, script, fault: str) -> None:
    """The batch is failed, and what it held is new to the person: status 3."""
    script(fault)
    done = await stage.run()
    assert (done.exit, done.outcomes) == (3, {"failed": 4})
    assert len(done.posts) == 1
    again = await stage.run()
    assert (again.exit, len(again.posts)) == (0, 0)


@pytest.mark.parametrize("fault", ["echo-missing", "no-statuses", "empty-statuses", "full-counts-no-statuses"])
async def test_what_no_list_names_is_settled_by_reading_back(stage, fault: str) -> None:
    """Counts prove nothing; the account does."""
    stage.sandbox.faults.turn_on(fault)
    done = await stage.run(9)
    assert (done.exit, done.outcomes) == (0, {"applied": 9})


@pytest.mark.parametrize("fault", ["echo-lie", "dropped-items"])
async def test_what_is_not_there_on_reading_back_is_unconfirmed(stage, fault: str) -> None:
    """Echoed as added or not: the account does not have it."""
    stage.sandbox.faults.turn_on(fault)
    done = await stage.run(9)
    assert (done.exit, done.outcomes) == (3, {"applied": 6, "unconfirmed": 3})
    assert 10.0 in stage.clock.waits


async def test_reads_that_lag_are_looked_at_once_more(stage) -> None:
    """After 10 s everything is there."""
    stage.sandbox.faults.dials.lag = 8
    stage.sandbox.faults.turn_on("lagging-reads")
    done = await stage.run(9)
    assert (done.exit, done.outcomes) == (0, {"applied": 9})
    assert stage.clock.waits.count(10.0) == 1


@pytest.mark.parametrize("fault", ["status-401", "status-403-forbidden"])
async def test_a_refusal_while_reading_back_is_a_warning(stage, fault: str) -> None:
    """Everything was sent and accepted: the status is 0, and the message says that nobody could look."""
    stage.sandbox.faults.script("GET /sync/activities", [None, fault])
    done = await stage.run()
    assert (done.exit, done.outcomes) == (0, {"applied": 4})
    assert "could not be read back" in done.message


@pytest.mark.parametrize("fault", ["status-500", "reset-before-write", "reset-mid-body", "html-200", "cut-json"])
@pytest.mark.parametrize("path", ["GET /sync/activities", "GET /sync/ratings"])
async def test_a_read_that_fails_is_repeated(stage, fault: str, path: str) -> None:
    """Before the sending and after it."""
    stage.sandbox.faults.script(path, [fault, fault, *[None] * 3, fault])
    done = await stage.run()
    assert (done.exit, done.outcomes) == (0, {"applied": 4})
    assert stage.account() == stage.planned(4)


async def test_a_snapshot_that_cannot_be_read_stops_before_anything_is_sent(stage) -> None:
    """Without the account as it was, nothing is written."""
    stage.sandbox.faults.script("GET /sync/activities", ["status-500"] * 6)
    done = await stage.run()
    assert done.exit == 6
    assert isinstance(done.error, ServiceStopError)
    assert not done.posts
    assert len(done.requests) == 6


async def test_a_refused_snapshot_is_a_matter_of_credentials(stage) -> None:
    """One request, status 4."""
    stage.sandbox.faults.turn_on("status-401")
    done = await stage.run()
    assert done.exit == 4
    assert isinstance(done.error, CredentialsError)
    assert len(done.requests) == 1


async def test_an_outage_while_reading_back_keeps_what_was_sent(stage) -> None:
    """The rows stay applied; the run is continued, and only reads are left to do."""
    stage.sandbox.faults.script("GET /sync/activities", [None, *["status-502"] * 6])
    done = await stage.run()
    assert done.exit == 6
    assert done.outcomes == {"applied": 4}
    again = await stage.run()
    assert (again.exit, again.outcomes) == (0, {"applied": 4})
    assert not again.posts
    assert again.summary.run == done.summary.run


@pytest.mark.parametrize("empty", ["empty-null", "empty-lists", "empty-list", "null-activities"])
async def test_an_empty_account_may_answer_in_any_way(stage, empty: str) -> None:
    """No rows is no error."""
    stage.sandbox.faults.turn_on(empty)
    done = await stage.run()
    assert (done.exit, done.outcomes) == (0, {"applied": 4})


async def test_any_mix_of_passing_faults_loses_nothing(stage) -> None:
    """A third of all requests go wrong in one of twenty ways: the same command, run again, ends with every rating."""
    for seed in range(3):
        stage.sandbox.faults.random(0.33, seed=seed)
        done = await stage.run(700)
        assert done.exit in (0, 6), (seed, done.message, done.outcomes)
        assert set(done.outcomes) <= {"applied", "pending", "unchanged"}, seed
    stage.sandbox.faults.turn_off()
    done = await stage.run(700)
    assert done.exit == 0
    assert stage.account() == stage.planned(700)
