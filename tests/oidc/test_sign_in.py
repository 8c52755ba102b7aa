"""A person signs in with e-ID on the pages of the portal, and what they ask goes on."""

from __future__ import annotations

import dataclasses
import io
import json
import logging
import zipfile
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from lofte.accounts.models import Handler
from lofte.datamap.document import Kind
from lofte.datamap.identity import Identity
from lofte.errors import FaultsFound
from lofte.law.rights import Right
from lofte.portal.broker import broker, is_safe
from lofte.portal.oidc import _known
from lofte.requests.answer.release import release
from lofte.requests.course.receive import identities_of
from lofte.requests.door.challenge import LIVES, challenged, enter
from lofte.requests.door.identify import Level
from lofte.requests.door.knock import LIMITS, What
from lofte.requests.models import Case, Identification, Request
from lofte.requests.sealing import lookup
from lofte.site.logs import NothingPersonal, Plain
from tests.door.company import ANNA as ANNAS_MAIL
from tests.door.company import EVA as EVAS_MAIL
from tests.door.company import UNKNOWN
from tests.oidc.persons import ANNA, EID, EVA, SECRET

PNR = Identity(kind=Kind.PERSONNUMMER, value=ANNA)
EVAS_PNR = Identity(kind=Kind.PERSONNUMMER, value=EVA)
EVAS_ADDRESS = Identity(kind=Kind.EMAIL, value=EVAS_MAIL)
BERTIL = "b" * 32


def written(issuer: str, **more: Any) -> str:
    named = {
        "name": {"sv": "BankID", "en": "BankID"},
        "issuer": issuer,
        "client_id": "lofte",
        "secret": "env:LOFTE_TEST_SECRET",
        "acr": [EID],
        "claims": {"personnummer": "ssn"},
        **more,
    }
    return json.dumps({"sign_in": 1, "broker": named}, indent=1)


@pytest.fixture
def signing(door: Any, workspace: Any, provider: str, monkeypatch: Any) -> Any:
    """The company, with the broker in its workspace."""
    monkeypatch.setenv("LOFTE_TEST_SECRET", SECRET)
    monkeypatch.setattr("lofte.requests.package.seal.answer_pdf", lambda *_: b"%PDF")
    (workspace / "sign-in.yaml").write_text(written(provider), encoding="utf-8")
    return door


def went(client: Client, visit: Any, as_: str = "anna", start: str = "/sign-in") -> Any:
    """To the broker and back; the answer to the way back."""
    return client.get(came(client, visit, as_, start))


def came(client: Client, visit: Any, as_: str = "anna", start: str = "/sign-in") -> str:
    away = client.get(start)
    assert away.status_code == 302
    return visit(away["Location"], as_=as_).removeprefix("http://localhost:8000")


def asks(client: Client, **more: Any) -> Case:
    form = {"rights": ["access"], "email": ANNAS_MAIL, **more}
    answer = client.post("/ask", form)
    assert answer.status_code == 302, answer.text
    return Case.objects.latest("id")


def state(case: Case) -> list[str]:
    return list(case.items.order_by("id").values_list("state", flat=True))


def test_whoever_signed_in_first_asks_and_it_goes_on_at_once(signing, client, visit):
    assert went(client, visit)["Location"] == "/ask"
    assert "Du är inloggad med e-legitimation" in client.get("/ask").text
    case = asks(client)
    (request,) = case.items.all()
    assert request.state == "identified" and Identification.objects.get().level == Level.PROVEN
    assert set(identities_of(signing.house, request)) >= {PNR}
    assert Identification.objects.get().by == ""
    assert request.number in client.get("/mine").text


def test_a_case_that_holds_the_number_is_opened_by_choice_and_goes_on(signing, client, visit):
    case = signing.ask(PNR)
    page = went(client, visit)
    assert page["Location"] == "/sign-in/cases" and state(case) == ["received"]
    text = client.get("/sign-in/cases").text
    assert case.items.get().number in text and state(case) == ["received"]
    assert client.post("/sign-in/cases", {"case": case.ref})["Location"] == "/mine"
    assert state(case) == ["identified"]


def test_the_answer_is_searched_for_made_and_fetched(signing, client, visit):
    """From the question to the ZIP, behind e-ID alone."""
    went(client, visit)
    case = asks(client)
    signing.work_on()
    (request,) = case.items.all()
    assert request.state == "ready"
    release(signing.house, request, by=BERTIL)
    page = client.get(f"/mine/{request.number}/fetch").text
    assert "3 av 3" in page
    answer = client.post(f"/mine/{request.number}/fetch")
    assert answer["Cache-Control"] == "no-store" and "sandbox" in answer["Content-Security-Policy"]
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as package:
        assert ANNAS_MAIL in package.read("data.json").decode()
        assert EVAS_MAIL not in package.read("data.json").decode()


def test_a_low_level_is_told_what_is_missing_and_steps_up(signing, client, visit):
    """A code by mail shows the status; the answer holds a personnummer, and opens with e-ID."""
    case = asks(client)
    signing.answer()
    code = signing.codes()[ANNAS_MAIL]
    assert client.post("/mine/code", {"code": code})["Location"] == "/mine"
    assert state(case) == ["received"]
    assert went(client, visit, start=f"/sign-in?fetch={case.items.get().number}").status_code == 302
    signing.work_on()
    (request,) = case.items.all()
    assert request.state == "ready"
    release(signing.house, request, by=BERTIL)
    other = Client(headers={"accept-language": "sv"})
    signing.wish(request.number, claim="d" * 32)
    session = other.session
    session["door"] = {"claim": "d" * 32}
    session.save()
    signing.answer()
    other.post("/mine/code", {"code": signing.codes()[ANNAS_MAIL]})
    place = f"/mine/{request.number}/fetch"
    text = other.get(place).text
    assert "behöver du visa säkrare vem du är" in text and "personnummer" in text
    refused = other.post(place)
    assert refused.status_code == 403 and not refused.streaming
    assert went(other, visit, start=f"/sign-in?fetch={request.number}")["Location"] == place
    assert b"".join(other.post(place).streaming_content).startswith(b"PK")


def test_an_e_id_opens_nobody_elses_case(signing, client, visit):
    """Eva reads Anna's mailbox, and has an e-ID of her own."""
    case = asks(client)
    signing.answer()
    client.post("/mine/code", {"code": signing.codes()[ANNAS_MAIL]})
    answer = went(client, visit, as_="eva")
    assert answer.status_code == 403 and "hör inte till det här ärendet" in answer.text
    assert state(case) == ["received"] and not Identification.objects.exists()
    assert client.get("/mine").status_code == 200 and case.items.get().number not in client.get("/mine").text


def test_ones_own_number_beside_anothers_address_opens_nothing_of_theirs(signing, client, visit):
    """Eva, whom no system knows by number, writes Anna's address and her own number."""
    went(client, visit, as_="eva")
    case = asks(client)
    assert state(case) == ["received"]
    assert not Identification.objects.exists()


def test_anothers_address_beside_ones_own_number_is_dropped_as_an_unknown_one(signing, client, visit):
    """Else anybody with an e-ID could ask whether an address is a customer's."""
    seen = []
    for address in (EVAS_MAIL, "ingen@okand.example"):
        went(client, visit)
        case = asks(client, email=address)
        held = identities_of(signing.house, case.items.get())
        seen.append((state(case), identity_kinds(held)))
        assert address not in {each.value for each in held}
    assert seen[0] == seen[1]


def identity_kinds(held):
    return sorted(each.kind for each in held)


def test_a_stranger_does_not_stay_in_a_case_that_its_person_has_proven(signing, client, visit):
    """Somebody with an e-ID asks with Eva's address; Eva passes the code that came to her."""
    went(client, visit)
    case = asks(client, email=EVAS_MAIL, rights=["objection", "access"])
    first = case.items.order_by("id")[0]
    contact = lookup(signing.house.keys.lookup, EVAS_ADDRESS)
    code = challenged(
        signing.house, case, way="email", contact=contact, claim="e" * 32, lives=LIVES,
        identity=EVAS_ADDRESS, told=[EVAS_ADDRESS], aged=True,
    )  # fmt: skip
    assert enter(signing.house, claim="e" * 32, code=code, network="203.0.113.0/24") is not None
    client.post("/mine/leave")
    went(client, visit)
    client.post("/sign-in/cases", {"case": case.ref})
    answer = client.get("/mine")
    assert first.number not in answer.text


def test_who_is_known_by_address_alone_gets_no_untrue_nothing(signing, client, visit):
    """The systems do not know Eva's number: an answer by it would say that there is nothing about her."""
    case = signing.ask(EVAS_PNR, address=EVAS_MAIL)
    went(client, visit, as_="eva")
    answer = client.post("/sign-in/cases", {"case": case.ref})
    assert state(case) == ["received"] and "känner inte igen dig" in answer.text


def test_no_case_goes_on_unasked(signing, client, visit):
    """Somebody else has asked for an erasure with Anna's number."""
    planted = signing.ask(PNR, address=UNKNOWN, rights=(Right.ERASURE,))
    went(client, visit)
    asks(client)
    assert state(planted) == ["received"]


@pytest.mark.parametrize("who", ["password", "nothing", "nobody"])
def test_what_is_no_e_id_is_refused_plainly(signing, client, visit, who):
    answer = went(client, visit, as_=who)
    assert answer.status_code == 403 and "Du är inte inloggad" in answer.text
    assert client.get("/sign-in/cases")["Location"] == "/mine"


def test_a_way_back_leads_back_once(signing, client, visit):
    place = came(client, visit)
    assert client.get(place).status_code == 302
    assert client.get(place).status_code == 403


def test_a_wrong_answer_ends_what_was_begun(signing, client, visit):
    place = came(client, visit)
    assert client.get("/sign-in/back?code=x&state=y").status_code == 403
    assert client.get(place).status_code == 403


def test_a_way_back_leads_nobody_else_in(signing, client, visit):
    place = came(client, visit)
    thief = Client()
    assert thief.get(place).status_code == 403
    thief.get("/sign-in")
    assert thief.get(place).status_code == 403
    assert thief.get("/sign-in/cases")["Location"] == "/mine"


def test_the_session_is_a_new_one_and_holds_no_number_in_clear(signing, client, visit):
    place = came(client, visit)
    before = client.session.session_key
    client.get(place)
    assert client.session.session_key != before and not Session.objects.filter(pk=before).exists()
    assert ANNA not in json.dumps(dict(client.session)) and ANNA[2:] not in str(dict(client.session))


def test_who_works_here_is_signed_out_by_signing_in_as_a_person(signing, client, visit):
    client.force_login(Handler.objects.create_user("h@norrsken.example", "en lång mening", role="handler"))
    went(client, visit)
    assert client.get("/console/").status_code == 302


def test_a_sign_in_is_remembered_for_a_quarter_of_an_hour(signing, client, visit):
    went(client, visit)
    session = client.session
    session["signed-in"] = session["signed-in"] | {"at": session["signed-in"]["at"] - 901}
    session.save()
    assert "Du är inloggad" not in client.get("/ask").text
    assert client.get("/sign-in/cases")["Location"] == "/mine"


def test_a_broker_that_is_down_leaves_the_other_ways_open(signing, client, workspace):
    _known.clear()
    (workspace / "sign-in.yaml").write_text(written("http://localhost:9"), encoding="utf-8")
    answer = client.get("/sign-in")
    assert answer.status_code == 503 and "Det går inte att logga in just nu" in answer.text
    assert client.get("/mine").status_code == client.get("/ask").status_code == 200


def test_without_a_broker_nothing_is_said_of_it(door, client):
    assert client.get("/sign-in").status_code == 503
    assert "Logga in med" not in client.get("/mine").text + client.get("/ask").text


def test_code_token_and_number_stand_in_no_log(signing, client, visit):
    log = io.StringIO()
    handler = logging.StreamHandler(log)
    handler.setFormatter(Plain())
    handler.addFilter(NothingPersonal())
    names = ["", "lofte", "lofte.access", "django", "urllib3", "authlib", "requests"]
    levels = {name: logging.getLogger(name).level for name in names}
    for name in names:
        logging.getLogger(name).addHandler(handler)
        logging.getLogger(name).setLevel(logging.DEBUG)
    try:
        place = came(client, visit)
        client.get(place)
        client.get(place)
        case = asks(client)
        client.get(f"/mine/{case.items.get().number}/fetch")
    finally:
        for name in names:
            logging.getLogger(name).removeHandler(handler)
            logging.getLogger(name).setLevel(levels[name])
    said = log.getvalue()
    assert "/sign-in/back" in said
    secrets = dict(part.split("=", 1) for part in place.partition("?")[2].split("&"))
    for word in (*secrets.values(), ANNA, ANNA[2:], SECRET, ANNAS_MAIL, client.session.session_key):
        assert word not in said


@pytest.mark.parametrize(
    ("more", "number", "line"),
    [
        ({"issuer": "http://broker.example"}, "S001", 8),
        ({"issuer": "https://a:b@broker.example"}, "S001", 8),
        ({"issuer": "https://broker.example/?x=1"}, "S001", 8),
        ({"secret": "hemlig"}, "S002", 10),
        ({"secret": "env:LOFTE_NOT_SET"}, "S003", 10),
        ({"claims": {"email": "email"}}, "S004", 14),
        ({"claims": {"personnummer": "ssn", "email": "email"}}, "S004", 14),
    ],
)
def test_a_fault_in_the_file_says_where_and_how_to_mend_it(tmp_path, monkeypatch, more, number, line):
    monkeypatch.setenv("LOFTE_TEST_SECRET", SECRET)
    said = written(**{"issuer": "https://broker.example", **more})
    (tmp_path / "sign-in.yaml").write_text(said, encoding="utf-8")
    with pytest.raises(FaultsFound) as told:
        broker(tmp_path)
    (fault,) = told.value.faults
    assert (fault.number, fault.place.line) == (number, line) and fault.mend
    assert "hemlig" not in str(fault)


@pytest.mark.parametrize("part", ["issuer", "client_id", "secret", "acr", "claims", "name"])
def test_what_is_left_out_is_told(tmp_path, part):
    said = json.loads(written("https://broker.example"))
    del said["broker"][part]
    (tmp_path / "sign-in.yaml").write_text(json.dumps(said), encoding="utf-8")
    with pytest.raises(FaultsFound):
        broker(tmp_path)


@pytest.mark.parametrize(
    ("address", "safe"),
    [
        ("https://broker.example", True),
        ("http://127.0.0.1:9", True),
        ("http://localhost:9", True),
        ("http://127.1:9", False),
        ("http://broker.example", False),
        ("file:///etc/passwd", False),
        ("https://a@broker.example", False),
        ("https://broker.example#x", False),
        ("https://", False),
        ("https://broker.example:port", False),
    ],
)
def test_an_address_is_safe_when_it_is_encrypted_or_here(address, safe):
    assert is_safe(address) is safe


def test_requests_are_only_those_of_the_case(signing, client, visit):
    went(client, visit)
    case = asks(client)
    other = signing.ask(address=EVAS_MAIL)
    number = other.items.get().number
    assert client.get(f"/mine/{number}/fetch")["Location"] == "/mine"
    assert client.post(f"/mine/{number}/fetch")["Location"] == "/mine"
    assert Request.objects.filter(case=case).exists()


def test_a_network_begins_so_many_sign_ins_and_another_gets_in(signing, client, monkeypatch):
    few = dataclasses.replace(LIMITS[What.SIGN_IN], network=2)
    monkeypatch.setattr("lofte.requests.door.knock.LIMITS", LIMITS | {What.SIGN_IN: few})
    answers = [client.get("/sign-in", REMOTE_ADDR="203.0.113.9").status_code for _ in range(3)]
    assert answers == [302, 302, 429]
    assert client.get("/sign-in", REMOTE_ADDR="198.51.100.9").status_code == 302
