"""Requests for information and their answers, and what follows when no answer comes."""

from __future__ import annotations

from collections.abc import Sequence

from notifier.commands.desk import as_export_authority, as_exporter, by_authority, say, today
from notifier.commands.silence import watch_for_silence
from notifier.domain import ending, inquiries
from notifier.domain.parties import readers
from notifier.store import Kept
from pic_kit.access import Caller
from pic_kit.transaction import Work
from pic_schemas.messages import Question, Reply


async def ask(work: Work, caller: Caller, ref: str, questions: Sequence[Question]) -> Kept:
    """The authority of export asks before it transmits."""
    notification = await as_export_authority(work, caller, ref)
    said = inquiries.ask(notification, questions, today(work))
    return say(work, notification, said, notification.export_authority, readers(notification))


async def answer(
    work: Work,
    caller: Caller,
    ref: str,
    authority: str,
    request: int,
    *,
    replies: Sequence[Reply],
    attached: Sequence[str],
) -> Kept:
    """The exporter answers whoever asked; every authority of the case reads it."""
    notification = await as_exporter(work, caller, ref)
    said = inquiries.answer(notification, authority, request, replies, attached, today(work))
    if inquiries.runs_on(notification, authority, request):
        # The clock that stood still runs on as a timer of its own.
        watch_for_silence(work, notification, authority, restarts=request)
    return say(work, notification, said, notification.exporter, readers(notification))


async def declare_invalid(work: Work, caller: Caller, ref: str, reason: str) -> Kept:
    notification = await as_export_authority(work, caller, ref)
    return by_authority(work, notification, inquiries.declare_invalid(notification, reason, today(work)))


async def withdraw(work: Work, caller: Caller, ref: str, reason: str) -> Kept:
    """The exporter takes the notification back; its number is not used again."""
    notification = await as_exporter(work, caller, ref)
    said = ending.withdraw(notification, reason, today(work))
    return say(work, notification, said, notification.exporter)
