"""CH20 and CH22: what other cases say about the same companies, containers and references."""

from __future__ import annotations

from customs_gateway.domain.checks.examination import Examination, failed, passed
from pic_schemas.messages import CheckResult


def no_case_is_open_on_the_parties(examination: Examination) -> CheckResult:
    if found := examination.elsewhere.open_cases:
        return failed("CH20", "; ".join(found), "/exporter")
    return passed("CH20", "no illegal-traffic or take-back case is open on the parties")


def container_and_reference_are_free(examination: Examination) -> CheckResult:
    if found := examination.elsewhere.in_use:
        pointer = "/equipment" if any(one.startswith("container") for one in found) else "/ucr"
        return failed("CH22", "; ".join(found), pointer)
    return passed("CH22", "containers and consignment reference are in no other open movement")
