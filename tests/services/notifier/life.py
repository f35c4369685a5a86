"""A notification with the clocks that its State of export would set, for tests that live it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from notifier.domain.ending import end_of_cure, lapse
from notifier.domain.expiry import end_of_window, expire, warn, warnings
from notifier.domain.interruption import awaited, take_effect
from notifier.domain.notification import Notification
from notifier.domain.silence import clock_of, record_silence
from pic_schemas.messages import (
    NotificationClosed,
    NotificationExpired,
    NotificationInterrupted,
    SilenceRecorded,
)


@dataclass
class Life:
    """A notification with the clocks that its State of export would set."""

    notification: Notification
    day: date
    clocks: dict[tuple[str, str, int], datetime] = field(default_factory=dict)
    fired: Counter[str] = field(default_factory=Counter)
    known: set[tuple[str, str, int]] = field(default_factory=set)
    warned: list[datetime] = field(default_factory=list)
    ended: date | None = None

    @property
    def now(self) -> datetime:
        return datetime.combine(self.day, time(9), UTC)

    def listen(self) -> None:
        """What the commands schedule: an end of cure for each objection, an end of silence for each clock."""
        for asked in self.notification.authorities:
            if (end := end_of_cure(self.notification, asked.authority)) is not None:
                self.clocks.setdefault(("cure", asked.authority, asked.decision_version), end)
            if (clock := clock_of(self.notification, asked)) is not None:
                self.clocks.setdefault(("silence", asked.authority, 0), clock.due.due_at)
            if (waits := awaited(asked)) is not None:
                self.clocks.setdefault(("consent ends", asked.authority, waits[0]), waits[1])
        self._listen_for_the_end()

    def _listen_for_the_end(self) -> None:
        """A window that is over ends at once; else it has a clock, and one for each warning to come."""
        end = end_of_window(self.notification)
        if end is None:
            return
        if end <= self.now:
            self._expire(self.now)
            return
        planned = [("window", end)]
        planned += [("warning", datetime.combine(w.day, time(), UTC)) for w in warnings(self.notification)]
        for kind, at in planned:
            key = (kind, "", at.toordinal())
            if at > self.now and key not in self.known:
                self.known.add(key)
                self.clocks[key] = at

    def _expire(self, at: datetime) -> None:
        standing = self.notification.limits.valid_to if end_of_window(self.notification) else None
        for message in expire(self.notification, at):
            assert isinstance(message, NotificationExpired)
            assert message.valid_to == standing <= at.date(), "expired early"
            assert self.notification.state == "EXPIRED"
            assert self.ended is None or message.valid_to > self.ended, "expired twice"
            self.ended = message.valid_to

    def pass_days(self, days: int) -> None:
        """Every clock fires at its end, in the order of the ends, and once."""
        self.day += timedelta(days=days)
        for key, end in sorted(self.clocks.items(), key=lambda item: item[1]):
            if end <= self.now:
                del self.clocks[key]
                self._fire(key, end)

    def _fire(self, key: tuple[str, str, int], end: datetime) -> None:
        kind, authority, version = key
        if kind == "consent ends":
            for said in take_effect(self.notification, authority, end.date()):
                if isinstance(said, NotificationInterrupted):
                    assert said.effective_on == end.date(), "a consent ended on another day than was said"
                    self.fired[f"consent ends {authority} {version}"] += 1
            return
        if kind == "window":
            self._expire(end)
            return
        if kind == "warning":
            said = warn(self.notification, end.date())
            self.warned += [end] * len(said)
            assert len(set(self.warned)) == len(self.warned), "warned twice on one day"
            return
        if kind == "cure":
            said = lapse(self.notification, authority, end.date())
            assert all(isinstance(message, NotificationClosed) for message in said)
        else:
            said = record_silence(self.notification, authority, end)
            silences = [message for message in said if isinstance(message, SilenceRecorded)]
            assert all(message.clock_end <= end for message in silences)
            self.fired[f"silence {authority}"] += len(silences)
        self.fired["closed"] += sum(isinstance(message, NotificationClosed) for message in said)
