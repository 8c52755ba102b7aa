"""Every address of the console, and who may open it. One that does not stand here fails."""

from __future__ import annotations

import pytest
from django.test import Client

from lofte.accounts.models import Handler
from lofte.accounts.roles import Permission, Role
from lofte.console import urls
from tests.console.conftest import PASSWORD

SEE = {"officer", "handler", "approver", "finance"}
WORK = {"officer", "handler", "approver"}
FIGURES = SEE | {"auditor", "system_owner"}
LOOK = {"handler", "approver"}
ADD = {"officer", "administrator"}
HOLD = {"officer", "handler", "finance"}
# name -> (who may, whether it changes or opens something: by POST alone)
ROUTES = {
    "requests": (SEE, False),
    "ledger": ({"officer", "auditor"}, False),
    "retention": (FIGURES, False),
    "retention-again": (FIGURES, True),
    "retention-approve": ({"approver"}, True),
    "retention-pause": ({"approver"}, False),
    "retention-resume": ({"approver"}, True),
    "retention-clock": ({"approver"}, True),
    "retention-ahead": (FIGURES, False),
    "sweeps": (FIGURES, False),
    "sweep": (FIGURES, False),
    "registers": ({"officer", "auditor"}, False),
    "register-file": ({"officer", "auditor"}, False),
    "versions": ({"officer", "auditor", "approver"}, False),
    "version": ({"officer", "auditor", "approver"}, False),
    "settle-version": ({"officer", "approver"}, True),
    "proof": ({"officer", "auditor"}, False),
    "proof-file": ({"officer", "auditor"}, False),
    "proof-again": ({"officer", "auditor"}, True),
    "request": (SEE, False),
    "find": (SEE, True),
    "many": (WORK, False),
    "statistics": (FIGURES, False),
    "statistics-file": (FIGURES, False),
    "requests-file": (SEE, False),
    "take": (WORK, True),
    "let-go": (WORK, True),
    "give": (WORK, False),
    "remark": (WORK, False),
    "remarks": (WORK, True),
    "messages": (WORK, True),
    "inbox": (SEE, False),
    "mail": ({"officer", "handler"}, True),
    "settle-mail": ({"officer", "handler"}, True),
    "doubts": (SEE, False),
    "doubt": ({"handler"}, True),
    "settle-doubt": ({"handler"}, False),
    "letters": (SEE, False),
    "form-notices": (SEE, False),
    "texts": (WORK, False),
    "text": (WORK, False),
    "text-out": (WORK, True),
    "consents": (FIGURES, False),
    "consents-file": (FIGURES, False),
    "consent-find": (SEE | {"auditor"}, True),
    "consent": (SEE | {"auditor"}, False),
    "consent-file": (SEE | {"auditor"}, False),
    "handlers": (ADD, False),
    "add-handler": (ADD, False),
    "handler": (ADD, False),
    "handler-role": (ADD, True),
    "handler-off": (ADD, True),
    "handler-on": (ADD, True),
    "handler-out": (ADD, True),
    "handler-anew": (ADD, True),
    "new": ({"officer", "handler"}, False),
    "identify": ({"officer", "handler"}, False),
    "refuse": ({"officer", "handler", "approver"}, False),
    "wait": ({"handler"}, False),
    "scope": ({"handler"}, False),
    "go-on": ({"handler"}, True),
    "extend": ({"handler"}, False),
    "search": ({"handler"}, True),
    "release": ({"handler"}, False),
    "reissue": ({"handler"}, True),
    "handed-over": ({"handler"}, False),
    "who": ({"officer", "handler"}, True),
    "proposal": ({"officer", "approver"}, False),
    "code": ({"officer", "handler"}, False),
    "code-letter": ({"officer", "handler"}, True),
    "code-call": ({"officer", "handler"}, True),
    "protect": ({"officer", "handler"}, True),
    "mentions": ({"handler"}, False),
    "mention": ({"handler"}, True),
    "weigh": ({"handler"}, True),
    "names": ({"handler"}, True),
    "give-named": ({"handler"}, True),
    "anew": ({"handler"}, True),
    "package": ({"handler"}, True),
    "plan": (LOOK, True),
    "approval": ({"approver"}, False),
    "carry-out": ({"handler"}, False),
    "again": ({"handler"}, True),
    "rounds": (SEE, False),
    "upload": ({"officer", "handler"}, False),
    "round": (SEE, False),
    "round-plan": (LOOK, True),
    "round-approval": ({"approver"}, False),
    "round-carry-out": ({"handler"}, False),
    "watch": (SEE, False),
    "holds": (SEE, False),
    "holds-ended": (SEE, False),
    "place-hold": (HOLD, False),
    "lift-hold": (HOLD, False),
    "restrictions": (SEE, False),
    "restrictions-ended": (SEE, False),
    "restriction": (SEE, False),
    "restriction-told": ({"handler"}, True),
    "restriction-reach": ({"handler"}, True),
    "restriction-announce": ({"handler"}, True),
    "restriction-settle": ({"handler"}, True),
    "restriction-lift": ({"handler"}, False),
    "forwarded": (SEE, False),
    "forwarded-one": (SEE, False),
    "forwarded-letter": ({"handler"}, True),
    "forwarded-told": ({"handler"}, True),
    "recipients": (SEE, False),
    "recipients-ended": (SEE, False),
    "recipient": (SEE, False),
    "recipient-letter": ({"handler"}, True),
    "recipient-told": ({"handler"}, True),
    "recipient-cannot": ({"handler"}, True),
    "reviews": (SEE, False),
    "reviews-ended": (SEE, False),
    "review": (LOOK, False),
    "take-review": (LOOK, True),
}
GIVEN = {
    "number": "2026-999999",
    "ref": "f" * 32,
    "what": "stop",
    "format_": "tilt",
    "language": "sv",
    "version": "2026.1",
}
FORMS = {"proposal", "approval", "carry-out", "round-approval", "round-carry-out", "upload", "place-hold",
         "lift-hold", "restriction-lift", "review", "new", "identify", "refuse", "wait", "extend",
         "release", "handed-over"}  # fmt: skip
"""Pages that are read by GET, and change by POST."""
FORMS |= {"scope", "add-handler", "many", "give", "remark", "settle-doubt"}


def place(name: str) -> str:
    from django.urls import NoReverseMatch, reverse

    for keys in ((), ("number",), ("ref",), ("version",), ("number", "what"), ("format_", "language")):
        try:
            return reverse(f"console:{name}", kwargs={key: GIVEN[key] for key in keys})
        except NoReverseMatch:
            continue
    raise AssertionError(f"what does the address of {name} take?")


def test_every_address_stands_in_the_table():
    assert {pattern.name for pattern in urls.urlpatterns} == set(ROUTES)


@pytest.mark.parametrize("role", [role.value for role in Role])
def test_nobody_opens_what_their_role_does_not_include(company, staff, role):
    client = staff[role]
    for name, (may, posts) in ROUTES.items():
        method = client.post if posts or name in FORMS else client.get
        answer = method(place(name))
        assert (answer.status_code != 403) == (role in may), f"{role} at {name}: {answer.status_code}"
        assert answer["Cache-Control"] == "no-store", name
        if name in FORMS:
            assert (client.get(place(name)).status_code != 403) == (role in may), name


def test_who_has_left_opens_nothing(company, staff):
    client = staff["handler"]
    Handler.objects.update(is_active=False)
    for name, (_may, posts) in ROUTES.items():
        answer = (client.post if posts else client.get)(place(name))
        assert answer.status_code in (302, 403), name
        assert answer.status_code == 403 or answer["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("name", sorted(ROUTES))
def test_signed_out_is_shown_the_sign_in(store, name):
    answer = (Client().post if ROUTES[name][1] else Client().get)(place(name))
    assert answer.status_code == 302 and answer["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("name", sorted(name for name, (_, posts) in ROUTES.items() if posts))
def test_a_link_alone_changes_nothing(store, staff, name):
    assert staff["handler"].get(place(name)).status_code == 405


@pytest.mark.parametrize("name", sorted({n for n, (_, posts) in ROUTES.items() if posts} | FORMS))
def test_a_form_from_elsewhere_is_refused(store, name):
    client = Client(enforce_csrf_checks=True, headers={"accept-language": "sv"})
    role = next(each for each in ("handler", "approver", "officer") if each in ROUTES[name][0])
    client.force_login(Handler.objects.create_user(f"{role}@norrsken.example", PASSWORD, role=role))
    answer = client.post(place(name))
    assert answer.status_code == 403 and "Formuläret har blivit för gammalt" in answer.text


def test_each_view_asks_for_a_permission():
    for pattern in urls.urlpatterns:
        view = pattern.callback
        while not hasattr(view, "permissions"):
            view = view.__wrapped__
        assert view.permissions and set(view.permissions) <= set(Permission)
