"""One thing a seat may ask for in a case, and what stands against it now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pic_schemas.address import Role
from pic_schemas.refusal import Finding, Refused


@dataclass(frozen=True, slots=True)
class Action:
    """A command by its path below the case; offered when nothing stands `against` it."""

    act: str
    seat: Role
    method: str
    path: str
    against: tuple[Finding, ...]

    @property
    def offered(self) -> bool:
        return not self.against


def standing_against(attempt: Callable[[], object]) -> tuple[Finding, ...]:
    """Why the attempt is refused; empty when it is not. Hand it a copy: what succeeds changes it."""
    try:
        attempt()
    except Refused as refusal:
        return refusal.findings
    return ()
