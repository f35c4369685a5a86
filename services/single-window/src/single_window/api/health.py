"""Readiness of the whole exchange as seen from its front door."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Response
from pydantic import BaseModel

from single_window.api.context import TheRooms

router = APIRouter(tags=["health"])


class Readiness(BaseModel):
    """`ready` when every store of the exchange is."""

    ready: bool
    stores: dict[str, bool]


@router.get("/readyz", include_in_schema=False)
async def ready(house: TheRooms, response: Response) -> Readiness:
    """Its own two stores and every other service."""
    found = await asyncio.gather(*(store.ready() for store in house.stores))
    stores = {store.name: answer for store, answer in zip(house.stores, found, strict=True)}
    response.status_code = 200 if all(found) else 503
    return Readiness(ready=all(found), stores=stores)
