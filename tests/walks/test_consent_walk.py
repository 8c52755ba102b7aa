"""The walk of a consent to cookies: `docs/walks/consent.md`, step by step."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest

from lofte.consent import chain
from lofte.consent import given as yeses
from lofte.consent.gate import may_process
from lofte.consent.given import How
from lofte.consent.models import Choice
from lofte.consent.proof import history, proven
from lofte.consent.receipt import as_json
from lofte.datamap.document import Kind as Known
from lofte.datamap.identity import Identity
from lofte.execution.book import opened
from lofte.ledger.kinds import Kind
from lofte.policy import cookies
from lofte.policy.cookies.against import compared
from lofte.policy.cookies.seen import Buttons, Seen, SeenPage, State, Stored
from lofte.policy.document import Policy
from lofte.policy.notice import notice
from lofte.policy.promises import promises
from lofte.proof.evaluate import judge
from lofte.proof.records import Case, Finding, noted
from lofte.site import scans
from tests.consent.visitors import TABLE, ask, choice, policy, way_in
from tests.walks.walking import Walk

DOCUMENT = Path(__file__).parents[2] / "docs/walks/consent.md"


@pytest.fixture
def house(house: Any) -> Any:
    made = policy()
    plain = made.model_dump(mode="json", by_alias=True, exclude_unset=True)
    purpose = {"categories": ["contact"], "retention": ["contract"], "legal_basis": "6.1.a"}
    plain["purposes"]["photos"] = purpose
    return dataclasses.replace(house, policy=Policy.model_validate(plain))


def seen(early: bool) -> Seen:
    """A site that does as the table says, or that counts visits before anybody has said yes."""
    states = tuple(State)
    when = {"necessary": states, "other": (*((State.BEFORE,) if early else ()), State.ACCEPTED)}
    days = {"session": None, "P30D": 30.0, "P3M": 92.0}
    stored = tuple(
        Stored(
            name=row["name"],
            kind="cookie",
            host="norrsken.example",
            state=state,
            page="/",
            days=days[row["lifetime"]],
        )
        for row in TABLE
        for state in when["necessary" if row["purpose"] == "necessary" else "other"]
    )
    return Seen(
        site="https://norrsken.example",
        banner="lofte",
        buttons=Buttons(reject=True, same_look=True, ratio=1.0),
        states=states,
        pages=tuple(SeenPage(path="/", state=state, status=200, settings=True) for state in states),
        stored=stored,
    )


def judged(house: Any, id_: str) -> Finding:
    """A promise, by what stands in the ledger."""
    promise = next(each for each in promises(house.policy, "sv") if each.id == id_)
    evidence = tuple(noted(entry, payload) for entry, payload in opened())
    texts = {spoken: notice(house.policy, spoken) for spoken in house.policy.meta.languages}
    return judge(
        Case(promise=promise, policy=house.policy, evidence=evidence, now=house.now, texts=texts)
    ).finding


def scan(house: Any, *, early: bool) -> list[str]:
    """Look at the site, and note what was found; the numbers of what is wrong."""
    found = compared(seen(early), house.policy, None, None)
    scans.noted(house, found.counts, json.dumps(early))
    return sorted({fault.number for fault in found.faults})


def test_the_walk_of_a_consent(store: Any, house: Any) -> None:
    with Walk(DOCUMENT) as walk, way_in(house) as way:
        with walk.step(1, "The table becomes a question"):
            told = cookies.shown(house.policy, "sv")
            assert isinstance(told, cookies.Shown)
            assert told.purposes == ("statistics", "marketing")
            assert told == cookies.shown(house.policy, "sv")
        with walk.step(2, "The banner has what it needs, and no more"):
            english = cookies.shown(house.policy, "en")
            assert isinstance(english, cookies.Shown)
            assert told.config()["about"]["sha"] == told.sha != english.sha
            assert told.edition == english.edition
        with walk.step(3, "Anna says yes to statistics"):
            said = choice(house, ["statistics"])
            assert said["choices"] == {"statistics": 1, "marketing": 0}
            (refused,) = ask(way, {**said, "sha": "0" * 64})
            assert refused.status >= 400
            (foreign,) = ask(way, said, origin="https://elsewhere.example")
            assert foreign.status >= 400
        with walk.step(4, "It is recorded before it is answered"):
            (answer, again) = ask(way, said, said)
            assert (answer.status, again.status) == (201, 200)
            assert answer.said == again.said
            assert Choice.objects.count() == 1
        with walk.step(5, "The ledger has its head"):
            chain.seal(house)
            (noted_,) = [payload for entry, payload in opened() if entry.kind == Kind.CONSENT_RECORDED]
            assert noted_["records"] == 1
            assert not chain.verify(house).flaws
        with walk.step(6, "Anna has a receipt"):
            found = proven(answer.said["receipt"])
            assert found is not None
            assert found.content is not None
            assert found.content["texts"]["reject"] == "Neka alla"
            assert as_json(house, found)["schema_version"] == "ISO/IEC TS 27560:2023"
        with walk.step(7, "She takes it back"):
            id_ = answer.said["id"]
            ask(way, choice(house, id=id_, seq=3, action="withdraw", surface="dialog"))
            ask(way, choice(house, ["statistics"], id=id_, seq=2))
            person = Choice.objects.get(receipt=answer.said["receipt"]).person
            (holds,) = [each for each in history(person) if each.holds]
            assert (holds.seq, holds.body["action"]) == (3, "withdraw")
        with walk.step(8, "Another yes is not this one"):
            anna, eva = (Identity(kind=Known.EMAIL, value=f"{who}@kund.example") for who in ("anna", "eva"))
            yeses.give(house, [eva], ["photos"], how=How.PORTAL, words="Ja, visa bilden.")
            assert may_process(house, [eva], "photos")
            assert not may_process(house, [anna], "photos")
            assert [entry for entry, _ in opened() if entry.kind == Kind.GATE_REFUSED]
        with walk.step(9, "The website is looked at"):
            assert judged(house, "P124") is Finding.UNPROVEN
            assert scan(house, early=False) == []
        with walk.step(10, "The promises are judged"):
            assert judged(house, "P124") is Finding.KEPT
            assert scan(house, early=True) == ["C104"]
            assert judged(house, "P124") is Finding.BROKEN
