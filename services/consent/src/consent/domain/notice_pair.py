"""Two notices of one movement, the exporter's from abroad and the importer's own, and how they compare."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pic_law.dual_notices import DualNotice, differences, notices_wanted
from pic_law.rules import rule
from pic_schemas.address import Address, Role
from pic_schemas.documents.import_notice import ImportNotice
from pic_schemas.documents.notification import NotificationDocument
from pic_schemas.messages import CaseLinked, Difference, Message, NoticesCompared


@dataclass(slots=True)
class Exported:
    """The exporter's notice as it reached the authority of import, and its case."""

    case: str
    document: NotificationDocument


@dataclass(slots=True)
class Filed:
    """The importer's notice; a correction is the next version."""

    notice: ImportNotice
    reference: str
    version: int
    filed_on: date

    @property
    def importer(self) -> Address:
        named = self.notice.block_2
        return Address(named.country, Role.FACILITY, named.registration_no)


@dataclass(slots=True)
class NoticePair:
    """Known by the number of the foreign notice, whichever document comes first; its row is the lock."""

    world: str
    number: str
    exported: Exported | None = None
    filed: Filed | None = None
    linked_version: int = 0
    compared: NoticesCompared | None = None

    def file(self, notice: ImportNotice, reference: str, caller: Address, today: date) -> Filed:
        """The importer files its own notice, or files it anew: the newest stands."""
        mind_the_importer(notice, caller)
        if self.filed is not None and self.filed.importer != caller:
            raise rule("IMPORTER_IS_CALLER").refused("", f"{self.number} is another importer's notice")
        if notices_wanted(notice, today) is None:
            states = f"{notice.block_15.export.country} to {notice.block_15.import_.country}"
            raise rule("IMPORT_NOTICE_UNASKED").refused("/notice/block_15", f"{states}: nothing is compared")
        version = self.filed.version + 1 if self.filed else 1
        self.filed = Filed(notice, reference, version, today)
        return self.filed

    def hear_export(self, case: str, document: NotificationDocument) -> None:
        """The exporter's notice reached the authority of import, for the first time or changed."""
        self.exported = Exported(case, document)

    def settle(self, today: date) -> list[tuple[Address, Message]]:
        """Link and compare as soon as both are there; who says what."""
        exported, filed = self.exported, self.filed
        law = notices_wanted(exported.document, today) if exported else None
        if exported is None or filed is None or law is None:
            return []
        said: list[tuple[Address, Message]] = []
        if self.linked_version < filed.version:
            self.linked_version = filed.version
            said.append((filed.importer, self._linked(filed)))
        self.compared = self._compared(law, exported.document, filed, today)
        desk = exported.document.block_15.import_
        said.append((Address(desk.country, Role.COMPETENT_AUTHORITY, desk.authority), self.compared))
        return said

    def _linked(self, filed: Filed) -> CaseLinked:
        return CaseLinked(
            number=self.number,
            reference=filed.reference,
            importer=filed.importer.agency,
            notice_version=filed.version,
            filed_on=filed.filed_on,
            document=filed.notice,
        )

    def _compared(
        self, law: DualNotice, exported: NotificationDocument, filed: Filed, today: date
    ) -> NoticesCompared:
        found = differences(law, exported, filed.notice)
        return NoticesCompared(
            number=self.number,
            authority=exported.block_15.import_.authority,
            reference=filed.reference,
            notice_version=filed.version,
            compared_on=today,
            policy=law.policy,
            agree=not found,
            differences=tuple(
                Difference(
                    field=one.field,
                    pointer=one.pointer,
                    export_notice=one.export_notice or "-",
                    import_notice=one.import_notice or "-",
                )
                for one in found
            ),
            rule=law.id,
            article=law.article,
        )


def mind_the_importer(notice: ImportNotice, caller: Address) -> None:
    """Nobody files a notice for somebody else, nor in another State than its own."""
    named = notice.block_2
    if (named.country, named.registration_no) != (caller.state, caller.agency):
        detail = f"block 2 names {named.registration_no} of {named.country}, the caller is {caller.agency}"
        raise rule("IMPORTER_IS_CALLER").refused("/notice/block_2/registration_no", detail)


def mind_agreement(document: NotificationDocument, compared: NoticesCompared | None, lodged_on: date) -> None:
    """Consent waits until both notices are there and agree. Raises Refused (NOTICES_DIFFER)."""
    law = notices_wanted(document, lodged_on, holding=True)
    if law is None or (compared is not None and compared.agree):
        return
    found = compared.differences if compared else ()
    against = ", ".join(one.field for one in found)
    detail = f"they differ in {against}" if found else "the importer has filed no notice under this number"
    raise rule("NOTICES_DIFFER").refused(found[0].pointer if found else "", detail)
