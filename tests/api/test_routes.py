"""Every address of the API, and which scope opens it. One that does not stand here fails."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from lofte.accounts.scopes import Scope
from lofte.api.urls import urlpatterns
from lofte.execution import book
from tests.api.conftest import BASE, OF

READ, WORK, MANAGE = Scope.REQUESTS_READ, Scope.REQUESTS_WORK, Scope.WEBHOOKS_MANAGE
SIGNED, OPEN = "signed", "open"
ROUTES = {
    ("GET", "requests"): READ,
    ("GET", "requests/{number}"): READ,
    ("GET", "cases/{ref}"): READ,
    ("GET", "requests/{number}/findings"): READ,
    ("GET", "requests/{number}/ledger"): READ,
    ("GET", "requests/{number}/standing"): READ,
    ("GET", "requests/{number}/recipients"): READ,
    ("GET", "recipients"): READ,
    ("GET", "policy"): READ,
    ("POST", "cases"): Scope.REQUESTS_RECEIVE,
    ("POST", "requests/{number}/identification"): Scope.REQUESTS_IDENTIFY,
    ("POST", "requests/{number}/wait"): WORK,
    ("POST", "requests/{number}/go-on"): WORK,
    ("POST", "requests/{number}/scope"): WORK,
    ("POST", "requests/{number}/extension"): WORK,
    ("POST", "requests/{number}/refusal"): Scope.REQUESTS_REFUSE,
    ("POST", "requests/{number}/search"): WORK,
    ("POST", "requests/{number}/erasure"): WORK,
    ("POST", "requests/{number}/package"): Scope.PACKAGES_FETCH,
    ("POST", "recipients/{ref}/told"): WORK,
    ("GET", "requests/{number}/proposals"): READ,
    ("POST", "requests/{number}/proposals"): WORK,
    ("POST", "requests/{number}/proposals/{ref}/decision"): Scope.REQUESTS_REFUSE,
    ("POST", "requests/{number}/plan"): WORK,
    ("POST", "requests/{number}/approval"): Scope.ERASURES_APPROVE,
    ("POST", "requests/{number}/review"): WORK,
    ("POST", "requests/{number}/objection"): WORK,
    ("POST", "requests/{number}/objection/decision"): Scope.REQUESTS_REFUSE,
    ("POST", "requests/{number}/withdrawal"): WORK,
    ("POST", "requests/{number}/rectification"): WORK,
    ("POST", "requests/{number}/statement"): WORK,
    ("POST", "requests/{number}/restriction"): WORK,
    ("POST", "requests/{number}/restriction/told"): WORK,
    ("POST", "requests/{number}/restriction/release"): WORK,
    ("POST", "requests/{number}/restriction/lift"): WORK,
    ("GET", "handlers"): Scope.REQUESTS_CARE,
    ("POST", "requests/{number}/assignment"): Scope.REQUESTS_CARE,
    ("POST", "requests/{number}/remarks"): Scope.REQUESTS_CARE,
    ("POST", "requests/{number}/release"): WORK,
    ("POST", "requests/{number}/handed-over"): WORK,
    ("POST", "requests/{number}/reissue"): WORK,
    ("POST", "requests/{number}/again"): WORK,
    ("GET", "holds"): READ,
    ("POST", "holds"): Scope.HOLDS_PLACE,
    ("POST", "holds/{ref}/lift"): Scope.HOLDS_PLACE,
    ("POST", "recipients/{ref}/cannot"): WORK,
    ("GET", "forwarded"): READ,
    ("POST", "forwarded/{ref}/told"): WORK,
    ("POST", "gate/send"): Scope.GATE_ASK,
    ("POST", "gate/subjects"): Scope.GATE_ASK,
    ("POST", "gate/headers"): Scope.GATE_ASK,
    ("GET", "may"): Scope.GATE_ASK,
    ("POST", "consents"): Scope.REQUESTS_WORK,
    ("POST", "consents/browser"): Scope.REQUESTS_WORK,
    ("POST", "gate/process"): Scope.GATE_ASK,
    ("GET", "webhooks"): MANAGE,
    ("POST", "webhooks"): MANAGE,
    ("DELETE", "webhooks/{ref}"): MANAGE,
    ("GET", "sources"): MANAGE,
    ("POST", "sources"): MANAGE,
    ("DELETE", "sources/{ref}"): MANAGE,
    ("POST", "inbound/{source}"): SIGNED,
    ("GET", "openapi.json"): OPEN,
    ("GET", "docs"): OPEN,
}
GIVEN = {"{number}": "2026-999999", "{ref}": "f" * 32, "{source}": "tickets"}
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
GUARDED = {at: scope for at, scope in ROUTES.items() if isinstance(scope, Scope)}


def address(path: str) -> str:
    return "/" + re.sub(r"\{\w+\}", lambda found: GIVEN[found[0]], path)


def test_every_address_stands_in_the_table():
    there = {str(pattern.pattern) for pattern in urlpatterns if pattern.name != "nothing"}
    assert {re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", each) for each in there} == {path for _, path in ROUTES}


def test_every_method_stands_in_the_document(nobody):
    said = nobody.get("/openapi.json").json()
    told = {
        (method.upper(), path.removeprefix(f"{BASE}/")): operation.get("x-scope", SIGNED)
        for path, operations in said["paths"].items()
        for method, operation in operations.items()
    }
    assert told == {at: str(scope) for at, scope in ROUTES.items() if scope != OPEN}


def test_without_a_token_nothing_opens(company, nobody):
    before = len(list(book.entries()))
    for method, path in GUARDED:
        answer = nobody.ask(method, address(path))
        assert answer.status_code == 401 and answer["WWW-Authenticate"].startswith("Bearer"), path
        assert answer["Content-Type"] == "application/problem+json"
    assert len(list(book.entries())) == before


@pytest.mark.parametrize("role", ["officer", "handler", "approver"])
def test_each_scope_opens_its_own_routes_and_no_other(company, let_in, role):
    for held in OF[role]:
        program = let_in(role, held)
        for (method, path), needed in GUARDED.items():
            status = program.ask(method, address(path)).status_code
            assert (status == 403) is (needed is not held), (held, method, path, status)
            assert status != 401


def test_a_method_that_is_not_in_the_table_is_told_as_such(company, bertil):
    for path in {path for _, path in GUARDED}:
        for method in METHODS:
            if (method, path) in ROUTES:
                continue
            answer = bertil.ask(method, address(path))
            assert answer.status_code == 405, (method, path)
            assert answer["Allow"] and answer["Content-Type"] == "application/problem+json"


def test_a_session_opens_nothing(company, staff):
    for (method, path), scope in ROUTES.items():
        if scope != OPEN:
            assert staff["officer"].generic(method, f"{BASE}{address(path)}").status_code == 401, path


def test_an_address_that_is_not_there_is_a_problem(company, bertil):
    for path in ("", "/", "/no-such-thing", "/requests/", "/requests/2026-000001/x", "/../console/"):
        answer = bertil.get(path)
        assert answer.status_code in (301, 404), path
        assert answer.status_code == 301 or answer.json()["type"] == "urn:lofte:problem:not-there", path


def test_what_is_answered_is_stored_nowhere_and_guarded_like_a_page(company, bertil):
    for path in ("/requests", "/policy", "/requests/2026-000001", "/nothing"):
        answer = bertil.get(path)
        assert answer["Cache-Control"] == "no-store"
        assert answer["X-Content-Type-Options"] == "nosniff" and "Content-Security-Policy" in answer
        assert not answer.cookies


def test_the_page_for_programmers_needs_nothing_from_elsewhere(company):
    said = Client().get(f"{BASE}/docs").content.decode()
    assert "POST /api/v1/cases" in said and "requests:read" in said and "request.due-soon" in said
    assert not re.search(r"<script|<style|style=|(?:src|href)=\"(?:https?:)?//", said)
