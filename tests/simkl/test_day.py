"""The day's requests as the client learns of them: the last one goes, none goes into the refusal, some are kept."""

from __future__ import annotations

import time
from typing import Any

import pytest
from aiohttp import web

from importer.errors import ServiceStopError
from importer.simkl.quota import KEPT, quota_reset
from importer.simkl.reads import ACTIVITIES, parse_stamps
from importer.simkl.wire import RATINGS, parse_reply

BODY = b'{"movies":[{"rating":7,"title":"Heat","year":1995,"rated_at":"2024-01-02T03:04:05Z"}]}'


def counting(service: type[Any], left: int) -> Any:
    """A service with so many requests left of the day, which says so, and refuses the one after the last."""
    state = {"left": left}

    def say(_request: web.Request) -> web.Response:
        if state["left"] == 0:
            return web.json_response({"error": "user_limit_exceeded"}, status=429)
        state["left"] -= 1
        headers = {"X-RateLimit-Limit": "500", "X-RateLimit-Remaining": str(state["left"])}
        return web.json_response({}, headers=headers)

    return service(say)


async def test_what_simkl_says_is_left_of_the_day_is_known(service: type[Any]) -> None:
    """Unknown before the first answer that says so."""
    told = counting(service, 8)
    async with told.client() as client:
        assert (client.left_today, client.limit_today, client.may_send()) == (None, None, None)
        await client.get(ACTIVITIES, parse_stamps)
        assert (client.left_today, client.limit_today, client.may_send(), client.may_send(0)) == (7, 500, 4, 7)


async def test_the_last_request_of_a_day_goes_and_none_into_the_refusal(service: type[Any]) -> None:
    """With 8 left, 8 are made: the last with 1 left, and the next stops before it is sent."""
    told = counting(service, 8)
    async with told.client() as client:
        for _ in range(8):
            await client.get(ACTIVITIES, parse_stamps)
        with pytest.raises(ServiceStopError, match="all 500 of your Simkl requests of today are used up") as stop:
            await client.get(ACTIVITIES, parse_stamps)
        assert stop.value.resume_at == quota_reset(time.time())
    assert len(told.asked) == 8


async def test_a_post_leaves_what_is_kept_for_what_was_sent(service: type[Any]) -> None:
    """The reads and the giving back after it find their requests still there."""
    told = counting(service, 6)
    async with told.client() as client:
        for _ in range(3):
            await client.post(RATINGS, BODY, splittable=True, read=parse_reply, kept=KEPT)
        with pytest.raises(ServiceStopError, match="3 of your 500 Simkl requests of today are left") as stop:
            await client.post(RATINGS, BODY, splittable=True, read=parse_reply, kept=KEPT)
        assert stop.value.exit_code == 6
        assert client.may_send() == 0
        for _ in range(2):
            await client.get(ACTIVITIES, parse_stamps)
        await client.post(RATINGS, BODY, splittable=True, read=parse_reply)
    assert len(told.asked) == 6


async def test_a_resend_leaves_what_is_kept_too(service: type[Any]) -> None:
    """A batch whose answer was lost is found by reading back, for which the requests are kept."""
    answers = iter([(201, 5), (502, 4), (502, 3)])

    def say(_request: web.Request) -> web.Response:
        status, left = next(answers)
        return web.json_response({}, status=status, headers={"X-RateLimit-Remaining": str(left)})

    told = service(say)
    async with told.client() as client:
        await client.post(RATINGS, BODY, splittable=True, read=parse_reply, kept=KEPT)
        with pytest.raises(ServiceStopError, match="3 of your Simkl requests"):
            await client.post(RATINGS, BODY, splittable=True, read=parse_reply, kept=KEPT)
    assert len(told.asked) == 3
