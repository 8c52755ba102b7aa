"""The same question with the same Idempotency-Key is answered once."""

from __future__ import annotations

import dataclasses
import json
import threading
from datetime import timedelta

import pytest
from django.db import connections

from lofte.api import acting, once
from lofte.api.models import KeptAnswer
from lofte.errors import Unreachable
from lofte.requests.models import Case

CASE = {"rights": ["access"], "identities": [{"kind": "email", "value": "anna.hemlig@kund.example"}]}
KEY = {"Idempotency-Key": '"8e03978e-40d5-43dd-bc93-6894a57f9324"'}


def at(work, settings, **later):
    house = dataclasses.replace(work.house, clock=lambda: work.house.now + timedelta(**later))
    settings.LOFTE_AT_WORK = lambda: dataclasses.replace(work, house=house)


def test_the_same_question_has_the_same_answer(company, bertil):
    first, again = (bertil.post("/cases", CASE, **KEY) for _ in range(2))
    assert again.content == first.content and again.status_code == 201
    assert again["Idempotent-Replayed"] == "true" and "Idempotent-Replayed" not in first
    assert again["Content-Type"] == first["Content-Type"] and again["Cache-Control"] == "no-store"
    assert Case.objects.count() == 1 and again.json()["linked"] == []  # it was not even linked


def test_without_a_key_each_is_a_question_of_its_own(company, bertil):
    bertil.post("/cases", CASE)
    assert len(bertil.post("/cases", CASE).json()["linked"]) == 1


def test_the_same_key_for_something_else_is_refused(company, bertil):
    bertil.post("/cases", CASE, **KEY)
    for path, said in (
        ("/cases", {**CASE, "rights": ["erasure"]}),
        ("/gate/send", {"address": "a@b.example"}),
    ):
        answer = bertil.post(path, said, **KEY)
        assert (answer.status_code, answer.json()["type"]) == (422, "urn:lofte:problem:key-reused")
    assert Case.objects.count() == 1


def test_a_key_is_its_token_s_own(company, bertil, officer):
    bertil.post("/cases", CASE, **KEY)
    assert len(officer.post("/cases", CASE, **KEY).json()["linked"]) == 1


def test_a_refusal_is_kept_too(company, bertil):
    wrong = {**CASE, "rights": []}
    first, again = (bertil.post("/cases", wrong, **KEY) for _ in range(2))
    assert first.status_code == 422 and again.content == first.content
    assert again["Content-Type"] == "application/problem+json"


def test_who_asks_while_it_is_answered_is_told_so(company, bertil, monkeypatch):
    take, inside, answers = acting.take, threading.Event(), []
    go_on = threading.Event()

    def slow(*args, **more):
        inside.set()
        go_on.wait(20)
        return take(*args, **more)

    def ask():
        answers.append(bertil.post("/cases", CASE, **KEY))
        connections.close_all()

    monkeypatch.setattr(acting, "take", slow)
    thread = threading.Thread(target=ask)
    thread.start()
    assert inside.wait(20)
    meanwhile = bertil.post("/cases", CASE, **KEY)
    go_on.set()
    thread.join()
    assert (meanwhile.status_code, meanwhile.json()["type"]) == (409, "urn:lofte:problem:under-way")
    assert meanwhile["Retry-After"] and answers[0].status_code == 201
    assert bertil.post("/cases", CASE, **KEY).content == answers[0].content


def test_what_broke_may_be_asked_again(company, bertil, monkeypatch):
    def breaks(*_, **__):
        raise Unreachable("a system does not answer; try again")

    with monkeypatch.context() as patched:
        patched.setattr(acting, "take", breaks)
        assert bertil.post("/cases", CASE, **KEY).status_code == 503
    assert bertil.post("/cases", CASE, **KEY).status_code == 201


def test_who_died_while_answering_bars_nobody_for_ever(company, work, settings, bertil):
    bertil.post("/cases", CASE, **KEY)
    KeptAnswer.objects.update(answer=b"")
    assert bertil.post("/cases", CASE, **KEY).status_code == 409
    at(work, settings, minutes=11)
    assert bertil.post("/cases", CASE, **KEY).status_code == 201


def test_an_answer_is_kept_for_a_day(company, work, settings, bertil):
    bertil.post("/cases", CASE, **KEY)
    at(work, settings, hours=25)
    assert len(bertil.post("/cases", CASE, **KEY).json()["linked"]) == 1
    at(work, settings, hours=60)
    once.forget(settings.LOFTE_AT_WORK().house.now)
    assert not KeptAnswer.objects.exists()


@pytest.mark.parametrize("key", ["", "å", "x" * 256, "a b", '""', "\x7f"])
def test_a_key_that_cannot_be_read_is_refused(company, bertil, key):
    answer = bertil.post("/cases", CASE, **{"Idempotency-Key": key.encode().decode("latin-1")})
    assert (answer.status_code, answer.json()["type"]) == (400, "urn:lofte:problem:malformed")


def test_what_is_kept_can_be_read_by_nobody(company, bertil):
    bertil.post("/cases", CASE, **KEY)
    kept = KeptAnswer.objects.get()
    assert b"2026" not in bytes(kept.answer) and json.dumps(CASE) not in str(kept.__dict__)
    assert KEY["Idempotency-Key"].strip('"') not in str(kept.__dict__)


def test_a_package_is_kept_nowhere(company, bertil):
    assert bertil.post("/requests/2026-999999/package", **KEY).status_code == 404
    assert bertil.post("/requests/2026-999999/package", **KEY)["Idempotent-Replayed"]
