"""Signatures, declarations and annexes."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from pic_schemas.documents.base import Strict, Text

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Signature(Strict):
    """Who signed and when."""

    name: Text = Field(title="Name")
    signed_on: date = Field(title="Date")
    signature: Text = Field(title="Signature")


class Declaration(Strict):
    """The notifier certifies contract, insurance and guarantee (block 17)."""

    notifier: Signature = Field(title="Exporter's - notifier's")
    generator: Signature | None = Field(default=None, title="Generator's - producer's")


class MovementDeclaration(Strict):
    """The notifier certifies that contract, insurance and every necessary consent are there (movement 15)."""

    notifier: Signature = Field(title="Exporter's - notifier's")
    all_consents_received: bool = Field(title="All necessary consents have been received")


class Annex(Strict):
    """One attached document, known by its digest; the bytes stay behind the front door."""

    block: int = Field(ge=1, le=21)
    kind: Text
    sha256: Sha256
    media_type: Text
    size: int = Field(ge=1)


class Annexes(Strict):
    """Number of annexes attached (block 18), each citing the block it belongs to."""

    total: int = Field(ge=0, title="Number of annexes attached")
    attached: tuple[Annex, ...] = ()
