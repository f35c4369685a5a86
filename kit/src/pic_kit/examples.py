"""Examples in a service's OpenAPI document: what scenarios sent, and how they were refused."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

from fastapi import FastAPI

JSON, PROBLEM = "application/json", "application/problem+json"


def show_examples(app: FastAPI, package: str) -> None:
    """Put the package's `examples.json` into the document: `{"POST /v1/...": {"body", "problems"}}`."""
    examples: dict[str, Any] = json.loads((files(package) / "examples.json").read_text("utf-8"))
    plain = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = plain()
            for name, example in examples.items():
                method, path = name.split(" ")
                _show(document["paths"][path][method.lower()], example)
        return plain()

    # As FastAPI documents it: its own method is replaced.
    app.openapi = openapi  # type: ignore[method-assign]


def _show(operation: dict[str, Any], example: dict[str, Any]) -> None:
    if "body" in example:
        operation["requestBody"]["content"][JSON]["example"] = example["body"]
    for status, problem in example.get("problems", {}).items():
        operation["responses"][status]["content"][PROBLEM]["example"] = problem
