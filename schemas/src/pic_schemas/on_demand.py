"""A part of a stored document that is read when somebody asks for it."""

from __future__ import annotations

from typing import Any, Generic, TypeVar, get_args

from pydantic import BaseModel, GetCoreSchemaHandler
from pydantic_core import core_schema, to_json

M = TypeVar("M", bound=BaseModel)


class OnDemand(Generic[M]):
    """A model inside a larger document. Text until it is asked for, and written again as it was found.

    A case of hundreds of loads is read and written at each act on one of them; validating the others again,
    which this program wrote itself, was nearly all that such an act cost.
    """

    __slots__ = ("_kind", "_model", "_text")

    def __init__(self, model: M) -> None:
        self._kind, self._text = type(model), ""
        self._model: M | None = model

    @classmethod
    def written(cls, kind: type[M], text: str) -> OnDemand[M]:
        """What is stored, not read yet."""
        kept = cls.__new__(cls)
        kept._kind, kept._text, kept._model = kind, text, None
        return kept

    @property
    def model(self) -> M:
        """Raises `pydantic.ValidationError` where the text is no such document."""
        if self._model is None:
            self._model = self._kind.model_validate_json(self._text)
        return self._model

    @property
    def text(self) -> str:
        """As it is written: JSON."""
        self._text = self._text or self.model.model_dump_json()
        return self._text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, OnDemand) and self.model == other.model

    def __hash__(self) -> int:
        return hash(self.text)

    def __repr__(self) -> str:
        return f"OnDemand({self.text})"

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        (kind,) = get_args(source)

        def kept(found: Any) -> OnDemand[Any]:
            if isinstance(found, OnDemand):
                return found
            # What an earlier release wrote stands there as an object, not as its text.
            return OnDemand.written(kind, found if isinstance(found, str) else to_json(found).decode())

        return core_schema.no_info_plain_validator_function(
            kept,
            serialization=core_schema.plain_serializer_function_ser_schema(
                lambda kept: kept.text, return_schema=core_schema.str_schema()
            ),
        )
