"""What a policy must say: each demand, broken once, is found at its place."""

# ruff: noqa: E501 (a line of the table is a line)
from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lofte.fault import Severity
from lofte.ledger.forms import Form
from lofte.policy.checks import CHECKS, catalogue, check, telling
from lofte.policy.checks.catalogue import page
from lofte.policy.tree import grow
from tests.policy.skyltio import DRAFT, GOOD, changed, judged, policy, reading

US_MAILER = "safeguard: {kind: scc, ref: 2021/914, module: 2, copy: on_request}"
CREDIT = "    basis: contract\n"

SEEDS = [
    ("P101", "controller.org_no", [('org_no: "556000-4615"', "org_no: null")]),
    ("P102", "authority.url", [('url: "https://www.imy.se/"', 'url: ""')]),
    ("P103", "dpo.email", [("dpo: {designated: unknown}", "dpo: {designated: yes, name: Cecilia}")]),
    ("P104", "roles[1].agreement", [("agreement: dpa, annex", "annex")]),
    ("P105", "controller.fiscal_year_end", [("  country: SE\n", '  country: SE\n  fiscal_year_end: "02-30"\n')]),
    ("P110", "purposes.abuse.categories[0]", [("  abuse:\n    categories: [usage]", "  abuse:\n    categories: [usge]")]),
    ("P110", "sources.service.categories[1]", [("categories: [usage], automatic", "categories: [usage, x], automatic")]),
    ("P110", "forms.sign_up.categories[0]", [("[deliver], categories: [identity", "[deliver], categories: [identyti")]),
    ("P110", "recipients.hosting.categories[0]", [("register: processors, c", "categories: [x], c")]),
    ("P111", "purposes.deliver.recipients[0]", [("    recipients: [hosting]", "    recipients: [hostin]")]),
    ("P111", "transfers.exceptions[2]", [("exceptions: [mailer, printer]", "exceptions: [mailer, printer, x]")]),
    ("P111", "statistics.recipients[0]", [("min_group: 10, recipients: [hosting]", "recipients: [nobody]")]),
    ("P112", "purposes.abuse.retention[1]", [("retention: [logs]", "retention: [logs, lags]")]),
    ("P113", "purposes.invoice.law[1]", [("law: [BFL-7-2]", "law: [BFL-7-2, BFL-7-3]")]),
    ("P113", "cookies.law", [("law: LEK-9-28", "law: LEK-6-18")]),
    ("P114", "purposes.deliver.subjects[0]", [("subjects: [customer]", "subjects: [custommer]")]),
    ("P115", "forms.sign_up.purposes[0]", [("purposes: [deliver]", "purposes: [delivery]")]),
    ("P115", "automated_decisions.credit.purposes[0]", [(CREDIT, CREDIT + "    purposes: [delivery]\n")]),
    ("P116", "roles[1].annex", [("annex: dpa-annex,", "annex: dpa-anex,")]),
    ("P117", "retention.logs.hold[0]", [("hold: [incident]", "hold: [accident]")]),
    ("P118", "rights.human_review.for[1]", [("{for: [credit]}", "{for: [credit, debit]}")]),
    ("P120", "categories.usage", [
        ("    categories: [identity, contact, usage]\n", "    categories: [identity, contact]\n"),
        ("  abuse:\n    categories: [usage]", "  abuse:\n    categories: [contact]"),
    ]),
    ("P121", "purposes.stories.retention", [
        ("    retention: [stories]\n", ""), ("retention: [logs]", "retention: [logs, stories]"),
    ]),
    ("P122", "purposes.invoice.law", [
        ("    law: [BFL-7-2]\n", ""), ("action: delete, law: BFL-7-2, ", "action: delete, "),
    ]),
    ("P123", "purposes.abuse.interest", [
        ("    interest: {text: {sv: Hålla obehöriga ute, en: Keep intruders out}, assessment: lia-abuse}\n", ""),
    ]),
    ("P123", "purposes.abuse.interest.assessment", [(", assessment: lia-abuse", "")]),
    ("P124", "rights.withdraw_consent", [("  withdraw_consent: {as_easy_as: given}\n", "")]),
    ("P125", "purposes.tips.marketing.opt_out", [("opt_out: [at_collection, every_message]", "opt_out: [at_collection]")]),
    ("P125", "purposes.tips.marketing.similar_own_services", [("similar_own_services: true, ", "")]),
    ("P126", "categories.identity_no.ground", [
        ("    ground: {law: 2018:218-3-10, reason: secure_identification}\n", ""),
    ]),
    ("P127", "purposes.abuse.legal_basis", [
        ("items: [login, ip]}", "items: [login, ip], special: \"9\"}"),
        ("    categories: [identity, contact, usage]\n", "    categories: [identity, contact]\n"),
    ]),
    ("P128", "purposes.abuse.law", [
        ("items: [login, ip]}", "items: [login, ip], special: \"10\"}"),
        ("    categories: [identity, contact, usage]\n", "    categories: [identity, contact]\n"),
    ]),
    ("P129", "categories.usage", [("  service: {categories: [usage], automatic: true}\n", "")]),
    ("P130", "communication.marketing", [
        ("    dpv: DirectMarketing\n", ""), ("legal_basis: MFL-19-2", "legal_basis: 6.1.a"),
        ("    marketing: {similar_own_services: true, opt_out: [at_collection, every_message]}\n", ""),
    ]),
    ("P131", "purposes.invoice.provision", [
        ("    provision: {kind: statutory, consequence: {sv: Vi kan inte fakturera, en: We cannot invoice}}\n", ""),
    ]),
    ("P140", "recipients.mailer.safeguard", [(f", {US_MAILER}", "")]),
    ("P141", "recipients.mailer.country", [("exceptions: [mailer, printer]", "exceptions: [printer]")]),
    ("P142", "recipients.mailer.safeguard.kind", [(US_MAILER, "safeguard: {kind: adequacy}")]),
    ("P142", "recipients.printer.safeguard.kind", [("safeguard: {kind: adequacy}", "safeguard: {kind: dpf}")]),
    ("P143", "recipients.printer.safeguard.kind", [("effective_from: 2026-12-01", "effective_from: 2027-06-01")]),
    ("P144", "recipients.mailer.safeguard", [("ref: 2021/914, ", "")]),
    ("P145", "transfers.exceptions[0]", [("country: [US]", "country: [NO]")]),
    ("P161", "retention.logs.keep_until", [("event.time + P90D", "event.time + 90 days")]),
    ("P161", "retention.after_end.restrict_at", [
        ("action: delete, restrict_at: contract.end}\n  books", "action: delete, restrict_at: soon}\n  books"),
    ]),
    ("P162", "retention.spare", [("  tips: {keep", "  spare: {keep_until: contract.end, action: delete}\n  tips: {keep")]),
    ("P163", "retention.books.keep_until", [("(fiscal_year.end) + P7Y", "(fiscal_year.end) + P6Y")]),
    ("P163", "retention.books.keep_until", [("year_end(fiscal_year.end) + P7Y", "fiscal_year.end + P7Y")]),
    ("P163", "retention.books.keep_until", [("year_end(fiscal_year.end)", "year_end(invoice.date)")]),
    ("P164", "purposes.invoice.retention", [("action: delete, law: BFL-7-2, ", "action: delete, ")]),
    ("P165", "purposes.deliver.retention[1]", [("retention: [active, after_end]", "retention: [after_end, active]")]),
    ("P166", "retention.after_end.restrict_at", [
        ("contract.end + P3M, action: delete, restrict_at: contract.end}",
         "contract.end + P3M, action: delete, restrict_at: contract.end + P92D}"),
    ]),
    ("P167", "holds.legal_claim.needs", [("legal_claim: {needs: [case, review_date]}", "legal_claim: {needs: [case]}")]),
    ("P167", "holds.incident", [("incident: {needs: [case, review_date]}", "incident: {}")]),
    ("P170", "rights.defaults.fee.amount", [("amount: 0", "amount: 100")]),
    ("P171", "rights.defaults.deadline", [("deadline: P1M", "deadline: P31D")]),
    ("P171", "rights.defaults.extension", [("extension: P2M", "extension: P3M")]),
    ("P171", "rights.defaults.deadline", [("deadline: P1M", "deadline: one month")]),
    ("P172", "rights.rectification", [("  rectification: {channels: [portal, email], notify_recipients: true}\n", "")]),
    ("P172", "rights.objection", [("  objection: {direct_marketing: absolute}\n", "")]),
    ("P173", "rights.portability", [("  portability: {bases: [6.1.a, 6.1.b], formats: [json, csv]}\n", "")]),
    ("P174", "rights.objection.direct_marketing", [("objection: {direct_marketing: absolute}", "objection: {}")]),
    ("P175", "automated_decisions.credit.basis", [(CREDIT, "")]),
    ("P175", "rights.human_review.for", [("{for: [credit]}", "{for: []}")]),
    ("P180", "cookies.table[1].purpose", [("consent: prior_opt_in", "consent: none_needed")]),
    ("P181", "cookies.refuse_as_easy", [("refuse_as_easy: true", "refuse_as_easy: false")]),
    ("P182", "cookies.consent_max_age", [("consent_max_age: P12M", "consent_max_age: P13M")]),
    ("P182", "cookies.consent_max_age", [("consent_max_age: P12M", "consent_max_age: always")]),
    ("P185", "forms.sign_up.fields[0]", [("{sv: Beställning, en: Order},", "{sv: Beställning, en: Order}, fields: [shoe_size],")]),
    ("P190", "meta.effective_from", [("updated: 2026-11-20", "updated: 2026-12-02")]),
    ("P191", "changes.lead_time", [("lead_time: P30D", "lead_time: P0D")]),
    ("P191", "changes.lead_time", [("lead_time: P30D", "lead_time: soon")]),
    ("P191", "changes.notify", [("notify: [email, website], ", "")]),
    ("P192", "forms.sign_up.name.en", [("{sv: Beställning, en: Order}", "{sv: Beställning}")]),
    ("P192", "automated_decisions.credit.logic.sv", [("{sv: Vi väger betalningshistorik, en:", "{en:")]),
    ("P193", "meta.record_language", [("languages: [sv, en]", "languages: [en]")]),
    ("P194", "meta.version", [("version: 2026.10", "version: October 2026")]),
    ("P194", "meta.version", [("version: 2026.10", 'version: "4.1\\n"')]),
    ("P195", "automated_decisions.credit.logic.sv", [("{sv: Vi väger betalningshistorik, en:", f"{{sv: {'Kreditvärdighetsbedömning ' * 20}, en:")]),
    ("P196", "texts.nothing", [("security:", "texts: {nothing: {sv: Ord.}}\nsecurity:")]),
    ("P197", 'texts["rights.defaults.deadline"].sv', [("security:", 'texts: {"rights.defaults.deadline": {sv: Snart.}}\nsecurity:')]),
    ("P198", "waivers[0]", [("security:", "waivers: [{fault: P101, reason: not yet registered}]\nsecurity:")]),
    ("P199", "waivers[0]", [("security:", 'waivers: [{fault: P101, reason: " "}]\nsecurity:')]),
]  # fmt: skip


def found(text):
    return [(fault.number, fault.place.path) for fault in judged(text)]


@pytest.mark.parametrize(("number", "path", "changes"), SEEDS, ids=[f"{n}-{p}" for n, p, _ in SEEDS])
def test_each_demand_broken_once_is_found_at_its_place(number, path, changes):
    assert found(changed(*changes)) == [(number, path)]


def test_a_good_policy_has_no_fault():
    assert judged(GOOD) == ()


def test_a_draft_without_identity_has_exactly_the_faults_of_identity():
    assert found(DRAFT) == [
        ("P101", "controller.legal_name"),
        ("P101", "controller.org_no"),
        ("P101", "controller.contact.email"),
        ("P101", "controller.contact.address"),
    ]


def test_every_demand_is_broken_by_some_seed():
    assert {n for n, _, _ in SEEDS} == {c.number for c in CHECKS} | {"P198", "P199"}


def test_a_number_is_given_to_one_demand_only():
    numbers = [demand.number for demand in catalogue()]
    assert len(numbers) == len(set(numbers))


def test_every_check_tells_its_article_and_what_it_demands():
    for each in CHECKS:
        assert each.article and each.demands.endswith(".")


def test_a_fault_knows_its_line_in_the_text():
    text = changed(("deadline: P1M", "deadline: P31D"))
    (fault,) = judged(text)
    line = text.splitlines()[fault.place.line - 1]
    assert line[fault.place.column - 1 :].startswith("deadline: P31D")


def test_a_fault_says_how_to_mend_it_with_the_nearest_name():
    (fault,) = judged(changed(("retention: [logs]", "retention: [logs, log]")))
    assert "`logs`" in fault.mend


def test_without_a_reading_a_fault_still_knows_its_keys():
    (fault,) = check(policy(changed(("amount: 0", "amount: 1"))))
    assert (fault.place.path, fault.place.line) == ("rights.defaults.fee.amount", 0)


def test_dates_are_judged_for_the_day_that_is_asked_about():
    got = reading(GOOD)
    numbers = [f.number for f in check(got.document, got, on=date(2032, 1, 1))]
    assert numbers == ["P142", "P143"]


def test_a_national_id_is_known_by_its_term_too():
    text = changed(
        ("    items: [personnummer]\n", '    items: [{id: pnr, dpv: "pd:NationalIdentificationNumber"}]\n'),
        ("    ground: {law: 2018:218-3-10, reason: secure_identification}\n", ""),
        ("  identity_no:\n", "  pnr:\n"),
        ("categories: [identity, contact, identity_no]\n", "categories: [identity, contact, pnr]\n"),
        ("categories: [identity, contact, identity_no]}", "categories: [identity, contact, pnr]}"),
    )
    assert found(text) == [("P126", "categories.pnr.ground")]


def test_necessary_cookies_need_no_consent():
    text = changed(
        ("consent: prior_opt_in", "consent: none_needed"), ("purpose: statistics", "purpose: necessary")
    )
    assert judged(text) == ()


def test_cookies_nobody_has_listed_need_consent():
    table = GOOD[GOOD.index("  table:\n") : GOOD.index("communication:")]
    text = changed((table, "  table: scanned\n"), ("consent: prior_opt_in", "consent: none_needed"))
    assert found(text) == [("P180", "cookies.consent")]


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_whatever_is_left_out_is_told_and_nothing_is_raised(data):
    """Take pieces away anywhere: the policy is refused by the reader, or judged to the end."""
    tree = grow(GOOD).root.plain()
    for _ in range(data.draw(st.integers(1, 6))):
        part = tree
        while isinstance(part, dict | list) and part:
            key = data.draw(st.sampled_from(list(part) if isinstance(part, dict) else range(len(part))))
            if not isinstance(part[key], dict | list) or not part[key] or data.draw(st.booleans()):
                del part[key]
                break
            part = part[key]
    got = reading(json.dumps(tree, default=str))
    faults = got.faults if got.document is None else check(got.document, got)
    assert all(fault.place.line and fault.what and fault.mend for fault in faults)
    assert got.document is not None or faults


class TestWaivers:
    def waiving(self, waiver):
        return changed(("amount: 0", "amount: 9"), ("security:", f"waivers: [{waiver}]\nsecurity:"))

    def test_a_fault_waived_with_a_reason_becomes_a_note(self):
        (fault,) = judged(self.waiving("{fault: P170, reason: agreed with IMY}"))
        assert (fault.number, fault.severity) == ("P170", Severity.NOTE)
        assert "agreed with IMY" in fault.what

    @pytest.mark.parametrize("path", ["rights", "rights.defaults.fee", "rights.defaults.fee.amount"])
    def test_a_waiver_reaches_what_is_under_its_path(self, path):
        (fault,) = judged(self.waiving(f"{{fault: P170, path: {path}, reason: x}}"))
        assert fault.severity is Severity.NOTE

    @pytest.mark.parametrize("path", ["right", "rights.defaults.fee.amounts", "rights.access", "purposes"])
    def test_a_waiver_reaches_nothing_else(self, path):
        assert [f.number for f in judged(self.waiving(f"{{fault: P170, path: {path}, reason: x}}"))] == [
            "P170",
            "P198",
        ]

    def test_a_waiver_without_a_reason_waives_nothing(self):
        numbers = [f.number for f in judged(self.waiving('{fault: P170, reason: ""}'))]
        assert numbers == ["P170", "P199"]

    def test_an_unused_waiver_cannot_be_waived(self):
        text = self.waiving("{fault: P170, reason: x}, {fault: P101, reason: x}, {fault: P198, reason: x}")
        assert [f.number for f in judged(text)] == ["P170", "P198", "P198"]

    def test_a_waiver_of_another_rooms_fault_is_left_to_that_room(self):
        assert judged(changed(("security:", "waivers: [{fault: M101, reason: x}]\nsecurity:"))) == ()


def test_the_reference_page_is_made_from_the_code():
    written = Path(__file__).parents[2].joinpath("docs/reference/faults-policy.md").read_text("utf-8")
    assert written == page(catalogue())


def test_a_version_without_this_fault_can_be_noted_in_the_ledger():
    assert Form.VERSION.value == telling.VERSION
