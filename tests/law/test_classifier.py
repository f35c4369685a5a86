"""Composition, contamination and operation decide the plastic-waste entry: the published vectors."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pic_law import library
from pic_law.classifier import Classification, classify
from pic_law.codes import code_list
from pic_schemas.documents.waste import Contaminant, Polymer
from pic_schemas.refusal import Refused

PUBLISHED = library.statute("classifier_vectors")
TODAY = date(2026, 6, 1)


def classified(composition: dict[str, Any], **known: Any) -> Classification:
    polymers = [Polymer(code=code, percent=Decimal(str(share))) for code, share in composition.items()]
    stated = known.pop("contamination", {}).items()
    foreign = [Contaminant(kind=kind, percent=Decimal(str(share))) for kind, share in stated]
    return classify(polymers, foreign, known.pop("operation", "R3"), **{"on": TODAY, **known})


@pytest.mark.parametrize("vector", PUBLISHED["vectors"], ids=lambda vector: vector["id"])
def test_a_published_vector(vector: dict[str, Any]) -> None:
    load, expected = {**PUBLISHED["defaults"], **vector["given"]}, vector["expect"]
    if "refused" in expected:
        with pytest.raises(Refused, match=expected["refused"]):
            classified(**load)
        return
    found = classified(**load)
    assert found.code == expected["code"]
    assert {s: found.parallel.get(s) for s in expected.get("parallel", {})} == expected.get("parallel", {})
    failed = [reason.test for reason in found.trail[1:] if not reason.met]
    assert failed == expected.get("failed", failed)
    used = [limit.id for limit in found.thresholds]
    assert used == expected.get("thresholds", used)


def test_the_vectors_have_names_of_their_own_and_cover_all_three_entries() -> None:
    ids = [vector["id"] for vector in PUBLISHED["vectors"]]
    assert len(set(ids)) == len(ids)
    assert {v["expect"].get("code") for v in PUBLISHED["vectors"]} == {"A3210", "B3011", "Y48", None}


def test_every_reason_says_where_it_stands() -> None:
    found = classified({"PE": 97}, origin="CA", destination="BE")
    assert [reason.test for reason in found.trail if not (reason.source and reason.article)] == []
    assert not found.verified  # a guideline's number, from a secondary source
    assert [(limit.id, limit.binding) for limit in found.thresholds] == [("EU_GUIDELINE_12_IN", False)]


@given(
    polymer=st.sampled_from(sorted(map(str, code_list("polymer").keys))),
    share=st.decimals(0, 100, places=2),
    dirt=st.decimals(0, 10, places=2),
)
def test_more_dirt_never_makes_a_load_cleaner(polymer: str, share: Decimal, dirt: Decimal) -> None:
    if share == 0:
        return
    clean = classified({polymer: share}, post_consumer=False)
    dirty = classified({polymer: max(share - dirt, Decimal("0.01"))}, post_consumer=False)
    assert not (clean.code == "Y48" and dirty.code == "B3011")


@given(polymer=st.sampled_from(sorted(map(str, code_list("polymer").keys))))
def test_a_hazardous_load_is_a3210_whatever_it_is_made_of(polymer: str) -> None:
    found = classified({polymer: 100}, constituents=["Y31"], characteristics=["H12"])
    assert found.code == "A3210"
