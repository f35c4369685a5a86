"""Every check that customs make, in the order of their numbers; all are made, whatever the first one says."""

from __future__ import annotations

from collections.abc import Callable

from customs_gateway.domain.checks import (
    consents,
    elsewhere,
    filing,
    goods,
    parties,
    permits,
    procedure,
    shipment,
    transit,
    transport,
)
from customs_gateway.domain.checks.examination import Examination
from pic_schemas.messages import CheckResult

Check = Callable[[Examination], CheckResult]

CHECKS: tuple[Check, ...] = (
    procedure.what_the_procedure_asks_is_presented,  # CH01
    consents.number_is_known,  # CH02
    consents.notification_is_authorised,  # CH03
    consents.every_authority_has_consented,  # CH04
    consents.day_is_inside_the_window,  # CH05
    shipment.shipment_is_within_the_total,  # CH06
    shipment.quantity_is_available,  # CH07
    shipment.movement_document_is_present,  # CH08
    shipment.movement_was_announced,  # CH09
    parties.companies_are_those_notified,  # CH10
    transport.carrier_is_notified,  # CH11
    transport.crosses_where_it_was_notified,  # CH12
    goods.tariff_line_fits_the_waste_code,  # CH13
    goods.code_and_operation_are_consistent,  # CH14
    transport.weight_is_near_the_declared,  # CH15
    transport.equipment_is_that_of_the_movement,  # CH16
    parties.guarantee_is_effective,  # CH17
    permits.national_permits_are_cited,  # CH18
    procedure.movement_is_not_prohibited,  # CH19
    elsewhere.no_case_is_open_on_the_parties,  # CH20
    goods.load_is_as_clean_as_declared,  # CH21
    elsewhere.container_and_reference_are_free,  # CH22
    parties.facility_is_licensed,  # CH23
    transit.transit_is_stamped_and_discharged,  # CH24
    filing.filing_states_the_consent_numbers,  # CH25
)


def examine(examination: Examination) -> tuple[CheckResult, ...]:
    """Every result, passed or not."""
    return tuple(check(examination) for check in CHECKS)
