"""The day: per person under V2, per client id under V1, and what answers say is left of it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from importer.sandbox.quota import new_york, seconds_to_reset
from importer.sandbox.tokens import PIN_CLIENT

FILM = {"title": "The Matrix", "rating": 9}


def told(reply):
    return reply.headers.get("X-RateLimit-Limit"), reply.headers.get("X-RateLimit-Remaining")


async def test_the_day_is_counted_by_account_and_in_new_york(play):
    """The quota is one for all tokens of an account and starts anew at midnight in New York."""
    now = [datetime(2026, 7, 1, 3, 0, tzinfo=UTC).timestamp()]
    async with play(quota=2, clock=lambda: now[0]) as caller:
        sandbox = caller.sandbox
        sandbox.add_token("second")
        sandbox.add_token("theirs", sandbox.add_account("Somebody"))
        for caller.token, status in ((sandbox.token, 200), ("second", 200), (sandbox.token, 429), ("theirs", 200)):
            reply = await caller.get("/sync/activities")
            assert reply.status == status
        caller.token = sandbox.token
        reply = await caller.rate(FILM)
        assert (reply.error, sandbox.account.ratings) == ("user_limit_exceeded", {})
        assert 3600 <= int(reply.headers["Retry-After"]) <= 3601
        now[0] += 3601
        assert (await caller.get("/sync/activities")).status == 200


async def test_answers_say_what_is_left_but_for_the_first_of_a_token(play):
    """0 comes on an answer that succeeds: the next one fails, and says nothing of it."""
    async with play(quota=4) as caller:
        replies = [await caller.get("/sync/activities") for _ in range(2)]
        replies += [await caller.rate(FILM), await caller.get("/search/movie", params={**caller.query, "q": "jaws"})]
        assert [told(reply) for reply in replies] == [(None, None), ("4", "2"), ("4", "1"), ("4", "0")]
        refused = await caller.get("/sync/activities")
        assert (refused.status, told(refused)) == (429, (None, None))


async def test_a_refreshed_token_begins_without_a_word(play):
    """The first request of any new token tells nothing, though the day goes on."""
    async with play() as caller:
        access, refresh = caller.sandbox.keyring.issue(51, "sandbox-client", frozenset({"media:read"}))
        seen = []
        for token in (access, None):
            caller.token = (token or caller.sandbox.keyring.renew(refresh)).value
            seen += [told(await caller.get("/sync/activities"))[1] for _ in range(2)]
        assert seen == [None, "498", None, "496"]


async def test_look_ups_by_number_cost_nothing(play):
    """Pages and the redirect are neither counted nor told of."""
    async with play(quota=2) as caller:
        await caller.get("/sync/activities")
        for path in ("/movies/53001", "/redirect?to=simkl&imdb=tt0133093"):
            reply = await caller.get(path, allow_redirects=False)
            assert (reply.status < 400, told(reply)) == (True, (None, None))
        assert told(await caller.get("/sync/activities")) == ("2", "0")


async def test_other_apps_draw_on_the_same_day(play):
    """With each request of ours, all at once, or down to a few; a test can spend some itself."""
    async with play(faults=["other-app"]) as caller:
        left = [told(await caller.get("/sync/activities"))[1] for _ in range(3)]
        caller.sandbox.spend_elsewhere(100)
        left.append(told(await caller.get("/sync/activities"))[1])
        assert left == [None, "496", "494", "392"]
    async with play(faults=["few-left"]) as caller:
        statuses = [(await caller.get("/sync/activities")).status for _ in range(11)]
        assert statuses == [200] * 10 + [429]


async def test_answers_may_keep_silent_about_the_day(play):
    """Then a client knows nothing, which is not 0."""
    async with play(faults=["no-quota-headers"]) as caller:
        assert {told(await caller.get("/sync/activities")) for _ in range(2)} == {(None, None)}


async def test_under_v1_the_day_belongs_to_the_client_id(play):
    """It is drawn on by everybody with that id, tells nothing, and leaves the person's own day alone."""
    async with play(app_quota=3, quota=500) as caller:
        sandbox = caller.sandbox
        caller.query["client_id"] = PIN_CLIENT
        sandbox.add_token("pin", v1=True)
        sandbox.add_token("theirs", sandbox.add_account("Somebody"), v1=True)
        replies = []
        for caller.token in ("pin", "pin", "theirs", "pin"):
            replies.append(await caller.get("/sync/activities"))
        assert [reply.status for reply in replies] == [200, 200, 200, 429]
        assert {told(reply) for reply in replies} == {(None, None)}
        assert replies[-1].error == "app_limit_exceeded"
        assert sandbox.account.day.used == 0


@pytest.mark.parametrize(("limit", "error"), [("user", "user_limit_exceeded"), ("app", "app_limit_exceeded")])
async def test_both_refusals_can_be_rehearsed(play, limit, error):
    """`debug_limit` gives the real answer, counts nothing and does nothing."""
    async with play(quota=1) as caller:
        query = {**caller.query, "debug_limit": limit}
        for reply in (await caller.get("/users/settings", params=query), await caller.rate(FILM, params=query)):
            assert (reply.status, reply.error) == (429, error)
            assert 0 < int(reply.headers["Retry-After"]) <= 90_001
        assert not caller.sandbox.account.ratings
        assert (await caller.get("/users/settings")).status == 200


@pytest.mark.parametrize(
    ("moment", "wall"),
    [
        ("2026-03-08T06:59:59", 1),
        ("2026-03-08T07:00:00", 3),
        ("2026-11-01T05:59:59", 1),
        ("2026-11-01T06:00:00", 1),
        ("2026-01-10T12:00:00", 7),
        ("2026-07-10T12:00:00", 8),
    ],
)
def test_the_wall_clock_of_new_york_knows_summer_time(moment, wall):
    """The hour is right around both changes."""
    clock = datetime.fromisoformat(moment).replace(tzinfo=UTC).timestamp()
    assert new_york(clock).hour == wall
    assert 0 < seconds_to_reset(clock) <= 86_401


@pytest.mark.parametrize(("plan", "quota"), [("free", 500), ("pro", 1_000), ("vip", 10_000)])
async def test_each_plan_has_its_quota(play, plan, quota):
    """The last request of the day goes through, the one after it does not."""
    async with play(plan=plan) as caller:
        caller.sandbox.spend_elsewhere(quota - 1)
        assert [(await caller.get("/sync/activities")).status for _ in range(2)] == [200, 429]
