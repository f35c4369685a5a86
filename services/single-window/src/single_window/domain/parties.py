"""Who may see a case: States through their authorities and customs, companies by their registration."""

from __future__ import annotations

from collections.abc import Iterable

from pic_schemas.address import ANY, Address, Role

OF_STATES = {Role.COMPETENT_AUTHORITY, Role.CUSTOMS}
OF_COMPANIES = {Role.EXPORTER, Role.FACILITY, Role.CARRIER}


def party(address: Address) -> str | None:
    """The party behind an address; None for the exchange itself."""
    if address.role in OF_STATES:
        return f"state:{address.state}"
    if address.role in OF_COMPANIES and address.agency != ANY:
        return f"company:{address.agency}"
    return None


def parties_of(state: str, agency: str, roles: Iterable[str]) -> list[str] | None:
    """The parties that a caller speaks for; None when it may see its whole world."""
    held = set(roles)
    if Role.OBSERVER in held:
        return None
    found = [f"state:{state}"] if held & OF_STATES else []
    return found + ([f"company:{agency}"] if held & OF_COMPANIES else [])
