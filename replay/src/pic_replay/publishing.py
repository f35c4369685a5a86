"""The `publish` of a step: messages put into a world as another party, or said once more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pic_replay.exchange import Reply, World
from pic_replay.matching import Missing, difference, fill
from pic_replay.parts import Actor, Publish


async def publish(
    world: World,
    key: str,
    wanted: Publish,
    actors: Mapping[str, Actor],
    saved: dict[str, Any],
    seen: Sequence[dict[str, Any]],
) -> Reply:
    """What the exchange answers. Raises Missing where nothing like it was said before."""
    if wanted.repeat is not None:
        event = _last(wanted.repeat, fill(wanted.with_, saved), seen)
        return await world.operate("POST", f"/messages/{event['id']}/repetition", key=key, body={})
    messages = [
        {
            "type": said.type,
            "sender": actors[said.as_].address,
            "recipients": [actors[name].address for name in said.to],
            "data": fill(said.with_, saved),
        }
        | ({"happened": said.happened} if said.happened else {})
        for said in wanted.put
    ]
    body = {"case": fill(wanted.case, saved), "messages": messages, "order": wanted.order}
    return await world.operate("POST", "/messages", key=key, body=body)


def _last(type_: str, wanted: Any, seen: Sequence[dict[str, Any]]) -> dict[str, Any]:
    for event in seen[::-1]:
        if event["type"] == type_ and difference(wanted, event["data"]) is None:
            return event
    raise Missing(f"no {type_} like that was said before, so none can be repeated")
