"""Receipt and certificate are the facility's to say, unless the State of export alone regulates the waste."""

from __future__ import annotations

import pytest

from notifier.domain.prenotification import prenotify
from notifier.domain.receipts import Arrival, certify, receive
from pic_schemas.refusal import Refused
from tests.services.notifier.story import JULY, authorised, load


def test_an_exporter_does_not_confirm_what_the_facility_confirms() -> None:
    notification = authorised()
    movement, _ = prenotify(notification, load(), JULY)
    for act in (
        lambda: receive(notification, movement, Arrival(JULY, 25_000), JULY),
        lambda: certify(notification, movement, JULY, JULY),
    ):
        with pytest.raises(Refused) as refusal:
            act()
        (found,) = refusal.value.findings
        assert (found.rule, found.article) == ("ONE_SIDED", "Art. 6(5)(a), 6(9)")
    assert (movement.receipt, movement.certificate) == (None, None)
