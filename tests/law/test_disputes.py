"""A load that authorities see differently is treated as the stricter view has it, by the rule of the day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from pic_law.disputes import Stated, prevailing, treated
from pic_law.views import View, disagreement

OLD, NEW = date(2026, 5, 20), date(2026, 5, 21)
FILM = Stated("CA", "BE", (), "B3011", "R3")


def test_of_two_lists_the_stricter_one_applies_under_the_regulation_of_the_day() -> None:
    for day, article in ((OLD, "Art. 28(2)"), (NEW, "Art. 29")):
        found = treated(FILM, [View("BE", code="Y48")], day)
        assert found is not None
        assert found.outcome == "PIC"
        assert [(step.rule, step.article) for step in prevailing(found)] == [("WHICH_LIST", article)]


def test_a_milder_view_changes_nothing_and_is_named() -> None:
    found = treated(replace(FILM, code="Y48"), [View("CA", code="B3011")], NEW)
    assert found is not None
    assert (found.outcome, len(prevailing(found))) == ("PIC", 1)


def test_the_same_view_is_no_disagreement() -> None:
    found = treated(FILM, [View("BE", code="B3011", operation="R3")], NEW)
    assert found is not None
    assert (found.outcome, prevailing(found)) == ("GENERAL_INFO", ())


def test_goods_declared_as_no_waste_are_waste_where_an_authority_sees_it() -> None:
    goods = replace(FILM, code=None)
    assert treated(goods, [], NEW) is None
    found = treated(goods, [View("BE", code="Y48")], NEW)
    assert found is not None
    assert (found.outcome, prevailing(found)[0].rule) == ("PIC", "WASTE_OR_NOT")


def test_recovery_that_an_authority_takes_for_disposal_is_treated_as_disposal() -> None:
    film = Stated("BE", "MX", (), "Y48", "R3")
    plain, seen = treated(film, [], NEW), treated(film, [View("BE", operation="D1")], NEW)
    assert plain is not None
    assert seen is not None
    assert (plain.prohibited, seen.prohibited) == (False, True)


def test_the_successor_of_article_28_is_marked_as_not_read_in_full() -> None:
    for about in ("waste", "list", "operation"):
        older, newer = disagreement(about, OLD), disagreement(about, NEW)
        assert older is not None
        assert newer is not None
        assert (older.verified, newer.verified) == (True, False)
