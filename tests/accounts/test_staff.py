"""Those who work here are let in, given roles and switched off; somebody who may do that is always left."""

from __future__ import annotations

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session

from lofte.accounts import staff, token
from lofte.accounts.models import Handler
from lofte.accounts.roles import Role
from lofte.accounts.scopes import Scope
from lofte.errors import Conflict, Refused
from lofte.execution import book

PASSWORD = "sju hästar i lingonskogen"


@pytest.fixture
def admin(store):
    return Handler.objects.create_user("ada@norrsken.example", PASSWORD, role="administrator")


@pytest.fixture
def invited(house, admin):
    return staff.invite(house, email="Sven@norrsken.example", role=Role.HANDLER, name="Sven Ek", by=admin)


def kinds():
    return [entry.kind for entry in book.entries()]


def test_a_code_sets_a_password_once(house, invited):
    made, code = invited
    assert not made.has_usable_password()
    staff.set_password(house, email="sven@norrsken.example", code=code, password=PASSWORD)
    made.refresh_from_db()
    assert made.check_password(PASSWORD) and kinds() == ["handler.added", "handler.password"]
    with pytest.raises(Refused, match="no code"):
        staff.set_password(house, email="sven@norrsken.example", code=code, password=PASSWORD + "!")


@pytest.mark.parametrize("email", ["nobody@norrsken.example", "ada@norrsken.example"])
def test_a_code_opens_no_other_account(house, invited, email):
    with pytest.raises(Refused, match="no code"):
        staff.set_password(house, email=email, code=invited[1], password=PASSWORD)


def test_a_weak_password_leaves_the_code_as_it_was(house, invited):
    made, code = invited
    with pytest.raises(Refused):
        staff.set_password(house, email=made.email, code=code, password="kort")
    staff.set_password(house, email=made.email, code=code, password=PASSWORD)


def test_an_address_is_one_handler_s(house, admin, invited):
    with pytest.raises(Conflict):
        staff.invite(house, email="SVEN@norrsken.example", role=Role.AUDITOR, name="", by=admin)


def test_a_closed_account_has_no_session_and_lets_no_program_in(house, admin, invited):
    made, code = invited
    staff.set_password(house, email=made.email, code=code, password=PASSWORD)
    session = SessionStore()
    session["_auth_user_id"] = str(made.pk)
    session.save()
    _token, shown = token.make(house, made, name="Robot", scopes=[Scope.REQUESTS_READ])
    staff.switch_off(house, made, by=admin)
    staff.switch_on(house, made, by=admin)
    assert not Session.objects.exists() and token.bearer(house, shown) is None
    assert kinds()[-2:] == ["handler.closed", "handler.opened"]


def test_a_lost_password_is_replaced_by_a_new_code(house, admin, invited):
    made, code = invited
    staff.set_password(house, email=made.email, code=code, password=PASSWORD)
    fresh = staff.start_anew(house, Handler.objects.get(pk=made.pk), by=admin)
    assert not Handler.objects.get(pk=made.pk).has_usable_password()
    staff.set_password(house, email=made.email, code=fresh, password=PASSWORD + " igen")


def test_nobody_closes_or_changes_their_own_account(house, admin):
    for act in (staff.switch_off, staff.start_anew):
        with pytest.raises(Refused, match="your own"):
            act(house, admin, by=admin)
    with pytest.raises(Refused, match="your own"):
        staff.change_role(house, admin, Role.HANDLER, by=admin)


def test_the_last_who_may_add_handlers_stays(house, admin, invited):
    other, _code = invited  # no administrator, and still let to try: the operation judges by itself
    with pytest.raises(Refused, match="nobody would be left"):
        staff.switch_off(house, admin, by=other)
    with pytest.raises(Refused, match="nobody would be left"):
        staff.change_role(house, admin, Role.AUDITOR, by=other)
    staff.change_role(house, admin, Role.OFFICER, by=other)
    assert Handler.objects.get(pk=admin.pk).role == "officer"


def test_one_who_has_not_come_yet_is_not_somebody_who_is_left(house, admin):
    coming, _code = staff.invite(
        house, email="eva@norrsken.example", role=Role.ADMINISTRATOR, name="Eva", by=admin
    )
    with pytest.raises(Refused, match="nobody would be left"):
        staff.switch_off(house, admin, by=coming)
