"""Each fault of the data map, seeded once in a map that has no other."""

from dataclasses import replace

import pytest

from lofte.datamap.catalogue import Catalogue, LiveColumn, LiveReference, LiveTable, TypeClass
from lofte.datamap.checks import CHECKS, check
from lofte.datamap.digest import digest
from lofte.datamap.reading import read_map
from lofte.fault import Severity, errors
from lofte.policy.document import Policy
from lofte.policy.reading import read

POLICY = """\
policy: 1
meta: {id: hus, title: {sv: Policy}, version: "1", effective_from: 2026-01-01}
controller: {legal_name: Huset AB}
authority: {id: IMY, name: {sv: IMY}, url: "https://www.imy.se/"}
roles:
  - {as: controller, for: [customer]}
  - {as: processor, for: [visitor]}
subjects: {customer: {name: {sv: Kunder}}, visitor: {name: {sv: Besökare}}}
categories:
  contact: {name: {sv: Kontakt}, items: [email, end]}
  national_id: {name: {sv: Personnummer}, ground: {law: 2018:218-3-10, reason: secure_identification}}
  payment: {name: {sv: Betalning}}
  account: {name: {sv: Konto}, mask: last4}
sources: {form: {}}
purposes:
  deliver: {categories: [contact, national_id], legal_basis: 6.1.b, retention: [after]}
  invoice: {categories: [contact, payment, account], legal_basis: 6.1.c}
recipients: {bank: {role: controller}}
retention: {after: {keep_until: contract.end + P3M, action: delete}}
"""

MAP = """\
system: 1
id: crm
name: {sv: Kundregister}
url: sqlite:///crm.db
datasets:
  customer:
    table: kunder
    name: {sv: Kunder}
    key: id
    subjects: customer
    purposes: [deliver]
    subject:
      - by: own
    anchors: {contract.end: slut}
    fields:
      id: {technical: true}
      epost: {category: contact, item: email, identity: email}
      pnr: {category: national_id, identity: personnummer}
      slut: {category: contact, item: end}
  invoice:
    table: fakturor
    name: {sv: Fakturor}
    key: id
    purposes: [invoice]
    subject:
      - {by: reference, columns: kund, to: customer}
    fields:
      id: {technical: true}
      kund: {technical: true}
      belopp: {category: payment}
      konto: {category: account, give: mask, why: {sv: Skydd}}
  visit:
    table: besok
    name: {sv: Besök}
    key: id
    role: processor
    subjects: visitor
    nobody: {sv: Vi vet inte vem besökaren är.}
    fields:
      id: {technical: true}
      sida: {category: contact}
ignored:
  - {table: versioner, why: Bara schemats version.}
"""

INTEGER, TEXT = TypeClass.INTEGER, TypeClass.TEXT


def live(**columns):
    return tuple(LiveColumn(name=name, type=type_) for name, type_ in columns.items())


def catalogue(**changes):
    tables = {
        "kunder": LiveTable(
            schema=None, name="kunder", key=("id",),
            columns=live(id=INTEGER, epost=TEXT, pnr=TEXT, slut=TypeClass.DATE),
            indexes=(("lower:epost",), ("pnr",)),
        ),
        "fakturor": LiveTable(
            schema=None, name="fakturor", key=("id",),
            columns=live(id=INTEGER, kund=INTEGER, belopp=INTEGER, konto=TEXT),
            references=(
                LiveReference(columns=("kund",), to_schema=None, to_table="kunder", to_columns=("id",)),
            ),
            indexes=(("kund",),),
        ),
        "besok": LiveTable(schema=None, name="besok", key=("id",), columns=live(id=INTEGER, sida=TEXT)),
        "versioner": LiveTable(schema=None, name="versioner", columns=live(v=INTEGER)),
    }  # fmt: skip
    for name, table in changes.items():
        if table is None:
            del tables[name]
        else:
            tables[name] = table
    return {"crm": Catalogue(system="crm", dialect="sqlite", tables=tuple(tables.values()))}


def judge(map_text=MAP, policy_text=POLICY, catalogues=None, more=()):
    policy = read(policy_text, "policy.yaml", Policy)
    assert policy.document, policy.faults
    reading = read_map({"systems/crm.yaml": map_text, **dict(more)})
    assert not reading.faults, reading.faults
    return check(policy.document, reading.datamap, catalogues or catalogue(), reading.places(policy))


def swapped(text, *swaps):
    for old, new in swaps:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


IN_MAP = {
    "M002": [("key: id\n    subjects: customer", "key: [id, foretag]\n    subjects: customer")],
    "M003": [("{contract.end: slut}", "{contract.end: slutt}")],
    "M004": [("to: customer", "to: custommer")],
    "M005": [("columns: kund,", "columns: [kund, id],")],
    "M006": [("to: customer", "to: customer, keys: kundid")],
    "M007": [("    nobody: {sv: Vi vet inte vem besökaren är.}\n", "")],
    "M008": [("to: customer", "to: invoice")],
    "M009": [("sida: {category: contact}", "sida: {}")],
    "M010": [("belopp: {category: payment}", "belopp: {category: payment, give: withhold}")],
    "M011": [(", identity: email", ""), (", identity: personnummer", "")],
    "M012": [("{by: reference, columns: kund, to: customer}", "{by: value, column: kund, when: {id: 1}}")],
    "M013": [("table: besok", "table: kunder")],
    "M014": [("table: versioner", "table: besok")],
    "M015": [("    anchors: {contract", "    nobody: {sv: Ingen}\n    anchors: {contract")],
    "M016": [
        (
            "subject:\n      - {by: ref",
            "subject:\n      - {by: identity, column: kund, kind: ip}\n      - {by: ref",
        )
    ],
    "M017": [("kund: {technical: true}", "kund: {technical: true, identity: customer_no}")],
    "M018": [("sqlite:///crm.db", "postgresql://kund:hemligt@db.example/crm")],
    "M019": [("sida: {category: contact}", "besokare_epost: {technical: true}")],
    "M022": [("belopp: {category: payment}", "belopp: {category: payment, erase: generalise}")],
    "M023": [("table: fakturor", "table: fakturor\n    restrict: {column: laget, value: last}")],
    "M024": [("table: fakturor", "table: fakturor\n    restrict: {copy: laget, column: konto}")],
    "M025": [("table: fakturor", "table: fakturor\n    restrict: {copy: besok}")],
    "M027": [("role: processor", "role: processor\n    whose: nowhere")],
    "M028": [("belopp: {category: payment}", "belopp: {category: payment, protected: true}")],
    "M029": [("epost: {category: contact,", "epost: {correct: true, category: contact,")],
    "M026": [("pnr: {category: national_id", "pnr: {changed: slut, category: national_id")],
    "M214": [("table: fakturor", "table: fakturor\n    restrict: {copy: fakturor_laget}")],
    "M020": [("belopp: {category: payment}", "belopp: {category: payment, erase: keep}")],
    "M101": [("belopp: {category: payment}", "belopp: {category: paymant}")],
    "M102": [("item: email", "item: e_mail")],
    "M103": [("purposes: [invoice]", "purposes: [invoise, invoice]")],
    "M104": [("    purposes: [invoice]\n", "")],
    "M105": [("purposes: [invoice]", "purposes: [deliver]")],
    "M106": [("belopp: {category: payment}", "belopp: {category: contact}")],
    "M107": [("subjects: customer", "subjects: costumer")],
    "M108": [("purposes: [invoice]", "purposes: [invoice]\n    recipients: [banken]")],
    "M109": [("belopp: {category: payment}", "belopp: {category: payment, source: formular}")],
    "M110": [("    anchors: {contract.end: slut}\n", "")],
    "M111": [("subjects: visitor", "subjects: customer")],
    "M112": [("    role: processor\n", "")],
    "M113": [("pnr: {category: national_id", "pnr: {category: contact")],
    "M114": [("konto: {category: account, give: mask, why: {sv: Skydd}}", "konto: {category: account}")],
    "M115": [
        (
            "belopp: {category: payment}",
            "belopp: {category: payment, identity: phone, give: mask_others}\n"
            "      namn: {category: payment, item: name}",
        ),
    ],
    "M116": [("purposes: [invoice]", "purposes: [invoice]\n    retention: [after]")],
    "M117": [(", item: end", "")],
    "M201": [("table: besok", "table: besök")],
    "M202": [("sida: {category: contact}", "sidan: {category: contact}")],
    "M203": [("      sida: {category: contact}\n", "")],
    "M204": [("  - {table: versioner, why: Bara schemats version.}\n", ""), ("ignored:\n", "ignored: []\n")],
    "M205": [("key: id\n    purposes: [invoice]", "key: kund\n    purposes: [invoice]")],
    "M206": [("table: versioner, why", "table: version, why")],
    "M208": [
        ("{by: reference, columns: kund, to: customer}", "{by: identity, column: belopp, kind: customer_no}")
    ],
}
ALSO = {
    "M102": {"M117"},
    "M115": {"M102", "M202"},
    "M002": {"M005", "M202"},
    "M005": {"M208"},
    "M008": {"M110"},
    "M011": {"M113"},
    "M012": {"M208"},
    "M013": {"M201", "M204", "M202", "M203"},
    "M014": {"M204"},
    "M024": {"M025", "M214"},
    "M025": {"M013", "M214"},
    "M019": {"M202", "M203"},
    "M101": {"M106"},
    "M104": {"M106"},
    "M105": {"M106"},
    "M112": {"M104"},
    "M113": {"M106"},
    "M201": {"M204"},
    "M202": {"M203"},
    "M206": {"M204"},
    "M208": {"M210"},
}


def test_the_map_of_these_tests_has_no_fault():
    assert judge() == ()


@pytest.mark.parametrize("number", IN_MAP)
def test_a_seeded_fault_is_found(number):
    faults = judge(swapped(MAP, *IN_MAP[number]))
    numbers = {fault.number for fault in faults}
    assert number in numbers
    assert numbers <= {number} | ALSO.get(number, set())


@pytest.mark.parametrize("number", IN_MAP)
def test_a_fault_says_where_it_stands_what_it_is_how_to_mend_it(number):
    fault = next(f for f in judge(swapped(MAP, *IN_MAP[number])) if f.number == number)
    assert fault.place.file in ("systems/crm.yaml", "policy.yaml")
    assert fault.place.line > 1
    assert fault.place.path
    assert fault.what and fault.mend


LIVE = {
    "M207": {"fakturor": {"columns": live(id=INTEGER, kund=TEXT, belopp=INTEGER, konto=TEXT)}},
    "M209": {"kunder": {"columns": live(id=INTEGER, epost=INTEGER, pnr=TEXT, slut=TypeClass.DATE)}},
    "M210": {"kunder": {"indexes": (("epost",), ("pnr",))}},
    "M211": {"fakturor": {"indexes": (("belopp",),)}},
}


def seeded(number):
    """The faults of the map, or of the live system, in which this one has been put."""
    if number in IN_MAP:
        return judge(swapped(MAP, *IN_MAP[number]))
    there = {table.name: table for table in catalogue()["crm"].tables}
    changed = {name: replace(there[name], **change) for name, change in LIVE[number].items()}
    return judge(catalogues=catalogue(**changed))


@pytest.mark.parametrize("number", LIVE)
def test_a_fault_of_the_live_system_is_found(number):
    assert [f.number for f in seeded(number)] == [number]


def test_two_systems_of_one_id_are_a_fault():
    faults = judge(more={"systems/more.yaml": MAP}.items())
    assert [f.number for f in faults if f.number == "M001"] == ["M001", "M001"]


def test_a_map_with_nothing_to_search_is_a_fault():
    for texts in ({}, {"m": MAP.split("datasets:")[0] + "datasets: {}\n"}):
        found = check(None, read_map(texts).datamap, None)
        assert [(f.number, f.severity) for f in found] == [("M021", Severity.ERROR)]


def test_a_misspelt_anchor_is_an_error_and_one_that_nothing_has_a_warning():
    def told(anchor):
        (fault,) = judge(policy_text=POLICY.replace("contract.end", anchor))
        return fault.number, fault.severity, fault.mend

    assert told("contract.ned") == ("M110", Severity.ERROR, "Did you mean `contract.end`?")
    assert told("order.tme") == ("M110", Severity.ERROR, "Did you mean `order.time`?")
    assert told("moon.full")[:2] == ("M110", Severity.WARNING)


def test_a_missing_index_comes_with_the_line_that_makes_it():
    bare = LiveTable(schema="crm", name='k"und', columns=live(id=INTEGER, e=TEXT), key=("id",))
    text = swapped(MAP, ("table: kunder", "table: 'k\"und'\n    schema: crm"), ("epost:", "e:"))
    for dialect, line in {
        "postgresql": 'CREATE INDEX "lofte_k""und_e" ON "crm"."k""und" (lower("e"));',
        "mariadb": 'CREATE INDEX `lofte_k"und_e` ON `crm`.`k"und` (`e`);',
    }.items():
        found = check(
            None,
            read_map({"m": text}).datamap,
            {"crm": Catalogue(system="crm", dialect=dialect, tables=(bare,))},
        )
        assert line in next(f.mend for f in found if f.number == "M210")


def test_a_misspelt_name_is_met_with_the_right_one():
    for number, right in {
        "M004": "customer",
        "M101": "payment",
        "M103": "invoice",
        "M201": "besok",
        "M202": "sida",
    }.items():
        fault = next(f for f in judge(swapped(MAP, *IN_MAP[number])) if f.number == number)
        assert fault.mend == f"Did you mean `{right}`?"


def test_a_dataset_that_refers_to_itself_and_to_a_person_is_no_ring():
    replies = swapped(
        MAP, ("- {by: ref", "- {by: reference, columns: belopp, to: invoice}\n      - {by: ref")
    )
    assert not errors(judge(replies))


def test_a_view_without_keys_is_only_warned_of():
    columns = live(id=INTEGER, kund=INTEGER, belopp=INTEGER, konto=TEXT)
    view = LiveTable(schema=None, name="fakturor", columns=columns)
    found = {f.number: f.severity for f in judge(catalogues=catalogue(fakturor=view))}
    assert found == {"M205": Severity.WARNING, "M211": Severity.NOTE}


def test_without_catalogues_nothing_is_said_about_the_live_system():
    reading = read_map({"systems/crm.yaml": MAP})
    assert check(None, reading.datamap, None) == ()


def test_a_number_is_used_once_and_stands_in_the_name_of_its_check():
    numbers = [demand.__name__[:4].upper() for demand in CHECKS]
    assert len(set(numbers)) == len(numbers)
    assert numbers == sorted(numbers)
    assert set(numbers) == set(IN_MAP) | set(LIVE) | {"M001", "M021"}


def test_every_check_says_what_it_demands():
    assert all(demand.__doc__ for demand in CHECKS)


@pytest.mark.parametrize("way", ["blank and å", "a.b", 'q"uote'])
def test_a_column_of_any_name_is_found_again_in_the_file(way):
    quoted = "'" + way + "'"
    faults = judge(swapped(MAP, ("sida: {category: contact}", f"{quoted}: {{}}")))
    line = next(f.place.line for f in faults if f.number == "M009")
    assert quoted in swapped(MAP, ("sida: {category: contact}", f"{quoted}: {{}}")).splitlines()[line - 1]


def waiving(number):
    return POLICY + f"waivers: [{{fault: {number}, reason: Vi vet om det.}}]\n"


def test_a_waived_fault_is_a_note_with_its_reason():
    faults = judge(swapped(MAP, *IN_MAP["M203"]), waiving("M203"))
    assert [(f.number, f.severity) for f in faults] == [("M203", Severity.NOTE)]
    assert "Vi vet om det." in faults[0].what


def test_a_waiver_that_waives_nothing_is_a_fault_at_its_line():
    (fault,) = judge(MAP, waiving("M203"))
    assert (fault.number, fault.place.file) == ("P198", "policy.yaml")
    assert fault.place.line > 1


def test_a_waiver_about_the_live_system_waits_until_somebody_looks():
    policy = read(waiving("M203"), "policy.yaml", Policy).document
    assert check(policy, read_map({"m": MAP}).datamap, None) == ()


def test_the_digest_is_of_the_meaning_not_of_the_writing():
    one = read_map({"a.yaml": MAP}).datamap
    again = read_map({"b.yaml": "# same\n" + MAP.replace("key: id", "key: [id]")}).datamap
    other = read_map({"a.yaml": MAP.replace("fakturor", "faktura")}).datamap
    assert digest(one) == digest(again) != digest(other)


def test_what_cannot_be_read_is_a_fault_with_its_line():
    reading = read_map({"systems/x.yaml": MAP.replace("  invoice:\n    table", "  invoice:\n    tabell")})
    assert reading.datamap.systems == ()
    assert [(f.place.file, f.place.line) for f in reading.faults] == [("systems/x.yaml", 21)]
