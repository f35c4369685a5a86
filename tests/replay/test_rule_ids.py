"""The rules that a message cites, each with the words that stand beside it."""

from __future__ import annotations

from typing import Any

import pytest

from pic_replay.rule_ids import cited_in


@pytest.mark.parametrize(
    ("data", "cited"),
    [
        ({"rule": "NON_PARTY", "article": "Art. 4(5)"}, [("NON_PARTY", "Art. 4(5)")]),
        ({"clock_rule": "EU_2024.tacit", "article": "Art. 9"}, [("EU_2024.tacit", "Art. 9")]),
        (
            {"finish_rule": "CANADA.finish", "article": "s. 26(1)(w)", "finish_article": "s. 26(1)(v)"},
            [("CANADA.finish", "s. 26(1)(v)")],
        ),
        ({"rule": "", "article": "Art. 8"}, []),
        (
            {"checks": [{"id": "CH03", "outcome": "fail", "title": "A consent stands"}]},
            [("CH03", "fail A consent stands")],
        ),
        ({"id": "CH03", "title": "no check without an outcome"}, []),
    ],
)
def test_a_citation_has_the_article_that_stands_beside_its_rule(
    data: dict[str, Any], cited: list[tuple[str, str]]
) -> None:
    assert list(cited_in(data)) == cited
