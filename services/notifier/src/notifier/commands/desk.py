"""What every command needs: the notification as the caller may touch it, and a way to say what happened."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from notifier.domain.notification import Notification
from notifier.domain.parties import concerned, may_see, mind_the_authority
from notifier.domain.refusals import unknown
from notifier.store import NOTIFICATIONS, Kept, held
from pic_kit.access import Caller
from pic_kit.problems import PreconditionFailed
from pic_kit.transaction import Work
from pic_schemas.address import Address, Role
from pic_schemas.messages import Message


def say(
    work: Work,
    notification: Notification,
    messages: Iterable[Message],
    sender: Address,
    recipients: Iterable[Address] | None = None,
) -> Kept:
    """Tell everybody whom the case concerns at this point, or only those who are named."""
    recipients = concerned(notification) if recipients is None else recipients
    for message in messages:
        work.emit(
            message,
            case=notification.case,
            sender=sender,
            recipients=recipients,
            state=notification.exporter.state,
        )
    return kept_now(work, notification)


def by_authority(work: Work, notification: Notification, messages: Iterable[Message]) -> Kept:
    return say(work, notification, messages, notification.export_authority)


def kept_now(work: Work, notification: Notification) -> Kept:
    # The row is written after the command, one version on.
    return Kept(notification, work.shelf(NOTIFICATIONS).version(notification) + 1, today(work))


def today(work: Work) -> date:
    return work.now.date()


async def of_concern(work: Work, caller: Caller, ref: str, *roles: Role) -> Notification:
    seats = [caller.address(role) for role in roles if role in caller.roles]
    notification = await held(work, ref)
    if notification is None or not may_see(notification, seats):
        raise unknown(ref)
    return notification


async def as_exporter(work: Work, caller: Caller, ref: str) -> Notification:
    return await of_concern(work, caller, ref, Role.EXPORTER)


async def as_export_authority(work: Work, caller: Caller, ref: str) -> Notification:
    notification = await of_concern(work, caller, ref, Role.COMPETENT_AUTHORITY)
    mind_the_authority(notification, caller.address(Role.COMPETENT_AUTHORITY))
    return notification


def mind_the_version(work: Work, notification: Notification, if_match: str | None) -> None:
    stands = work.shelf(NOTIFICATIONS).version(notification)
    if if_match is not None and if_match.strip() not in ("*", f'"{stands}"'):
        raise PreconditionFailed(f'the draft is at version "{stands}"')
