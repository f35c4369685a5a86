"""What belongs to no case: worlds and their clocks."""

from __future__ import annotations

from typing import ClassVar, Literal

from pic_schemas.envelope import UtcTime
from pic_schemas.messages.base import EXCHANGE, OPERATOR, WORLDS, Message, Service


class _AboutAWorld(Message):
    topic: ClassVar[str] = WORLDS
    owner: ClassVar[Service] = "single-window"


class WorldOpened(_AboutAWorld):
    """A world of cases is open; a sandbox has a clock of its own that starts at `now`."""

    type = "pic.world.opened.v1"
    senders = (OPERATOR,)
    receivers = (EXCHANGE,)
    basis = "design: every row and every event belongs to a world"

    mode: Literal["sandbox", "live"]
    now: UtcTime | None = None
    label: str = ""


class ClockMoved(_AboutAWorld):
    """The clock of a sandbox moved forward."""

    type = "pic.world.clock-moved.v1"
    senders = (OPERATOR,)
    receivers = (EXCHANGE,)
    basis = "design: time comes from the world's clock"

    now: UtcTime


class WorldDeleted(_AboutAWorld):
    """The world is gone; what still arrives for it is swallowed."""

    type = "pic.world.deleted.v1"
    senders = (OPERATOR,)
    receivers = (EXCHANGE,)
    basis = "design: deletion leaves a tombstone"
