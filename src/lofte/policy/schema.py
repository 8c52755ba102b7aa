"""JSON Schema of the documents, for editors (draft 2020-12)."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel

from lofte.policy.document import Policy

DRAFT = "https://json-schema.org/draft/2020-12/schema"
_IDS = {"policy": "urn:lofte:schema:policy:1", "system": "urn:lofte:schema:system:1"}


def json_schema(which: Literal["policy", "system"], model: type[BaseModel] = Policy) -> dict[str, Any]:
    """The schema of a policy, or of a system of the data map (whose model the caller hands in,
    for this room lies below that one)."""
    schema = model.model_json_schema(by_alias=True, mode="validation")
    return {"$schema": DRAFT, "$id": _IDS[which], **schema}
