"""Faults that refuse a request, or answer it with something else, one by one."""

from __future__ import annotations

from email.utils import parsedate_to_datetime

import pytest

from importer.sandbox.faults import FAULTS

FILM = {"title": "The Matrix", "year": 1999, "rating": 9}
RATE = "POST /sync/ratings"


async def played(caller, fault):
    caller.sandbox.faults.script(RATE, [fault])
    reply = await caller.rate(FILM)
    assert caller.sandbox.log[-1].fault == fault
    return reply, caller.sandbox.rated("The Matrix") is not None


@pytest.mark.parametrize(
    ("fault", "status", "error"),
    [
        ("rate-limit", 429, "rate_limit"),
        ("quota", 429, "user_limit_exceeded"),
        ("app-quota", 429, "app_limit_exceeded"),
        ("status-400", 400, "wrong_parameter"),
        ("status-400-client", 400, "unauthorized_client"),
        ("status-401", 401, "user_token_failed"),
        ("status-401-v2", 401, "invalid_token"),
        ("status-401-no-token", 401, "user_token_required"),
        ("status-403-scope", 403, "insufficient_scope"),
        ("status-403-v2", 403, "oauth2_token_required"),
        ("status-403-forbidden", 403, "forbidden"),
        ("status-404", 404, "url_failed"),
        ("status-409", 409, "conflict"),
        ("status-412", 412, "client_id_failed"),
        ("block-412", 412, "client_id_failed"),
        ("write-lock-code", 400, "rate_limit"),
        ("error-200", 200, "server_error"),
        ("status-500", 500, "server_error"),
        ("status-502", 502, "bad_gateway"),
        ("status-503", 503, "service_unavailable"),
        ("status-504", 504, "gateway_timeout"),
    ],
)
async def test_a_refusal_writes_nothing(play, fault, status, error):
    """The envelope names the error, and the account stays as it was; the next request goes through."""
    async with play() as caller:
        caller.sandbox.faults.dials.block = 0
        reply, written = await played(caller, fault)
        assert (reply.status, reply.error, written) == (status, error, False)
        if fault != "error-200":
            assert reply.json["code"] == status
        assert (await caller.rate(FILM)).status == 201


@pytest.mark.parametrize("status", [500, 502, 503, 504])
async def test_server_errors_have_forms(play, status):
    """HTML, an empty body, and an error after the write was done."""
    async with play() as caller:
        reply, written = await played(caller, f"status-{status}-html")
        assert (reply.status, reply.content[:15], written) == (status, b"<!doctype html>", False)
        reply, written = await played(caller, f"status-{status}-empty")
        assert (reply.status, reply.content, written) == (status, b"", False)
        reply, written = await played(caller, f"status-{status}-after-write")
        assert (reply.status, written) == (status, True)


async def test_retry_after_takes_both_forms(play):
    """Seconds, or a date that far ahead; and the misleading one of a per-second limit."""
    async with play(clock=lambda: 1_800_000_000.0) as caller:
        caller.sandbox.faults.dials.retry_after = 7
        for fault in ("retry-after-seconds", "unknown-429"):
            reply, _ = await played(caller, fault)
            assert reply.headers["Retry-After"] == "7"
        assert reply.status == 429
        reply, _ = await played(caller, "retry-after-date")
        assert reply.status == 503
        assert 7 <= parsedate_to_datetime(reply.headers["Retry-After"]).timestamp() - 1_800_000_000 <= 8
        reply, _ = await played(caller, "rate-limit")
        assert int(reply.headers["Retry-After"]) > 3000


async def test_an_error_can_be_an_object(play):
    """The name of the error is not always a text."""
    async with play() as caller:
        reply, written = await played(caller, "error-object")
        assert (reply.status, reply.error["id"], written) == (500, "server_error", False)


@pytest.mark.parametrize(
    ("fault", "content", "writes"),
    [
        ("html-200", b"<!doc", False),
        ("html-200-after-write", b"<!doc", True),
        ("empty-200", b"", True),
        ("null-200", b"null", True),
    ],
)
async def test_success_without_an_answer(play, fault, content, writes):
    """A 200 can hold anything but the answer, with the write done or not."""
    async with play() as caller:
        reply, written = await played(caller, fault)
        assert (reply.status, reply.content[:5], written) == (200, content, writes)


async def test_json_can_be_cut(play):
    """The first half of a good answer, after the write."""
    async with play() as caller:
        reply, written = await played(caller, "cut-json")
        assert (reply.status, written) == (201, True)
        assert reply.content.startswith(b'{"added"')
        with pytest.raises(ValueError, match="unexpected end"):
            reply.json  # noqa: B018 - the property parses


async def test_partial_apply_writes_half(play):
    """The first half is written, the answer is 500; removals as well."""
    async with play() as caller:
        films = [{"title": f"Film {n}", "rating": 5} for n in range(6)]
        for path, left in (("/sync/ratings", 3), ("/sync/ratings/remove", 0)):
            caller.sandbox.faults.script(f"POST {path}", ["partial-apply"])
            assert (await caller.post(path, {"movies": films})).status == 500
            assert len(caller.sandbox.account.ratings) == left


async def test_one_poisoned_item_fails_its_batch(play):
    """A title or an id poisons, and only its own batch."""
    async with play(faults=["poison"]) as caller:
        caller.sandbox.faults.dials.poison_ids.add(("imdb", "tt0110912"))
        for poison in ({"title": "Poison", "rating": 5}, {"ids": {"imdb": "tt0110912"}, "rating": 5}):
            assert (await caller.rate(FILM, poison)).status == 400
            assert not caller.sandbox.account.ratings
        assert (await caller.rate(FILM)).status == 201


async def test_a_batch_above_the_size_meets_413(play):
    """Above so many items, or so many bytes; both are dials."""
    films = [{"title": f"Film {n}", "rating": 5} for n in range(3)]
    for fault, limits in (("size-413", {"size_limit": 2}), ("bytes-413", {"bytes_limit": 80})):
        async with play(faults=[fault]) as caller:
            for dial, value in limits.items():
                setattr(caller.sandbox.faults.dials, dial, value)
            replies = [await caller.rate(*films[:n]) for n in (2, 3)]
            assert [reply.status for reply in replies] == [201, 413]
            assert (replies[1].content[:5] == b"<!doc") == (fault == "bytes-413")
            assert len(caller.sandbox.account.ratings) == 2


async def test_a_token_can_end_in_mid_run(play):
    """After so many writes the token is refused for good."""
    async with play(faults=["token-ends"]) as caller:
        caller.sandbox.faults.dials.token_ends_after = 2
        assert [(await caller.rate(FILM)).status for _ in range(4)] == [201, 201, 401, 401]
        caller.sandbox.faults.turn_off()
        assert (await caller.get("/sync/activities")).status == 401


async def test_a_refused_call_is_not_spoilt_further(play):
    """Faults that lose an answer leave a refusal as it is."""
    async with play(faults=["empty-200", "status-502-after-write"]) as caller:
        caller.token = "wrong"
        assert (await caller.rate(FILM)).status == 401


async def test_random_faults_are_mixed_in(play):
    """With a rate some requests are faulty, and the log says with what."""
    async with play() as caller:
        names = [name for name in FAULTS if name.startswith("status-50") and "after" not in name]
        caller.sandbox.faults.random(rate=0.5, names=names, seed=1)
        faulty = [(await caller.rate(FILM)).status >= 500 for _ in range(40)]
        assert 8 < sum(faulty) < 32
        assert [entry.fault is not None for entry in caller.sandbox.log] == faulty
