"""What every document is made of: strict parts, texts in two languages, ids."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, WithJsonSchema

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]*$", max_length=64)]
LawId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9:._-]*$", max_length=64)]
"""A statute and section as `law.statutes` names it: `BFL-7-2`, `2018:218-3-10`."""
Version = Annotated[
    str, Field(coerce_numbers_to_str=True), WithJsonSchema({"type": ["string", "number"]}, mode="validation")
]
"""A version as it was written, with or without quotes: `2026.10`."""
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2,3}$")]
Language = Literal["sv", "en"]
Channel = Literal["portal", "email", "sms", "phone", "chat", "ticket", "letter", "visit", "form", "website"]

LegalBasis = Literal["6.1.a", "6.1.b", "6.1.c", "6.1.d", "6.1.e", "6.1.f", "9.2.a", "MFL-19-2"]
"""A ground of art. 6.1 or 9.2 a, or of marknadsföringslagen 19 §; `law.bases` explains them."""


class Part(BaseModel):
    """A piece of the document: strict, frozen, no unknown keys."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, populate_by_name=True, use_attribute_docstrings=True
    )


class Text(Part):
    """The same words in Swedish and English; at least one of them."""

    sv: str | None = None
    en: str | None = None

    def say(self, language: str) -> str:
        """The words in `language`, else in the other language, else nothing."""
        first, second = (self.sv, self.en) if language == "sv" else (self.en, self.sv)
        return first or second or ""


def id_only(value: Any) -> Any:
    """A bare id stands for the thing that has only an id."""
    return {"id": value} if isinstance(value, str) else value


def listed(value: Any) -> Any:
    """One word stands for a list of one."""
    return [value] if isinstance(value, str) else value
