"""A company with a database of its own, those who work there, and programs that were let in."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from lofte.accounts.models import Handler, Token
from lofte.accounts.scopes import Scope
from lofte.accounts.token import make
from tests.console.conftest import PASSWORD, _company, company, staff, work, world  # noqa: F401

BASE = "/api/v1"
OF = {
    "officer": (
        Scope.REQUESTS_READ,
        Scope.REQUESTS_RECEIVE,
        Scope.REQUESTS_IDENTIFY,
        Scope.REQUESTS_REFUSE,
        Scope.REQUESTS_CARE,
        Scope.HOLDS_PLACE,
        Scope.GATE_ASK,
        Scope.WEBHOOKS_MANAGE,
    ),
    "handler": (
        Scope.REQUESTS_READ,
        Scope.REQUESTS_RECEIVE,
        Scope.REQUESTS_IDENTIFY,
        Scope.REQUESTS_WORK,
        Scope.REQUESTS_CARE,
        Scope.HOLDS_PLACE,
        Scope.PACKAGES_FETCH,
        Scope.GATE_ASK,
    ),
    "approver": (
        Scope.REQUESTS_READ,
        Scope.REQUESTS_REFUSE,
        Scope.REQUESTS_CARE,
        Scope.ERASURES_APPROVE,
        Scope.GATE_ASK,
    ),
}
"""What each who may make tokens can let a program do."""


@dataclass(frozen=True)
class Program:
    """Another program, with its token."""

    token: Token | None
    shown: str

    @property
    def ref(self) -> str:
        return self.token.ref if self.token else ""

    def ask(self, method: str, path: str, said: Any = None, **headers: str) -> Any:
        """The answer, as it comes."""
        if self.shown:
            headers = {"Authorization": f"Bearer {self.shown}", **headers}
        body = said if isinstance(said, str | bytes) else json.dumps(said) if said is not None else ""
        return Client(headers=headers).generic(
            method, f"{BASE}{path}", body, content_type="application/json" if body else ""
        )

    def get(self, path: str, **headers: str) -> Any:
        return self.ask("GET", path, **headers)

    def post(self, path: str, said: Any = None, **headers: str) -> Any:
        return self.ask("POST", path, said, **headers)


@pytest.fixture(autouse=True)
def _no_counters() -> None:
    cache.clear()


@pytest.fixture
def let_in(work: Any) -> Callable[..., Program]:  # noqa: F811
    """Let a program in: a token of a handler with this role, for these scopes."""

    def program(role: str, *scopes: Scope, days: int = 90) -> Program:
        maker = Handler.objects.filter(role=role).first() or Handler.objects.create_user(
            f"{role}@norrsken.example", PASSWORD, role=role
        )
        return Program(*make(work.house, maker, name=role, scopes=scopes or OF[role], days=days))

    return program


@pytest.fixture
def officer(let_in: Callable[..., Program]) -> Program:
    return let_in("officer")


@pytest.fixture
def bertil(let_in: Callable[..., Program]) -> Program:
    return let_in("handler")


@pytest.fixture
def astrid(let_in: Callable[..., Program]) -> Program:
    return let_in("approver")


@pytest.fixture
def nobody() -> Program:
    return Program(None, "")
