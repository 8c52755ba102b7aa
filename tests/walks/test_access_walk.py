"""The walk of an access request, on the example company: `docs/walks/access.md`, step by step."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import logging
import shutil
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from examples.webhost.generate import TODAY, expected, make_world
from lofte.connectors.registry import open_system
from lofte.datamap.document import Kind
from lofte.datamap.identity import Identity, read
from lofte.execution import book
from lofte.execution.house import House
from lofte.fault import Place, errors
from lofte.law.rights import Right
from lofte.plan import access
from lofte.plan.records import Subject, Verb
from lofte.proof.evaluate import evaluate
from lofte.proof.records import Finding, noted
from lofte.requests import sealing
from lofte.requests.answer import weigh
from lofte.site.judge import judge
from lofte.site.workspace import load
from tests.walks.walking import Walk

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


@pytest.fixture
def company(tmp_path):
    """The example's workspace with its database, and what its maker knows of it."""
    folder = tmp_path / "workspace"
    shutil.copytree(ROOT / "examples" / "webhost", folder, ignore=shutil.ignore_patterns("data", "*.py"))
    (folder / "data").mkdir()
    world = make_world(customers=120)
    engine = sa.create_engine(f"sqlite:///{folder / 'data' / 'hosting.sqlite3'}")
    world.load(engine)
    engine.dispose()
    return folder, world


def _anna(world):
    private = (p for p in world.persons if p.personnummer and len(p.accounts) == 2 and not p.protected)
    return max(private, key=lambda p: len(expected(world, p).certain))


def test_from_a_policy_file_to_a_package_in_a_strangers_hands(company, house, store, tmp_path, caplog):
    caplog.set_level(logging.INFO)
    from lofte.notices.publish import in_force, publish
    from lofte.requests.answer.fulfil import fulfil_access
    from lofte.requests.course.receive import receive
    from lofte.requests.door.identify import Level, identify

    folder, world = company
    anna = _anna(world)
    with Walk(ROOT / "docs" / "walks" / "access.md") as walk:
        with walk.step(1, "Policy and data map are read"):
            workspace = load(folder)
            assert workspace.policy is not None and not workspace.faults

        with walk.step(2, "They are judged together with the live database"):
            faults = judge(workspace)
            assert not errors(faults), "\n".join(map(str, errors(faults)))

        house = House(
            policy=workspace.policy,
            datamap=workspace.datamap,
            keys=house.keys,
            folder=house.folder,
            clock=lambda: NOW,
        )
        with walk.step(3, "The policy is published"):
            publish(house, workspace.text, faults)
            assert in_force(TODAY).version == workspace.policy.meta.version

        shown = [read(Kind(kind), raw, TODAY, Place()) for kind, raw in anna.ways[0]]
        assert all(isinstance(one, Identity) for one in shown)
        with walk.step(4, "Anna's request is received"):
            request = receive(house, right=Right.ACCESS, identities=shown, channel="portal")
            assert request.due_on.isoformat() == "2026-12-21"  # 20 December is a Sunday

        with walk.step(5, "It is known that it is she"):
            request = identify(house, request, method="två faktorer", level=Level.TWO_WAYS, by="")

        subject = Subject(ref=request.number, identities=tuple(shown))
        with walk.step(6, "A plan is made, and can be shown without data"):
            plan = access.plan(house.policy, house.datamap, [subject], house.today)
            assert {step.verb for step in plan.steps} == {Verb.GIVE, Verb.FORWARD}
            withheld = {(kept.at.dataset, field) for kept in plan.kept for field in kept.fields}
            assert ("customers", "password_hash") in withheld

        def connect(system):
            intended = [e for e in book.entries() if e.kind == "access.intended"]
            assert len(intended) == 1
            return open_system(system, folder)

        with walk.step(7, "It is written down what is about to be read"):
            answer = fulfil_access(house, request, connect, tmp_path / "out")

        with walk.step(8, "Identities become a person"):
            files, data = _opened(answer.path)
            assert len(data["customers"]) == 2

        right = expected(world, anna)
        with walk.step(9, "The person becomes rows, looked at again"):
            keys = {d.id: d.key for d in _datasets(house)}
            got = {id_: {tuple(row[k] for k in keys[id_]) for row in rows} for id_, rows in data.items()}
            naming = {
                (m.dataset, tuple(m.fields[k] for k in keys[m.dataset])) for m in _waiting(house, request)
            }
            found = {
                id_: found - {key for at, key in naming if at == id_} for id_, found in right.certain.items()
            }
            assert got == {id_: rows for id_, rows in found.items() if rows}

        with walk.step(10, "The package is sealed"):
            manifest = json.loads(files["manifest.json"])
            listed = {entry["path"]: entry["sha256"] for entry in _files(manifest)}
            assert listed == {n: _sha256(c) for n, c in files.items() if n != "manifest.json"}
            assert {"index.html", "index.pdf", "data.json"} <= files.keys()
            for name, content in files.items():
                if name.endswith(".csv"):
                    assert len(list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))) > 1

        with walk.step(11, "It is evidence before it is an answer"):
            kinds = [str(entry.kind) for entry in book.entries()]
            assert (
                kinds.index("access.intended")
                < kinds.index("package.sealed")
                < kinds.index("request.delivered")
            )
            assert book.verify(house.keys.ledger) is None
            told = "\n".join(map(repr, book.opened())) + caplog.text
            for secret in (
                anna.name,
                anna.personnummer,
                anna.mailbox.address,
                anna.accounts[0].no,
                anna.phone,
            ):
                assert secret not in told

        with walk.step(12, "The promise is proven"):
            evidence = [noted(entry, payload) for entry, payload in book.opened()]
            lines = {line.promise.id: line for line in evaluate(house.policy, evidence, NOW)}
            assert lines["P097"].finding is Finding.KEPT
            assert lines["P097"].entries


@dataclass(frozen=True)
class _Row:
    dataset: str
    fields: dict


def _waiting(house, request):
    """The person's own rows that name others: somebody looks at them first."""
    key = sealing.unwrap(house.keys.wrapping, request.key, request.ref)
    rows = [weigh.opened(request, each, key) for each in request.mentions.all()]
    return [_Row(row.mention.dataset, row.fields) for row in rows if row.own]


def _datasets(house):
    class Named:
        def __init__(self, id_, dataset):
            self.id, self.key = id_, dataset.key

    return [Named(i, d) for system in house.datamap.systems for i, d in system.datasets.items()]


def _opened(path):
    """The files of the package, and its rows by dataset."""
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    document = json.loads(files["data.json"])
    return files, {dataset["dataset"]: dataset["rows"] for dataset in document["datasets"]}


def _files(manifest):
    files = manifest["files"]
    return files if isinstance(files, list) else [{"path": p, **f} for p, f in files.items()]


def _sha256(content):
    return hashlib.sha256(content).hexdigest()
