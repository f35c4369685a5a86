"""What every block and every message is made of: a frozen model that refuses fields it does not know."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints


class Strict(BaseModel):
    """Writers are strict: an unknown field is an error. Readers go through `read`."""

    # Three hundred models take a second to build, and a laptop uses a few of them at first: each is built
    # when it is first used. A server builds them before it is ready: `build_everything`.
    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        validate_by_name=True,
        validate_by_alias=True,
        serialize_by_alias=True,
        defer_build=True,
    )

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Self:
        """Read tolerantly: fields of a later version are ignored, at every depth."""
        return cls.model_validate(document, extra="ignore")

    def payload(self) -> dict[str, Any]:
        """The JSON object that travels."""
        return self.model_dump(mode="json")


def build_everything(kind: type[Strict] = Strict) -> None:
    """Build every model that there is now, so that no request waits for it."""
    for below in kind.__subclasses__():
        below.model_rebuild()
        build_everything(below)


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
Names = Annotated[tuple[Text, ...], Field(max_length=200, description="names of what is meant, each once")]
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$", description="ISO 3166-1 alpha-2")]
Port = Annotated[str, Field(pattern=r"^[A-Z]{2}[A-Z2-9]{3}$", description="UN/LOCODE")]
Office = Annotated[
    str, Field(pattern=r"^[A-Z]{2}[A-Z2-9]{3}[0-9]{3}$", description="UN/LOCODE and three digits")
]
AuthorityCode = Annotated[
    str, Field(pattern=r"^[A-Z]{2}[A-Z0-9]{0,8}$", description="Code of a competent authority, e.g. BE001")
]
RegistrationNo = Annotated[
    str,
    Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$", description="National number or EORI"),
]
Kilograms = Annotated[int, Field(ge=0, description="Whole kilograms")]
OperationCode = Annotated[
    str,
    Field(
        pattern=r"^(D([1-9]|1[0-5])|R([1-9]|1[0-3])|[DR]C[0-9]{1,2})$",
        description="D or R code, Basel Annex IV",
    ),
]
HsCode = Annotated[
    str, Field(pattern=r"^[0-9]{4}\.[0-9]{2}([0-9.]{2,6})?$", description="HS subheading, e.g. 3915.90")
]


def block(labels: Mapping[str, str], name: str, source: str, **more: Any) -> Any:
    """A field with the form's own label as its title and the source of its rule as its description."""
    return Field(title=labels[name], description=source, **more)
