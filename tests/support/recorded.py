"""Remakes the OpenAPI examples: `python -m tests.support.recorded` plays the scenarios and listens."""

from __future__ import annotations

import asyncio
import json
import re
import tempfile
from pathlib import Path
from typing import Any

from pic_exchange.here import exchange_here
from pic_replay.exchange import Exchange, Reply
from pic_replay.runner import Runner
from pic_replay.scenario import find_scenarios, load_scenario
from tests.support.exchanges import ROOT, SCENARIOS, SECRET

HOMES = {
    "notifier": "services/notifier/src/notifier/api",
    "consent": "services/consent/src/consent/api",
    "customs": "services/customs-gateway/src/customs_gateway/api",
}
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
SOME_ID = "5f0c2f6e-8a34-5c1e-9d52-0f6f5b8f2a11"

Examples = dict[str, dict[str, Any]]


class Listening(Exchange):
    """Keeps the first body of every endpoint, and the first problem of every status."""

    def __init__(self, exchange: Exchange) -> None:
        super().__init__(exchange.url, SECRET, transport=exchange.transport)
        self.paths: dict[str, list[str]] = {}
        self.found: dict[str, Examples] = {service: {} for service in HOMES}

    async def request(self, method: str, path: str, **kwargs: Any) -> Reply:
        reply = await super().request(method, path, **kwargs)
        service, _, rest = path.lstrip("/").partition("/")
        if service in HOMES and method != "GET" and (template := self._template(service, f"/{rest}")):
            example = self.found[service].setdefault(f"{method} {template}", {})
            if reply.status >= 400:
                problem = {**reply.body, "instance": template}
                example.setdefault("problems", {}).setdefault(str(reply.status), _timeless(problem))
            elif isinstance(kwargs.get("body"), dict) and kwargs["body"]:
                example.setdefault("body", _timeless(kwargs["body"]))
        return reply

    def _template(self, service: str, path: str) -> str | None:
        plain = path.split("?", maxsplit=1)[0]
        fitting = [t for t in self.paths[service] if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", t), plain)]
        return min(fitting, key=lambda template: template.count("{"), default=None)


def _timeless(value: Any) -> Any:
    """Ids differ from run to run; one id stands for all."""
    return json.loads(UUID.sub(SOME_ID, json.dumps(value)))


async def record() -> dict[str, Examples]:
    """Play every scenario of the library. Examples by service, then endpoint."""
    with tempfile.TemporaryDirectory() as folder:
        async with exchange_here(Path(folder), secret=SECRET) as here, Listening(here) as exchange:
            for service in HOMES:
                document = (await exchange.request("GET", f"/{service}/openapi.json")).body
                exchange.paths[service] = list(document["paths"])
            for path in find_scenarios([SCENARIOS]):
                outcome = await Runner(exchange, load_scenario(path)).play()
                assert outcome.failures == []
            return {service: _sorted(found) for service, found in exchange.found.items()}


def _sorted(found: Examples) -> Examples:
    return {name: example for name, example in sorted(found.items()) if example}


def written(examples: Examples) -> str:
    return json.dumps(examples, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def home(service: str) -> Path:
    return ROOT / HOMES[service] / "examples.json"


if __name__ == "__main__":
    for service, examples in asyncio.run(record()).items():
        home(service).write_text(written(examples), "utf-8")
