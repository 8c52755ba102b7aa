"""When two spellings are one identity, and when they only look it."""

import random
import unicodedata
from datetime import date, timedelta
from decimal import Decimal
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lofte.datamap.document import Kind
from lofte.datamap.identity import COMPARED, STRENGTH, Identity, canonical, looks_like, read, spellings
from lofte.datamap.personnummer import check_digit
from lofte.datamap.phone import STRIPPED
from lofte.fault import Fault, Place, Severity

ON = date(2026, 11, 20)
DOOR = Place(path="identity")
ANNA = "anna@kund.example"

LOOK_ALIKES = {
    "dotless i": "anna.lind@kund.example|anna.lınd@kund.example",
    "dotted capital i": "ines@kund.example|İnes@kund.example",
    "kelvin sign": "karl@kund.example|\u212aarl@kund.example",
    "angstrom sign": "åsa@kund.example|\u212bsa@kund.example",
    "long s": "sara@kund.example|ſara@kund.example",
    "sharp s": "strasse@kund.example|straße@kund.example",
    "capital sharp s": "straße@kund.example|straẞe@kund.example",
    "fi ligature": "fia@kund.example|ﬁa@kund.example",
    "cyrillic a": "anna@kund.example|\u0430nna@kund.example",
    "full-width at": "anna@kund.example|anna＠kund.example",
    "full-width letter": "anna@kund.example|ａnna@kund.example",
    "zero width space": "anna@kund.example|an\u200bna@kund.example",
    "zero width joiner": "anna@kund.example|an\u200dna@kund.example",
    "trailing blank": "anna@kund.example|anna@kund.example ",
    "leading blank": "anna@kund.example| anna@kund.example",
    "accent": "anna@kund.example|anná@kund.example",
    "ring": "anna@kund.example|ånna@kund.example",
    "umlaut": "anna@kund.example|änna@kund.example",
    "domain sharp s": "anna@strasse.example|anna@straße.example",
    "domain cyrillic": "anna@kund.example|anna@k\u0443nd.example",
    "trailing dot": "anna@kund.example|anna@kund.example.",
    "plus part": "anna@kund.example|anna+x@kund.example",
}

SAME = {
    "capitals": "Anna@Kund.Example|anna@kund.example",
    "capital å": "ÅSA@kund.example|åsa@kund.example",
    "composed": "a\u030asa@kund.example|åsa@kund.example",
    "composed capital": "A\u030asa@kund.example|åsa@kund.example",
    "punycode": "anna@xn--rksmrgs-5wao1o.example|anna@räksmörgås.example",
    "punycode capitals": "anna@XN--RKSMRGS-5WAO1O.example|anna@RÄKSMÖRGÅS.example",
    "punycode sharp s": "anna@xn--strae-oqa.example|anna@straße.example",
}


@pytest.mark.parametrize("name", LOOK_ALIKES)
def test_a_look_alike_is_another_address(name):
    one, other = LOOK_ALIKES[name].split("|")
    assert canonical(Kind.EMAIL, one, ON) != canonical(Kind.EMAIL, other, ON)


@pytest.mark.parametrize("name", SAME)
def test_two_ways_to_write_an_address_meet(name):
    one, other = SAME[name].split("|")
    assert canonical(Kind.EMAIL, one, ON) == canonical(Kind.EMAIL, other, ON) is not None


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "anna",
        "@kund.example",
        "anna@",
        "Anna <anna@kund.example>",
        "a@kund.example, b@kund.example",
        "a@b@kund.example",
        "an na@kund.example",
        "anna@kund\x00.example",
        "a" * 400 + "@kund.example",
        None,
        7,
        b"\xff@kund.example",
        True,
    ],
)
def test_what_is_no_address_is_nobody(raw):
    assert canonical(Kind.EMAIL, raw, ON) is None


def test_an_address_stored_as_bytes_is_the_same_address():
    assert canonical(Kind.EMAIL, "Åsa@kund.example".encode(), ON) == "åsa@kund.example"


@pytest.mark.parametrize(
    "label", ["xn--", "xn--a", "xn--kund-", "xn--\u00e5", "xn--99zzzzzzz", "xn--ARK-aia"]
)
def test_false_punycode_stays_as_it_was_written(label):
    value = canonical(Kind.EMAIL, f"anna@{label}.example", ON)
    assert value == f"anna@{label.lower()}.example" or label == "xn--ARK-aia"


LETTERS = st.sampled_from("abcxyzABCXYZ019._-+åäöÅÄÖéÉüÜøØæÆßñÑ\u0301\u030a\u212a\u0130ıſ\u200bжЖσΣς")
WORDS = st.text(LETTERS, min_size=1, max_size=8)
ADDRESSES = st.builds("{}@{}.example".format, WORDS, WORDS.filter(lambda w: "." not in w))
TAME = st.text(st.sampled_from("abcABC01-_åäöÅÄÖéÉüÜøØ"), min_size=1, max_size=6)
TAME_ADDRESSES = st.builds("{}@{}.example".format, TAME, TAME)


@given(ADDRESSES)
def test_canonical_is_the_same_when_done_twice(raw):
    value = canonical(Kind.EMAIL, raw, ON)
    assert value is None or canonical(Kind.EMAIL, value, ON) == value


@given(TAME_ADDRESSES)
def test_every_spelling_of_an_address_is_that_address(raw):
    value = canonical(Kind.EMAIL, raw, ON)
    assert {canonical(Kind.EMAIL, s, ON) for s in spellings(Kind.EMAIL, value, ON)} == {value}


def ascii_lower(text):
    return "".join(c.lower() if c.isascii() else c for c in text)


def as_stored(raw, how):
    local, domain = raw.split("@")
    match how:
        case "NFD" | "NFC":
            return unicodedata.normalize(how, raw)
        case "upper":
            return f"{local.upper()}@{domain.upper()}"
        case "NFD upper":
            return unicodedata.normalize("NFD", raw.upper())
        case "punycode":
            labels = [
                d if d.isascii() else "xn--" + d.lower().encode("punycode").decode()
                for d in domain.split(".")
            ]
            return f"{local}@{'.'.join(labels)}"
        case _:
            return raw


@given(ADDRESSES, st.sampled_from(["as it is", "NFD", "NFC", "upper", "NFD upper", "punycode"]))
def test_a_database_finds_every_row_that_holds_the_address(raw, how):
    """Whatever `lower` knows of letters, the row is among the candidates."""
    stored = as_stored(raw, how)
    value = canonical(Kind.EMAIL, stored, ON)
    if value is None:
        return
    wanted = spellings(Kind.EMAIL, value, ON)
    if sum(not letter.isascii() for letter in value) <= 4:
        assert ascii_lower(stored) in wanted
        assert "".join(c.lower() for c in stored) in wanted


def test_a_database_that_knows_the_final_sigma_finds_the_row():
    assert "νίκος@kund.example" in spellings(Kind.EMAIL, canonical(Kind.EMAIL, "ΝΊΚΟΣ@kund.example", ON), ON)


def test_an_address_of_very_many_letters_is_still_found():
    raw = "åäöåäöåäöåäö@räksmörgås.example"
    wanted = spellings(Kind.EMAIL, raw, ON)
    assert raw in wanted
    assert len(wanted) <= 4096
    assert "Åäöåäöåäöåäö@räksmörgås.example" in wanted


# --- personnummer ---


def personnummer(born, serial, coordination=False):
    nine = f"{born:%y%m}{born.day + 60 * coordination:02d}{serial:03d}"
    return f"{born.year // 100}{nine}{check_digit(nine)}"


def ways(value, on):
    forms = [value, f"{value[:8]}-{value[8:]}", f"{value[:8]} {value[8:]}", int(value)]
    short = f"{value[2:8]}{value[8:]}"
    if on.year - int(value[:4]) >= 100:
        return [*forms, f"{value[2:8]}+{value[8:]}"]
    return [
        *forms,
        f"{value[2:8]}-{value[8:]}",
        f"{value[2:8]} {value[8:]}",
        short,
        int(short),
        Decimal(short),
    ]


def test_the_forms_of_a_hundred_thousand_persons_meet_only_their_own():
    draw = random.Random(18)
    persons = {}
    while len(persons) < 100_000:
        born = date(1915, 1, 1) + timedelta(days=draw.randrange(111 * 365))
        persons[personnummer(born, draw.randrange(1000), draw.random() < 0.1)] = None
    seen = {}
    for at, value in enumerate(persons):
        for form in ways(value, ON) if at % 10 == 0 else (value, ways(value, ON)[-1]):
            assert canonical(Kind.PERSONNUMMER, form, ON) == value
            assert seen.setdefault(form, value) == value


@given(st.dates(date(1900, 1, 1), ON), st.integers(0, 999), st.booleans())
def test_every_spelling_of_a_personnummer_is_that_person(born, serial, coordination):
    value = personnummer(born, serial, coordination)
    found = spellings(Kind.PERSONNUMMER, value, ON)
    assert {canonical(Kind.PERSONNUMMER, s, ON) for s in found} == {value}
    assert {str(w) for w in ways(value, ON) if isinstance(w, str)} <= set(found)


def test_a_plus_means_a_hundred_years_or_more():
    assert canonical(Kind.PERSONNUMMER, "121212+1212", ON) == "191212121212"
    assert canonical(Kind.PERSONNUMMER, "121212-1212", ON) == "201212121212"


def test_ten_digits_never_name_somebody_not_yet_born():
    born_tomorrow = personnummer(date(1926, 11, 21), 239)
    assert canonical(Kind.PERSONNUMMER, born_tomorrow[2:], ON) == born_tomorrow
    assert canonical(Kind.PERSONNUMMER, f"{born_tomorrow[2:8]}+{born_tomorrow[8:]}", ON) == born_tomorrow


def test_a_coordination_number_is_another_person_than_the_same_day():
    plain, other = personnummer(date(1970, 1, 1), 238), personnummer(date(1970, 1, 1), 238, True)
    assert plain != other
    assert canonical(Kind.PERSONNUMMER, other, ON) == other


@pytest.mark.parametrize(
    "raw",
    [
        "19121212-1213",
        "191213121212",
        "121212-121",
        "121212--1212",
        "12 12 12 1212",
        "１９１２12121212",
        "",
        "x",
        None,
        True,
        -1912121212,
        "19121212+1212",
        "000000-0000",
        "121212.1212",
        10**13,
    ],
)
def test_what_is_no_personnummer_is_nobody(raw):
    assert canonical(Kind.PERSONNUMMER, raw, ON) is None


def test_a_number_that_lost_its_zeros_in_a_column_gets_them_back():
    value = personnummer(date(2000, 1, 2), 238)
    assert canonical(Kind.PERSONNUMMER, int(value[2:]), ON) == value


def test_a_fixed_width_column_pads_the_number():
    assert canonical(Kind.PERSONNUMMER, "191212121212 ", ON) == "191212121212"


# --- phone, ip, names, numbers ---


@pytest.mark.parametrize(
    "raw",
    [
        "070-174 06 05",
        "+46 (0)70 174 06 05",
        "0046701740605",
        "46701740605",
        "(070) 1740605",
        701740605,
        "+46.70.174.06.05",
        "070/1740605",
        Decimal(701740605),
        b"0701740605",
    ],
)
def test_all_ways_to_write_a_telephone_number_meet(raw):
    assert canonical(Kind.PHONE, raw, ON) == "+46701740605"


@pytest.mark.parametrize(
    "raw", ["", "112a", "070-174 06 05 ankn 3", "hej", None, True, "1" * 30, "++", "07\u200b01740605"]
)
def test_what_is_no_telephone_number_is_nobody(raw):
    assert canonical(Kind.PHONE, raw, ON) is None


@given(
    st.integers(600, 699),
    st.sampled_from(["070-1740{}", "0046 70 1740{}", "+46(0)701740{}", "+47 22 12 3{}"]),
)
def test_the_digits_of_a_stored_number_are_among_its_spellings(serial, form):
    raw = form.format(serial)
    value = canonical(Kind.PHONE, raw, ON)
    assert "".join(c for c in raw if c not in STRIPPED) in spellings(Kind.PHONE, value, ON)


def test_a_norwegian_number_is_no_swedish_one():
    assert canonical(Kind.PHONE, "+47 22 12 34 56", ON) == "+4722123456"


@given(st.ip_addresses())
def test_the_common_ways_to_write_an_ip_address_meet(address):
    value = canonical(Kind.IP, address, ON)
    for form in (str(address), address.exploded, str(address).upper()):
        assert canonical(Kind.IP, form, ON) == value
        assert form.lower() in spellings(Kind.IP, value, ON)
    assert {canonical(Kind.IP, s, ON) for s in spellings(Kind.IP, value, ON)} == {value}


def test_an_ipv4_address_written_as_ipv6_is_the_ipv4_address():
    assert canonical(Kind.IP, "::ffff:192.0.2.1", ON) == "192.0.2.1"
    assert canonical(Kind.IP, ip_address("::ffff:192.0.2.1"), ON) == "192.0.2.1"


@pytest.mark.parametrize("raw", ["1.2.3", "01.2.3.4", "fe80::1%eth0", 3232235777, None, "192.0.2.1 "])
def test_what_is_no_ip_address_is_nobody(raw):
    assert canonical(Kind.IP, raw, ON) is None


def test_a_customer_number_is_compared_as_it_is_written():
    assert canonical(Kind.CUSTOMER_NO, 10023, ON) == canonical(Kind.CUSTOMER_NO, "10023", ON) == "10023"
    for other in ("10023A", "10023 ", "010023", "１００２３"):
        assert canonical(Kind.CUSTOMER_NO, other, ON) == other
    assert canonical(Kind.CUSTOMER_NO, "k1", ON) != canonical(Kind.CUSTOMER_NO, "K1", ON)
    assert spellings(Kind.CUSTOMER_NO, "K1", ON) == ("K1",)


@pytest.mark.parametrize("raw", ["", None, True, Decimal("1.5"), 1.5, "a\x00b", "x" * 400])
def test_what_is_no_customer_number_is_nobody(raw):
    assert canonical(Kind.CUSTOMER_NO, raw, ON) is None


def test_user_names_meet_composed_and_decomposed_but_keep_their_capitals():
    assert canonical(Kind.USER_NAME, "a\u030asa", ON) == canonical(Kind.USER_NAME, "åsa", ON)
    assert canonical(Kind.USER_NAME, "Åsa", ON) != canonical(Kind.USER_NAME, "åsa", ON)
    assert {"åsa", "a\u030asa"} == set(spellings(Kind.USER_NAME, "åsa", ON))


@given(st.sampled_from(list(Kind)), st.text(max_size=30) | st.integers() | st.binary(max_size=20) | st.none())
def test_any_value_at_all_is_an_identity_of_itself_or_nobody(kind, raw):
    value = canonical(kind, raw, ON)
    assert value is None or canonical(kind, value, ON) == value
    assert value is None or spellings(kind, value, ON)


# --- at the door ---


def test_blanks_around_what_a_person_wrote_are_forgiven():
    assert read(Kind.EMAIL, "  Anna@Kund.example\n", ON, DOOR) == Identity(kind=Kind.EMAIL, value=ANNA)


@pytest.mark.parametrize("kind", list(Kind))
def test_what_will_not_do_is_a_fault_that_does_not_repeat_it(kind):
    secret = "hemligt\x00värde"
    fault = read(kind, secret, ON, DOOR)
    assert isinstance(fault, Fault)
    assert fault.number.startswith("R0")
    assert fault.mend
    assert "hemligt" not in str(fault)


def test_every_kind_has_a_strength_a_fault_number_of_its_own_a_way_to_compare():
    numbers = [read(kind, "", ON, DOOR).number for kind in Kind]
    assert len(set(numbers)) == len(Kind)
    assert set(STRENGTH) == set(COMPARED) == set(Kind)


@pytest.mark.parametrize(
    "value",
    [
        "\u0430nna@kund.example",
        "anna@k\u0443nd.example",
        "an\u200bna@kund.example",
        "\u212aarl@kund.example",
        "anna＠kund@kund.example",
    ],
)
def test_mixed_scripts_are_warned_of(value):
    fault = looks_like(Identity(kind=Kind.EMAIL, value=value))
    assert fault.severity is Severity.WARNING


@pytest.mark.parametrize(
    "value", [ANNA, "åsa@räksmörgås.example", "жанна@kund.example", "straße@kund.example"]
)
def test_one_script_at_a_time_is_nothing_to_warn_of(value):
    assert looks_like(Identity(kind=Kind.EMAIL, value=value)) is None
