"""A world and a client that are only tried."""

from __future__ import annotations

from tests.services.single_window.house import House


async def test_a_dry_run_opens_no_world_and_registers_nobody(house: House) -> None:
    tried = await house.operate("POST", "/v1/worlds?dry_run=true", {"label": "class"})
    assert (tried.status_code, tried.headers["Pic-Dry-Run"]) == (201, "1")
    assert (await house.operate("GET", "/v1/worlds")).json() == []
    await house.open_world()
    body = {"agency": "BE001", "state": "BE", "roles": ["competent-authority"]}
    client = await house.operate("POST", "/v1/worlds/test/clients?dry_run=true", body)
    assert (client.status_code, client.headers["Pic-Dry-Run"]) == (201, "1")
    known = {name: client.json()[name] for name in ("client_id", "client_secret")}
    asked = await house.client.post("/oauth/token", data={"grant_type": "client_credentials"} | known)
    assert asked.status_code == 401
