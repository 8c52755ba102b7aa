"""The privacy policy as a document: what is promised, to whom, on what ground, how long.

One YAML file per policy. Names follow the GDPR, the W3C Data Privacy Vocabulary and the
register of art. 30. Every model is strict and frozen: an unknown key is a fault. A field's
description becomes its help in the published JSON Schema.

Retention expressions are kept here as the text a person wrote; `policy.retention` reads them.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StringConstraints

from lofte.policy.parts import Channel, Country, Version, id_only, listed
from lofte.policy.parts import Id as Id
from lofte.policy.parts import Language as Language
from lofte.policy.parts import LawId as LawId
from lofte.policy.parts import LegalBasis as LegalBasis
from lofte.policy.parts import Part as Part
from lofte.policy.parts import Text as Text
from lofte.policy.terms import Rights as Rights
from lofte.policy.terms import RightTerms as RightTerms


class Status(StrEnum):
    """How far a version has come on its way into force."""

    DRAFT = "draft"
    REVIEW = "review"
    APPROVED = "approved"
    PUBLISHED = "published"


class Meta(Part):
    """Which policy and version this is, in which languages, from which day."""

    id: Id
    title: Text
    version: Version
    status: Status = Status.DRAFT
    record_language: Language = "sv"
    languages: tuple[Language, ...] = ("sv",)
    effective_from: date
    updated: date | None = None
    supersedes: Version | None = None
    url: str | None = None


class Document(Part):
    """Another document that goes with the policy: terms, processor agreement, annex."""

    id: Id
    title: Text | None = None
    version: Version | None = None
    url: str | None = None


class Contact(Part):
    """How the controller is reached."""

    channels: tuple[Channel, ...] = ()
    email: str | None = None
    phone: str | None = None
    address: str | None = None
    url: str | None = None


class Controller(Part):
    """Who answers for the processing (art. 4.7, 13.1 a). Publishing needs name, number, contact."""

    legal_name: str | None = None
    trade_name: str | None = None
    org_no: str | None = None
    country: Country = "SE"
    contact: Contact = Contact()
    fiscal_year_end: Annotated[str, StringConstraints(pattern=r"^\d\d-\d\d$")] = "12-31"
    representative: str | None = None


class Officer(Part):
    """The data protection officer (art. 37, 13.1 b)."""

    designated: Literal["yes", "no", "unknown"] = "unknown"
    name: str | None = None
    email: str | None = None
    phone: str | None = None


class Authority(Part):
    """Where a complaint goes (art. 77, 13.2 d)."""

    id: str
    name: Text
    url: str
    email: str | None = None
    phone: str | None = None
    address: str | None = None


class Role(Part):
    """Controller for some data, processor for others (art. 4.7-8)."""

    as_: Annotated[Literal["controller", "processor"], Field(alias="as")]
    for_: Annotated[tuple[Id, ...], Field(alias="for")]
    agreement: Id | None = None
    annex: Id | None = None
    offered_to: Literal["all_customers", "on_request"] | None = None


class Subjects(Part):
    """A group of the registered: customers, applicants, visitors (art. 30.1 c)."""

    name: Text
    dpv: str | None = None


class Item(Part):
    """One kind of data within a category."""

    id: Id
    name: Text | None = None
    dpv: str | None = None


class NationalIdGround(Part):
    """Why a personnummer is processed at all (dataskyddslagen 3 kap. 10 §)."""

    law: LawId
    reason: Literal["purpose", "secure_identification", "other_weighty"]
    text: Text | None = None


class Category(Part):
    """A kind of personal data (art. 15.1 b, 30.1 c)."""

    name: Text
    text: Text | None = None
    items: tuple[Annotated[Item, BeforeValidator(id_only, json_schema_input_type=Item | Id)], ...] = ()
    special: Literal["9", "10"] | None = None
    ground: NationalIdGround | None = None
    mask: Literal["none", "last4", "all"] = "none"


class Source(Part):
    """Where the data come from (art. 14.2 f, 15.1 g)."""

    name: Text | None = None
    dpv: str | None = None
    categories: tuple[Id, ...] = ()
    automatic: bool = False
    third_party: bool = False


class Form(Part):
    """A public form: what it asks for and why; its just-in-time notice comes from here."""

    name: Text
    purposes: tuple[Id, ...]
    categories: tuple[Id, ...] = ()
    fields: tuple[Id, ...] = ()
    """What it asks for: items of its categories."""
    url: str | None = None


class Provision(Part):
    """Must the person give the data, and what happens otherwise (art. 13.2 e)."""

    kind: Literal["statutory", "contractual", "required_for_contract", "voluntary"]
    consequence: Text


class Interest(Part):
    """The legitimate interest and the assessment that weighed it (art. 6.1 f, 13.1 d)."""

    text: Text
    assessment: Id | None = None


class Marketing(Part):
    """How direct marketing may be sent (marknadsföringslagen 19-21 §§, art. 21.2-3)."""

    similar_own_services: bool = False
    opt_out: tuple[Literal["at_collection", "every_message"], ...] = ()
    suppression: Literal["keep_hash"] = "keep_hash"


class Purpose(Part):
    """Why data are processed, on what ground, how long, and who gets them (art. 5.1 b)."""

    name: Text | None = None
    text: Text | None = None
    dpv: str | None = None
    subjects: tuple[Id, ...] = ()
    categories: tuple[Id, ...]
    legal_basis: LegalBasis
    law: tuple[LawId, ...] = ()
    provision: Provision | None = None
    interest: Interest | None = None
    marketing: Marketing | None = None
    retention: tuple[Id, ...] = ()
    recipients: tuple[Id, ...] = ()
    promises: tuple[str, ...] = ()


class Safeguard(Part):
    """What protects data outside the EEA (art. 44-49)."""

    kind: Literal["adequacy", "dpf", "scc", "bcr", "derogation"]
    ref: str | None = None
    module: int | None = None
    copy_: Annotated[Literal["on_request", "public"] | None, Field(alias="copy")] = None


class Recipient(Part):
    """Who gets data (art. 4.9, 13.1 e, 15.1 c): a kind of recipient, or one by name."""

    name: str | None = None
    text: Text | None = None
    role: Literal["processor", "controller", "joint_controller", "authority"]
    register_: Annotated[str | None, Field(alias="register")] = None
    country: Annotated[
        tuple[Country, ...],
        BeforeValidator(listed, json_schema_input_type=tuple[Country, ...] | Country),
    ] = ()
    safeguard: Safeguard | None = None
    kinds: tuple[Id, ...] = ()
    ground: Literal["contract", "consent", "law", "claim", "interest"] | None = None
    approvals: Annotated[int, Field(ge=0, le=5)] = 0
    categories: tuple[Id, ...] = ()
    promises: tuple[str, ...] = ()
    """Numbers of promises that the words about this recipient give, besides those that follow from its
    role and ground."""


class RetentionRule(Part):
    """How long data are kept and what happens then (art. 5.1 e)."""

    keep_until: str
    action: Literal["delete", "anonymise", "restrict", "suppress", "next"]
    name: Text | None = None
    law: LawId | None = None
    restrict_at: str | None = None
    hold: tuple[Id, ...] = ()


HoldNeed = Literal["law", "case", "review_date"]


class HoldRule(Part):
    """What may stop erasure (art. 17.3 b, e; 18.1 c)."""

    needs: Annotated[
        tuple[HoldNeed, ...], BeforeValidator(listed, json_schema_input_type=tuple[HoldNeed, ...] | HoldNeed)
    ] = ()
    computed: str | None = None


class AutomatedDecision(Part):
    """A decision by machine, or analysis that might look like one (art. 22, 15.1 h)."""

    exists: bool
    art22: bool = False
    name: Text | None = None
    logic: Text
    effects: Text
    basis: Literal["contract", "law", "explicit_consent"] | None = None
    purposes: tuple[Id, ...] = ()
    """The purposes that it serves; with `basis: explicit_consent`, consent to these is consent to it."""


class Transfers(Part):
    """Whether data leave the EEA, and with whom (art. 13.1 f)."""

    default: Literal["eea_only", "allowed"] = "eea_only"
    exceptions: tuple[Id, ...] = ()


class Cookie(Part):
    """One cookie or storage key (LEK 9 kap. 28 §)."""

    name: str
    purpose: Literal["necessary", "functional", "statistics", "marketing"]
    provider: str
    lifetime: str
    text: Text | None = None


class Cookies(Part):
    """What is stored on and read from visitors' devices (LEK 9 kap. 28 §)."""

    consent: Literal["prior_opt_in", "none_needed"]
    refuse_as_easy: bool = True
    withdraw: Literal["any_page"] = "any_page"
    consent_max_age: str = "P12M"
    law: LawId = "LEK-9-28"
    tool: str | None = None
    choice: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,20}$")] | None = None
    """The name of the cookie that remembers what the visitor chose; `consent` if nothing is said."""
    table: Literal["scanned"] | tuple[Cookie, ...] = ()


class Communication(Part):
    """What is sent, and on which channels (service messages are not marketing)."""

    service_messages: tuple[Channel, ...] = ()
    marketing: tuple[Channel, ...] = ()


class Statistics(Part):
    """Statistics may leave only when nobody can be singled out."""

    min_group: Annotated[int, Field(ge=2)] = 10
    recipients: tuple[Id, ...] = ()


class Security(Part):
    """The measures that are told (art. 32)."""

    measures: tuple[Id, ...] = ()


Assurance = Literal["law_followed", "never_sold", "no_marketing_by_others", "linked_sites"]
"""A promise that stands on no other field: data-protection law is followed, data are never sold, nobody
gets them for advertising of their own, and linked sites answer for themselves."""


class Changes(Part):
    """What counts as a major change, and how it is told before it takes force."""

    major: tuple[
        Literal[
            "new_purpose", "new_category", "new_recipient", "new_country", "longer_retention", "weaker_right"
        ],
        ...,
    ] = ()
    notify: tuple[Literal["email", "website", "portal", "message"], ...] = ()
    lead_time: str = "P30D"
    approval: Literal["second_person"] | None = None
    """With `second_person` a version is published only when another than who submitted it has approved it."""


class Waiver(Part):
    """A fault that is accepted with a reason. An unused waiver is itself a fault."""

    fault: str
    path: str | None = None
    reason: str


class Policy(Part):
    """The whole document. `policy: 1` is the version of the format."""

    policy: Literal[1]
    meta: Meta
    controller: Controller
    dpo: Officer = Officer()
    authority: Authority
    documents: tuple[
        Annotated[Document, BeforeValidator(id_only, json_schema_input_type=Document | Id)], ...
    ] = ()
    roles: tuple[Role, ...] = ()
    subjects: dict[Id, Subjects] = Field(default_factory=dict)
    categories: dict[Id, Category]
    sources: dict[Id, Source] = Field(default_factory=dict)
    forms: dict[Id, Form] = Field(default_factory=dict)
    purposes: dict[Id, Purpose]
    recipients: dict[Id, Recipient] = Field(default_factory=dict)
    processors: str | None = None
    transfers: Transfers = Transfers()
    retention: dict[Id, RetentionRule] = Field(default_factory=dict)
    holds: dict[Id, HoldRule] = Field(default_factory=dict)
    rights: Rights = Rights()
    automated_decisions: dict[Id, AutomatedDecision] = Field(default_factory=dict)
    cookies: Cookies | None = None
    communication: Communication = Communication()
    statistics: Statistics | None = None
    security: Security = Security()
    assurances: tuple[Assurance, ...] = ()
    """What the company promises besides; each has a sentence of its own in the notice."""
    changes: Changes = Changes()
    texts: dict[str, Text] = Field(default_factory=dict)
    """Sentences of the notice in the company's own words, by the sentence's address: the field it is made
    from. In a workspace they stand in `texts/notice.yaml`."""
    waivers: tuple[Waiver, ...] = ()
