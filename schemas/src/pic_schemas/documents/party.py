"""The parties of both documents: structure P of the agreed form."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from pic_schemas.documents.base import Country, RegistrationNo, Strict, Text
from pic_schemas.documents.transport import MeansOfTransport

Email = Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+$", max_length=254)]


class Party(Strict):
    """Name and address as the form prints them; the registration number may be missing."""

    registration_no: RegistrationNo | None = Field(default=None, title="Registration No")
    name: Text = Field(title="Name")
    address: Text = Field(title="Address")
    country: Country = Field(title="Country")
    contact_person: Text = Field(title="Contact person")
    tel: Text = Field(title="Tel")
    fax: Text | None = Field(default=None, title="Fax")
    email: Email = Field(title="E-mail")


class RegisteredParty(Party):
    """A party addressed on the exchange: its registration number is its agency id and must be there."""

    registration_no: RegistrationNo = Field(title="Registration No")


class Carrier(RegisteredParty):
    """An intended carrier with the means of transport it uses (block 8)."""

    means: tuple[MeansOfTransport, ...] = Field(min_length=1, title="Means of transport")


class Generators(Strict):
    """Who produced the waste, where and in which process (block 9)."""

    generators: tuple[Party, ...] = Field(min_length=1, title="Waste generator(s) - producer(s)")
    site_and_process: Text = Field(title="Site and process of generation")


class Facility(Strict):
    """Where the waste is disposed of or recovered (block 10); later facilities for interim operations."""

    kind: Literal["disposal", "recovery"] = Field(title="Disposal facility or recovery facility")
    facility: RegisteredParty = Field(title="Facility")
    actual_site: Text | None = Field(default=None, title="Actual site of disposal/recovery")
    subsequent: tuple[RegisteredParty, ...] = Field(default=(), title="Subsequent facilities")
