"""Who somebody is: all that was shown points at one person, or nobody is found."""

from __future__ import annotations

from lofte.datamap.asking import faults
from lofte.datamap.document import DataMap, Kind, System
from lofte.datamap.identity import Identity
from lofte.datamap.tracing import PersonRow, Trace

NUMBERS = {"anna": "198001011231", "bertil": "197502022389"}


def email(value):
    return Identity(kind=Kind.EMAIL, value=value)


def pnr(who):
    return Identity(kind=Kind.PERSONNUMMER, value=NUMBERS[who])


def no(value):
    return Identity(kind=Kind.CUSTOMER_NO, value=value)


def phone(value):
    return Identity(kind=Kind.PHONE, value=value)


def row(key, *identities):
    return PersonRow(dataset="customers", key=(key,), identities=frozenset(identities))


ANNA = row("1", email("anna@x.example"), pnr("anna"), no("K1"))
ANNA_AGAIN = row("2", email("anna.jobb@x.example"), pnr("anna"), no("K2"))
BERTIL = row("3", email("bertil@x.example"), pnr("bertil"), no("K3"))
FIRM = row("4", email("info@firma.example"), no("K4"))
OTHER_FIRM = row("5", email("info@annan.example"), no("K5"))
HOME_A = row("6", email("hem@x.example"), pnr("anna"), no("K6"))
HOME_B = row("7", email("hem@x.example"), pnr("bertil"), no("K7"))


def trace(rows, *shown):
    """Run the rounds over these rows, as a database would answer."""
    tracing = Trace([shown])
    while wanted := tracing.wanted():
        tracing.add(r for r in rows if r.identities & wanted)
    people = tracing.people(statements=0, alike=0)
    person = people.persons[0]
    keys = {key[0] for found in person.keys.values() for key in found}
    return keys, {a.identity for a in people.ambiguous}, person.shared


def test_a_personnummer_joins_two_accounts():
    keys, doubts, _ = trace([ANNA, ANNA_AGAIN, BERTIL], email("anna@x.example"))
    assert keys == {"1", "2"} and not doubts


def test_identities_of_two_persons_find_neither():
    keys, doubts, _ = trace([ANNA, BERTIL], email("anna@x.example"), pnr("bertil"))
    assert not keys and doubts == {email("anna@x.example"), pnr("bertil")}


def test_two_customer_numbers_do_not_make_one_company():
    keys, doubts, _ = trace([FIRM, OTHER_FIRM], no("K4"), no("K5"))
    assert not keys and doubts == {no("K4"), no("K5")}


def test_a_customer_number_and_somebody_elses_address_find_nobody():
    keys, doubts, _ = trace([FIRM, ANNA], no("K4"), email("anna@x.example"))
    assert not keys and doubts


def test_another_personnummer_than_the_rows_have_finds_nobody():
    keys, doubts, _ = trace([ANNA], email("anna@x.example"), pnr("bertil"))
    assert not keys and doubts


def test_a_shared_address_alone_finds_nobody():
    keys, doubts, shared = trace([HOME_A, HOME_B], email("hem@x.example"))
    assert not keys and doubts == {email("hem@x.example")} == shared


def test_a_shared_address_beside_a_personnummer_is_no_doubt():
    keys, doubts, shared = trace([HOME_A, HOME_B], email("hem@x.example"), pnr("anna"))
    assert keys == {"6"} and not doubts and shared == {email("hem@x.example")}


def test_an_address_that_nobody_has_beside_ones_own_is_no_doubt():
    keys, doubts, _ = trace([ANNA], email("anna@x.example"), email("ny@x.example"))
    assert keys == {"1"} and not doubts


def test_a_telephone_number_never_finds_a_person():
    one = row("8", phone("+46701740605"), no("K8"))
    assert trace([one], phone("+46701740605"))[0] == set()


MAP = DataMap(
    systems=(
        System.model_validate(
            {
                "system": 1,
                "id": "s",
                "name": {"sv": "S"},
                "url": "x",
                "datasets": {
                    "messages": {
                        "name": {"sv": "M"},
                        "key": "id",
                        "author": {
                            "column": "a",
                            "kind": "email",
                            "house": ["support@firma.example", "@hus.example"],
                        },
                        "fields": {"id": {"technical": True}, "a": {"technical": True}},
                    }
                },
            }
        ),
    )
)


def test_a_telephone_number_alone_is_refused_at_the_door():
    assert [f.number for f in faults(MAP, [phone("+46701740605")])] == ["R008"]
    assert not faults(MAP, [phone("+46701740605"), no("K1")])


def test_an_address_of_the_house_is_refused_at_the_door():
    for own in ("support@firma.example", "vem@hus.example"):
        assert [f.number for f in faults(MAP, [email(own)])] == ["R009"]
    assert not faults(MAP, [email("support@firma.example.example")])
