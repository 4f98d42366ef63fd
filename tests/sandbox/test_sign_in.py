"""The PIN flow, the device flow, and the pages that approve a code."""

from __future__ import annotations

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

    def start(**options):
        context = play(**options)

        class Started:
            async def __aenter__(self):
                caller = await context.__aenter__()
                caller.sandbox.auth.interval = 0
                caller.token = None
                return caller

            async def __aexit__(self, *problem):
                return await context.__aexit__(*problem)

        return Started()

    return start


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
    """Used, denied, expired and unknown codes answer a poll with a new code object."""
    async with signing() as caller:
        auth = caller.sandbox.auth
        used = (await pin(caller))["user_code"]
        auth.approve(used)
        assert "access_token" in await pin(caller, f"/{used}")
        denied, late = [(await pin(caller))["user_code"] for _ in range(2)]
        auth.deny(denied)
        auth.expire_code(late)
        for dead in (used, denied, late, "NOBODYS"):
            fresh = await pin(caller, f"/{dead}")
            assert fresh["device_code"]
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
        assert (pair["expires_in"], pair["scope"]) == (604_800, "media:read media:write")
        caller.token = pair["access_token"]
        assert (await caller.rate({"title": "The Matrix", "rating": 9})).status == 201
        assert (await token(caller, code)).error == "expired_token"


async def test_device_codes_are_denied_and_expire(signing):
    """The person may say no, or say nothing for too long."""
    async with signing() as caller:
        auth = caller.sandbox.auth
        for end, name in ((auth.deny, "access_denied"), (auth.expire_code, "expired_token")):
            code = await device(caller)
            end(code["user_code"])
            assert (await token(caller, code)).error == name
        with pytest.raises(LookupError):
            auth.approve(code["user_code"])


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
    """A sign-in without `media:write` succeeds, and a write meets insufficient_scope."""
    async with signing() as caller:
        code = await device(caller, scope="media:read")
        caller.sandbox.auth.approve(code["user_code"])
        caller.token = (await token(caller, code)).json["access_token"]
        assert (await caller.rate({"title": "The Matrix", "rating": 9})).error == "insufficient_scope"


async def test_an_app_of_one_kind_is_refused_on_the_other_side(signing):
    """PIN apps may not use the device flow, nor the other way round; unknown apps neither."""
    async with signing() as caller:
        assert (await pin(caller, client_id=DEVICE_CLIENT))["error"] == "unauthorized_client"
        assert (await form(caller, "device", client_id=PIN_CLIENT)).error == "unauthorized_client"
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
    """The page shows the code escaped, approves it, denies it, and says when there is none."""
    async with signing() as caller:
        shown = await caller.get("/device", params={"user_code": '"><b>'})
        assert b"<b>" not in shown.content
        for flow, choice, stage in (("pin", "approve", "approved"), ("device", "deny", "denied")):
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
            ("auth-slow-down", "slow_down"), ("auth-denied", "access_denied"), ("auth-expired", "expired_token"),
            ("status-503", "service_unavailable"),
        ):  # fmt: skip
            faults.script("POST /oauth2/token", [fault])
            assert (await token(caller, await device(caller))).error == name
        code = await device(caller)
        auth.approve(code["user_code"])
        pair = (await token(caller, code)).json
        faults.script("POST /oauth2/token", ["refresh-refused"])
        reply = await form(caller, "token", grant_type="refresh_token", refresh_token=pair["refresh_token"])
        assert reply.error == "invalid_grant"
