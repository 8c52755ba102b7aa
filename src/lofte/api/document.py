"""What the API can do, told to programs (OpenAPI 3.1) and to those who write them.

`python -m lofte.api.document docs/reference` writes the document down; a test compares them.
"""

from __future__ import annotations

import copy
import json
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import override
from django.views.decorators.http import require_safe

BASE = "api/v1"
FILE = "openapi.json"
_KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "description": "A random id of yours. The same question with the same key is answered once in a day.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]{1,255}$"},
}
_PROBLEM = {
    "type": "object",
    "description": "What went wrong (RFC 9457), where, and how to mend it.",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "description": "A URN that never changes."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "mend": {"type": "string"},
        "where": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["at", "what"],
                "properties": {
                    "at": {"type": "string", "description": "As body.identities.0.value."},
                    "what": {"type": "string"},
                    "mend": {"type": "string"},
                },
            },
        },
    },
}


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldLine:
    """A field of what is sent."""

    name: str
    kind: str
    needed: bool
    says: str


@dataclass(frozen=True, kw_only=True, slots=True)
class RouteLine:
    """A route, as the page shows it."""

    id: str
    method: str
    path: str
    says: str
    more: str
    scope: str
    fields: tuple[FieldLine, ...]
    gives: str


@lru_cache(maxsize=1)
def openapi_document() -> Mapping[str, Any]:
    """The document."""
    from lofte.api import urls  # noqa: F401  # the routes are made by being read
    from lofte.api.machine import machine

    made: dict[str, Any] = json.loads(json.dumps(machine.get_openapi_schema(path_prefix=f"{BASE}/")))
    made["components"]["schemas"]["Problem"] = copy.deepcopy(_PROBLEM)
    made.pop("servers", None)
    for operations in made["paths"].values():
        for method, operation in operations.items():
            _completed(method, operation)
    return made


@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    """The document, to programs. It holds nothing that is not in every copy of Löfte."""
    return HttpResponse(written(), content_type="application/json")


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The document, to those who write programs: one page, with nothing from elsewhere."""
    from lofte.accounts.scopes import NEEDS
    from lofte.api.hooks import Event
    from lofte.api.problem import KINDS

    said = openapi_document()
    with override("en"):
        return render(
            request,
            "api/docs.html",
            {
                "says": said["info"]["description"],
                "version": said["info"]["version"],
                "tags": _tags(said),
                "scopes": [(scope.value, permission.value) for scope, permission in NEEDS.items()],
                "events": [(event.value, event.says) for event in Event],
                "problems": KINDS,
            },
        )


def written() -> str:
    """The document as a file has it."""
    return json.dumps(openapi_document(), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _completed(method: str, operation: dict[str, Any]) -> None:
    """What is the same everywhere: what goes wrong, and the key of a question that changes something."""
    problem = {"$ref": "#/components/schemas/Problem"}
    answers = operation["responses"]
    answers["4XX"] = {
        "description": "It will not do; the body says why, where, and how to mend it.",
        "content": {"application/problem+json": {"schema": problem}},
    }
    answers["5XX"] = {
        "description": "It cannot be done now.",
        "content": {"application/problem+json": {"schema": problem}},
    }
    if method == "post" and operation.get("security"):
        operation.setdefault("parameters", []).append(copy.deepcopy(_KEY))


def _tags(said: Mapping[str, Any]) -> list[tuple[str, list[RouteLine]]]:
    found: dict[str, list[RouteLine]] = {}
    for address, operations in said["paths"].items():
        for method, operation in operations.items():
            line = RouteLine(
                id=operation["operationId"],
                method=method.upper(),
                path=address,
                says=operation["summary"],
                more=operation.get("description", ""),
                scope=operation.get("x-scope", ""),
                fields=tuple(_fields(said, operation)),
                gives=", ".join(code for code in operation["responses"] if code.isdigit()),
            )
            found.setdefault(operation["tags"][0], []).append(line)
    return list(found.items())


def _fields(said: Mapping[str, Any], operation: Mapping[str, Any]) -> Iterator[FieldLine]:
    for each in operation.get("parameters", ()):
        if each["in"] != "header":
            yield FieldLine(
                name=each["name"],
                kind=_kind(each["schema"]),
                needed=each["required"],
                says=each.get("description", ""),
            )
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    model = said["components"]["schemas"].get(body.get("$ref", "").rpartition("/")[2], {})
    for name, field in model.get("properties", {}).items():
        needed = name in model.get("required", ())
        yield FieldLine(name=name, kind=_kind(field), needed=needed, says=field.get("description", ""))


def _kind(field: Mapping[str, Any]) -> str:
    """What a field takes, in few words."""
    if "$ref" in field:
        named = field["$ref"].rpartition("/")[2]
        schema = openapi_document()["components"]["schemas"].get(named, {})
        return " | ".join(map(str, schema["enum"])) if "enum" in schema else named
    if "anyOf" in field:
        return " or ".join(kind for each in field["anyOf"] if (kind := _kind(each)) != "null")
    if "enum" in field:
        return " | ".join(map(str, field["enum"]))
    if field.get("type") == "array":
        return f"list of {_kind(field['items'])}"
    return str(field.get("format") or field.get("type") or field.get("const", ""))


def main(folder: str) -> None:
    """Write the document down."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lofte.site.settings")
    import django

    django.setup()
    (Path(folder) / FILE).write_text(written(), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
