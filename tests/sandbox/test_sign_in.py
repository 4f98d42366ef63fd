"""The PIN flow, the device flow, and the pages that approve a code."""

from __future__ import annotations

from contextlib import asynccontextmanager

import pytest

from importer.sandbox.tokens import DEVICE_CLIENT, PIN_CLIENT

GRANT = "urn:ietf:params:oauth:grant-type:device_code"


async def pin(caller, path="", client_id="sandbox-client"):
    return (await caller.get(f"/oauth/pin{path}", params={"client_id": client_id})).json


async def form(caller, step, **fields):
    return await caller.request("POST", f"/oauth2/{step}", params={}, data={"client_id": "sandbox-client", **fields})


async def device(caller, scope="media:read media:write"):
    return (await form(caller, "device", scope=scope)).json


async def token(caller, code, **fields):
    return await form(caller, "token", grant_type=GRANT, device_code=code["device_code"], **fields)


@pytest.fixture
def signing(play):
    """Serve a sandbox that does not make polls wait."""

    @asynccontextmanager
    async def signing_in(**options):
        async with play(**options) as caller:
            caller.sandbox.auth.interval = 0
            caller.token = None
            yield caller

    return signing_in


async def test_a_pin_is_pending_until_it_is_approved(signing):
    """The poll says so, then hands out a token that works and never runs out."""
    async with signing() as caller:
        code = await pin(caller)
        assert (code["result"], code["expires_in"], code["verification_url"]) == ("OK", 900, f"{caller.url}/pin")
        path = f"/{code['user_code']}"
        assert await pin(caller, path) == {"result": "KO", "message": "Authorization pending"}
        caller.sandbox.auth.approve(code["user_code"])
        granted = await pin(caller, path)
        assert granted["result"] == "OK"
        caller.token = granted["access_token"]
        assert (await caller.rate({"title": "The Matrix", "rating": 9})).status == 201


async def test_a_dead_pin_gives_a_fresh_code(signing):
    """Used, expired and unknown codes answer a poll with a new code object."""
    async with signing() as caller:
        auth = caller.sandbox.auth
        used, late = [(await pin(caller))["user_code"] for _ in range(2)]
        auth.approve(used)
        assert "access_token" in await pin(caller, f"/{used}")
        auth.expire_code(late)
        for dead in (used, late, "NOBODYS"):
            fresh = await pin(caller, f"/{dead}")
            assert fresh["device_code"] == "DEVICE_CODE"
            assert fresh["user_code"] != dead


async def test_polling_too_fast_is_told_to_slow_down(play):
    """Both flows keep their interval."""
    async with play() as caller:
        code = await pin(caller)
        assert code["interval"] == 5
        polls = [(await pin(caller, f"/{code['user_code']}"))["message"] for _ in range(2)]
        assert polls == ["Authorization pending", "Slow down"]
        code = await device(caller)
        assert [(await token(caller, code)).error for _ in range(2)] == ["authorization_pending", "slow_down"]


async def test_the_device_flow_gives_a_pair_of_tokens(signing):
    """Pending, then an access token for seven days and a refresh token; the code is used up."""
    async with signing() as caller:
        code = await device(caller)
        assert code["verification_uri_complete"] == f"{caller.url}/device?user_code={code['user_code']}"
        reply = await token(caller, code)
        assert (reply.status, reply.error) == (400, "authorization_pending")
        caller.sandbox.auth.approve(code["user_code"].lower().replace("-", " "))
        pair = (await token(caller, code)).json
        secrets = [pair.pop("access_token"), pair.pop("refresh_token")]
        assert [secret[:9] for secret in secrets] == ["simkl_at_", "simkl_rt_"]
        assert pair == {"token_type": "Bearer", "expires_in": 604_800, "scope": "media:read media:write"}
        caller.token = secrets[0]
        assert (await caller.rate({"title": "The Matrix", "rating": 9})).status == 201
        over = await token(caller, code)
        assert over.json == {"error": "expired_token", "error_description": "the code is over: start again"}


async def test_a_person_who_declines_looks_like_nobody(signing):
    """No poll of either flow is told; both codes run out in the end, and can no longer be approved."""
    async with signing() as caller:
        auth = caller.sandbox.auth
        code, short = await device(caller), (await pin(caller))["user_code"]
        for user_code in (code["user_code"], short):
            auth.deny(user_code)
            with pytest.raises(LookupError):
                auth.approve(user_code)
        assert (await token(caller, code)).error == "authorization_pending"
        assert (await pin(caller, f"/{short}"))["message"] == "Authorization pending"
        auth.expire_code(code["user_code"])
        assert (await token(caller, code)).error == "expired_token"


async def test_a_refresh_token_lives_on_by_its_use(signing):
    """Its 180 days start anew with every refresh."""
    now = [1_800_000_000.0]
    async with signing(clock=lambda: now[0]) as caller:
        _, refresh = caller.sandbox.keyring.issue(51, "sandbox-client", frozenset({"media:read"}))
        for days, status in ((170, 200), (170, 200), (181, 400)):
            now[0] += days * 86_400
            reply = await form(caller, "token", grant_type="refresh_token", refresh_token=refresh.value)
            assert reply.status == status
        assert reply.error == "invalid_grant"


async def test_revoking_always_succeeds(signing):
    """Nobody learns whether there was such a token, or such an app."""
    async with signing() as caller:
        for fields in ({"token": "nothing"}, {"token": "nothing", "client_id": "nobody"}, {}):
            assert (await form(caller, "revoke", **fields)).status == 200


async def test_a_refresh_ends_the_previous_access_token(signing):
    """The refresh token stays the same; revoking it ends everything."""
    async with signing() as caller:
        code = await device(caller)
        caller.sandbox.auth.approve(code["user_code"])
        pair = (await token(caller, code)).json
        again = (await form(caller, "token", grant_type="refresh_token", refresh_token=pair["refresh_token"])).json
        assert again["refresh_token"] == pair["refresh_token"]
        for caller.token, status in ((pair["access_token"], 401), (again["access_token"], 200)):
            assert (await caller.get("/sync/activities")).status == status
        assert (await form(caller, "revoke", token=pair["refresh_token"])).status == 200
        assert (await caller.get("/sync/activities")).status == 401
        caller.token = None
        late = await form(caller, "token", grant_type="refresh_token", refresh_token=pair["refresh_token"])
        assert late.error == "invalid_grant"


async def test_scopes_not_asked_for_are_silently_left_out(signing):
    """A sign-in without `media:write` succeeds, says so, and a write meets insufficient_scope; so does a mode."""
    for faults, scope in ([], "media:read"), ([], "media:Write"), (["auth-read-only"], "media:read media:write"):
        async with signing(faults=faults) as caller:
            code = await device(caller, scope=scope)
            caller.sandbox.auth.approve(code["user_code"])
            pair = (await token(caller, code)).json
            assert pair["scope"] == "media:read"
            caller.token = pair["access_token"]
            assert (await caller.rate({"title": "The Matrix", "rating": 9})).error == "insufficient_scope"


async def test_an_app_of_one_kind_is_refused_on_the_other_side(signing):
    """PIN apps may not use the device flow, nor the other way round; unknown apps neither."""
    async with signing() as caller:
        assert (await pin(caller, client_id=DEVICE_CLIENT))["error"] == "unauthorized_client"
        foreign = await form(caller, "device", client_id=PIN_CLIENT)
        assert (foreign.status, foreign.error, "code" in foreign.json) == (401, "invalid_client", False)
        assert (await pin(caller, client_id=PIN_CLIENT))["result"] == "OK"
        assert (await form(caller, "device", client_id=DEVICE_CLIENT)).status == 200
        assert (await pin(caller, client_id="nobody"))["error"] == "client_id_failed"
        assert (await form(caller, "device", client_id="nobody")).error == "invalid_client"


async def test_malformed_sign_in_requests_are_refused(signing):
    """Wrong grants, foreign codes and JSON bodies are errors."""
    async with signing() as caller:
        assert (await form(caller, "token", grant_type="password")).error == "unsupported_grant_type"
        assert (await form(caller, "token", grant_type=GRANT, device_code="x")).error == "invalid_grant"
        assert (await caller.post("/oauth2/device", {"client_id": "sandbox-client"})).error == "invalid_request"
        assert (await caller.get("/oauth/else")).status == 404


async def test_a_person_approves_on_the_page(signing):
    """The page shows the code escaped, approves it, declines it, and says when there is none."""
    async with signing() as caller:
        shown = await caller.get("/device", params={"user_code": '"><b>'})
        assert b"<b>" not in shown.content
        for flow, choice, stage in (("pin", "approve", "approved"), ("device", "deny", "declined")):
            code = (await (pin(caller) if flow == "pin" else device(caller)))["user_code"]
            reply = await caller.request("POST", f"/{flow}", data={"user_code": code, "choice": choice})
            assert reply.status == 200
            assert caller.sandbox.auth.codes[code.replace("-", "")].stage == stage
        reply = await caller.request("POST", "/pin", data={"user_code": "NONE", "choice": "approve"})
        assert (reply.status, b"No such code" in reply.content) == (404, True)


async def test_codes_can_approve_themselves(signing):
    """For a demo without a person a code is approved at its nth poll."""
    async with signing() as caller:
        caller.sandbox.auth.approve_after = 2
        code = await device(caller)
        assert [(await token(caller, code)).status for _ in range(2)] == [400, 200]


async def test_faults_play_on_sign_in(signing):
    """Slow down, denial, expiry, a refused refresh and server errors can be asked for."""
    async with signing() as caller:
        faults, auth = caller.sandbox.faults, caller.sandbox.auth
        for fault, name in (
            ("auth-slow-down", "slow_down"),
            ("auth-denied", "access_denied"),
            ("auth-expired", "expired_token"),
            ("status-503", "service_unavailable"),
        ):
            faults.script("POST /oauth2/token", [fault])
            assert (await token(caller, await device(caller))).error == name
        code = await device(caller)
        auth.approve(code["user_code"])
        pair = (await token(caller, code)).json
        faults.script("POST /oauth2/token", ["refresh-refused"])
        reply = await form(caller, "token", grant_type="refresh_token", refresh_token=pair["refresh_token"])
        assert reply.error == "invalid_grant"
