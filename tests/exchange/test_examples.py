"""The examples of the OpenAPI documents are what the scenarios send and how they are refused."""

from __future__ import annotations

import json

import pytest

from tests.support.recorded import home, record

pytestmark = pytest.mark.slow


async def test_the_examples_are_those_that_the_scenarios_make() -> None:
    """Remake them with `python -m tests.support.recorded`."""
    for service, examples in (await record()).items():
        assert json.loads(home(service).read_text("utf-8")) == examples, service
