"""How the authorities of a route see one load, with a notification or without one."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from pic_law import codes
from pic_law.disputes import Stated, prevailing, treated
from pic_law.rules import rule
from pic_law.views import View
from pic_schemas.address import ANY, Address, Role
from pic_schemas.documents.notification import NotificationDocument
from pic_schemas.messages import ClassificationStated, DeclarationLodged
from pic_schemas.messages.classification import Part, Prevailing
from pic_schemas.refusal import Refused


@dataclass(frozen=True, slots=True)
class Sight:
    """What an authority would state: the code, the operation, that it is no waste; and why."""

    reason: str
    signatory: str
    code: str | None = None
    operation: str | None = None
    waste: bool = True


@dataclass(slots=True)
class ClassifiedLoad:
    """Of a notification, what its document states; of another load, what its newest declaration states."""

    world: str
    case: str
    origin: str
    destination: str
    transits: tuple[str, ...] = ()
    code: str | None = None
    operation: str | None = None
    number: str | None = None
    views: dict[str, ClassificationStated] = field(default_factory=dict)

    @classmethod
    def declared(cls, world: str, case: str, lodged: DeclarationLodged) -> ClassifiedLoad:
        load = cls(world, case, lodged.origin, lodged.destination)
        load.follow(lodged)
        return load

    @classmethod
    def notified(cls, world: str, case: str, document: NotificationDocument) -> ClassifiedLoad:
        states = document.states
        load = cls(world, case, states.export, states.import_, number=document.block_3.number)
        load.read(document)
        return load

    @classmethod
    def disputed(cls, world: str, case: str, said: ClassificationStated) -> ClassifiedLoad:
        """Known from what an authority elsewhere said of it."""
        states = (said.origin, said.destination, said.transits)
        return cls(world, case, *states, said.stated_code, said.stated_operation, said.number)

    def hear(self, said: ClassificationStated) -> None:
        """The view of an authority, in whatever order it comes."""
        known = self.views.get(said.authority)
        if known is None or known.version < said.version:
            self.views[said.authority] = said

    def follow(self, lodged: DeclarationLodged) -> None:
        self.transits, self.code = lodged.transits, lodged.basel_code
        self.operation = lodged.operations[0] if lodged.operations else None

    def read(self, document: NotificationDocument) -> None:
        """The version that stands."""
        self.transits, self.code = document.states.transit, document.waste_code
        self.operation = document.operation[0]

    @property
    def officials(self) -> tuple[Address, ...]:
        """Every authority and office of the route, whoever sits there."""
        states = dict.fromkeys((self.origin, *self.transits, self.destination))
        roles = (Role.COMPETENT_AUTHORITY, Role.CUSTOMS)
        return tuple(Address(state, role, ANY) for role in roles for state in states)

    def part_of(self, state: str) -> Part | None:
        """The State's part in the movement; None where the route does not touch it."""
        parts: dict[str, Part] = dict.fromkeys(self.transits, "transit")
        parts |= {self.origin: "export", self.destination: "import"}
        return parts.get(state)

    def state_view(self, authority: Address, sight: Sight, today: date) -> ClassificationStated:
        """Recorded as a fact; the State's latest view takes the place of its earlier one. Raises Refused."""
        part = self.part_of(authority.state)
        if part is None:
            detail = f"{authority.state} is not on the route of this load"
            raise rule("STATE_NOT_CONCERNED").refused("", detail)
        _mind_the_codes(sight, today)
        known = self.views.get(authority.agency)
        views = {who: _view(said) for who, said in self.views.items()}
        views[authority.agency] = View(authority.state, sight.code, sight.operation, sight.waste)
        found = treated(self._stated, tuple(views.values()), today)
        if found is None:
            detail = "neither the declaration nor a view says what the waste is and what becomes of it"
            raise rule("BLOCK_INVALID").refused("/operation" if self.code or sight.code else "/code", detail)
        said = ClassificationStated(
            number=self.number,
            state=authority.state,
            authority=authority.agency,
            part=part,
            version=known.version + 1 if known else 1,
            origin=self.origin,
            destination=self.destination,
            transits=self.transits,
            stated_code=self.code,
            stated_operation=self.operation,
            code=sight.code,
            operation=sight.operation,
            waste=sight.waste,
            reason=sight.reason,
            signatory=sight.signatory,
            stated_on=today,
            treated_as=found.outcome,
            prevailing=tuple(
                Prevailing(
                    rule=step.rule,
                    article=step.article,
                    source=step.source,
                    verified=step.verified,
                    detail=step.detail,
                )
                for step in prevailing(found)
            ),
        )
        self.views[authority.agency] = said
        return said

    @property
    def _stated(self) -> Stated:
        return Stated(self.origin, self.destination, self.transits, self.code, self.operation)


def _mind_the_codes(sight: Sight, today: date) -> None:
    stated = [("operation", sight.operation, "/operation")] if sight.operation else []
    if sight.code and codes.waste(sight.code, today) is None:
        stated.append((codes.list_of(sight.code), sight.code, "/code"))
    if sight.code is None and sight.operation is None and sight.waste:
        raise rule("BLOCK_INVALID").refused(
            "/code", "a view names a code, an operation, or that it is no waste"
        )
    if found := list(codes.code_findings(stated, today)):
        raise Refused(rule(found[0].rule).kind, found)


def _view(said: ClassificationStated) -> View:
    return View(said.state, said.code, said.operation, said.waste)
