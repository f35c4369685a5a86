"""A part of a stored document that is read when somebody asks for it, and may be kept beside it."""

from __future__ import annotations

import re
from collections.abc import Mapping, MutableMapping
from hashlib import sha256
from typing import Any, Generic, TypeVar, get_args

from pydantic import BaseModel, GetCoreSchemaHandler, SerializationInfo, ValidationInfo
from pydantic_core import core_schema, to_json

M = TypeVar("M", bound=BaseModel)
APART = "apart"
"""In the context of a serialization: where the parts go by their digests, which stand in their place then.
In that of a validation: where the parts are found."""
_DIGEST = re.compile("[0-9a-f]{64}")


class OnDemand(Generic[M]):
    """A model inside a larger document. Text until it is asked for, and written again as it was found.

    A case of hundreds of loads is read and written at each act on one of them; validating the others again,
    which this program wrote itself, was nearly all that such an act cost.
    """

    __slots__ = ("_digest", "_kind", "_model", "_text", "kept")

    def __init__(self, model: M) -> None:
        self._kind, self._text, self._digest = type(model), "", ""
        self._model: M | None = model
        self.kept = False
        """Whether its text stands beside the document already."""

    @classmethod
    def written(cls, kind: type[M], text: str, *, kept: bool = False) -> OnDemand[M]:
        """What is stored, not read yet."""
        found = cls.__new__(cls)
        found._kind, found._text, found._digest = kind, text, ""
        found._model, found.kept = None, kept
        return found

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

    @property
    def digest(self) -> str:
        """SHA-256 of its text, in hexadecimal."""
        self._digest = self._digest or sha256(self.text.encode()).hexdigest()
        return self._digest

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
        return core_schema.with_info_plain_validator_function(
            lambda found, info: _read(kind, found, info),
            serialization=core_schema.plain_serializer_function_ser_schema(
                _write, info_arg=True, return_schema=core_schema.str_schema()
            ),
        )


def _read(kind: type[M], found: Any, info: ValidationInfo) -> OnDemand[M]:
    if isinstance(found, OnDemand):
        return found
    if not isinstance(found, str):
        # What an earlier release wrote stands there as an object, not as its text.
        return OnDemand.written(kind, to_json(found).decode())
    if _DIGEST.fullmatch(found):
        parts: Mapping[str, str] = (info.context or {}).get(APART, {})
        if (text := parts.get(found)) is None:
            raise ValueError(f"the part {found} is not beside its document")
        return OnDemand.written(kind, text, kept=True)
    return OnDemand.written(kind, found)


def _write(part: OnDemand[Any], info: SerializationInfo) -> str:
    apart: MutableMapping[str, OnDemand[Any]] | None = (info.context or {}).get(APART)
    if apart is None:
        return part.text
    apart[part.digest] = part
    return part.digest
