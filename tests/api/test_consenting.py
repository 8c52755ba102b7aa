"""Other programs record yeses, and ask by keyed digests."""

from __future__ import annotations

from lofte.consent.models import Asking, Given

ANNA = [{"kind": "email", "value": "anna@kund.example"}]
YES = {"identities": ANNA, "words": "Ja, jag vill.", "how": "portal", "ticked_by_person": True}


def consenting(work):
    return next(id_ for id_, p in work.house.policy.purposes.items() if p.legal_basis == "6.1.a")


def test_a_yes_is_recorded_and_then_asked_for(bertil, work):
    purpose = consenting(work)
    (subject,) = bertil.post("/gate/subjects", {"identities": ANNA}).json()["subjects"]
    answer = bertil.post("/consents", {**YES, "purposes": [purpose]})
    assert answer.status_code == 201 and answer.json()["covers"] == [purpose]
    said = bertil.get(f"/may?subject={subject}&purpose={purpose}").json()
    assert said["allowed"] is True and "anna" not in subject
    (other,) = bertil.post(
        "/gate/subjects", {"identities": [{"kind": "email", "value": "b@c.example"}]}
    ).json()["subjects"]
    assert bertil.get(f"/may?subject={other}&purpose={purpose}").json()["why"] == "no_consent"


def test_a_box_that_was_ticked_already_is_no_yes(bertil, work):
    for ticked in ({"ticked_by_person": False}, {"ticked_by_person": None}):
        assert bertil.post("/consents", {**YES, **ticked, "purposes": [consenting(work)]}).status_code == 422
    assert not Given.objects.exists()


def test_double_opt_in_asks_before_it_records(bertil, work):
    answer = bertil.post("/consents", {**YES, "how": "double_opt_in", "purposes": [consenting(work)]})
    assert answer.status_code == 201 and answer.json()["ref"] is None
    assert Asking.objects.count() == 1 and not Given.objects.exists()


def test_the_headers_of_a_letter_are_given(bertil, work):
    found = bertil.post("/gate/headers", {"identities": ANNA}).json()["headers"]
    assert found["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
