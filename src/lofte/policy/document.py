"""The privacy policy as a document: what is promised, to whom, on what ground, how long.

One YAML file per policy. Names follow the GDPR, the W3C Data Privacy Vocabulary and the
register of art. 30. Every model is strict and frozen: an unknown key is a fault. A field's
description becomes its help in the published JSON Schema.

Retention expressions are kept here as the text a person wrote; `policy.retention` reads them.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]*$", max_length=64)]
LawId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9:._-]*$", max_length=64)]
"""A statute and section as `law.statutes` names it: `BFL-7-2`, `2018:218-3-10`."""
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2,3}$")]
Language = Literal["sv", "en"]
Channel = Literal["portal", "email", "sms", "phone", "chat", "ticket", "letter", "visit", "form", "website"]


class Part(BaseModel):
    """A piece of the document: strict, frozen, no unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Text(Part):
    """The same words in Swedish and English; at least one of them."""

    sv: str | None = None
    en: str | None = None

    def say(self, language: str) -> str:
        """The words in `language`, else in the other language, else nothing."""
        first, second = (self.sv, self.en) if language == "sv" else (self.en, self.sv)
        return first or second or ""


class Status(StrEnum):
    DRAFT = "draft"
    REVIEW = "review"
    APPROVED = "approved"
    PUBLISHED = "published"


class Meta(Part):
    id: Id
    title: Text
    version: Annotated[str, Field(coerce_numbers_to_str=True)]
    status: Status = Status.DRAFT
    record_language: Language = "sv"
    languages: tuple[Language, ...] = ("sv",)
    effective_from: date
    updated: date | None = None
    supersedes: Annotated[str | None, Field(coerce_numbers_to_str=True)] = None
    url: str | None = None


def _id_only(value: Any) -> Any:
    return {"id": value} if isinstance(value, str) else value


class Document(Part):
    """Another document that goes with the policy: terms, processor agreement, annex."""

    id: Id
    title: Text | None = None
    version: Annotated[str | None, Field(coerce_numbers_to_str=True)] = None
    url: str | None = None


class Contact(Part):
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
    items: tuple[Annotated[Item, BeforeValidator(_id_only)], ...] = ()
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
    url: str | None = None


LegalBasis = Literal["6.1.a", "6.1.b", "6.1.c", "6.1.d", "6.1.e", "6.1.f", "9.2.a", "MFL-19-2"]


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
        tuple[Country, ...], BeforeValidator(lambda v: [v] if isinstance(v, str) else v)
    ] = ()
    safeguard: Safeguard | None = None
    kinds: tuple[Id, ...] = ()
    ground: Literal["contract", "consent", "law", "claim", "interest"] | None = None
    approvals: Annotated[int, Field(ge=0, le=5)] = 0
    categories: tuple[Id, ...] = ()


class RetentionRule(Part):
    """How long data are kept and what happens then (art. 5.1 e)."""

    keep_until: str
    action: Literal["delete", "anonymise", "restrict", "suppress", "next"]
    name: Text | None = None
    law: LawId | None = None
    restrict_at: str | None = None
    hold: tuple[Id, ...] = ()


class HoldRule(Part):
    """What may stop erasure (art. 17.3 b, e; 18.1 c)."""

    needs: Annotated[
        tuple[Literal["law", "case", "review_date"], ...],
        BeforeValidator(lambda v: [v] if isinstance(v, str) else v),
    ] = ()
    computed: str | None = None


class Fee(Part):
    amount: Annotated[int, Field(ge=0)] = 0
    currency: str = "SEK"


class RightsDefaults(Part):
    deadline: str = "P1M"
    extension: str = "P2M"
    calendar: Country = "SE"
    identification: tuple[Id, ...] = ()
    fee: Fee = Fee()


class RightTerms(Part):
    """What is promised for one right. Fields that do not belong to a right are faults of it."""

    channels: tuple[Channel, ...] = ()
    formats: tuple[Literal["html", "pdf", "json", "csv", "vcard", "icalendar", "mbox"], ...] = ()
    self_view: Literal["portal"] | None = None
    notify_recipients: bool | None = None
    statement: bool | None = None
    mode: Literal["storage_only"] | None = None
    effect: Literal["stops_service", "none"] | None = None
    release: tuple[Literal["corrected", "established"], ...] = ()
    tell_before: tuple[Literal["stop", "release"], ...] = ()
    bases: tuple[LegalBasis, ...] = ()
    grounds: tuple[str, ...] = ()
    exceptions: tuple[str, ...] = ()
    deidentify: bool | None = None
    direct_marketing: Literal["absolute"] | None = None
    as_easy_as: Literal["given"] | None = None
    for_: Annotated[tuple[Id, ...], Field(alias="for")] = ()


class Rights(Part):
    """The rights of art. 15-22 and how they are exercised here."""

    defaults: RightsDefaults = RightsDefaults()
    access: RightTerms | None = None
    rectification: RightTerms | None = None
    erasure: RightTerms | None = None
    restriction: RightTerms | None = None
    portability: RightTerms | None = None
    objection: RightTerms | None = None
    withdraw_consent: RightTerms | None = None
    human_review: RightTerms | None = None


class AutomatedDecision(Part):
    """A decision by machine, or analysis that might look like one (art. 22, 15.1 h)."""

    exists: bool
    art22: bool = False
    name: Text | None = None
    logic: Text
    effects: Text
    basis: Literal["contract", "law", "explicit_consent"] | None = None


class Transfers(Part):
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
    consent: Literal["prior_opt_in", "none_needed"]
    refuse_as_easy: bool = True
    withdraw: Literal["any_page"] = "any_page"
    consent_max_age: str = "P12M"
    law: LawId = "LEK-9-28"
    tool: str | None = None
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
    measures: tuple[Id, ...] = ()


class Changes(Part):
    """What counts as a major change, and how it is told before it takes force."""

    major: tuple[
        Literal["new_purpose", "new_category", "new_recipient", "new_country", "longer_retention", "weaker_right"],
        ...,
    ] = ()
    notify: tuple[Literal["email", "website", "portal", "message"], ...] = ()
    lead_time: str = "P30D"


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
    documents: tuple[Annotated[Document, BeforeValidator(_id_only)], ...] = ()
    roles: tuple[Role, ...] = ()
    subjects: dict[Id, Subjects] = {}
    categories: dict[Id, Category]
    sources: dict[Id, Source] = {}
    forms: dict[Id, Form] = {}
    purposes: dict[Id, Purpose]
    recipients: dict[Id, Recipient] = {}
    processors: str | None = None
    transfers: Transfers = Transfers()
    retention: dict[Id, RetentionRule] = {}
    holds: dict[Id, HoldRule] = {}
    rights: Rights = Rights()
    automated_decisions: dict[Id, AutomatedDecision] = {}
    cookies: Cookies | None = None
    communication: Communication = Communication()
    statistics: Statistics | None = None
    security: Security = Security()
    changes: Changes = Changes()
    waivers: tuple[Waiver, ...] = ()
