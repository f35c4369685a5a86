"""Generated requests to every operation: no 5xx, no undocumented answer, no accepted invalid body."""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from tests.support.fuzzing import Ground, Target, target

pytestmark = pytest.mark.fuzz

EXAMPLES = int(os.environ.get("PIC_FUZZ_EXAMPLES", "8"))
SEED = int(os.environ.get("PIC_FUZZ_SEED", "2026"))
SERVICES = {"single-window": "", "notifier": "/notifier", "consent": "/consent", "customs": "/customs"}
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    negative_data_rejection,
]
LEFT_OUT = {"/v1/events/stream": "it goes on for ten minutes; tests/services/single_window reads it"}
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)


@pytest.fixture(scope="module")
def exchange(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    with target(tmp_path_factory.mktemp("exchange")) as ready:
        yield ready


def operations(exchange: Target, prefix: str) -> Iterator[Any]:
    document = httpx.get(f"{exchange.url}{prefix}/openapi.json", timeout=60).json()
    for found in schemathesis.openapi.from_dict(document).get_all_operations():
        if found.ok().path not in LEFT_OUT:
            yield found.ok()


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.value)
def test_no_generated_request_leads_out_of_the_contract(
    service: str, mode: GenerationMode, exchange: Target
) -> None:
    prefix = SERVICES[service]
    answered: dict[str, Counter[int]] = {}
    broken = []
    for operation in operations(exchange, prefix):
        answers = answered.setdefault(operation.label, Counter())
        broken += broken_by(operation, mode, exchange, prefix, answers)
    print_answers(answered)
    if mode is GenerationMode.POSITIVE:
        broken += [f"{label}: nothing was sent" for label, answers in answered.items() if not answers]
    if broken:
        pytest.fail("\n\n".join(broken), pytrace=False)


def print_answers(answered: dict[str, Counter[int]]) -> None:
    """With -rP: how deep the requests went; an operation that only says 403 has not been tried."""
    for label, answers in answered.items():
        print(f"{label:70} {dict(sorted(answers.items()))}")


def broken_by(
    operation: Any, mode: GenerationMode, exchange: Target, prefix: str, answers: Counter[int]
) -> list[str]:
    """What the first request that leaves the contract says, if there is one."""
    dice = random.Random(f"{SEED}{operation.label}{mode}")

    @seed(SEED)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(operation.as_strategy(generation_mode=mode))
    def send(case: Case) -> None:
        ground = dice.choice(exchange.grounds)
        if mode is GenerationMode.POSITIVE:
            place(case, ground, dice)
        sent = headers(case, exchange, ground, dice)
        if mode is GenerationMode.NEGATIVE and "Idempotency-Key" in (case.headers or {}):
            sent.pop(
                "Idempotency-Key", None
            )  # a good one in its place could mend the only fault of the request
        answer = case.call(base_url=exchange.url + prefix, headers=sent)
        answers[answer.status_code] += 1
        case.validate_response(answer, checks=CHECKS)

    try:
        send()
    except (Exception, FailureGroup) as error:
        if mode is GenerationMode.NEGATIVE and isinstance(error, Unsatisfiable):
            return []  # an operation without any input has no invalid one
        return [f"{prefix} {operation.label}: {'; '.join(_leaves(error))}; {_answer(error)}"]
    return []


def _answer(error: BaseException) -> str:
    """What was answered, without the credentials that a request to repeat it would show."""
    return str(error).split("Reproduce with")[0][-600:].strip()


def _leaves(error: BaseException) -> list[str]:
    inner = getattr(error, "exceptions", [])
    return [leaf for one in inner for leaf in _leaves(one)] or [f"{type(error).__name__}: {error}"]


def place(case: Case, ground: Ground, dice: random.Random) -> None:
    """Mostly name what exists, or nothing but 404 is ever seen."""
    known = {"ref": ground.case, "declaration_id": ground.declaration, "shipment": 1, "world": ground.world}
    # A made-up position is refused before anything else is looked at.
    if case.headers and dice.random() < 0.9:
        case.headers.pop("Exchange-Position", None)
    if case.method == "DELETE":
        return
    for name in case.path_parameters or {}:
        if name in known and dice.random() < 0.8:
            case.path_parameters[name] = known[name]


def headers(case: Case, exchange: Target, ground: Ground, dice: random.Random) -> dict[str, str]:
    seats = allowed(case)
    if "operator" in seats and (seats == {"operator"} or dice.random() < 0.5):
        token = exchange.operator
    else:
        fitting = [token for seat, token in ground.tokens.items() if seat.split("/")[0] in seats]
        token = dice.choice(fitting or list(ground.tokens.values()))
    sent = {"Authorization": f"Bearer {token}"}
    return sent if case.method == "GET" else sent | {"Idempotency-Key": str(uuid4())}


def allowed(case: Case) -> set[str]:
    """The seats that the document names for this operation."""
    security = case.operation.definition.raw.get("security", [])
    return {scope for scheme in security for scopes in scheme.values() for scope in scopes}
