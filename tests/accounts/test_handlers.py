"""Those who work here are added, sign in, and may do what their role says."""

from __future__ import annotations

import pytest
from django.test import Client

from lofte.accounts.handler import create_handler
from lofte.accounts.models import Handler
from lofte.accounts.roles import PERMISSIONS, Permission, Role, may
from lofte.errors import Conflict, Refused
from lofte.execution import book

PASSWORD = "sju hästar i lingonskogen"


@pytest.fixture
def bertil(store, house):
    return create_handler(
        house, email="Bertil@norrsken.example", password=PASSWORD, role=Role.HANDLER, name="Bertil Berg"
    )


@pytest.fixture
def client():
    from django.core.cache import cache

    cache.clear()
    return Client()


def sign_in(client, email="bertil@norrsken.example", password=PASSWORD):
    return client.post("/accounts/login/", {"login": email, "password": password})


def signed_in(client):
    return "_auth_user_id" in client.session


def test_a_handler_is_noted_by_a_random_id(bertil, house):
    [entry] = book.entries()
    assert (entry.kind, entry.object) == ("handler.added", bertil.ref)
    assert bertil.email == "bertil@norrsken.example" and str(bertil) == "Bertil Berg"


def test_an_address_belongs_to_one_handler(bertil, house):
    with pytest.raises(Conflict):
        create_handler(house, email="BERTIL@norrsken.example", password=PASSWORD, role=Role.AUDITOR)
    assert Handler.objects.count() == 1


@pytest.mark.parametrize("password", ["short", "password1234", "bertil@norrsken.example"])
def test_a_weak_password_is_refused(store, house, password):
    with pytest.raises(Refused):
        create_handler(house, email="bertil@norrsken.example", password=password, role=Role.HANDLER)


def test_a_handler_signs_in(bertil, client):
    assert sign_in(client).status_code == 302
    assert signed_in(client)


def test_a_wrong_password_does_not_sign_in(bertil, client):
    assert sign_in(client, password="fel").status_code == 200
    assert not signed_in(client)


def test_after_five_wrong_passwords_the_right_one_waits(bertil, client):
    for _ in range(5):
        sign_in(client, password="fel")
    sign_in(client)
    assert not signed_in(client)


def test_nobody_signs_up(store, client):
    client.post(
        "/accounts/signup/", {"email": "david@kund.example", "password1": PASSWORD, "password2": PASSWORD}
    )
    assert Handler.objects.count() == 0


def test_a_closed_account_is_signed_out_at_once(bertil, client):
    sign_in(client)
    Handler.objects.update(is_active=False)
    assert client.get("/console/").status_code == 302


def test_a_changed_password_ends_every_session(bertil, client):
    sign_in(client)
    bertil.set_password("nio renar på fjället")
    bertil.save()
    assert client.get("/console/").status_code == 302


def test_a_session_ends_after_its_longest_time(bertil, client, settings):
    sign_in(client)
    session = client.session
    session["began"] -= settings.LOFTE_SESSION_LONGEST.total_seconds() + 1
    session.save()
    assert client.get("/console/").status_code == 302


def test_a_second_factor_can_be_added(bertil, client):
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

    sign_in(client)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = client.get("/accounts/2fa/totp/activate/")
    assert page.status_code == 200
    secret = client.session["mfa.totp.secret"]
    code = format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))
    client.post("/accounts/2fa/totp/activate/", {"code": code})
    other = Client()
    answer = sign_in(other)
    assert answer["Location"] == "/accounts/2fa/authenticate/" and not signed_in(other)


def test_every_role_has_a_line_in_the_table():
    assert set(PERMISSIONS) == set(Role)


def test_whoever_approves_does_not_fulfil():
    assert not [r for r in Role if may(r, Permission.APPROVE) and may(r, Permission.FULFIL_REQUEST)]


def test_an_auditor_sees_no_case():
    assert not may(Role.AUDITOR, Permission.SEE_REQUESTS)


def test_a_closed_account_may_nothing(bertil):
    assert bertil.may(Permission.FULFIL_REQUEST)
    bertil.is_active = False
    assert not bertil.may(Permission.FULFIL_REQUEST)


def test_a_role_nobody_knows_may_nothing():
    assert not may("root", Permission.SEE_REQUESTS)
