"""Promises of masking: another person's data go out of the row, never the row out of the answer."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from lofte.datamap.document import ByOwn, Dataset
from lofte.detect.text import DOTS
from lofte.plan.masking import last_four, masker
from tests.plan.specimen import ANNA, ON, datamap

MESSAGE = datamap().systems[0].datasets["message"]
COLUMNS = ("id", "sender", "body")


def masked(row: tuple[Any, ...], dataset: Dataset = MESSAGE, columns: tuple[str, ...] = COLUMNS, keys=()):
    mask = masker(dataset, columns, ANNA.identities, keys, on=ON)
    assert mask is not None
    return mask(row)


def test_a_persons_own_words_are_given_whole_but_for_the_identifiers_of_others() -> None:
    row = (1, "Anna.Lind@norr.example", "Jag är 850709-9805, ring bo@soder.example")
    assert masked(row) == (1, row[1], f"Jag är 850709-9805, ring {DOTS}")


def test_what_another_person_wrote_is_dots_and_the_row_is_there() -> None:
    assert masked((2, "bo@soder.example", "Mitt hemliga brev")) == (2, DOTS, DOTS)


def test_what_the_company_wrote_is_given() -> None:
    row = (3, "stod@bjorkhult.example", "Hej Anna! Det är lagat.")
    assert masked(row) == row


def test_the_companys_own_address_stays_in_a_text() -> None:
    row = (1, "anna.lind@norr.example", "Skriv till stod@bjorkhult.example, inte x@bjorkhult.example.org")
    assert masked(row)[2] == f"Skriv till stod@bjorkhult.example, inte {DOTS}"


def test_the_name_of_another_writer_is_dots_and_that_of_the_company_is_given() -> None:
    name = MESSAGE.fields["sent"].model_copy(update={"item": "name"})
    dataset = MESSAGE.model_copy(update={"fields": {**MESSAGE.fields, "name": name}})
    columns = ("sender", "name", "sent", "body")
    other = masked(("bo@soder.example", "Bo Ek", "2026-01-01", "Hej"), dataset, columns)
    assert other == (DOTS, DOTS, "2026-01-01", DOTS)
    ours = ("stod@bjorkhult.example", "Kundtjänst", "2026-01-01", "Hej")
    assert masked(ours, dataset, columns) == ours


def test_somebody_who_only_ends_like_the_company_is_not_the_company() -> None:
    assert masked((3, "x@evil-bjorkhult.example", "Hej"))[2] == DOTS


def test_without_the_column_of_the_author_every_text_is_taken_for_anothers() -> None:
    assert masked((1, "Hej"), columns=("id", "body")) == (1, DOTS)


def test_an_author_by_key_is_the_person_only_with_the_persons_own_key() -> None:
    author = MESSAGE.author.model_copy(update={"kind": None, "to": "customer", "house": (900,)})
    dataset = MESSAGE.model_copy(update={"author": author})
    assert masked((1, 7, "Mitt"), dataset, keys={(7,)})[2] == "Mitt"
    assert masked((1, 8, "Annans"), dataset, keys={(7,)})[2] == DOTS
    assert masked((1, 900, "Vårt"), dataset, keys={(7,)})[2] == "Vårt"


def test_a_dataset_with_nothing_to_hide_has_no_mask() -> None:
    assert (
        masker(datamap().systems[0].datasets["invoice"], ("id",), ANNA.identities, on=date(2026, 1, 1))
        is None
    )


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, None),
        ("19850709-9805", f"{DOTS}9805"),
        ("1234", DOTS),
        ("12345678", DOTS),
        (123456789, f"{DOTS}6789"),
    ],
)
def test_a_masked_value_shows_at_most_its_last_four(value: Any, shown: Any) -> None:
    assert last_four(value) == shown


CONTACT = Dataset.model_validate(
    {
        "name": {"sv": "Kontakter"},
        "key": "id",
        "subject": [{"by": "identity", "column": "email", "kind": "email"}],
        "fields": {
            "id": {"technical": True},
            "name": {"category": "identity", "item": "name", "give": "mask_others"},
            "email": {"category": "contact", "identity": "email", "give": "mask_others"},
            "phone": {"category": "contact", "identity": "phone", "give": "mask_others"},
        },
    }
)
CONTACTS = ("id", "name", "email", "phone")


def test_the_name_beside_another_persons_address_is_dots() -> None:
    row = (1, "Åke Kvist", "ake@soder.example", None)
    assert masked(row, CONTACT, CONTACTS) == (1, DOTS, DOTS, None)


def test_the_name_beside_ones_own_address_is_given_also_when_the_phone_is_anothers() -> None:
    row = (1, "Anna Lind", "Anna.Lind@norr.example", "070-174 06 99")
    assert masked(row, CONTACT, CONTACTS) == (1, "Anna Lind", "Anna.Lind@norr.example", DOTS)


def test_a_name_with_nothing_beside_it_says_nothing_of_whose_it_is() -> None:
    row = (1, "Anna Lind", None, "")
    assert masked(row, CONTACT, CONTACTS) == row


def test_in_a_persons_own_row_the_name_is_given() -> None:
    own = CONTACT.model_copy(update={"subject": (*CONTACT.subject, ByOwn(by="own"))})
    assert masked((1, "Anna Lind", "old@norr.example", None), own, CONTACTS)[1] == "Anna Lind"


def test_whoever_weighs_a_row_reads_what_another_wrote_and_no_identifier_of_others() -> None:
    mask = masker(MESSAGE, COLUMNS, ANNA.identities, on=ON, weighed=True)
    assert mask is not None
    row = (2, "bo@soder.example", "Släpp in Anna (anna.lind@norr.example). Bo, bo@soder.example")
    assert mask(row) == (2, DOTS, f"Släpp in Anna (anna.lind@norr.example). Bo, {DOTS}")
