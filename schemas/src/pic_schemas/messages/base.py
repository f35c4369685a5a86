"""What every message has: its type, topic, owner, who sends it, who it is for, and its legal basis."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from pic_schemas.address import Role
from pic_schemas.documents.base import AuthorityCode, Country, Strict

CASES = "pic.cases"
WORLDS = "pic.worlds"

Service = Literal["notifier", "consent", "customs-gateway", "single-window"]
Version = Annotated[int, Field(ge=1)]

EXPORTER = Role.EXPORTER
AUTHORITY = Role.COMPETENT_AUTHORITY
CUSTOMS = Role.CUSTOMS
FACILITY = Role.FACILITY
CARRIER = Role.CARRIER
OPERATOR = Role.OPERATOR
EXCHANGE = Role.EXCHANGE


class Message(Strict):
    """The payload of one fact; the class names its place in the catalogue."""

    type: ClassVar[str]
    topic: ClassVar[str] = CASES
    owner: ClassVar[Service]
    senders: ClassVar[tuple[Role, ...]]
    receivers: ClassVar[tuple[Role, ...]]
    basis: ClassVar[str]


class AuthorityConcerned(Strict):
    """An authority that is asked, whether the movement needs its verdict, and how it is reached."""

    state: Country
    authority: AuthorityCode
    role: Literal["import", "transit"]
    voting: bool
    channel: Literal["electronic", "paper"] = "electronic"


class RestsOn(Strict):
    """The decision, by its authority's own version, that something rests on."""

    authority: AuthorityCode
    decision_version: Version


class Condition(Strict):
    """A condition in words and, where a machine can check it, as a rule."""

    id: str
    text: str
    machine_rule: str | None = None


class Ground(Strict):
    """A ground of objection: the letter of the list, its article, the authority's words."""

    letter: str
    article: str
    text: str = ""
