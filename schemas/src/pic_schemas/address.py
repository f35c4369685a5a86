"""The address of a party: State, role and agency, e.g. `BE/competent-authority/BE001`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

ANY = "*"

_STATE = re.compile(r"[A-Z]{2}|exchange")
# No comma and no slash: recipients travel as one comma-joined header, parts are split at slashes.
_AGENCY = re.compile(r"\*|[A-Za-z0-9][A-Za-z0-9._:-]{0,63}")


class Role(StrEnum):
    """The seat a party sits on; `exchange` is one service speaking to another."""

    EXPORTER = "exporter"
    COMPETENT_AUTHORITY = "competent-authority"
    CUSTOMS = "customs"
    FACILITY = "facility"
    CARRIER = "carrier"
    OBSERVER = "observer"
    OPERATOR = "operator"
    EXCHANGE = "exchange"


class UnreadableAddress(ValueError):
    """The text is not `{STATE}/{role}/{agency}`."""


@dataclass(frozen=True, slots=True, order=True)
class Address:
    """One party. `state` is ISO 3166-1 alpha-2 (or `exchange`), `agency` its own id or `*` for any.

    Raises `UnreadableAddress` when a part has the wrong shape.
    """

    state: str
    role: Role
    agency: str

    def __post_init__(self) -> None:
        if not _STATE.fullmatch(self.state):
            raise UnreadableAddress(f"no State: {self.state!r}")
        if not _AGENCY.fullmatch(self.agency):
            raise UnreadableAddress(f"no agency: {self.agency!r}")
        try:
            object.__setattr__(self, "role", Role(self.role))
        except ValueError as error:
            raise UnreadableAddress(f"no role: {self.role!r}") from error

    @classmethod
    def parse(cls, text: str) -> Address:
        """Read `BE/customs/BEANR001`; raises `UnreadableAddress`."""
        return _parsed(text)

    def covers(self, other: Address) -> bool:
        """Whether a message for this address is for `other` too: `BE/customs/*` covers every office of BE."""
        return self.state == other.state and self.role == other.role and self.agency in (ANY, other.agency)

    def __str__(self) -> str:
        return f"{self.state}/{self.role.value}/{self.agency}"


@lru_cache(maxsize=4096)
def _parsed(text: str) -> Address:
    """The same few parties are named on every message, a dozen on each."""
    parts = text.split("/")
    if len(parts) != 3:
        raise UnreadableAddress(f"not STATE/role/agency: {text!r}")
    # Its own check tells a role that there is not.
    return Address(parts[0], parts[1], parts[2])  # type: ignore[arg-type]
