"""What the desk keeps of a world that was ordered and of a client that may ask for tokens."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from pic_kit.repository import Repository
from single_window.desk.tables import CLIENTS, ORDERS


@dataclass
class Order:
    """A world as an operator ordered it; `moving_to` is set while its clock is on the way.

    `building`: what was asked in a snapshot is being asked here. A world that is set back goes on in a
    successor, which is the next generation of the same `line`.
    """

    world: str
    ordered_by: str
    moving_to: datetime | None = None
    building: bool = False
    line: str = ""
    generation: int = 1
    successor: str = ""


@dataclass
class Client:
    """One who may ask for tokens; of the secret only its SHA-256 is kept."""

    client_id: str
    secret_sha256: str
    agency: str
    state: str
    roles: list[str] = field(default_factory=list)
    world: str = ""
    closed: bool = False


orders = Repository(
    ORDERS,
    Order,
    key=lambda order: (order.world,),
    columns=lambda order: {"moving_to": order.moving_to, "building": order.building},
)
clients = Repository(
    CLIENTS, Client, key=lambda client: (client.client_id,), columns=lambda client: {"world": client.world}
)
