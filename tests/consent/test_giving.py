"""A yes is to what it was to, and only to that; what needs one is stopped without one (art. 4.11, 7)."""

from __future__ import annotations

import copy
import dataclasses
import random
from datetime import UTC, datetime
from typing import Any

import pytest

from lofte.consent import given as yeses
from lofte.consent import object as objections
from lofte.consent import suppress, unsubscribe, withdraw
from lofte.consent.gate import MessageClass, StoppedBy, may_process, may_send, sieve
from lofte.consent.given import How
from lofte.consent.may import may, subject
from lofte.consent.models import Given, Mark, Suppression
from lofte.consent.suppress import PlacedFor
from lofte.datamap.document import Kind
from lofte.datamap.identity import Identity
from lofte.errors import Refused
from lofte.execution.book import opened
from lofte.ledger.kinds import Kind as Entry
from lofte.plan.coverage import Said, covered, meaning
from lofte.policy.document import Policy
from tests.consent.conftest import ANNA, EVA

WORDS = "Ja, jag vill ha nyhetsbrevet. Jag kan sluta när jag vill."
SALE = {"sale": "2026-03-01", "own_similar": True, "opt_out_at_collection": True}


def person(value: str = ANNA) -> list[Identity]:
    return [Identity(kind=Kind.EMAIL, value=value)]


def say_yes(house: Any, *purposes: str, who: str = ANNA, how: How = How.PORTAL, **more: Any) -> Given:
    return yeses.give(house, person(who), purposes, how=how, words=WORDS, **more)


def mailed(house: Any, who: str = ANNA, purpose: str = "signup") -> StoppedBy | None:
    return may_send(house, Kind.EMAIL, who, purpose=purpose).why


def test_a_yes_names_its_words_and_its_purposes(store, house):
    said = say_yes(house, "signup", form="footer")
    assert said.text is not None and said.text.words == WORDS
    assert list(said.covers) == ["signup"] and said.form == "footer"
    (payload,) = [p for e, p in opened() if e.kind == Entry.CONSENT_GIVEN]
    assert payload == {"how": "portal", "purposes": 1, "text": said.text.sha}
    assert not Mark.objects.filter(person__contains="anna").exists()


@pytest.mark.parametrize(
    ("purposes", "how", "words", "told"),
    [
        ((), How.FORM, WORDS, "at least one purpose"),
        (("signup",), How.FORM, " ", "words"),
        (("support",), How.FORM, WORDS, "rests on 6.1.f"),
        (("newsletter",), How.FORM, WORDS, "noted at a sale"),
        (("newsletter",), How.SALE, WORDS, "opt_out_at_collection"),
        (("signup",), How.SALE, WORDS, "rests on 6.1.a"),
        (("nowhere",), How.FORM, WORDS, "no purpose"),
    ],
)
def test_what_is_no_yes_is_refused(store, house, purposes, how, words, told):
    with pytest.raises(Refused, match=told):
        yeses.give(house, person(), purposes, how=how, words=words)
    assert not Given.objects.exists()


def test_until_a_yes_is_recorded_here_whoever_sends_knows(store, house):
    assert mailed(house) is None and may_process(house, person(), "photos")


def test_from_the_first_yes_on_what_needs_one_has_to_have_it(store, house):
    say_yes(house, "signup")
    assert mailed(house) is None
    assert mailed(house, EVA) is StoppedBy.NO_CONSENT
    assert may_process(house, person(), "photos").why is StoppedBy.NO_CONSENT
    assert may_process(house, person(EVA), "support") and may_process(house, person(EVA), "deliver")


def grown(house: Any, **change: Any) -> Any:
    plain = house.policy.model_dump(mode="json", by_alias=True, exclude_unset=True)
    plain = copy.deepcopy(plain)
    plain["purposes"]["signup"] |= change
    plain["categories"]["habits"] = {"name": {"sv": "Vanor", "en": "Habits"}}
    plain["recipients"] = {"post": {"role": "processor"}}
    return dataclasses.replace(house, policy=Policy.model_validate(plain))


@pytest.mark.parametrize(
    ("change", "stopped"),
    [
        ({}, None),
        ({"text": {"sv": "Med andra ord", "en": "In other words"}}, None),
        ({"categories": ["contact", "habits"]}, StoppedBy.NO_CONSENT),
        ({"recipients": ["post"]}, StoppedBy.NO_CONSENT),
    ],
)
def test_an_old_yes_does_not_cover_what_has_grown(store, house, change, stopped):
    say_yes(house, "signup")
    before = Given.objects.values_list().get()
    assert mailed(grown(house, **change)) is stopped
    assert Given.objects.values_list().get() == before


def test_a_new_purpose_is_covered_by_no_old_yes(house):
    said = Said(covers={"signup": meaning(house.policy.purposes["signup"])}, terms={})
    assert covered(said, house.policy) == {"signup"}


def test_a_withdrawal_stops_what_was_said_yes_to(store, house, clock):
    say_yes(house, "signup", "photos")
    clock.go(days=1)
    withdraw.withdraw(house, person(), ["photos"])
    assert may_process(house, person(), "photos").why is StoppedBy.WITHDRAWAL
    assert may_process(house, person(), "signup")


def test_a_yes_anew_ends_the_withdrawal_of_that_purpose_alone(store, house, clock):
    say_yes(house, "signup", "photos")
    withdraw.withdraw(house, person())
    clock.go(days=1)
    say_yes(house, "signup")
    assert mailed(house) is None
    assert may_process(house, person(), "photos").why is StoppedBy.WITHDRAWAL


def test_a_yes_that_anybody_could_have_typed_undoes_no_no(store, house, clock):
    withdraw.withdraw(house, person(), ["signup"])
    clock.go(days=1)
    say_yes(house, "signup", how=How.FORM)
    assert mailed(house) is StoppedBy.SUPPRESSION
    assert may_process(house, person(), "signup").why is StoppedBy.WITHDRAWAL


def test_an_address_got_at_a_sale_may_be_used_for_its_own_kind(store, house):
    say_yes(house, "newsletter", how=How.SALE, terms=SALE)
    assert mailed(house, purpose="newsletter") is None
    assert mailed(house, purpose="signup") is StoppedBy.NO_CONSENT


def test_a_yes_after_an_objection_is_to_something_else(store, house, clock):
    objections.object_to(house, person())
    clock.go(days=1)
    say_yes(house, "signup")
    assert mailed(house) is None
    assert mailed(house, purpose="newsletter") is StoppedBy.OBJECTION


def test_one_channel_can_be_left_without_the_others(store, house):
    phone = Identity(kind=Kind.PHONE, value="+46701740605")
    suppress.on_channel(house, phone, "sms")
    assert may_send(house, Kind.PHONE, "0701740605", channel="sms").why is StoppedBy.CHANNEL
    assert may_send(house, Kind.PHONE, "0701740605", channel="phone").why is not StoppedBy.CHANNEL


# -- asked by keyed digests -------------------------------------------------------------------------


def test_a_program_asks_without_naming_anybody(store, house, clock):
    asked = [subject(house, each) for each in person()]
    assert "anna" not in str(asked)
    say_yes(house, "signup")
    assert may(house, asked, "signup") and may(house, asked, "photos").why is StoppedBy.NO_CONSENT
    unsubscribe.stop(house, unsubscribe.read(house, unsubscribe.token(house, person()[0])))
    answer = may(house, asked, "signup")
    assert (answer.why, answer.article) == (StoppedBy.SUPPRESSION, "21.3")


@pytest.mark.parametrize("written", ["", "anna@kund.example", "email.", "email.ab", "planet." + "a" * 64])
def test_what_is_no_subject_is_refused(store, house, written):
    with pytest.raises(Refused, match="no subject"):
        may(house, [written], "signup")


def test_the_gate_asks_the_store_as_often_however_many_there_are(store, house, django_assert_max_num_queries):
    for n in range(60):
        say_yes(house, "signup", who=f"kund{n}@kund.example")
    asked = [subject(house, each) for each in person("kund7@kund.example")]
    with django_assert_max_num_queries(12):
        assert may(house, asked, "signup")


# -- one click --------------------------------------------------------------------------------------


def test_the_headers_name_a_link_that_names_nobody(store, house):
    found = unsubscribe.headers(house, person()[0])
    assert found["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert found["List-Unsubscribe"].startswith(f"<{house.url}/unsubscribe/") and "anna" not in str(found)
    assert unsubscribe.headers(house, person()[0], MessageClass.SERVICE) == {}


def test_a_link_that_was_changed_stops_nothing(store, house):
    written = unsubscribe.token(house, person()[0])
    for place in range(0, len(written), 5):
        other = "A" if written[place] not in "ABCD" else "Z"
        assert unsubscribe.read(house, written[:place] + other + written[place + 1 :]) is None
    assert unsubscribe.read(house, "ö") is None


def test_stopping_again_changes_nothing(store, house):
    link = unsubscribe.read(house, unsubscribe.token(house, person()[0]))
    assert link is not None and not unsubscribe.is_stopped(link)
    assert unsubscribe.stop(house, link) == unsubscribe.stop(house, link)
    assert Suppression.objects.get().why == PlacedFor.UNSUBSCRIBE
    assert mailed(house) is StoppedBy.SUPPRESSION and not mailed(house, EVA)


# -- a year of campaigns ----------------------------------------------------------------------------

PEOPLE = [f"kund{n}@kund.example" for n in range(12)]
DEEDS = ("yes", "form", "withdraw", "object", "stop", "send", "send")


@pytest.mark.parametrize("seed", range(4))
def test_in_a_year_of_campaigns_nobody_who_said_no_gets_a_letter(store, house, clock, seed):
    """The model knows one thing of each: may they have the letter? Whoever it says no for gets none."""
    clock.now = datetime(2026, 1, 1, 9, tzinfo=UTC)
    chance = random.Random(seed)
    willing: dict[str, bool] = {}
    sent = 0
    say_yes(house, "signup", who="first@kund.example")
    while clock.now < datetime(2027, 1, 1, tzinfo=UTC):
        clock.go(hours=chance.randint(1, 24 * 6))
        deed, who = chance.choice(DEEDS), chance.choice(PEOPLE)
        if deed == "yes":
            say_yes(house, "signup", who=who)
            willing[who] = True
        elif deed == "form":
            say_yes(house, "signup", who=who, how=How.FORM)
            willing.setdefault(who, True)
        elif deed == "send":
            answers = sieve(house, Kind.EMAIL, PEOPLE, purpose="signup")
            assert {p: bool(a) for p, a in zip(PEOPLE, answers, strict=True)} == {
                each: willing.get(each, False) for each in PEOPLE
            }
            sent += sum(map(bool, answers))
        else:
            _no(house, deed, who)
            willing[who] = False
    assert sent > 20


def _no(house: Any, deed: str, who: str) -> None:
    if deed == "withdraw":
        withdraw.withdraw(house, person(who), ["signup"])
    elif deed == "object":
        objections.object_to(house, person(who))
    else:
        unsubscribe.stop(house, unsubscribe.read(house, unsubscribe.token(house, person(who)[0])))


def test_a_class_of_message_has_its_own_answer(store, house, clock):
    say_yes(house, "signup")
    clock.go(days=1)
    objections.object_to(house, person())
    said = {each: may_send(house, Kind.EMAIL, ANNA, each).why for each in MessageClass}
    assert said == {"marketing": StoppedBy.SUPPRESSION, "service": None, "notice": None}
