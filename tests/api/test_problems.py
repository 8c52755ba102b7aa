"""What goes wrong is told with where and how to mend it; nothing that was sent is told back."""

from __future__ import annotations

import json
import logging
from datetime import timedelta

import pytest

from lofte.accounts.models import Handler
from lofte.accounts.scopes import Scope
from lofte.accounts.token import end
from lofte.api import door
from lofte.api.problem import KINDS
from lofte.requests.models import Request

CANARY = "kanariefågel"
ANNA = [{"kind": "email", "value": "anna@kund.example"}]
CASE = {"rights": ["access"], "identities": ANNA}


def problem(answer, name, status):
    said = answer.json()
    assert answer["Content-Type"] == "application/problem+json", answer.content
    assert (said["type"], said["status"], answer.status_code) == (f"urn:lofte:problem:{name}", status, status)
    assert said["title"] and said["detail"] and (said.get("mend") or said.get("where"))
    assert "Traceback" not in answer.content.decode()
    return said


def test_each_kind_of_problem_has_a_name_of_its_own():
    assert len({kind.type for kind in KINDS}) == len(KINDS)


@pytest.mark.parametrize(
    ("said", "at"),
    [
        ({**CASE, "rights": []}, "body.rights"),
        ({**CASE, "rights": [CANARY]}, "body.rights.0"),
        ({**CASE, CANARY: 1}, "body"),
        ({**CASE, "identities": [{"kind": "email", "value": CANARY}]}, "body.identities.0.value"),
        ({**CASE, "identities": [{"kind": CANARY, "value": "x"}]}, "body.identities.0.kind"),
        ({**CASE, "received_at": CANARY}, "body.received_at"),
        ({**CASE, "received_at": 17}, "body.received_at"),
        ({**CASE, "words": f"{CANARY}\x00"}, "body.words"),
        ({"rights": ["access"]}, "body.identities"),
        ([CANARY], "body"),
        (CANARY, "body"),
    ],
)
def test_each_fault_is_told_at_its_place_and_never_repeated(company, bertil, said, at):
    answer = bertil.post("/cases", json.dumps(said))
    assert [each["at"] for each in problem(answer, "invalid", 422)["where"]] == [at]
    assert CANARY not in answer.content.decode() and not Request.objects.exists()


def test_a_lone_surrogate_is_no_text(company, bertil):
    body = json.dumps({**CASE, "words": "x"}).replace('"x"', '"\\ud800"')
    problem(bertil.post("/cases", body), "invalid", 422)


@pytest.mark.parametrize(
    "body", ["{", f'{{"{CANARY}"', "[" * 5000, '{"a": NaN}', '{"rights": [], "rights": []}', b"\xff\xfe{}"]
)
def test_what_is_not_json_is_told_as_such(company, bertil, body):
    answer = bertil.post("/cases", body)
    problem(answer, "malformed", 400)
    assert CANARY not in answer.content.decode()


def test_a_body_is_json_and_is_said_to_be(company, bertil):
    from django.test import Client

    headers = {"Authorization": f"Bearer {bertil.shown}"}
    for kind in ("text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin-1"):
        answer = Client(headers=headers).generic("POST", "/api/v1/cases", json.dumps(CASE), content_type=kind)
        problem(answer, "media-type", 415)
    kind = "application/json; charset=UTF-8"
    answer = Client(headers=headers).generic("POST", "/api/v1/cases", json.dumps(CASE), content_type=kind)
    assert answer.status_code == 201


def test_a_body_is_bounded(company, bertil):
    body = json.dumps({**CASE, "words": "x" * (door.LARGEST + 1)})
    problem(bertil.post("/cases", body), "too-large", 413)
    problem(bertil.post("/cases", "x" * (2 * 1024 * 1024)), "too-large", 413)


def test_what_is_not_there_is_told_as_such(company, bertil):
    problem(bertil.get("/requests/2026-999999"), "not-there", 404)
    problem(bertil.get(f"/cases/{'f' * 32}"), "not-there", 404)
    problem(bertil.get(f"/requests/{CANARY}"), "invalid", 422)
    problem(bertil.get("/requests?cursor=AAAA"), "invalid", 422)
    assert CANARY not in bertil.get(f"/requests?state={CANARY}").content.decode()


def test_a_scope_that_is_missing_is_named(company, let_in):
    answer = let_in("handler", Scope.REQUESTS_READ).post("/cases", CASE)
    assert "requests:receive" in problem(answer, "scope", 403)["detail"]


def test_a_token_that_does_not_hold_opens_nothing(company, work, bertil, nobody):
    from django.test import Client

    for shown in (
        f"Basic {bertil.shown}",
        f"Bearer {bertil.shown[:-1]}",
        "Bearer",
        "Bearer \x00",
        bertil.shown,
    ):
        answer = Client(headers={"Authorization": shown}).get("/api/v1/requests")
        problem(answer, "no-token", 401)
    end(work.house, bertil.token, by="")
    problem(bertil.get("/requests"), "no-token", 401)


def test_a_token_ends_with_its_maker_at_once(company, bertil):
    assert bertil.get("/requests").status_code == 200
    Handler.objects.update(is_active=False)
    problem(bertil.get("/requests"), "no-token", 401)


def test_a_token_asks_so_often_in_a_minute_and_no_more(company, bertil, officer, monkeypatch):
    monkeypatch.setattr(door, "A_MINUTE", 5)
    statuses = [bertil.get("/policy").status_code for _ in range(12)]
    # The minute may turn in between, once.
    assert 429 in statuses and set(statuses) <= {200, 429} and statuses.count(200) <= 10
    if statuses[-1] == 429:
        answer = bertil.get("/policy")
        if answer.status_code == 429:
            assert 0 < int(answer["Retry-After"]) <= 60
            problem(answer, "too-many", 429)
    assert officer.get("/policy").status_code == 200


def test_a_token_is_never_more_than_its_days(company, let_in, work, settings):
    import dataclasses

    program = let_in("handler", days=1)
    later = work.house.now + timedelta(days=1, minutes=1)
    house = dataclasses.replace(work.house, clock=lambda: later)
    settings.LOFTE_AT_WORK = lambda: dataclasses.replace(work, house=house)
    problem(program.get("/requests"), "no-token", 401)


def test_a_workspace_with_faults_answers_nothing(company, bertil):
    (company / "policy.yaml").write_text("policy: 1\n", encoding="utf-8")
    problem(bertil.get("/requests"), "closed", 503)


def test_what_nobody_thought_of_tells_nothing(company, bertil, monkeypatch, caplog):
    from lofte.api import acting

    def breaks(*_, **__):
        raise RuntimeError(CANARY)

    monkeypatch.setattr(acting, "take", breaks)
    with caplog.at_level(logging.DEBUG):
        answer = bertil.post("/cases", CASE)
    problem(answer, "broken", 500)
    assert CANARY not in answer.content.decode() and CANARY not in caplog.text


def test_no_answer_no_log_and_no_entry_holds_what_was_sent(company, bertil, officer, caplog):
    from lofte.execution import book

    secret = "hemlig.kanariefagel@kund.example"
    case = {**CASE, "identities": [{"kind": "email", "value": secret}], "words": f"Jag är {secret}"}
    with caplog.at_level(logging.DEBUG):
        made = bertil.post("/cases", case)
        at = f"/requests/{made.json()['requests'][0]['number']}"
        proof = {"method": f"Svarade från {secret}", "level": 3}
        answers = [
            made,
            bertil.post("/cases", case),
            bertil.post("/cases", case, **{"Idempotency-Key": secret}),
            bertil.post(f"{at}/wait", {"waits": "identity", "why": secret}),
            bertil.post(
                f"{at}/identification", {**proof, "identities": [{"kind": "phone", "value": secret}]}
            ),
            bertil.post(f"{at}/identification", proof),
            bertil.post(f"{at}/extension", {"months": 1, "because": "many", "why": secret}),
            officer.post(f"{at}/refusal", {"ground": "unfounded", "why": secret}),
            bertil.post("/gate/send", {"address": secret}),
            *(bertil.get(f"{at}{more}") for more in ("", "/ledger", "/findings", "/standing", "/recipients")),
        ]
    told = [each.content.decode() for each in answers]
    assert not any("kanariefagel" in each for each in told) and "kanariefagel" not in caplog.text
    assert "kanariefagel" not in str(list(book.opened()))
