"""Credentials and headers: what a request needs before anything is looked at."""

from __future__ import annotations

import pytest

from importer.sandbox.tokens import DEVICE_CLIENT, PIN_CLIENT


async def test_a_missing_client_id_meets_412(play):
    """Without a client id, or with one nobody registered, the answer is `client_id_failed`."""
    async with play() as caller:
        for query in ({}, {"client_id": "someone-else"}):
            reply = await caller.get("/sync/activities", params=query)
            assert (reply.status, reply.error, reply.json["code"]) == (412, "client_id_failed", 412)


async def test_the_older_header_stands_for_the_client_id(play):
    """`simkl-api-key` is as good as the query parameter."""
    async with play() as caller:
        reply = await caller.get("/sync/activities", params={}, headers={"simkl-api-key": caller.sandbox.client_id})
        assert reply.status == 200


@pytest.mark.parametrize(
    ("token", "client_id", "error"),
    [
        (None, DEVICE_CLIENT, "user_token_required"),
        ("", PIN_CLIENT, "user_token_required"),
        ("wrong", DEVICE_CLIENT, "invalid_token"),
        ("wrong", PIN_CLIENT, "user_token_failed"),
    ],
)
async def test_a_bad_token_meets_401_with_a_challenge(play, token, client_id, error):
    """A missing token is told from a wrong one, and V1 from V2; each has WWW-Authenticate."""
    async with play() as caller:
        caller.token, caller.query["client_id"] = token, client_id
        reply = await caller.rate({"title": "The Matrix", "year": 1999, "rating": 9})
        assert (reply.status, reply.error) == (401, error)
        assert "Bearer" in reply.headers["WWW-Authenticate"]
        assert not caller.sandbox.account.ratings


async def test_a_missing_user_agent_meets_an_html_403(play):
    """The edge refuses clients without a name, in HTML."""
    async with play() as caller:
        reply = await caller.get("/sync/activities", headers={"User-Agent": ""})
        assert reply.status == 403
        assert reply.headers["Content-Type"].startswith("text/html")


async def test_an_unknown_path_meets_404(play):
    """Paths outside the API are 404 in the usual envelope."""
    async with play() as caller:
        for path in ("/films/1", "/sync/nothing", "/sync/ratings/movies/1/2", "/search/games?q=x"):
            assert (await caller.get(path)).error == "url_failed"
        assert (await caller.post("/movies/53001")).error == "url_failed"


async def test_several_tokens_reach_one_account_and_others_another(play):
    """Tokens of one person share the ratings, those of another do not."""
    async with play() as caller:
        sandbox = caller.sandbox
        sandbox.add_token("second")
        other = sandbox.add_account("Somebody")
        sandbox.add_token("theirs", other)
        names = []
        for caller.token in (sandbox.token, "second", "theirs"):
            names.append((await caller.post("/users/settings")).json["account"]["id"])
            await caller.rate({"title": f"By {caller.token}", "rating": 5})
        assert names == [51, 51, 52]
        assert (len(sandbox.account.ratings), len(other.ratings)) == (2, 1)


async def test_revoked_and_expired_tokens_are_refused(play):
    """A token that was good ends when it is revoked or its time is over."""
    async with play() as caller:
        sandbox = caller.sandbox
        for name, end, error in (
            ("a", sandbox.revoke, "invalid_token"),
            ("b", sandbox.expire, "invalid_token"),
            ("c", sandbox.revoke, "user_token_failed"),
        ):
            sandbox.add_token(name, v1=error == "user_token_failed")
            caller.token = name
            assert (await caller.get("/sync/activities")).status == 200
            end(name)
            assert (await caller.get("/sync/activities")).error == error


async def test_a_read_only_token_may_not_write(play):
    """Without `media:write` reads go through and writes meet `insufficient_scope`."""
    async with play() as caller:
        caller.sandbox.add_token("reader", scopes=["media:read"])
        caller.token = "reader"
        assert (await caller.get("/sync/activities")).status == 200
        reply = await caller.rate({"title": "The Matrix", "rating": 9})
        assert (reply.status, reply.error) == (403, "insufficient_scope")


async def test_a_read_with_a_body_counts_as_a_write(play):
    """A token that may only read is refused, and the body is on record as a breach."""
    async with play() as caller:
        assert (await caller.get("/users/settings", data=b"{}")).status == 200
        caller.sandbox.add_token("reader", scopes=["media:read"])
        caller.token = "reader"
        assert (await caller.get("/users/settings", data=b"{}")).error == "insufficient_scope"
        assert (await caller.get("/users/settings")).status == 200
        assert [violation.kind for violation in caller.sandbox.violations] == ["get-body", "get-body"]


async def test_answers_are_dated_by_the_clock_of_the_sandbox(play):
    """So that stamps can be held against the service's own time; the mode puts it an hour ahead."""
    async with play(clock=lambda: 1_800_000_000.0) as caller:
        assert (await caller.get("/sync/activities")).headers["Date"] == "Fri, 15 Jan 2027 08:00:00 GMT"
        caller.sandbox.faults.turn_on("clock-ahead")
        assert (await caller.get("/sync/activities")).headers["Date"] == "Fri, 15 Jan 2027 09:00:00 GMT"


async def test_the_log_tells_each_request(play):
    """Every request is on record with its times, body, status and answer, and without the token."""
    async with play() as caller:
        reply = await caller.rate({"title": "The Matrix", "rating": 9})
        (entry,) = caller.sandbox.log
        assert (entry.n, entry.method, entry.path, entry.status) == (1, "POST", "/sync/ratings", 201)
        assert entry.query == ("client_id", "app-name", "app-version")
        assert entry.params == {"app-name": "test", "app-version": "1"}
        assert (entry.user_agent, entry.has_authorization, entry.account) == ("test/1", True, 51)
        assert entry.body == {"movies": [{"title": "The Matrix", "rating": 9}]}
        assert entry.response == reply.content
        assert entry.ended is not None
        assert entry.ended >= entry.started
        assert caller.sandbox.token not in repr(entry)


async def test_the_log_holds_bodies_that_are_no_json_as_bytes(play):
    """A body that cannot be parsed is refused and kept as it came."""
    async with play() as caller:
        reply = await caller.post("/sync/ratings", b"{cut")
        assert (reply.status, caller.sandbox.log[0].body) == (400, b"{cut")
