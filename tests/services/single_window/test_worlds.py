"""Worlds, their clients and tokens."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

from pic_kit.transaction import Transaction
from single_window.desk.store import orders
from tests.services.single_window.house import SECRET, START, House


async def test_a_world_is_answered_when_every_service_has_opened_it(house: House) -> None:
    world = await house.open_world()
    assert (world["world"], world["mode"], world["now"]) == ("test", "sandbox", START)
    assert await house.lodging.knows_world("test")
    assert await house.authority.knows_world("test")
    assert await house.window.window.knows_world("test")


async def test_the_same_request_opens_one_world(house: House) -> None:
    first = await house.operate("POST", "/v1/worlds", {"label": "class"}, key="k1")
    again = await house.operate("POST", "/v1/worlds", {"label": "class"}, key="k1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert len((await house.operate("GET", "/v1/worlds")).json()) == 1


async def test_a_world_id_is_given_once(house: House) -> None:
    await house.open_world()
    refused = await house.operate("POST", "/v1/worlds", {"world": "test"})
    assert (refused.status_code, refused.json()["rule"]) == (409, "WORLD_EXISTS")


async def test_nobody_sits_down_in_a_world_that_is_still_being_built(house: House) -> None:
    await house.open_world()

    async def being_built(transaction: Transaction) -> None:
        order = await transaction.shelf(orders).get("test")
        assert order is not None
        order.building = True

    await house.window.desk.write(being_built)
    client = {"agency": "BE001", "state": "BE", "roles": ["competent-authority"]}
    refused = await house.operate("POST", "/v1/worlds/test/clients", client)
    assert (refused.status_code, refused.json()["rule"]) == (409, "WORLD_BUILDING")


async def test_a_live_world_has_no_clock_to_set(house: House) -> None:
    refused = await house.operate("POST", "/v1/worlds", {"mode": "live", "now": START})
    assert refused.status_code == 422
    await house.open_world("alive", mode="live", now=None)
    moved = await house.operate("PUT", "/v1/worlds/alive/clock", {"to": "+1d"})
    assert (moved.status_code, moved.json()["rule"]) == (409, "CLOCK_LIVE")


async def test_a_client_sees_its_own_world_and_no_other(house: House) -> None:
    await house.open_world("one")
    await house.open_world("two")
    token = await house.seat("observer", "XX", "o1", "one")
    assert (await house.look("/v1/worlds/one", token)).status_code == 200
    assert (await house.look("/v1/worlds/two", token)).status_code == 404
    assert (await house.look("/v1/events?world=two", token)).status_code == 404
    assert [w["world"] for w in (await house.look("/v1/worlds", token)).json()] == ["one"]


async def test_a_secret_is_not_stored_but_told_again_to_the_same_request(house: House) -> None:
    await house.open_world()
    order = {"agency": "BE001", "state": "BE", "roles": ["competent-authority"]}
    first = (await house.operate("POST", "/v1/worlds/test/clients", order, key="k")).json()
    again = (await house.operate("POST", "/v1/worlds/test/clients", order, key="k")).json()
    assert first == again
    assert first["client_secret"] not in await _everything_stored(house)


async def _everything_stored(house: House) -> str:
    async def dump(connection: Any) -> str:
        raw = await connection.get_raw_connection()
        lines = [line async for line in raw.driver_connection.iterdump()]
        return "\n".join(lines)

    return await house.window.desk.read(dump)


async def test_a_token_needs_the_right_secret_and_may_ask_for_fewer_seats(house: House) -> None:
    await house.open_world()
    order = {"agency": "X1", "state": "BE", "roles": ["facility", "carrier"]}
    client = (await house.operate("POST", "/v1/worlds/test/clients", order)).json()
    form = {"grant_type": "client_credentials", "scope": "carrier"}
    basic = b64encode(f"{client['client_id']}:{client['client_secret']}".encode()).decode()
    answer = await house.client.post("/oauth/token", data=form, headers={"Authorization": f"Basic {basic}"})
    assert (answer.status_code, answer.json()["scope"]) == (200, "carrier")
    wrong = {"grant_type": "client_credentials", "client_id": client["client_id"], "client_secret": "no"}
    assert (await house.client.post("/oauth/token", data=wrong)).json() == {"error": "invalid_client"}
    nobody = {"grant_type": "client_credentials", "client_id": "nobody", "client_secret": ""}
    unknown = await house.client.post("/oauth/token", data=nobody)
    assert unknown.status_code == 401
    # A browser would ask its user for a password of its own.
    assert "www-authenticate" not in unknown.headers
    assert (await house.client.post("/oauth/token", data={"grant_type": "password"})).status_code == 400


async def test_only_an_operator_opens_worlds(house: House) -> None:
    await house.open_world()
    token = await house.seat("observer", "XX", "o1")
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "k"}
    assert (await house.client.post("/v1/worlds", json={}, headers=headers)).status_code == 403
    assert (await house.client.post("/v1/worlds", json={})).status_code == 401


async def test_an_operator_reads_no_case(house: House) -> None:
    await house.open_world()
    assert (await house.operate("GET", "/v1/cases")).status_code == 403
    assert (await house.operate("GET", "/v1/events")).status_code == 403


async def test_a_deleted_world_leaves_a_tombstone_and_closes_its_clients(house: House) -> None:
    await house.open_world()
    order = {"agency": "X1", "state": "BE", "roles": ["facility"]}
    client = (await house.operate("POST", "/v1/worlds/test/clients", order)).json()
    assert (await house.operate("DELETE", "/v1/worlds/test")).status_code == 204
    assert (await house.operate("GET", "/v1/worlds/test")).status_code == 410
    form = {
        "grant_type": "client_credentials",
        "client_id": client["client_id"],
        "client_secret": client["client_secret"],
    }
    assert (await house.client.post("/oauth/token", data=form)).status_code == 401
    assert (await house.operate("POST", "/v1/worlds", {"world": "test"})).status_code == 409


async def test_the_exchange_is_ready_when_every_store_is(house: House) -> None:
    await house.open_world()
    answer = (await house.client.get("/readyz")).json()
    assert answer == {
        "ready": True,
        "stores": {"desk": True, "window": True, "lodging": True, "authority": True},
    }


async def test_the_keys_are_public_and_hold_no_private_part(house: House) -> None:
    (key,) = (await house.client.get("/.well-known/jwks.json")).json()["keys"]
    assert key["kty"] == "EC"
    assert "d" not in key
    assert SECRET not in str(key)
