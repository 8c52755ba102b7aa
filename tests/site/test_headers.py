"""Every answer carries the headers; what is signed in is never stored."""

from __future__ import annotations

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from lofte.site.headers import HEADERS, Headers


@pytest.mark.parametrize("path", ["/", "/health", "/accounts/login/", "/nowhere", "/console/"])
def test_every_answer_has_the_headers(store, path):
    answer = Client().get(path)
    for name, value in HEADERS.items():
        assert answer[name] == value
    assert "Server" not in answer


def test_nothing_inline_and_nothing_from_elsewhere():
    policy = HEADERS["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy and "http" not in policy and "*" not in policy


def test_a_form_of_our_own_is_taken_and_one_without_an_origin_is_not(store, settings):
    """Why it is not `no-referrer`: with it Chromium sends `Origin: null` with our own forms."""
    assert HEADERS["Referrer-Policy"] == "same-origin"
    client = Client(enforce_csrf_checks=True)
    client.get("/accounts/login/")
    form = {
        "csrfmiddlewaretoken": client.cookies[settings.CSRF_COOKIE_NAME].value,
        "login": "",
        "password": "",
    }
    answers = [
        client.post("/accounts/login/", form, HTTP_ORIGIN=origin).status_code
        for origin in ("http://testserver", "null")
    ]
    assert answers == [200, 403]


@pytest.mark.parametrize("path", ["/console/", "/accounts/login/"])
def test_pages_of_the_house_are_not_stored(store, path):
    assert "no-store" in Client().get(path)["Cache-Control"]


def test_https_is_remembered_only_where_it_is_used(settings):
    def answer(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    settings.LOFTE_SECURE = False
    assert "Strict-Transport-Security" not in Headers(answer)(RequestFactory().get("/"))
    settings.LOFTE_SECURE = True
    assert "max-age=63072000" in Headers(answer)(RequestFactory().get("/"))["Strict-Transport-Security"]


def test_cookies_are_for_the_server_alone(store):
    client = Client()
    client.get("/accounts/login/")
    assert client.cookies
    for cookie in client.cookies.values():
        assert cookie["httponly"] and cookie["samesite"] in {"Lax", "Strict"}


def test_another_host_name_is_refused(store):
    assert Client().get("/", HTTP_HOST="elsewhere.example").status_code == 400
