"""Why something was refused: the rule, its legal source and the place in what was sent.

The tree, and what each kind means to the caller:

| Raised              | kind      | HTTP | Means                                                     |
|---------------------|-----------|------|-----------------------------------------------------------|
| `Refused`           | -         | -    | any refusal; carries one finding or more                  |
| `Refused.invalid`   | invalid   | 422  | what was sent breaks a rule; send something else          |
| `Refused.forbidden` | forbidden | 403  | not this caller's act                                     |
| `Refused.conflict`  | conflict  | 409  | not now: the case is in another state                     |
| `Refused.unknown`   | unknown   | 404  | no such thing, or not one this caller may see             |
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Self

from pydantic import ValidationError

Kind = Literal["invalid", "forbidden", "conflict", "unknown"]

STATUS: Mapping[Kind, int] = {"invalid": 422, "forbidden": 403, "conflict": 409, "unknown": 404}


@dataclass(frozen=True, slots=True)
class Finding:
    """One reason. `pointer` is an RFC 6901 pointer; `verified` is false where our source was not re-read.

    `needs` says what would have to happen first, where something can.
    """

    rule: str
    article: str
    source: str
    pointer: str
    detail: str
    verified: bool = True
    title: str = ""
    needs: str = ""


class Refused(Exception):
    """What was asked is not done; `findings` say why, at least one."""

    kind: Kind
    findings: tuple[Finding, ...]

    def __init__(self, kind: Kind, findings: Iterable[Finding]) -> None:
        self.kind = kind
        self.findings = tuple(findings)
        if not self.findings:
            raise ValueError("a refusal says why: at least one finding")
        super().__init__("; ".join(f"{f.rule}: {f.detail}" for f in self.findings))

    @property
    def status(self) -> int:
        """The HTTP status of this kind."""
        return STATUS[self.kind]

    @classmethod
    def invalid(cls, *findings: Finding) -> Self:
        return cls("invalid", findings)

    @classmethod
    def forbidden(cls, *findings: Finding) -> Self:
        return cls("forbidden", findings)

    @classmethod
    def conflict(cls, *findings: Finding) -> Self:
        return cls("conflict", findings)

    @classmethod
    def unknown(cls, *findings: Finding) -> Self:
        return cls("unknown", findings)

    @classmethod
    def malformed(cls, error: ValidationError, *, at: str = "", rule: str = "SHAPE") -> Self:
        """A document of the wrong shape, one finding per error; `at` is where the document itself stands."""
        errors = [dict(e) for e in error.errors(include_url=False)]
        return cls("invalid", (_shape_finding(e, at, rule) for e in errors if not _echo(e, errors)))


def pointer(location: Sequence[str | int]) -> str:
    """RFC 6901 pointer of a path: `("block_5", "quantity")` -> `/block_5/quantity`."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in location)


def _echo(error: dict[str, Any], errors: Sequence[dict[str, Any]]) -> bool:
    # A list whose only item is wrong is reported a second time as too short.
    deeper = (e["loc"] for e in errors if len(e["loc"]) > len(error["loc"]))
    return error["type"] == "too_short" and any(loc[: len(error["loc"])] == error["loc"] for loc in deeper)


def _shape_finding(error: dict[str, Any], at: str, rule: str) -> Finding:
    return Finding(
        rule=rule,
        article="",
        source="the form's own shape",
        pointer=at + pointer(error["loc"]),
        detail=str(error["msg"]),
        title="Wrong shape",
    )
