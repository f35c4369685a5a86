"""Two notices of one movement: the importer's own, linked to the exporter's, and how they compare."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

from pic_schemas.documents.base import AuthorityCode, RegistrationNo, Strict, Text
from pic_schemas.documents.import_notice import ImportNotice
from pic_schemas.messages.base import AUTHORITY, EXPORTER, FACILITY, Message, Service, Version
from pic_schemas.numbers import NumberText


class CaseLinked(Message):
    """The importer's own notice was linked to the case by the foreign notice number that it states."""

    type = "pic.case.linked.v1"
    owner: ClassVar[Service] = "consent"
    senders = (FACILITY,)
    receivers = (AUTHORITY, EXPORTER, FACILITY)
    basis = "SOR/2021-25 s. 8, 20; EPA, alert for exporters to Canada (2018)"

    number: NumberText
    reference: Text
    importer: RegistrationNo
    notice_version: Version
    filed_on: date
    document: ImportNotice


class Difference(Strict):
    """One entry that the two notices state differently; the pointer names its place in both."""

    field: Text
    pointer: str
    export_notice: str
    import_notice: str


class NoticesCompared(Message):
    """The authority of import compared the two notices; until they agree it consents to nothing."""

    type = "pic.notices.compared.v1"
    owner: ClassVar[Service] = "consent"
    senders = (AUTHORITY,)
    receivers = (AUTHORITY, EXPORTER, FACILITY)
    basis = "EPA, alert for exporters to Canada (2018): the entries match exactly"

    number: NumberText
    authority: AuthorityCode
    reference: Text
    notice_version: Version
    compared_on: date
    policy: Literal["exact", "tolerant"]
    agree: bool
    differences: tuple[Difference, ...] = ()
    rule: Text
    article: str
