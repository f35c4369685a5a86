"""Templates become pages, under a policy that forbids everything that is not the console's own."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from typing import Any

from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from single_window.console import words
from single_window.domain.sentences import tonnes

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    # Not `no-referrer`: with it a browser would send `Origin: null` with the console's own forms.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@cache
def templates() -> Environment:
    environment = Environment(
        loader=PackageLoader("single_window.console"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "basis": words.basis,
        "country": words.country,
        "day": day,
        "moment": moment,
        "role": words.role,
        "state": words.state,
        "tone": words.tone,
        "tonnes": tonnes,
    }
    return environment


def page(template: str, status: int = 200, **context: Any) -> HTMLResponse:
    """A page of a case is kept by no cache: the next one at this machine may hold another seat."""
    text = templates().get_template(template).render(**context)
    return HTMLResponse(text, status, HEADERS | {"Cache-Control": "no-store"})


def moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


def day(at: date | datetime) -> str:
    return f"{at:%Y-%m-%d}"
