"""A request for portability from receipt to package: only what may go, in forms that others read."""

from __future__ import annotations

import csv
import email.policy
import io
import json
import mailbox
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import jsonschema
import pytest

from examples.webhost.generate import TODAY, expected
from lofte.connectors.sql.connector import open_sql
from lofte.datamap.document import Kind, System
from lofte.datamap.identity import Identity, read
from lofte.detect.text import DOTS
from lofte.errors import LedgerClosed, Refused
from lofte.execution import book
from lofte.execution.models import LedgerOutbox
from lofte.fault import Place
from lofte.law.rights import Right
from lofte.requests.answer.fulfil import fulfil_access
from lofte.requests.answer.portable import fulfil_portability
from lofte.requests.course.receive import receive
from lofte.requests.door.identify import Level, identify
from lofte.requests.package.encode import neutral
from lofte.requests.worker.again import do_due, due_again

ROOT = Path(__file__).parents[2]
GIVEN = {"registration", "correspondence", "use_of_service"}
"""The sources of the web host's policy that are the person or a machine watching them."""


def asked(house, spelled, right=Right.PORTABILITY):
    identities = [read(Kind(kind), raw, TODAY, Place()) for kind, raw in spelled]
    assert all(isinstance(i, Identity) for i in identities)
    request = receive(house, right=right, identities=identities, channel="portal")
    return identify(house, request, method="BankID", level=Level.PROVEN, by="b" * 32)


def taken(house, hosting, url, spelled, out):
    request = asked(house, spelled)
    answer = fulfil_portability(house, request, lambda s: open_sql(s, url), out)
    with zipfile.ZipFile(answer.path) as package:
        return answer, {name: package.read(name) for name in package.namelist()}


def eligible(policy, system):
    """Dataset -> columns, computed from the plain documents and by other means than the plan's."""
    lawful = {
        id_: set(p["categories"])
        for id_, p in policy["purposes"].items()
        if p["legal_basis"] in ("6.1.a", "6.1.b", "9.2.a")
    }
    found = {}
    for id_, dataset in system["datasets"].items():
        covered = set().union(*(lawful.get(p, set()) for p in dataset.get("purposes", [])))
        if dataset.get("role") == "processor":
            continue
        columns = {
            name
            for name, field in dataset["fields"].items()
            if field.get("category") in covered
            and field.get("give") != "withhold"
            and came_from(policy, dataset, field) <= GIVEN
        }
        if columns:
            found[id_] = columns
    for id_, columns in found.items():
        dataset = system["datasets"][id_]
        key = dataset["key"]
        ties = set(key if isinstance(key, list) else [key])
        for path in dataset["subject"]:
            if path["by"] == "reference" and path["to"] in found:
                ties |= set(path["columns"] if isinstance(path["columns"], list) else [path["columns"]])
        columns |= {t for t in ties if dataset["fields"][t].get("technical")}
    return found


def came_from(policy, dataset, field):
    """The sources a field may have: its own, its dataset's, or all that give its category."""
    if own := field.get("source", dataset.get("source")):
        return {own}
    return {id_ for id_, s in policy["sources"].items() if field["category"] in s["categories"]}


def same(written, stored):
    if isinstance(stored, datetime):
        return datetime.fromisoformat(written) == stored
    if isinstance(stored, dict):
        return (json.loads(written) if isinstance(written, str) else written) == stored
    return written == stored or str(written) == str(stored)


def test_a_person_takes_along_exactly_what_is_theirs_to_take(
    store, webhost, world, hosting, url, plain_policy, plain_system, tmp_path
):
    columns = eligible(plain_policy, plain_system)
    assert {"customers", "contracts", "newsletter", "event_registrations"} <= set(columns)
    assert not {"notes", "tickets", "login_history", "payments", "contacts", "invoices"} & set(columns)
    for n, person in enumerate(world.persons[:25]):
        _, files = taken(webhost, hosting, url, person.ways[0], tmp_path / str(n))
        data = json.loads(files["portable.json"])
        got = {d["dataset"]: d["rows"] for d in data["datasets"]}
        certain = expected(world, person).certain
        assert set(got) == {id_ for id_ in columns if certain.get(id_)}
        for id_, rows in got.items():
            dataset = hosting.datasets[id_]
            table = dataset.table or id_
            stored = {tuple(r[k] for k in dataset.key): r for r in world.rows[table]}
            assert {tuple(r[k] for k in dataset.key) for r in rows} == certain[id_]
            for row in rows:
                assert set(row) == columns[id_]
                truth = stored[tuple(row[k] for k in dataset.key)]
                for name, value in row.items():
                    masks = dataset.fields[name].give != "give" or dataset.author is not None
                    if not (masks and DOTS in str(value)):
                        assert same(value, truth[name]), (id_, name)


def test_the_package_is_as_its_published_schema_says(store, webhost, world, hosting, url, tmp_path):
    _, files = taken(webhost, hosting, url, world.persons[0].ways[0], tmp_path)
    schema = json.loads(files["schema/portable.schema.json"])
    jsonschema.Draft202012Validator.check_schema(schema)
    data = json.loads(files["portable.json"])
    jsonschema.validate(data, schema, cls=jsonschema.Draft202012Validator)
    published = (ROOT / "docs/reference/portable.schema.json").read_bytes()
    assert files["schema/portable.schema.json"] == published
    assert data["terms"] and all(t["bases"] for t in data["terms"])


def test_json_and_csv_say_the_same(store, webhost, world, hosting, url, tmp_path):
    _, files = taken(webhost, hosting, url, world.persons[0].ways[0], tmp_path)
    for dataset in json.loads(files["portable.json"])["datasets"]:
        text = files[f"csv/{dataset['dataset']}.csv"].decode("utf-8-sig")
        read_back = list(csv.DictReader(io.StringIO(text, newline="")))
        assert read_back == [{k: cell(v) for k, v in row.items()} for row in dataset["rows"]]


def cell(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else neutral(value) if isinstance(value, str) else str(value)


def test_every_file_is_vouched_for(store, webhost, world, hosting, url, tmp_path):
    import hashlib

    _, files = taken(webhost, hosting, url, world.persons[0].ways[0], tmp_path)
    listed = json.loads(files["manifest.json"])["files"]
    assert set(listed) == set(files) - {"manifest.json"}
    assert all(hashlib.sha256(files[n]).hexdigest() == told["sha256"] for n, told in listed.items())


def unfolded(text):
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    return [line for line in text.replace("\r\n ", "").split("\r\n") if line]


def test_contacts_stand_as_vcard_four(store, webhost, world, hosting, url, tmp_path):
    person = world.persons[0]
    _, files = taken(webhost, hosting, url, person.ways[0], tmp_path)
    lines = unfolded(files["contacts.vcf"].decode())
    assert lines[:2] == ["BEGIN:VCARD", "VERSION:4.0"] and lines[-1] == "END:VCARD"
    rows = {d["dataset"]: d["rows"] for d in json.loads(files["portable.json"])["datasets"]}
    said = {line.partition(":")[2] for line in lines if line.startswith("EMAIL")}
    known = {str(r["email"]).strip() for d in ("customers", "newsletter") for r in rows.get(d, [])}
    assert known - {"None", ""} <= {value.replace("\\,", ",") for value in said}
    assert not any(DOTS in line for line in lines)


def test_an_event_signed_up_for_stands_in_the_calendar(store, webhost, world, hosting, url, tmp_path):
    person = next(p for p in world.persons if expected(world, p).certain.get("event_registrations"))
    _, files = taken(webhost, hosting, url, person.ways[0], tmp_path)
    rows = {d["dataset"]: d["rows"] for d in json.loads(files["portable.json"])["datasets"]}
    lines = unfolded(files["events.ics"].decode())
    held = {r["held_on"].replace("-", "") for r in rows["event_registrations"]}
    assert {line.partition(":")[2] for line in lines if line.startswith("DTSTART;VALUE=DATE")} == held
    assert lines[0] == "BEGIN:VCALENDAR" and lines.count("BEGIN:VEVENT") == len(rows["event_registrations"])


THREAD = {
    "system": 1,
    "id": "hosting",
    "name": {"sv": "Chatt", "en": "Chat"},
    "url": "memory:",
    "datasets": {
        "chat": {
            "name": {"sv": "Chatt", "en": "Chat"},
            "key": "id",
            "purposes": ["deliver"],
            "source": "registration",
            "subject": [{"by": "identity", "column": "owner", "kind": "email"}],
            "author": {"column": "author", "kind": "email"},
            "order": "at",
            "fields": {
                "id": {"technical": True},
                "owner": {"category": "contact", "identity": "email"},
                "author": {"category": "contact", "identity": "email", "give": "mask_others"},
                "at": {"category": "contract"},
                "body": {"category": "contract", "text": True, "give": "mask_others"},
            },
        }
    },
}


def test_messages_stand_as_mbox_with_others_words_masked(store, webhost, tmp_path):
    import dataclasses
    import sqlite3

    from lofte.datamap.document import DataMap

    url = f"sqlite:///{tmp_path / 'chat.db'}"
    mine = "Hej,\nFrom nu på är allt klart.\n.\nÅsa"
    with sqlite3.connect(tmp_path / "chat.db") as db:
        db.execute(
            "create table chat (id integer primary key, owner text, author text, at timestamp, body text)"
        )
        rows = [
            (1, "asa@kund.example", "asa@kund.example", "2026-02-03 10:20:30", mine),
            (2, "asa@kund.example", "ture@kund.example", "2026-02-03 10:21:30", "Hemligt från Ture"),
        ]
        db.executemany("insert into chat values (?, ?, ?, ?, ?)", rows)
    house = dataclasses.replace(webhost, datamap=DataMap(systems=(System.model_validate(THREAD),)))
    _, files = taken(house, None, url, [("email", "asa@kund.example")], tmp_path / "out")
    path = tmp_path / "messages.mbox"
    path.write_bytes(files["messages.mbox"])
    box = mailbox.mbox(path, factory=lambda f: email.message_from_binary_file(f, policy=email.policy.default))
    letters = list(box)
    assert len(letters) == 2
    assert letters[0]["From"] == "asa@kund.example"
    body = letters[0].get_content().replace("\n>From ", "\nFrom ").rstrip("\n")
    assert body == mine
    assert "Ture" not in files["messages.mbox"].decode() and "ture@" not in files["messages.mbox"].decode()


def test_what_stays_is_not_even_fetched(store, webhost, world, hosting, url, tmp_path):
    seen = {}

    def connect(system):
        seen.update(system.datasets)
        return open_sql(system, url)

    fulfil_portability(webhost, asked(webhost, world.persons[0].ways[0]), connect, tmp_path)
    assert seen["contracts"].fields["signed_ip"].give == "withhold"
    assert hosting.datasets["contracts"].fields["signed_ip"].give == "give"


def test_each_step_leaves_its_entry(store, webhost, world, hosting, url, tmp_path):
    taken(webhost, hosting, url, world.persons[0].ways[0], tmp_path)
    assert [e.kind for e in book.entries()] == [
        "request.received",
        "request.identified",
        "portability.intended",
        "step.done",
        "package.sealed",
        "step.done",
        "request.delivered",
    ]
    assert book.verify(webhost.keys.ledger) is None


def test_nothing_leaves_when_the_ledger_is_closed(store, webhost, world, url, tmp_path):
    from django.db import connection

    request = asked(webhost, world.persons[0].ways[0])
    with connection.cursor() as cursor:
        cursor.execute(f"drop table {LedgerOutbox._meta.db_table}")
    opened = []
    with pytest.raises(LedgerClosed):
        fulfil_portability(webhost, request, lambda s: opened.append(s), tmp_path / "out")
    assert not opened and not (tmp_path / "out").exists()


def test_one_right_is_not_answered_as_another(store, webhost, world, url, tmp_path):
    way = world.persons[0].ways[0]
    with pytest.raises(Refused):
        fulfil_access(webhost, asked(webhost, way), lambda s: open_sql(s, url), tmp_path)
    with pytest.raises(Refused):
        fulfil_portability(webhost, asked(webhost, way, Right.ACCESS), lambda s: open_sql(s, url), tmp_path)


def test_a_system_that_was_silent_is_asked_again_by_itself(store, webhost, world, url, tmp_path):
    request = asked(webhost, world.persons[0].ways[0])
    from lofte.errors import Unreachable

    def silent(system):
        raise Unreachable("it does not answer; it is tried again")

    with pytest.raises(Unreachable):
        fulfil_portability(webhost, request, silent)
    webhost.clock.now = datetime(2026, 3, 6, tzinfo=UTC)
    assert [r.pk for r in due_again(webhost.now)] == [request.pk]
    assert do_due(webhost, lambda s: open_sql(s, url)) == 1
