"""An administrator looks after those who work here, in the console."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from lofte.accounts.models import Handler

PASSWORD = "sju hästar i lingonskogen"
SVEN = {"name": "Sven Ek", "email": "sven@norrsken.example", "role": "handler"}


@pytest.fixture
def fresh():
    from django.core.cache import cache

    cache.clear()
    return Client(headers={"accept-language": "sv"})


def test_somebody_is_added_and_comes_in_with_a_password_of_their_own(staff, work, fresh):
    text = staff["administrator"].post("/console/handlers/new", SVEN).text
    code = re.search(r"<code>([a-z0-9]+-[0-9a-f]+)</code>", text)[1]
    given = {"email": SVEN["email"], "code": code, "password": PASSWORD, "again": PASSWORD}
    assert "Lösenordet är satt" in fresh.post("/accounts/first/", given, follow=True).text
    fresh.post("/accounts/login/", {"login": SVEN["email"], "password": PASSWORD})
    assert fresh.get("/console/").status_code == 200
    listed = staff["administrator"].get("/console/handlers").text
    assert "Sven Ek" in listed and code not in listed


def test_codes_cannot_be_tried_for_ever(staff, work, fresh):
    staff["administrator"].post("/console/handlers/new", SVEN)
    given = {"email": SVEN["email"], "code": "x", "password": PASSWORD, "again": PASSWORD}
    texts = [fresh.post("/accounts/first/", given).text for _ in range(7)]
    assert "ingen kod som gäller" in texts[0] and "För många försök" in texts[-1]


def test_a_handler_is_given_another_role_and_switched_off(staff, work):
    assert staff["handler"]
    page = f"/console/handlers/{staff.ref('handler')}"
    client = staff["administrator"]
    client.post(f"{page}/role", {"role": "auditor"})
    assert Handler.objects.get(ref=staff.ref("handler")).role == "auditor"
    assert "Kontot är stängt" in client.post(f"{page}/off", follow=True).text
    assert not Handler.objects.get(ref=staff.ref("handler")).is_active
    assert staff["handler"].get("/console/").status_code == 302


def test_one_s_own_account_is_left_to_another(staff, work):
    assert staff["administrator"]
    page = f"/console/handlers/{staff.ref('administrator')}"
    assert "ditt eget konto" in staff["administrator"].post(f"{page}/off", follow=True).text
    assert Handler.objects.get(ref=staff.ref("administrator")).is_active
