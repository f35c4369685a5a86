"""The one table of the tiny services."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Column, String

from pic_kit.database import service_metadata
from pic_kit.repository import Repository, aggregate_table
from pic_kit.tables import add_kit_tables

metadata = service_metadata()
add_kit_tables(metadata)

guarantees = aggregate_table(
    "guarantees", metadata, ("world", "case_id"), Column("state", String(20), nullable=False)
)


@dataclass
class Guarantee:
    """A guarantee of one case, seen by the one who lodged it or by the desk that approves it."""

    world: str
    case: str
    amount: int
    state: str = "lodged"
    changes: int = 0


repository = Repository(
    guarantees, Guarantee, key=lambda g: (g.world, g.case), columns=lambda g: {"state": g.state}
)
