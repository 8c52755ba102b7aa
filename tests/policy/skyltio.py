"""The policy of Skyltio, an invented company that runs digital signs; every section is there."""

# ruff: noqa: E501 (a line of the table is a line)
from __future__ import annotations

from lofte.fault import Fault
from lofte.policy.checks import check
from lofte.policy.document import Policy
from lofte.policy.reading import Reading, read

DRAFT = """\
policy: 1
meta:
  id: skyltio-dataskydd
  title: {sv: Skyltios integritetspolicy, en: Skyltio privacy notice}
  version: 2026.10
  status: draft
  record_language: sv
  languages: [sv, en]
  effective_from: 2026-12-01
  updated: 2026-11-20
  supersedes: null
documents: [terms, {id: dpa, title: {sv: Biträdesavtal, en: Processor agreement}, version: 3}, dpa-annex]
controller:
  legal_name: null
  trade_name: Skyltio
  org_no: null
  country: SE
  contact: {channels: [email, phone, ticket], email: null, phone: null, address: null}
dpo: {designated: unknown}
authority: {id: IMY, name: {sv: Integritetsskyddsmyndigheten, en: IMY}, url: "https://www.imy.se/"}
roles:
  - {as: controller, for: [customer, visitor]}
  - {as: processor, for: [screen_content], agreement: dpa, annex: dpa-annex, offered_to: all_customers}
subjects:
  customer: {name: {sv: Kunder, en: Customers}}
  visitor: {name: {sv: Besökare, en: Visitors}}
categories:
  identity: {name: {sv: Vem du är, en: Who you are}, items: [name, {id: email, dpv: "pd:EmailAddress"}]}
  contact: {name: {sv: Hur vi når dig, en: How we reach you}, items: [email, phone, address]}
  usage: {name: {sv: Hur du använder tjänsten, en: How you use the service}, items: [login, ip]}
  identity_no:
    name: {sv: Personnummer, en: Personal identity number}
    items: [personnummer]
    ground: {law: 2018:218-3-10, reason: secure_identification}
    mask: last4
sources:
  you: {name: {sv: Du själv, en: You}, categories: [identity, contact, identity_no]}
  service: {categories: [usage], automatic: true}
forms:
  sign_up: {name: {sv: Beställning, en: Order}, purposes: [deliver], categories: [identity, contact]}
purposes:
  deliver:
    dpv: ServiceProvision
    subjects: [customer]
    categories: [identity, contact, usage]
    legal_basis: 6.1.b
    provision: {kind: contractual, consequence: {sv: Skärmarna kan inte visas, en: No screens are shown}}
    retention: [active, after_end]
    recipients: [hosting]
  invoice:
    categories: [identity, contact, identity_no]
    legal_basis: 6.1.c
    law: [BFL-7-2]
    provision: {kind: statutory, consequence: {sv: Vi kan inte fakturera, en: We cannot invoice}}
    retention: [books]
    recipients: [tax_office]
  abuse:
    categories: [usage]
    legal_basis: 6.1.f
    interest: {text: {sv: Hålla obehöriga ute, en: Keep intruders out}, assessment: lia-abuse}
    retention: [logs]
  tips:
    dpv: DirectMarketing
    categories: [contact]
    legal_basis: MFL-19-2
    marketing: {similar_own_services: true, opt_out: [at_collection, every_message]}
    retention: [tips]
    recipients: [mailer]
  stories:
    categories: [identity]
    legal_basis: 6.1.a
    retention: [stories]
recipients:
  hosting: {role: processor, register: processors, country: SE, text: {sv: Driftleverantör, en: Hosting}}
  mailer: {role: processor, country: [US], safeguard: {kind: scc, ref: 2021/914, module: 2, copy: on_request}}
  printer: {role: processor, country: [GB], safeguard: {kind: adequacy}}
  tax_office: {role: authority, kinds: [tax], ground: law, approvals: 2}
processors: processors.yaml
transfers: {default: eea_only, exceptions: [mailer, printer]}
retention:
  active: {keep_until: contract.end, action: next}
  after_end: {keep_until: contract.end + P3M, action: delete, restrict_at: contract.end}
  books: {keep_until: year_end(fiscal_year.end) + P7Y, action: delete, law: BFL-7-2, restrict_at: contract.end}
  logs: {keep_until: event.time + P90D, action: delete, hold: [incident]}
  tips: {keep_until: optout.time, action: suppress}
  stories: {keep_until: consent.withdrawn, action: delete}
holds:
  incident: {needs: [case, review_date]}
  legal_obligation: {needs: law}
  legal_claim: {needs: [case, review_date]}
  active_contract: {computed: contract.end is null}
rights:
  defaults: {deadline: P1M, extension: P2M, calendar: SE, identification: [e_id], fee: {amount: 0, currency: SEK}}
  access: {channels: [portal, email], formats: [html, pdf, json], self_view: portal}
  rectification: {channels: [portal, email], notify_recipients: true}
  erasure: {grounds: [17.1.a, 17.1.b], exceptions: [17.3.b, 17.3.e]}
  restriction: {mode: storage_only, effect: stops_service, release: [corrected], tell_before: [stop, release]}
  portability: {bases: [6.1.a, 6.1.b], formats: [json, csv]}
  objection: {direct_marketing: absolute}
  withdraw_consent: {as_easy_as: given}
  human_review: {for: [credit]}
automated_decisions:
  credit:
    exists: true
    art22: true
    basis: contract
    logic: {sv: Vi väger betalningshistorik, en: We weigh payment history}
    effects: {sv: Förskottsbetalning kan krävas, en: Payment in advance may be asked for}
cookies:
  consent: prior_opt_in
  refuse_as_easy: true
  withdraw: any_page
  consent_max_age: P12M
  law: LEK-9-28
  table:
    - {name: session, purpose: necessary, provider: Skyltio, lifetime: session}
    - {name: visits, purpose: statistics, provider: Skyltio, lifetime: P30D}
communication: {service_messages: [email], marketing: [email]}
statistics: {min_group: 10, recipients: [hosting]}
security: {measures: [access_levels, login_log]}
assurances: [never_sold]
changes: {major: [new_purpose, weaker_right], notify: [email, website], lead_time: P30D}
"""
"""As drafted: who the controller is, is not filled in yet."""

GOOD = (
    DRAFT.replace("legal_name: null", "legal_name: Skyltio AB")
    .replace("org_no: null", 'org_no: "556000-4615"')
    .replace("email: null, phone: null", 'email: info@skyltio.example, phone: "08-465 004 01"')
    .replace("address: null", 'address: "Skyltgatan 1, 111 11 Stockholm"')
)
"""With nothing to remark on."""


def changed(*changes: tuple[str, str], text: str = GOOD) -> str:
    """The text with each old piece, which must be there once, replaced by the new."""
    for old, new in changes:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
        text = text.replace(old, new)
    return text


def reading(text: str) -> Reading[Policy]:
    return read(text, "policy.yaml", Policy)


def policy(text: str = GOOD) -> Policy:
    got = reading(text)
    assert got.document is not None, "\n".join(map(str, got.faults))
    return got.document


def judged(text: str) -> tuple[Fault, ...]:
    got = reading(text)
    assert got.document is not None, "\n".join(map(str, got.faults))
    return check(got.document, got)
