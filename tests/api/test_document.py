"""The document is true: it stands in docs as it is served, it is OpenAPI 3.1, and a fuzzer finds no
difference between it and what is answered."""

from __future__ import annotations

from pathlib import Path

import jsonschema
import pytest
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from lofte.api.document import openapi_document, written
from lofte.site.app import wsgi_app
from tests.api.conftest import OF

DOCS = Path(__file__).parents[2] / "docs" / "reference" / "openapi.json"
EXAMPLES = 3
"""Of each route, each time with another token."""
TRUE = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
)


def test_the_document_in_docs_is_the_one_that_is_served():
    assert DOCS.read_text(encoding="utf-8") == written(), "python -m lofte.api.document docs/reference"
    assert Client().get("/api/v1/openapi.json").content.decode() == written()


def test_the_document_says_what_each_thing_means():
    said = openapi_document()
    assert said["openapi"].startswith("3.1")
    for operations in said["paths"].values():
        for operation in operations.values():
            assert operation["summary"] and {"4XX", "5XX"} < set(operation["responses"])
    for name, schema in said["components"]["schemas"].items():
        assert schema.get("description") or "enum" in schema, name
        jsonschema.Draft202012Validator.check_schema(schema)


ROUTES = sorted((path, method) for path, methods in openapi_document()["paths"].items() for method in methods)
CASE = {"rights": ["access", "erasure"], "identities": [{"kind": "email", "value": "anna@kund.example"}]}
RUN = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def schema(django_db_blocker):
    # Made before any test's own database is open, while an earlier test's connection may still stand.
    with django_db_blocker.unblock():
        return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", wsgi_app())


@pytest.mark.parametrize(("path", "method"), ROUTES)
def test_a_fuzzer_finds_no_difference(company, officer, bertil, astrid, schema, path, method):
    """Each route, asked by those who may, by those who may not and by nobody, with what the document
    allows and with what it does not, of what is there and of what is not."""
    programs = {"handler": bertil, "officer": officer, "approver": astrid}
    operation = schema[path][method.upper()]
    scope = openapi_document()["paths"][path][method].get("x-scope", "")
    who_may = next(each for role, each in programs.items() if scope in (*OF[role], ""))
    there = officer.post("/cases", CASE).json()
    given_path = {"number": there["requests"][0]["number"], "ref": there["ref"], "source": "tickets"}
    names = [name for name in given_path if f"{{{name}}}" in path]

    def asked(case):
        # A token that is no token is ours to try; of what else will not do, all is refused.
        own = (case.headers or {}).pop("Authorization", None)
        checks = TRUE if own is not None else [*TRUE, negative_data_rejection]
        strangers = ("lofte_wrong", None) if case.meta.generation.mode is GenerationMode.POSITIVE else ()
        for shown in (who_may.shown, *strangers):
            answer = case.call(headers={"Authorization": f"Bearer {shown}"} if shown else {})
            case.validate_response(answer, checks=list(checks))
            assert answer.status_code == 401 or (scope and shown == who_may.shown)

    for mode in GenerationMode:
        for known in ({}, {name: given_path[name] for name in names}) if names else ({},):
            strategy = operation.as_strategy(generation_mode=mode, path_parameters=known or None)
            RUN(given(strategy)(asked))()
