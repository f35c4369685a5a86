"""The fields of a declaration, each as its element of the WCO Data Model writes it."""

from __future__ import annotations

from typing import Any

import pytest

from customs_gateway.api.bodies import DeclarationBody
from customs_gateway.domain.elements import written_otherwise
from pic_law.data_elements import Form, bridges, elements, mismatches
from pic_schemas.documents.transport import Equipment
from pic_schemas.messages import DeclarationDocument
from tests.services.customs_gateway import story
from tests.services.customs_gateway.border import Border


def _document(**fields: Any) -> dict[str, Any]:
    return {"documents": (DeclarationDocument(**{"category": "C", "type": "669", "id": "N"} | fields),)}


def _found(**changes: Any) -> list[tuple[str, str]]:
    findings = written_otherwise(story.declared(**changes))
    return [(one.pointer, one.article) for one in findings]


def test_every_field_has_an_element_or_is_said_to_have_none() -> None:
    told = {one.split("/")[1] for one in (*elements(), *(bridge.field for bridge in bridges()))}
    assert told == set(DeclarationBody.model_fields)
    of_documents = {one.split("/")[-1] for one in elements() if one.startswith("/documents")}
    assert of_documents | {"reason"} == set(DeclarationDocument.model_fields)


def test_what_a_declaration_usually_says_fits() -> None:
    assert _found(**_document(writeoff_kg=25_000), value="10000000000.99", currency="CAD") == []


@pytest.mark.parametrize(
    ("changes", "pointer", "element"),
    [
        ({"ucr": "U" * 36}, "/ucr", "016 (class 35B UCR)"),
        (_document(id="N" * 71), "/documents/0/id", "D005 (class 02A AdditionalDocument)"),
        (_document(category="CERT"), "/documents/0/category", "D031 (class 02A AdditionalDocument)"),
        (_document(type="6699"), "/documents/0/type", "D006 (class 02A AdditionalDocument)"),
        (
            _document(exemption_code="A201"),
            "/documents/0/exemption_code",
            "360 (class 02A AdditionalDocument)",
        ),
        ({"equipment": (Equipment(id="B" * 18),)}, "/equipment/0/id", "159 (class 31B TransportEquipment)"),
        (
            {"equipment": (Equipment(id="BETU1"), Equipment(id="BETU2", seals=("A", "S" * 36)))},
            "/equipment/1/seals/1",
            "165 (class 44B Seal)",
        ),
        (
            {"equipment": (Equipment(id="BE\u2028TU"),)},
            "/equipment/0/id",
            "159 (class 31B TransportEquipment)",
        ),
    ],
)
def test_what_is_longer_than_its_element_is_told_with_the_element(
    changes: dict[str, Any], pointer: str, element: str
) -> None:
    assert _found(**changes) == [(pointer, element)]


@pytest.mark.parametrize("code", ["669", "C669", "MY_SIRIM_COA", "US_IMPORT_CONSENT"])
def test_a_type_is_a_code_with_or_without_its_letter_or_the_name_of_a_national_permit(code: str) -> None:
    assert _found(**_document(type=code)) == []


@pytest.mark.parametrize(
    ("form", "fits", "does_not"),
    [
        (Form("an", True, 3, 0), ["669", "a b"], ["6699", "6\t9"]),
        (Form("a", False, 2, 0), ["CA"], ["C", "CAN", "C1"]),
        (Form("n", False, 1, 0), ["3"], ["12", "S"]),
        (Form("n", True, 16, 6), ["25000", "0.123456", "1" * 16], ["0.1234567", "1" * 17, "-1"]),
    ],
)
def test_formats_are_read_as_the_data_model_writes_them(
    form: Form, fits: list[str], does_not: list[str]
) -> None:
    assert [form.holds(one) for one in fits] == [True] * len(fits)
    assert [form.holds(one) for one in does_not] == [False] * len(does_not)


def test_an_element_whose_format_was_not_read_refuses_nothing() -> None:
    unread = [one for one in elements().values() if not one.verified]
    assert unread
    assert all(mismatches(one.field, one.field, "x" * 4000) == [] for one in unread)


async def test_every_such_field_is_refused_at_once_with_what_cannot_be_true(border: Border) -> None:
    await border.ready()
    documents = [{"category": "C", "type": "669", "id": "N" * 71}]
    answer = await border.lodge(documents=documents, equipment=[{"id": "B" * 18}])
    assert answer.status_code == 422
    told = [(one["rule"], one["pointer"]) for one in answer.json()["errors"]]
    assert told == [
        ("DATA_ELEMENT", "/documents/0/id"),
        ("DATA_ELEMENT", "/equipment/0/id"),
        ("CH02", "/documents/0/id"),
    ]
    assert (await border.get(f"/v1/ledger/{story.CASE}")).json()["available_kg"] == 25_000
