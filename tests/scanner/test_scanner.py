"""What an erasure should have taken is found wherever it still stands; nothing else is."""

from __future__ import annotations

import ast
import base64
import bz2
import gzip
import html
import json
import quopri
import zlib
from email.header import Header
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from lofte.connectors.sql import scanner
from lofte.connectors.sql.needles import Needles, Search
from lofte.connectors.sql.scanner import Residual, look, scan
from lofte.datamap.document import Kind
from lofte.datamap.identity import Identity
from lofte.errors import Unreachable
from tests import services

EMAIL, PNR, PHONE, NUMBER = "anna@kund.example", "198112189876", "+46701740605", "K10023"
ANNA = Needles(
    emails=(EMAIL,),
    personnummer=(PNR,),
    phones=(PHONE,),
    words=(NUMBER,),
    phrases=("Anna Lind, Storgatan 4",),
)
SEARCH = Search(ANNA)


# --- spellings ---


@pytest.mark.parametrize(
    "text",
    [
        "anna@kund.example", "Anna@Kund.Example", "Anna Lind <anna@kund.example>", "mailto:anna@kund.example",
        "anna@kund.example.", "(anna@kund.example)", "to=anna@kund.example;", "-anna@kund.example",
        "x anna@kund.example\n", "log_anna.csv anna@kund.example_backup", "ａｎｎａ＠kund.example",
        "an\u00adna@kund.example", "anna\u200b@kund.example",
        "198112189876", "19811218-9876", "8112189876", "811218-9876", "811218+9876", "811218 9876",
        "1981-12-18-9876", "811218\u20139876", "pnr:811218-9876.", "19811218 - 9876", "811218‑9876",
        "+46701740605", "0701740605", "070-174 06 05", "070-1740605", "+46 (0)70-174 06 05", "0046701740605",
        "46701740605", "070/174.06.05", "tel:+46-70-174-06-05", "811218-0000 070-1740605",
        "K10023", "k10023", "faktura K10023-2", "nr:K10023,", "K10023_1", "kund/K10023/bilder",
        "Anna Lind, Storgatan 4", "ANNA LIND\nStorgatan 4", "anna  lind; storgatan 4 B",
        8112189876, 198112189876, 701740605, 46701740605, 8112189876.0,
        ["anna@kund.example"], {"a": "anna@kund.example"},
    ],
)  # fmt: skip
def test_a_spelling_is_known(text):
    assert SEARCH.finds(text)


@pytest.mark.parametrize(
    "text",
    [
        "joanna@kund.example", "j.anna@kund.example", "j-anna@kund.example", "anna+j@kund.example",
        "anna@kund.example.com", "anna@kund.exampl", "anna@ny-kund.example", "anna(at)kund.example", "anna@",
        "198112189875", "811218-9875", "18112189876", "81121898760", "201981121898765", "198112-9876",
        "201112189876", "811218x9876",
        "0701740604", "07017406051", "10701740605", "070174060", "1701740605", "+45701740605",
        "K100234", "XK10023", "K1002", "K10023A", "10023", "K 10023",
        "Anna Berg, Storgatan 4", "Anna Lind", "Storgatan 4", "Anna Lind, Storgatan 41",
        81121898760, 811218987, 70174060, 8112189876.5, float("nan"), float("inf"), True, "", b"",
        "2026-11-20 10:42:46", "0" * 200, "a" * 5000, "1 2 3 4 5 6 7 8 9 " * 50,
    ],
)  # fmt: skip
def test_a_near_miss_is_not_taken_for_it(text):
    assert not SEARCH.finds(text)


def test_a_number_with_decimals_is_no_customer_number():
    search = Search(Needles(words=("10023",)))
    assert search.finds("10023") and search.finds("nr 10023.") and search.finds(10023)
    for text in ("10023.50", "1,10023", "110023", 10023.5):
        assert not search.finds(text)


def test_what_is_too_short_to_mean_anything_is_not_looked_for():
    assert not Search(Needles(words=("42",))).finds("42")


def test_an_address_with_swedish_letters_is_known_in_both_its_domains():
    search = Search(Needles(emails=("åsa@blåbär.example",)))
    assert search.finds("ÅSA@BLÅBÄR.example") and search.finds(
        "åsa@" + "blåbär.example".encode("idna").decode()
    )
    assert search.finds("a\u030asa@bla\u030aba\u0308r.example")


def test_needles_are_made_of_identities_and_never_shown():
    known = [Identity(kind=Kind.EMAIL, value=EMAIL), Identity(kind=Kind.PERSONNUMMER, value=PNR)]
    needles = Needles.of(known)
    assert (needles.emails, needles.personnummer) == ((EMAIL,), (PNR,))
    assert "anna" not in repr(needles) and PNR not in repr(needles)


# --- wrappings ---

PLAIN = ["Hej anna@kund.example!", "tel 070-174 06 05", "född 811218-9876", "kund K10023, tack"]


def wrapped_mail(text):
    mail = EmailMessage()
    mail.set_content(text * 9, cte="base64")
    return mail.as_string()


def shouted(text):
    return "".join(f"\\u{ord(c):04X}" for c in text)


WRAPPINGS = {
    "quoted-printable": lambda t: quopri.encodestring(t.encode()).decode(),
    "quoted-printable, all letters": lambda t: "".join(f"={b:02X}" for b in t.encode()),
    "quoted-printable, torn lines": lambda t: "=\r\n".join(t),
    "mail head, base64": lambda t: Header(t, "utf-8").encode(),
    "mail head, quoted": lambda t: Header(t, "iso-8859-1").encode(),
    "base64": lambda t: base64.b64encode(t.encode()).decode(),
    "base64, url-safe": lambda t: base64.urlsafe_b64encode(t.encode()).decode(),
    "base64, not padded": lambda t: base64.b64encode(t.encode()).decode().rstrip("="),
    "base64, wrapped lines": lambda t: base64.encodebytes(("x" * 100 + t).encode()).decode(),
    "base64, cited": lambda t: base64.encodebytes(("ö" * 50 + t).encode()).decode().replace("\n", "\r\n> "),
    "base64, a mail": wrapped_mail,
    "base64, data address": lambda t: "data:text/plain;base64," + base64.b64encode(t.encode()).decode(),
    "base64, in a path": lambda t: "/q/" + base64.urlsafe_b64encode(t.encode()).decode() + "/x",
    "base64, twice": lambda t: base64.b64encode(base64.b64encode(t.encode())).decode(),
    "JSON": json.dumps,
    "JSON, all letters": shouted,
    "JSON in JSON": lambda t: json.dumps({"a": json.dumps({"b": shouted(t)})}),
    "JavaScript": lambda t: "".join(f"\\x{b:02x}" for b in t.encode("latin-1")),
    "an address on the web": quote,
    "a form": quote_plus,
    "an address on the web, twice": lambda t: quote(quote(t)),
    "an address on the web, all letters": lambda t: "".join(f"%{b:02x}" for b in t.encode()),
    "HTML": html.escape,
    "HTML, numbers": lambda t: "".join(f"&#{ord(c)};" for c in t),
    "HTML, hexadecimal": lambda t: "".join(f"&#x{ord(c):x};" for c in t),
    "HTML, named": lambda t: t.replace("@", "&commat;").replace("-", "&#45;").replace("K", "&#75;"),
    "base64 of JSON": lambda t: base64.b64encode(shouted(t).encode()).decode(),
}
PACKINGS = {
    "gzip": lambda t: gzip.compress(t.encode(), mtime=0),
    "gzip, inside": lambda t: b"\x01\x02head" + gzip.compress(t.encode(), mtime=0) + b"tail",
    "gzip, torn": lambda t: gzip.compress((t + "x" * 50_000).encode(), mtime=0)[:-8],
    "gzip, long": lambda t: gzip.compress(b"x" * 1_500_000 + t.encode() + b"y" * 1_500_000, mtime=0),
    "zlib": lambda t: zlib.compress(t.encode()),
    "zlib, best": lambda t: zlib.compress(t.encode(), 9),
    "UTF-16": lambda t: t.encode("utf-16"),
    "UTF-16, little": lambda t: t.encode("utf-16-le"),
    "UTF-16, big": lambda t: t.encode("utf-16-be"),
    "UTF-16, odd": lambda t: b"\x00" + t.encode("utf-16-le"),
    "UTF-8": lambda t: t.encode(),
    "Latin-1": lambda t: t.encode("latin-1"),
    "gzip of UTF-16": lambda t: gzip.compress(t.encode("utf-16"), mtime=0),
    "gzip of base64": lambda t: gzip.compress(base64.b64encode(t.encode()), mtime=0),
}


@pytest.mark.parametrize("text", PLAIN)
@pytest.mark.parametrize("wrap", WRAPPINGS.values(), ids=WRAPPINGS)
def test_a_wrapping_hides_nothing(wrap, text):
    assert SEARCH.finds(wrap(text))


@pytest.mark.parametrize("text", PLAIN)
@pytest.mark.parametrize("pack", PACKINGS.values(), ids=PACKINGS)
def test_a_packing_hides_nothing(pack, text):
    assert SEARCH.finds(pack(text))


@pytest.mark.parametrize("wrap", [*WRAPPINGS.values(), *PACKINGS.values()], ids=[*WRAPPINGS, *PACKINGS])
def test_another_person_in_a_wrapping_is_not_taken_for_this_one(wrap):
    assert not SEARCH.finds(wrap("Hej eva@kund.example, 070-174 06 06, 811218-9868, K10024."))


def test_base64_of_gzip_is_read():
    packed = gzip.compress(PLAIN[0].encode() * 3)
    assert SEARCH.finds(base64.encodebytes(packed).decode())


def test_a_bomb_of_zeros_ends():
    assert not SEARCH.finds(gzip.compress(bytes(300_000_000), 1))


words = st.text(st.characters(codec="latin-1"), max_size=40)


@given(
    before=words,
    after=words,
    needle=st.sampled_from([EMAIL, EMAIL.upper(), "811218-9876", "070-174 06 05", "K10023"]),
    wraps=st.lists(st.sampled_from(["base64", "quoted-printable", "JSON, all letters", "HTML, numbers",
                                    "an address on the web"]), max_size=3),
)  # fmt: skip
def test_whatever_stands_around_it_and_however_it_is_wrapped_it_is_found(before, after, needle, wraps):
    text = f"{before} | {needle} | {after}"
    for name in wraps:
        text = WRAPPINGS[name](text)
    assert SEARCH.finds(text)


@given(text=st.text(max_size=200) | st.binary(max_size=200))
def test_nothing_is_found_in_nothing_and_nothing_breaks(text):
    assert not SEARCH.finds(text)


# --- whole databases ---

TABLES = [
    "create table customer (id integer primary key, email varchar(200), note text)",
    'create table "odd ""name%" (id integer primary key, "Select %s" text, payload {blob}, n bigint)',
    "create table empty (a text)",
]


@pytest.fixture(params=["sqlite", "postgres", "mariadb"])
def url(request, tmp_path):
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'shop.db'}"
    else:
        make = services.postgres_database if request.param == "postgres" else services.mariadb_database
        with make() as found:
            yield found


@pytest.fixture
def database(url):
    engine = sa.create_engine(url)
    kind = engine.dialect.name
    with engine.begin() as db:
        for sql in TABLES:
            sql = sql.replace("{blob}", {"postgresql": "bytea", "sqlite": "blob"}.get(kind, "longblob"))
            sql = sql.replace('""', "\x00").replace('"', "`" if kind in ("mysql", "mariadb") else '"')
            _run(db, sql.replace("\x00", '"' if kind in ("mysql", "mariadb") else '""'))
        db.execute(sa.text("insert into customer values (1, 'eva@kund.example', 'K10024'), (2, null, null)"))
    yield engine, url
    engine.dispose()


def _run(db, sql, *values):
    cursor = db.connection.cursor()
    cursor.execute(sql, values) if values else cursor.execute(sql)
    cursor.close()


def _put(engine, column, value):
    odd = sa.table(
        sa.sql.quoted_name('odd "name%', True), *map(sa.column, ("id", "Select %s", "payload", "n"))
    )
    with engine.begin() as db:
        number = db.execute(sa.select(sa.func.count()).select_from(odd)).scalar_one()
        db.execute(odd.insert().values({"id": number + 1, column: value}))


ODD = 'odd "name%'


def test_a_clean_database_has_no_residual(database):
    _, url = database
    assert scan(url, ANNA) == ()


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("Select %s", "se anna@kund.example"),
        ("Select %s", WRAPPINGS["base64, wrapped lines"](PLAIN[0])),
        ("Select %s", WRAPPINGS["quoted-printable, torn lines"](PLAIN[2])),
        ("Select %s", WRAPPINGS["JSON in JSON"](PLAIN[1])),
        ("payload", PACKINGS["gzip"](PLAIN[0])),
        ("payload", PACKINGS["UTF-16"](PLAIN[3])),
        ("n", 8112189876),
        ("n", 701740605),
    ],
)
def test_residue_in_a_table_nobody_mapped_is_found(database, column, value):
    engine, url = database
    _put(engine, column, value)
    _put(engine, column, None)
    assert scan(url, ANNA) == (Residual(schema=None, table=ODD, column=column, rows=1),)


def test_every_row_is_counted_past_the_first_batch(database):
    engine, url = database
    with engine.begin() as db:
        rows = [{"i": n, "e": EMAIL if n % 3 == 0 else "eva@kund.example"} for n in range(10, 610)]
        db.execute(sa.text("insert into customer (id, email) values (:i, :e)"), rows)
    assert scan(url, ANNA) == (Residual(schema=None, table="customer", column="email", rows=200),)


def test_kept_rows_are_allowed_and_no_more_than_those(database):
    engine, url = database
    with engine.begin() as db:
        db.execute(sa.text(f"insert into customer values (7, '{EMAIL}', null), (8, '{EMAIL}', 'K10023')"))
    spot = (None, "customer", "email")
    note = Residual(schema=None, table="customer", column="note", rows=1)
    assert scan(url, ANNA, {spot}) == (note,)
    assert scan(url, ANNA, {spot: 2, (None, "customer", "note"): 1}) == ()
    assert scan(url, ANNA, {spot: 1}) == (
        Residual(schema=None, table="customer", column="email", rows=1),
        note,
    )


@pytest.mark.parametrize("where", ["first", "at the seam", "last", "packed", "packed in base64"])
def test_a_long_value_is_read_piece_by_piece(database, monkeypatch, where):
    engine, url = database
    monkeypatch.setattr(scanner, "PIECE", 10_000)
    noise = " ".join(f"x{n}" for n in range(7_000))
    value = {
        "first": f"{EMAIL} {noise}",
        "at the seam": f"{noise[:9_990]} {EMAIL} {noise}",
        "last": f"{noise} {EMAIL}",
        "packed": gzip.compress(f"{noise} {EMAIL}".encode()),
        "packed in base64": base64.encodebytes(f"{noise} {EMAIL}".encode()).decode(),
    }[where]
    column = "payload" if isinstance(value, bytes) else "Select %s"
    _put(engine, column, value)
    _put(engine, column, noise.encode() if isinstance(value, bytes) else noise)
    assert scan(url, ANNA) == (Residual(schema=None, table=ODD, column=column, rows=1),)


def test_a_long_value_of_a_table_without_a_key_is_read_too(database, monkeypatch):
    engine, url = database
    monkeypatch.setattr(scanner, "PIECE", 10_000)
    with engine.begin() as db:
        db.execute(sa.text("insert into empty values (:a)"), {"a": "x " * 9_000 + EMAIL})
    assert scan(url, ANNA) == (Residual(schema=None, table="empty", column="a", rows=1),)


def test_an_engine_will_do_instead_of_an_address(database):
    engine, _ = database
    found = look(engine, ANNA)
    assert (found.residuals, found.tables, found.rows) == ((), 3, 2)


@pytest.mark.postgres
def test_every_schema_is_looked_through():
    with services.postgres_database() as url:
        engine = sa.create_engine(url)
        with engine.begin() as db:
            db.execute(sa.text("create schema old"))
            db.execute(sa.text("create table old.letters (body jsonb, tags text[])"))
            db.execute(
                sa.text(f"""insert into old.letters values ('{{"to": ["{EMAIL}"]}}', '{{x,K10023}}')""")
            )
            db.execute(
                sa.text("create materialized view seen as select body ->> 'to' as who from old.letters")
            )
        engine.dispose()
        assert scan(url, ANNA) == (
            Residual(schema=None, table="seen", column="who", rows=1),
            Residual(schema="old", table="letters", column="body", rows=1),
            Residual(schema="old", table="letters", column="tags", rows=1),
        )


def test_text_that_is_no_utf8_does_not_stop_the_scan(tmp_path):
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'a.db'}")
    with engine.begin() as db:
        db.execute(sa.text("create table t (a, b text)"))
        db.execute(
            sa.text(
                "insert into t values (cast(x'ff20' || x'616e6e61406b756e642e6578616d706c65' as text), 1)"
            )
        )
        db.execute(sa.text(f"insert into t values (cast(x'e520' as text), '{EMAIL}')"))
    assert [(r.column, r.rows) for r in scan(engine, ANNA)] == [("a", 1), ("b", 1)]


def test_a_system_that_is_down_is_no_clean_system():
    with pytest.raises(Unreachable) as told:
        scan("postgresql+psycopg://nobody:hemligt@127.0.0.1:1/shop", ANNA)
    assert "hemligt" not in str(told.value)


def test_nothing_that_is_found_is_logged(database, caplog):
    engine, url = database
    _put(engine, "Select %s", EMAIL)
    with caplog.at_level("DEBUG"):
        (residual,) = scan(url, ANNA)
    assert "anna" not in caplog.text and "anna" not in repr(residual)


# --- another pair of eyes ---


def test_the_scanner_shares_no_code_with_what_it_checks():
    source = Path(scanner.__file__).parents[3]
    waiting, seen = ["lofte.connectors.sql.scanner"], set()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        file = source / (name.replace(".", "/") + ".py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                waiting += [a.name for a in node.names if a.name.startswith("lofte")]
            elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("lofte"):
                waiting.append(node.module)
    assert seen == {
        "lofte.connectors.sql.scanner",
        "lofte.connectors.sql.needles",
        "lofte.connectors.sql.readings",
        "lofte.connectors.sql.searched",
        "lofte.errors",
        "lofte.fault",
    }


def test_bzip2_is_not_promised():
    """What is not looked into is said; a promise that is not kept would be worse."""
    assert not SEARCH.finds(bz2.compress(EMAIL.encode()))
