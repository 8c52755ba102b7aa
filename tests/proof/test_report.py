"""A proof is one signed document: as of any day, on a page, on paper, verified by another program."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import jsonschema
import pypdf
import pytest

import lofte_verify
from lofte.errors import Broken, LedgerClosed, Refused
from lofte.execution import book, checkpoints
from lofte.execution.models import LedgerEntry
from lofte.ledger.kinds import Kind
from lofte.notices import proof_page, proof_pdf, proofs
from lofte.notices.publish import publish
from lofte.proof import report, signing
from lofte.proof.areas import AREAS, area
from lofte.proof.asked import ASKED
from lofte.proof.records import Check
from lofte.site.proving import proven
from lofte.site.workspace import load, open_house
from tests.conftest import Clock

WEBHOST = Path(__file__).parents[2] / "examples" / "webhost"


class Days:
    """A company's days: something happens, and late in the evening the promises are judged."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self.clock, self.workspace = clock, load(folder)
        self.house = open_house(self.workspace, clock)

    def noted(self, kind: Kind, object_: str, **payload: Any) -> None:
        with book.recorded(self.house):
            book.note(kind, object_, payload, at=self.house.now, policy_version=self.house.policy_version)

    def prove(self, on: date | None = None) -> dict[str, Any]:
        return proven(self.house, self.workspace, on=on, offline=on is None, look=lambda _: None)


@pytest.fixture
def days(store: Path, tmp_path: Path, settings: Any, clock: Clock) -> Days:
    from lofte.site.home import prepare_folders

    settings.LOFTE_HOME = tmp_path / "home"
    prepare_folders(settings.LOFTE_HOME)
    clock.now = clock.now.replace(year=2026, month=11, day=2, hour=9)
    return Days(WEBHOST, clock)


def findings(document: dict[str, Any]) -> dict[str, tuple[str, str, Any]]:
    return {p["promise"]: (p["finding"], p["reason"]["sv"], p["entries"]) for p in document["promises"]}


def _lived(days: Days) -> dict[date, dict[str, Any]]:
    """Eight days, and what a proof said at the end of each."""
    said, digest, anna = {}, "d" * 64, "a" * 32
    happens = [
        lambda: publish(days.house, days.workspace.text),
        lambda: days.noted(
            Kind.REQUEST_RECEIVED, anna, right="access", article="15", due_on=str(date(2026, 11, 6))
        ),
        lambda: days.noted(Kind.REQUEST_IDENTIFIED, anna, level=2),
        lambda: days.noted(Kind.ACCESS_INTENDED, anna, article="15", systems=1, datasets=1),
        lambda: days.noted(Kind.STEP_DONE, anna, step="read", target="hosting", rows=3),
        lambda: days.noted(Kind.PACKAGE_SEALED, anna, digest=digest, rows=3),
        lambda: days.noted(Kind.REQUEST_DELIVERED, anna, digest=digest),
        lambda: days.noted(Kind.SUPPRESSION_LIFTED, "b" * 32, why="mistake"),
    ]
    for happen in happens:
        happen()
        days.clock.now = days.clock.now.replace(hour=22, minute=59)
        document = days.prove()
        proofs.keep(days.house, document)
        said[days.house.today] = document
        days.clock.now = days.clock.now.replace(hour=9) + timedelta(days=1)
    return said


def test_a_day_that_is_past_is_judged_as_it_was_judged_then(days):
    said = _lived(days)
    assert len({str(findings(document)) for document in said.values()}) > 4
    for day, document in said.items():
        again = days.prove(day)
        assert findings(again) == findings(document), day
        assert (again["on"], again["past"], again["policy"]) == (str(day), True, document["policy"])


def test_what_the_systems_say_today_says_nothing_of_a_day_without_a_proof(days):
    publish(days.house, days.workspace.text)
    day = days.house.today
    days.clock.go(days=5)
    assert not days.prove(day)["looked"]
    assert days.prove(day)["checks"] == []
    proofs.keep(days.house, days.prove())
    assert days.prove(day)["checks"] == []


def test_a_day_to_come_is_refused(days):
    with pytest.raises(Refused, match="has not come"):
        days.prove(days.house.today + timedelta(days=1))


def test_a_day_before_the_first_version_is_refused(days):
    publish(days.house, days.workspace.text)
    with pytest.raises(Refused, match="in force from 2026-11-02"):
        days.prove(days.house.today - timedelta(days=1))


def test_a_ledger_that_does_not_hold_proves_nothing(days):
    publish(days.house, days.workspace.text)
    LedgerEntry.objects.filter(seq=1).update(object="f" * 32)
    with pytest.raises((LedgerClosed, Broken)):
        days.prove()


@pytest.fixture
def document(days: Days) -> dict[str, Any]:
    publish(days.house, days.workspace.text)
    days.clock.go(hours=1)
    return days.prove()


def test_a_proof_is_of_its_schema(document):
    jsonschema.Draft202012Validator(proof_page.schema()).validate(document)
    jsonschema.Draft202012Validator(proof_page.schema()).validate(
        signing.signed(report.only(document, ["P001"]), b"k" * 32)
    )


def test_a_choice_of_promises_is_not_taken_for_the_whole(document):
    chosen = signing.signed(report.only(document, ["P001"]), b"k" * 32)
    assert chosen["of"] == len(document["promises"]) > 1
    assert "This is a choice of the promises." in proof_page.page(chosen, "en")
    assert "This is a choice of the promises." not in proof_page.page(document, "en")


def test_every_live_check_is_asked_in_words():
    assert set(Check) <= set(ASKED)


def test_every_promise_has_its_chapter():
    assert {area(f"P{number:03}") for number in range(1, 154)} == set(AREAS)


def test_runs_of_entries_are_written_by_their_ends():
    assert list(report.ranges([1, 2, 3, 7, 9, 10])) == [[1, 3], [7, 7], [9, 10]]


def test_the_signature_holds_for_the_document_as_it_was(days, document):
    signing.insist(document, checkpoints.key_line(days.house))


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d["promises"][0].update(finding="broken"),
        lambda d: d["counts"].update(kept=1000),
        lambda d: d["policy"].update(sha256="0" * 64),
        lambda d: d["ledger"].update(weighed_to=0),
        lambda d: d.update(on="2020-01-01"),
        lambda d: d.update(signature=""),
        lambda d: d["ledger"].update(checkpoint=""),
        lambda d: d.update(checks=[]),
    ],
)
def test_one_change_anywhere_breaks_the_signature(days, document, change):
    changed = json.loads(json.dumps(document))
    change(changed)
    with pytest.raises(Broken):
        signing.insist(changed, checkpoints.key_line(days.house))


def verified(tmp_path: Path, document: dict[str, Any], key: str) -> int:
    file = tmp_path / "proof.json"
    file.write_text(json.dumps(document, ensure_ascii=False, indent=1), encoding="utf-8")
    return lofte_verify.main([str(file), "--key", key])


def test_another_program_verifies_the_proof(days, document, tmp_path, capsys):
    assert verified(tmp_path, document, checkpoints.key_line(days.house)) == 0
    assert "tied to a ledger of" in capsys.readouterr().out


def test_another_program_finds_a_finding_that_was_changed(days, document, tmp_path, capsys):
    document["promises"][5]["finding"] = "kept" if document["promises"][5]["finding"] != "kept" else "broken"
    assert verified(tmp_path, document, checkpoints.key_line(days.house)) == 1
    assert "changed since it was signed" in capsys.readouterr().err


def test_another_program_finds_entries_beyond_the_checkpoint(days, document, tmp_path, capsys):
    document["promises"][0]["entries"] = [[1, 10**6]]
    forged = signing.signed(document, days.house.keys.checkpoint)
    assert verified(tmp_path, forged, checkpoints.key_line(days.house)) == 1
    assert "does not stand for" in capsys.readouterr().err


def test_another_program_trusts_no_other_key(days, document, tmp_path):
    other = replace(days.house, keys=replace(days.house.keys, checkpoint=b"o" * 32))
    from lofte.ledger.checkpoint import public

    assert verified(tmp_path, document, public("else.example/ledger", other.keys.checkpoint)) == 1


def test_what_is_no_proof_is_said_to_be_none(tmp_path, days, capsys):
    publish(days.house, days.workspace.text)
    for text in ("", "{}", "[]", '{"ledger": {}, "signature": 1}', "x" * 100):
        file = tmp_path / "proof.json"
        file.write_text(text, encoding="utf-8")
        assert lofte_verify.main([str(file), "--key", checkpoints.key_line(days.house)]) == 1
    assert "Traceback" not in capsys.readouterr().err


class _Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append(tag)
        self.ids += [given["id"] or ""] if "id" in given else []
        self.links += [given["href"] or ""] if "href" in given else []
        assert not any(name.startswith("on") or name == "src" or name == "style" for name in given)


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_page_holds_all_it_needs_and_nothing_that_runs(document, language):
    text = proof_page.page(document, language)
    page = _Page(text)
    assert not {"script", "img", "link", "iframe", "form"} & set(page.tags)
    assert len(page.ids) == len(set(page.ids))
    assert all(link.startswith("#") and link[1:] in page.ids for link in page.links)
    for promise in document["promises"]:
        assert {f"sv-{promise['promise']}", f"en-{promise['promise']}"} <= set(page.ids)
    for note in (document["policy"]["sha256"], document["map"]["sha256"], document["ledger"]["key"]):
        assert note in text


def test_what_the_policy_says_is_never_markup(document):
    document["promises"][0]["sentence"]["sv"] = "<script>alert(1)</script>"
    assert "<script" not in proof_page.page(document, "sv")


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_paper_is_tagged_and_tells_its_language_and_title(document, language):
    document["promises"][0]["sentence"] = {"sv": "Löfte \U0001f600 中", "en": "Promise \U0001f600"}
    reader = pypdf.PdfReader(io.BytesIO(proof_pdf.pdf(document, language)))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] is True or root["/MarkInfo"]["/Marked"].value
    assert str(root["/Lang"]).startswith(language)
    assert document["company"]["name"] in str(reader.metadata.title)
    text = "".join(page.extract_text() for page in reader.pages)
    assert document["policy"]["sha256"][:16] in text.replace("\n", "")
    assert document["ledger"]["checkpoint"].split("\n")[0] in text
