"""A declaration that is only tried."""

from __future__ import annotations

from tests.services.customs_gateway import story
from tests.services.customs_gateway.border import Border


async def test_a_dry_run_of_a_declaration_is_checked_and_draws_nothing(border: Border) -> None:
    await border.ready()
    declared = story.declared("export").model_dump(mode="json", exclude={"declaration_id"})
    tried = await border.post("/v1/declarations?dry_run=true", "export", declared)
    assert (tried.status_code, tried.headers["Pic-Dry-Run"]) == (201, "1")
    assert tried.json()["outcome"] == "released"
    ledger = (await border.get(f"/v1/ledger/{story.CASE}")).json()
    assert (ledger["reserved_kg"], ledger["consumed_kg"]) == (0, 0)
    assert await border.said() == []
