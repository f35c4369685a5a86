"""RFC 9457 problems: every refusal names rule, article and field. One table maps errors to HTTP."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException

from pic_kit.access import KeysUnavailable, OtherWorld, SeatForbidden, Unauthenticated
from pic_kit.database import Conflict, Unavailable, cannot_hold, is_transient
from pic_kit.outgoing import AlreadySaid, TooMuchSaid
from pic_kit.worlds import ClockMoving, WorldGone, WorldUnknown
from pic_schemas.refusal import Finding, Refused, pointer

log = structlog.get_logger("http")
MEDIA_TYPE = "application/problem+json"
Explain = Callable[[Sequence[str | int], str, object], Finding]
"""Of a place in the body, what is wrong there and what stood there: the finding."""


class ProblemFinding(BaseModel):
    """One reason of a refusal."""

    model_config = ConfigDict(from_attributes=True)

    rule: str
    title: str = ""
    article: str
    source: str
    pointer: str = Field(description="JSON pointer into what was sent; empty for the whole")
    detail: str
    verified: bool = Field(True, description="false where the legal source was not re-read")
    needs: str = Field("", description="what would have to happen first, where something can")

    @classmethod
    def of(cls, found: Finding) -> ProblemFinding:
        return cls.model_validate(found)


class Problem(BaseModel):
    """A refusal (RFC 9457). `rule`, `article` and `pointer` repeat the first of `errors`."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    rule: str
    article: str
    pointer: str = ""
    errors: list[ProblemFinding] = []


class NotYetKnown(Exception):
    """The service has not read as far as the position that the caller sent back."""


class KeyMissing(Exception):
    """A POST that creates or decides came without an Idempotency-Key."""


class KeyReused(Exception):
    """The same Idempotency-Key came with another body."""


class PreconditionFailed(Exception):
    """If-Match names another version than the one that stands."""


# error -> (status, rule, title, what it rests on, Retry-After seconds)
_TABLE: dict[type[Exception], tuple[int, str, str, str, int | None]] = {
    Unauthenticated: (401, "TOKEN_REQUIRED", "No valid token", "RFC 6750", None),
    SeatForbidden: (403, "SEAT_FORBIDS", "Not this seat's act", "the endpoint's scope", None),
    OtherWorld: (403, "OTHER_WORLD", "Not this token's world", "design rule 10", None),
    KeysUnavailable: (503, "ISSUER_UNAVAILABLE", "The issuer does not answer", "RFC 7517", 2),
    WorldUnknown: (503, "WORLD_UNKNOWN", "World not open here", "design rule 10", 1),
    WorldGone: (410, "WORLD_DELETED", "World deleted", "design rule 10", None),
    ClockMoving: (423, "CLOCK_MOVING", "The world's clock is moving", "design rule 9", 1),
    NotYetKnown: (409, "NOT_YET_KNOWN", "Not read that far yet", "design rule 8", 1),
    KeyMissing: (400, "IDEMPOTENCY_KEY_MISSING", "Idempotency-Key missing", "HTTP contract", None),
    KeyReused: (
        422,
        "IDEMPOTENCY_KEY_REUSED",
        "Idempotency-Key used for something else",
        "HTTP contract",
        None,
    ),
    PreconditionFailed: (412, "VERSION_CHANGED", "Changed since you read it", "RFC 9110, If-Match", None),
    TooMuchSaid: (422, "MESSAGE_TOO_LARGE", "More than a message carries", "HTTP contract", None),
    AlreadySaid: (409, "ALREADY_DONE", "Done before", "design rule 4", None),
    Conflict: (409, "CHANGED_MEANWHILE", "Changed at the same moment", "design rule 1", 1),
}


def problem(
    request: Request,
    status: int,
    findings: Sequence[Finding],
    *,
    title: str = "",
    retry_after: int | None = None,
) -> JSONResponse:
    """The answer to a refusal; `findings` holds at least one."""
    first = findings[0]
    body = Problem(
        type=f"urn:pic:rule:{first.rule}",
        title=title or first.title or first.rule,
        status=status,
        detail=first.detail,
        instance=request.url.path,
        rule=first.rule,
        article=first.article,
        pointer=first.pointer,
        errors=[ProblemFinding.of(found) for found in findings],
    )
    headers = {"Retry-After": str(retry_after)} if retry_after is not None else {}
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return JSONResponse(body.model_dump(mode="json"), status, headers, MEDIA_TYPE)


def contract_finding(rule: str, basis: str, detail: str, at: str = "") -> Finding:
    """A refusal that rests on the exchange's own contract, not on law."""
    return Finding(rule=rule, article=basis, source="the exchange's own contract", pointer=at, detail=detail)


def shape_problem(location: Sequence[str | int], message: str, written: object = None) -> Finding:
    """What a malformed request is told where the service knows no better."""
    return contract_finding("SHAPE", "HTTP contract", message, pointer(location))


def install(app: FastAPI, explain: Explain = shape_problem) -> None:
    """Map every error to a problem. `explain` names block, rule and legal source of a malformed body."""

    async def refused(request: Request, error: Any) -> JSONResponse:
        return problem(request, error.status, error.findings)

    async def from_table(request: Request, error: Exception) -> JSONResponse:
        kind = next(kind for kind in type(error).__mro__ if kind in _TABLE)
        status, rule, title, basis, retry = _TABLE[kind]
        finding = contract_finding(rule, basis, str(error))
        return problem(request, status, [finding], title=title, retry_after=retry)

    async def malformed(request: Request, error: Any) -> JSONResponse:
        findings = [_explained(explain, dict(e)) for e in error.errors()]
        return problem(request, 422, findings or [shape_problem((), str(error))], title="Malformed request")

    async def http(request: Request, error: Any) -> JSONResponse:
        rule = {404: "NOT_FOUND", 405: "METHOD_NOT_ALLOWED"}.get(error.status_code, "HTTP")
        answer = problem(request, error.status_code, [contract_finding(rule, "RFC 9110", str(error.detail))])
        answer.headers.update(error.headers or {})
        return answer

    async def unexpected(request: Request, error: Exception) -> JSONResponse:
        if is_transient(error):
            detail = "the store cannot be reached or cannot write; nothing was stored"
            return problem(
                request, 503, [contract_finding("STORE_UNAVAILABLE", "design rule 6", detail)], retry_after=2
            )
        if cannot_hold(error):
            detail = "a text holds U+0000, which cannot be stored"
            return problem(request, 422, [contract_finding("SHAPE", "HTTP contract", detail)])
        log.exception("unexpected error", path=request.url.path, exc_info=error)
        return problem(
            request, 500, [contract_finding("UNEXPECTED", "a defect of the exchange", type(error).__name__)]
        )

    app.add_exception_handler(Refused, refused)
    app.add_exception_handler(RequestValidationError, malformed)
    app.add_exception_handler(HTTPException, http)
    for kind in _TABLE:
        app.add_exception_handler(kind, from_table)
    # Named one by one: what only `Exception` catches is raised again after the answer.
    for away in (DBAPIError, PoolTimeout, OSError, Unavailable):
        app.add_exception_handler(away, unexpected)
    app.add_exception_handler(Exception, unexpected)


def _explained(explain: Explain, error: dict[str, Any]) -> Finding:
    where = tuple(error["loc"])
    if where[:1] == ("body",):
        return explain(where[1:], str(error["msg"]), error.get("input"))
    return contract_finding("SHAPE", "HTTP contract", f"{where[-1]}: {error['msg']}", pointer(where))


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of an endpoint: these statuses answer with a problem.

    The model itself stands at 400, which every operation has: FastAPI builds a serializer for each that it
    is given, and ten for every operation were a tenth of a start.
    """
    always = (400, 401, 403, 404, 409, 410, 412, 422, 423, 503)
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    named: dict[str, Any] = {"description": "Problem", "content": content}
    return {status: named | {"model": Problem} if status == 400 else named for status in (statuses or always)}
