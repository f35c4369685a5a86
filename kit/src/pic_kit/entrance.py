"""How a caller comes in: one dependency for an operation, which reads its own headers and documents them."""

from __future__ import annotations

import warnings
from collections.abc import Awaitable, Callable
from typing import Any, Generic, Literal, TypeVar

from fastapi import FastAPI, Request
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.models import OAuth2, OAuthFlowClientCredentials, OAuthFlows
from fastapi.routing import APIRoute, iter_route_contexts
from fastapi.security import SecurityScopes
from fastapi.security.base import SecurityBase
from pydantic import TypeAdapter, ValidationError
from pydantic.warnings import UnsupportedFieldAttributeWarning

from pic_kit.access import SCOPES

T = TypeVar("T")
# FastAPI silences it where it builds a body's model at once; ours are built when they are first used.
warnings.filterwarnings("ignore", category=UnsupportedFieldAttributeWarning)


class Parameter(Generic[T]):
    """A header or a part of the query that an entrance reads."""

    def __init__(
        self, name: str, place: Literal["header", "query"], title: str, kind: Any, default: T, about: str = ""
    ) -> None:
        self.name = name
        self._place = place
        self._kind: TypeAdapter[T] = TypeAdapter(kind)
        self._default = default
        self._title = title
        self._about = about

    def of(self, request: Request) -> T:
        """Raises RequestValidationError, as FastAPI would."""
        found = (request.headers if self._place == "header" else request.query_params).get(self.name)
        if found is None:
            return self._default
        try:
            return self._kind.validate_python(found)
        except ValidationError as error:
            where = (self._place, self.name)
            raise RequestValidationError([{**each, "loc": where} for each in error.errors()]) from error

    def documented(self) -> dict[str, Any]:
        """As OpenAPI shows it."""
        about = {"description": self._about} if self._about else {}
        default = {} if self._default is None else {"default": self._default}
        schema = self._kind.json_schema() | {"title": self._title} | default | about
        return {"name": self.name, "in": self._place, "required": False, "schema": schema} | about


class Entrance(SecurityBase, Generic[T]):
    """A dependency that knows the caller, with what else it reads of the request.

    FastAPI makes a field of every parameter of every operation, and solves one after the other: three hundred
    were a tenth of a start, and each costs a request as much as a statement.
    """

    # FastAPI has no class of its own for this flow; with it the docs page shows the button.
    model = OAuth2(
        flows=OAuthFlows(clientCredentials=OAuthFlowClientCredentials(tokenUrl="/oauth/token", scopes=SCOPES))
    )
    scheme_name = "oauth2"

    def __init__(
        self, enter: Callable[[Request, SecurityScopes], Awaitable[T]], *parameters: Parameter[Any]
    ) -> None:
        self._enter = enter
        self.parameters = parameters

    async def __call__(self, request: Request, scopes: SecurityScopes) -> T:
        return await self._enter(request, scopes)


def show_entrances(app: FastAPI) -> None:
    """Put what entrances read into the OpenAPI document, where FastAPI puts what it reads itself."""
    plain = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = plain()
            for context in iter_route_contexts(app.routes):
                if isinstance(context.original_route, APIRoute) and context.include_in_schema:
                    operations = document["paths"][context.path_format]
                    shown = [each.documented() for each in _parameters(context.dependant)]
                    for method in context.methods or ():
                        operation = operations[method.lower()]
                        if shown:
                            operation["parameters"] = operation.get("parameters", []) + shown
        return plain()

    # As FastAPI documents it: its own method is replaced.
    app.openapi = openapi  # type: ignore[method-assign]


def _parameters(dependant: Dependant) -> list[Parameter[Any]]:
    """Of all entrances of an operation, each once."""
    found = list(dependant.call.parameters) if isinstance(dependant.call, Entrance) else []
    for inner in dependant.dependencies:
        found += [each for each in _parameters(inner) if each not in found]
    return found
