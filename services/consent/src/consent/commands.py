"""One function for each thing an authority or a facility may ask for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time

from consent import watching
from consent.clocks import deadlines
from consent.domain import compliance, correspondence, withdrawal
from consent.domain.authority_file import AuthorityFile
from consent.domain.facility_file import FacilityFile
from consent.domain.notice_pair import NoticePair
from consent.domain.parties import concerned, correspondents
from consent.domain.shipment import Delivery, LaterOperation, Shipment
from consent.domain.withdrawal import Reason
from consent.movement_views import movement_view
from consent.store import authority_files, case_of, facility_files, notice_pairs
from consent.views import authority_file_view, decision_view, notice_pair_view
from pic_kit.access import Caller
from pic_kit.commands import Answer
from pic_kit.timers import Timer
from pic_kit.transaction import Work
from pic_law.clocks import END_OF_DAY
from pic_law.rules import rule
from pic_law.ruling import Ruling
from pic_law.silence import not_before
from pic_schemas.address import Address, Role
from pic_schemas.documents.import_notice import ImportNotice
from pic_schemas.documents.notification import NotificationDocument
from pic_schemas.messages import Message, Question

DECISION_DUE, CONSENT_ENDS = "decision-due", "consent-ends"


async def acknowledge(work: Work, caller: Caller, ref: str, received_on: date | None) -> Answer:
    """Acknowledge receipt; the decision clock starts where the law has one."""
    file = await _file_on_desk(work, caller, ref)
    today = work.now.date()
    said = file.acknowledge(received_on or today, today)
    if said.decision_due_at is not None:
        basis = {"rule": said.rule, "article": said.article, "profile": said.profile}
        due_at = not_before(said.decision_due_at, work.now, datetime.combine(today, END_OF_DAY))
        work.timers.schedule(Timer(file.world, file.case, DECISION_DUE, due_at, file.authority, basis=basis))
    return _file_answer(work, file, said)


async def confirm_contract(work: Work, caller: Caller, ref: str, reference: str) -> Answer:
    """Confirm that the contract on environmentally sound management exists."""
    file = await _file_on_desk(work, caller, ref)
    return _file_answer(work, file, file.confirm_contract(reference, work.now.date()))


async def decide(work: Work, caller: Caller, ref: str, ruling: Ruling) -> Answer:
    """Take a decision, or replace the one that stands."""
    file = await _file_on_desk(work, caller, ref)
    decision = file.decide(ruling, work.now.date())
    await work.timers.cancel(file.world, file.case, DECISION_DUE, file.authority)
    _say(work, file.case, decision, file.address, file.document)
    return Answer(decision_view(file, decision), 201, _etag(_next_version(work, file)))


async def ask(work: Work, caller: Caller, ref: str, questions: Sequence[Question]) -> Answer:
    """Ask the exporter for information; the decision clock stands still where the law halts it."""
    file = await _file_on_desk(work, caller, ref)
    said = correspondence.ask(file, questions, work.now.date())
    if "decision" in said.pauses:
        await work.timers.cancel(file.world, file.case, DECISION_DUE, file.authority)
    return _correspondence_answer(work, file, said, 201)


async def answer_change(
    work: Work, caller: Caller, ref: str, change: int, *, agrees: bool, reason: str | None
) -> Answer:
    """Agree to an essential change, or refuse it."""
    file = await _file_on_desk(work, caller, ref)
    said = correspondence.answer_change(file, change, agrees, reason, work.now.date())
    return _correspondence_answer(work, file, said, 200)


def resume_decision_clock(work: Work, file: AuthorityFile) -> None:
    """The answer is there: what was left of the decision clock runs on."""
    if file.acknowledgement is None or file.decision_due_at is None or file.decided:
        return
    said, restarts = file.acknowledgement, len(file.answers)
    basis = {"rule": said.rule, "article": said.article, "profile": said.profile}
    due_at = file.decision_due_at
    work.timers.schedule(
        Timer(file.world, file.case, DECISION_DUE, due_at, file.authority, restarts, basis=basis)
    )


async def withdraw(work: Work, caller: Caller, ref: str, reason: Reason) -> Answer:
    """Take a consent back for good."""
    file = await _file_on_desk(work, caller, ref)
    said = withdrawal.withdraw(file, reason, work.now.date())
    _await_the_day(work, file)
    return _file_answer(work, file, said)


async def suspend(work: Work, caller: Caller, ref: str, reason: Reason) -> Answer:
    """Take a consent back until the suspension is lifted."""
    file = await _file_on_desk(work, caller, ref)
    said = withdrawal.suspend(file, reason, work.now.date())
    _await_the_day(work, file)
    return _file_answer(work, file, said)


async def reinstate(work: Work, caller: Caller, ref: str, signatory: str, text: str) -> Answer:
    """Lift the suspension, or what was announced for a later day."""
    file = await _file_on_desk(work, caller, ref)
    return _file_answer(work, file, withdrawal.reinstate(file, signatory, text, work.now.date()))


def _await_the_day(work: Work, file: AuthorityFile) -> None:
    """A clock for each word of the authority; one whose word was lifted or overtaken is idle."""
    if (said := file.announced) is not None:
        due_at = datetime.combine(said.effective_on, time(), UTC)
        basis = {"article": said.article, "profile": said.profile}
        clock = Timer(file.world, file.case, CONSENT_ENDS, due_at, file.authority, said.version, basis=basis)
        work.timers.schedule(clock)


async def receive(work: Work, caller: Caller, ref: str, shipment: int, delivery: Delivery) -> Answer:
    """The facility says that a load arrived, and whether it accepts it."""
    file, found = await _shipment_at_gate(work, caller, ref, shipment)
    receipt = file.receive(found, delivery, work.now.date())
    return await _at_the_gate(work, file, found, receipt, "receipt_confirm")


async def correct_receipt(
    work: Work, caller: Caller, ref: str, shipment: int, kg: int, reason: str
) -> Answer:
    """The facility confirms or corrects the quantity that it received."""
    file, found = await _shipment_at_gate(work, caller, ref, shipment)
    return _movement_answer(work, file, found, file.correct(found, kg, reason, work.now.date()))


async def certify(
    work: Work, caller: Caller, ref: str, shipment: int, completed_on: date | None, kg: int | None
) -> Answer:
    """The facility certifies that the operation is completed."""
    file, found = await _shipment_at_gate(work, caller, ref, shipment)
    today = work.now.date()
    certificate = file.certify(found, completed_on or today, kg, today)
    return await _at_the_gate(work, file, found, certificate)


async def file_import_notice(
    work: Work, caller: Caller, number: str, reference: str, notice: ImportNotice
) -> Answer:
    """The importer's own notice of what is notified abroad under this number; the newest stands."""
    shelf = work.shelf(notice_pairs)
    pair = await shelf.get(caller.world, number) or shelf.add(NoticePair(caller.world, number))
    filed = pair.file(notice, reference, caller.address(Role.FACILITY), work.now.date())
    await settle_notices(work, pair)
    return Answer(notice_pair_view(pair, filed), 201)


async def settle_notices(work: Work, pair: NoticePair) -> None:
    """Under the lock on the pair: link, compare, and hold or free the consent of the authority of import."""
    if (exported := pair.exported) is None:
        return
    for sender, message in pair.settle(work.now.date()):
        _say(work, exported.case, message, sender, exported.document)
    desk = exported.document.block_15.import_.authority
    file = await work.shelf(authority_files).get(pair.world, exported.case, desk)
    if file is not None:
        file.notices = pair.compared


async def certify_later(work: Work, caller: Caller, ref: str, shipment: int, done: LaterOperation) -> Answer:
    """The interim facility passes on what the next facility certified."""
    file, found = await _shipment_at_gate(work, caller, ref, shipment)
    certificate = file.certify_later(found, done, work.now.date())
    return _movement_answer(work, file, found, certificate)


@deadlines.on(DECISION_DUE)
async def decision_came_due(work: Work, timer: Timer) -> None:
    """The day has come and nothing was decided: the file is late, nothing more is inferred."""
    file = await work.shelf(authority_files).get(timer.world, timer.case, timer.authority)
    if file is not None:
        file.decision_came_due()


@deadlines.on(CONSENT_ENDS)
async def consent_ends(work: Work, timer: Timer) -> None:
    """The day that was announced: the authority itself said so, and nobody is told twice."""
    file = await work.shelf(authority_files).get(timer.world, timer.case, timer.authority)
    if file is not None:
        withdrawal.take_effect(file, work.now.date())


async def _file_on_desk(work: Work, caller: Caller, ref: str) -> AuthorityFile:
    case = await case_of(work.connection, caller.world, ref)
    file = await work.shelf(authority_files).get(caller.world, case, caller.agency) if case else None
    if file is None or file.country != caller.state:
        raise rule("NOTIFICATION_UNKNOWN").refused("", f"no notification {ref} on this desk")
    return file


async def _shipment_at_gate(
    work: Work, caller: Caller, ref: str, shipment: int
) -> tuple[FacilityFile, Shipment]:
    case = await case_of(work.connection, caller.world, ref)
    file = await work.shelf(facility_files).get(caller.world, case) if case else None
    if file is None or file.country != caller.state or not file.concerns(caller.agency):
        raise rule("NOTIFICATION_UNKNOWN").refused("", f"no notification {ref} here")
    file.mind_the_caller(caller.agency)
    if (found := file.find(shipment)) is None:
        detail = f"shipment {shipment} of {file.number} was not prenotified"
        raise rule("MOVEMENT_UNKNOWN").refused("", detail)
    return file, found


def _say(work: Work, case: str, message: Message, sender: Address, document: NotificationDocument) -> None:
    work.emit(message, case=case, sender=sender, recipients=concerned(document))


def _file_answer(work: Work, file: AuthorityFile, message: Message) -> Answer:
    _say(work, file.case, message, file.address, file.document)
    version = _next_version(work, file)
    return Answer(authority_file_view(file, version, work.now.date()), headers=_etag(version))


def _correspondence_answer(work: Work, file: AuthorityFile, message: Message, status: int) -> Answer:
    readers = correspondents(file.document)
    work.emit(message, case=file.case, sender=file.address, recipients=readers)
    version = _next_version(work, file)
    return Answer(authority_file_view(file, version, work.now.date()), status, _etag(version))


def _movement_answer(work: Work, file: FacilityFile, shipment: Shipment, message: Message) -> Answer:
    _say(work, file.case, message, file.address, file.document)
    version = work.shelf(facility_files).version(file) + 1
    return Answer(movement_view(file, shipment, version), headers=_etag(version))


async def _at_the_gate(
    work: Work, file: FacilityFile, shipment: Shipment, message: Message, done: str | None = None
) -> Answer:
    """What the facility says; then what the authority of import has to say of its day."""
    answer = _movement_answer(work, file, shipment, message)
    if done is not None:
        watching.note(work, file, compliance.done_late(file, shipment, done, work.now.date()))
    await watching.watch(work, file, shipment)
    return answer


def _next_version(work: Work, file: AuthorityFile) -> int:
    """The version that this transaction will write."""
    return work.shelf(authority_files).version(file) + 1


def _etag(version: int) -> dict[str, str]:
    return {"ETag": f'"{version}"'}
