"""A token does what its scopes say and its maker may, and no more; its secret is nowhere."""

from __future__ import annotations

import pytest

from lofte.accounts.handler import create_handler
from lofte.accounts.models import Handler, Token
from lofte.accounts.roles import Permission, Role, may
from lofte.accounts.scopes import NEEDS, Scope
from lofte.accounts.token import bearer, end, make, makers, named, scopes_of
from lofte.errors import Refused
from lofte.execution import book

READ = [Scope.REQUESTS_READ]


@pytest.fixture
def cecilia(store, house):
    return create_handler(
        house, email="cecilia@norrsken.example", password="sju hästar i lingon", role=Role.OFFICER
    )


def of(house, role):
    return Handler.objects.create_user(f"{role}@norrsken.example", "sju hästar i lingon", role=role)


def test_what_is_shown_once_opens_and_is_kept_nowhere(any_store, house):
    token, shown = make(house, of(house, "officer"), name="Ärendesystemet", scopes=READ)
    assert bearer(house, shown).scopes == {Scope.REQUESTS_READ}
    assert shown.startswith("lofte_") and shown.rsplit("_", 1)[1] not in str(Token.objects.values())
    assert [entry.kind for entry in book.entries()] == ["token.made"] and token.until > house.now


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("scope", list(Scope))
def test_a_token_never_may_more_than_its_maker(store, house, role, scope):
    maker = of(house, role)
    if may(role, Permission.MAKE_TOKENS) and may(role, NEEDS[scope]):
        assert bearer(house, make(house, maker, name="x", scopes=[scope])[1]).scopes == {scope}
        return
    with pytest.raises(Refused):
        make(house, maker, name="x", scopes=[scope])
    assert not Token.objects.exists()


def test_every_scope_needs_a_permission():
    assert set(NEEDS) == set(Scope)


def test_a_token_follows_the_role_of_its_maker(store, house, cecilia):
    shown = make(house, cecilia, name="x", scopes=[*READ, Scope.REQUESTS_REFUSE])[1]
    Handler.objects.update(role="handler")
    assert bearer(house, shown).scopes == {Scope.REQUESTS_READ}
    Handler.objects.update(role="auditor")
    assert bearer(house, shown) is None


def test_a_token_ends_with_its_maker(store, house, cecilia):
    shown = make(house, cecilia, name="x", scopes=READ)[1]
    Handler.objects.update(is_active=False)
    assert bearer(house, shown) is None


def test_a_token_ends_on_its_day(store, house, cecilia):
    shown = make(house, cecilia, name="x", scopes=READ, days=1)[1]
    house.clock.go(hours=23)
    assert bearer(house, shown)
    house.clock.go(hours=1)
    assert bearer(house, shown) is None


def test_an_ended_token_is_ended_once_and_at_once(store, house, cecilia):
    token, shown = make(house, cecilia, name="x", scopes=READ)
    for _ in range(2):
        end(house, named(token.ref[:8]), by=cecilia.ref)
    assert bearer(house, shown) is None
    assert [entry.kind for entry in book.entries()][-2:] == ["token.made", "token.ended"]


@pytest.mark.parametrize("wrong", ["", "lofte_", "x" * 500, "lofte_" + "0" * 32 + "_" + "A" * 43])
def test_what_is_no_token_opens_nothing(store, house, cecilia, wrong):
    shown = make(house, cecilia, name="x", scopes=READ)[1]
    assert bearer(house, wrong) is None
    assert bearer(house, shown[:-1] + ("A" if shown[-1] != "A" else "B")) is None
    assert bearer(house, shown + "\n") is None


def test_the_last_day_it_was_used_is_kept(store, house, cecilia):
    shown = make(house, cecilia, name="x", scopes=READ)[1]
    assert Token.objects.get().used_on is None
    bearer(house, shown)
    house.clock.go(days=2)
    bearer(house, shown)
    assert Token.objects.get().used_on == house.today


@pytest.mark.parametrize(
    "more", [{"name": ""}, {"name": "x" * 61}, {"name": "a\nb"}, {"days": 0}, {"days": 367}, {"scopes": []}]
)
def test_a_token_has_a_name_an_end_and_a_scope(store, house, cecilia, more):
    with pytest.raises(Refused):
        make(house, cecilia, **{"name": "x", "scopes": READ, **more})


def test_what_a_program_does_its_maker_does(store, house, cecilia):
    token, _ = make(house, cecilia, name="x", scopes=READ)
    assert makers([token.ref, cecilia.ref, ""]) == {token.ref: cecilia.ref}
    assert scopes_of(token) == (Scope.REQUESTS_READ,)
