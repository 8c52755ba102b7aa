"""The proof in the console, and its short form for anybody."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from django.test import Client

from lofte.errors import Broken
from lofte.execution import book, checkpoints
from lofte.ledger.kinds import Kind
from lofte.notices import proofs
from lofte.notices.models import ProofRun
from lofte.proof import signing
from lofte.proof.records import Finding
from lofte.site import proving
from lofte.site.workspace import load


def kept(work, company, *, offline: bool):
    with book.recorded(work.house):
        book.note(Kind.KEY_SHREDDED, "a" * 32, {}, at=work.house.now)
    checkpoints.make(work.house)
    return proofs.keep(
        work.house, proving.proven(work.house, load(company), offline=offline, look=lambda _: None)
    )


@pytest.fixture
def proven(work, company):
    return kept(work, company, offline=True)


def test_nothing_is_claimed_before_somebody_has_looked(work, staff):
    assert "Löftena har inte granskats än." in staff["auditor"].get("/console/proof").text
    assert (
        "Vi har inte granskat löftena än." in Client(headers={"Accept-Language": "sv"}).get("/promises").text
    )


def test_every_promise_is_shown_with_its_finding_and_why(work, company, staff):
    proven = kept(work, company, offline=False)
    text = staff["auditor"].get("/console/proof").text
    for line in proofs.said(proven, "sv"):
        assert f'id="{line.id}"' in text
    counted = proofs.counts(proven)
    assert sum(counted.values()) == len(proven.lines["promises"]) > 60
    assert counted[Finding.KEPT] and counted[Finding.UNPROVEN]
    assert "Liggaren som den var signerad då" in text


@pytest.mark.parametrize("finding", list(Finding))
def test_one_finding_is_shown_alone(proven, staff, finding):
    text = staff["officer"].get(f"/console/proof?finding={finding}").text
    for line in proofs.said(proven, "sv"):
        assert (f'id="{line.id}"' in text) == (line.finding is finding)


def test_anybody_reads_sentences_and_findings_and_no_evidence(work, company):
    proven = kept(work, company, offline=False)
    text = Client(headers={"Accept-Language": "en"}).get("/promises").text
    assert "There is evidence that we do what we say." in text
    broken = [line for line in proofs.said(proven, "en") if line.finding is Finding.UNPROVEN]
    assert "Nothing says that we break it" in text and broken[0].reason not in text
    assert "systems" not in text.partition("<main")[0]


def test_looking_again_is_asked_for_once_and_done_by_the_server(proven, work, staff):
    for _ in range(2):
        staff["auditor"].post("/console/proof/again")
    assert ProofRun.objects.filter(made_at=None).count() == 1
    assert "granskas på nytt" in staff["auditor"].get("/console/proof").text
    assert proofs.due(work.house.now)


def test_it_is_judged_once_a_day(proven, work):
    assert not proofs.due(proven.made_at + timedelta(hours=23))


def test_a_judging_stands_in_the_ledger_with_its_counts(proven):
    (said,) = [payload for entry, payload in book.opened() if entry.kind == Kind.PROOF_MADE]
    digest = hashlib.sha256(signing.canonical(proven.lines)).hexdigest()
    assert said == {finding.value: n for finding, n in proofs.counts(proven).items()} | {"digest": digest}


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("sv", ["7 kap. 2 § bokföringslagen", "artikel 17.1 a", "3 kap. 10 § dataskyddslagen"]),
        ("en", ["Article 17(1)(a)", "Chapter 3, Section 10, Data Protection Act"]),
    ],
)
def test_the_law_is_cited_as_people_write_it(work, company, language, words):
    kept(work, company, offline=True)
    text = Client(headers={"Accept-Language": language}).get("/promises").text
    assert [each for each in words if each not in text] == []
    assert "art. " not in text and "BFL-7-2" not in text


@pytest.mark.parametrize(
    ("kind", "begins"), [("pdf", b"%PDF-1.7"), ("html", b"<!doctype html>"), ("json", b"{")]
)
def test_the_proof_is_saved_as_a_file(proven, staff, kind, begins):
    answer = staff["auditor"].get(f"/console/proof/file?as={kind}")
    assert answer.content.startswith(begins)
    assert answer["Content-Disposition"].endswith(f'.{kind}"')


def test_a_file_of_another_kind_is_none(proven, staff):
    assert staff["auditor"].get("/console/proof/file?as=exe").status_code == 404


def _changed_by_hand(run):
    promise = next(p for p in run.lines["promises"] if p["finding"] == "unproven")
    promise["finding"], promise["missing"] = "kept", None
    run.save()


def test_a_finding_that_somebody_has_set_by_hand_is_shown_to_nobody(proven, work, staff):
    assert proofs.holds(work.house, proven)
    _changed_by_hand(proven)
    assert not proofs.holds(work.house, proven)
    text = staff["auditor"].get("/console/proof").text
    assert "någon har ändrat den" in text and 'id="P001"' not in text
    assert staff["auditor"].get("/console/proof/file?as=json").status_code == 404
    anybody = Client(headers={"Accept-Language": "sv"}).get("/promises").text
    assert "Vi har inte granskat löftena än." in anybody


def test_a_proof_that_was_changed_is_not_kept(proven, work):
    changed = {**proven.lines, "counts": {**proven.lines["counts"], "kept": 153}}
    with pytest.raises(Broken):
        proofs.keep(work.house, changed)


def test_nothing_that_is_sent_to_a_page_sets_a_finding(proven, staff):
    before = proven.lines
    sent = {"finding": "kept", "promise": "P097", "lines": "[]", "P097": "kept"}
    for path in ("/console/proof", "/console/proof/again", "/console/proof/file", "/promises"):
        staff["officer"].post(path, sent)
    proven.refresh_from_db()
    assert proven.lines == before
    assert {f.name for f in ProofRun._meta.get_fields()} == {
        "id", "ref", "asked_at", "by", "made_at", "version", "lines", "checkpoint",
    }  # fmt: skip


def test_the_seven_problems_with_erasure_stand_on_the_page(proven, staff):
    text = staff["auditor"].get("/console/proof").text
    for problem in proofs.problems(proven, "sv"):
        assert problem.title in text


def test_a_problem_that_is_not_here_is_not_called_kept(proven, staff):
    part = staff["auditor"].get("/console/proof").text.partition('id="erasure"')[2].partition("</section>")[0]
    assert "Hålls</span>" not in part and "Inte visat</span>" in part


def test_a_proof_that_nobody_noted_is_shown_to_nobody(work, company, staff):
    """All is kept, and nothing is signed: whoever can write in the store can write that."""
    run = kept(work, company, offline=True)
    forged = {**run.lines, "signature": "", "ledger": {**run.lines["ledger"], "checkpoint": "", "weighed": 0}}
    ProofRun.objects.filter(pk=run.pk).update(lines=forged)
    assert "Liggaren som den var signerad då" not in staff["auditor"].get("/console/proof").text
    assert not proofs.holds(work.house, ProofRun.objects.get(pk=run.pk))


def test_an_old_proof_is_not_shown_as_a_new_one(work, company):
    run = kept(work, company, offline=True)
    assert proofs.holds(work.house, run)
    run.made_at += timedelta(days=30)
    assert not proofs.holds(work.house, run)
