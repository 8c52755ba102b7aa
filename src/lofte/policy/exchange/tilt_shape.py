"""The shape of a TILT document, as its schema demands it (draft-07, Transparency Information Language).

Written anew from the format's own description. What may be absent may not be null. The two places where the
official patterns take exponential time (references of law, and times) are matched here in linear time:
a reference is capitals, then small letters, digits and hyphens.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

CountryCode = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z]$")]
Reference = Annotated[str, StringConstraints(pattern=r"^[A-Z]*[-0-9a-z]*$", max_length=64)]
Phone = Annotated[str, StringConstraints(pattern=r"^[+]*[(]?[0-9]{1,4}[)]?[-\s./0-9]*$")]
Moment = Annotated[
    str,
    StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?(\.\d+)?(Z|[+-]\d{2}:\d{2})?)?$"),
]
Span = Annotated[str, StringConstraints(pattern=r"^P(\d+Y)?(\d+M)?(\d+D)?$")]
Hash = Annotated[str, StringConstraints(min_length=64, max_length=64)]
Email = Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+$")]


class Shape(BaseModel):
    """A piece of the document. Unknown keys are allowed, as the schema allows them."""

    model_config = ConfigDict(strict=True, extra="allow", populate_by_name=True)


S = TypeVar("S", bound=Shape)


def _needs(shape: S, when: str, what: str) -> S:
    """What the schema demands once something is said to be there."""
    if getattr(shape, when) is True and what not in shape.model_fields_set:
        raise ValueError(f"{what} is needed where {when} is true")
    return shape


class TiltMeta(Shape):
    """Which document and version."""

    id_: Annotated[str, Field(alias="_id")]
    name: str
    created: Moment
    modified: Moment
    version: Annotated[int, Field(ge=1)]
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]
    status: Literal["active", "inactive"]
    url: str
    hash_: Annotated[Hash, Field(alias="_hash")]


class TiltContact(Shape):
    """Somebody who stands for a company."""

    name: str
    email: Email
    phone: Phone = ""


class TiltController(Shape):
    """The controller (art. 13.1 a)."""

    name: str
    division: str = ""
    address: str
    country: CountryCode
    representative: TiltContact


class TiltOfficer(Shape):
    """The data protection officer (art. 13.1 b)."""

    name: str
    address: str
    country: CountryCode
    email: Email
    phone: Phone = ""


class TiltPurpose(Shape):
    """One purpose."""

    purpose: str
    description: str


class TiltBasis(Shape):
    """One legal basis."""

    reference: Reference
    description: str = ""


class TiltInterest(Shape):
    """A legitimate interest (art. 13.1 d)."""

    exists: bool = False
    reasoning: str = ""

    @model_validator(mode="after")
    def _reasoned(self) -> Self:
        return _needs(self, "exists", "reasoning")


class TiltRecipient(Shape):
    """A recipient; of the rest of it the schema demands nothing."""

    category: str


class TiltTime(Shape):
    """A period in words and as ISO 8601."""

    description: str
    ttl: Span


class TiltStorage(Shape):
    """How long (art. 13.2 a)."""

    temporal: list[TiltTime] = Field(default_factory=list)
    purposeConditional: list[str] = Field(default_factory=list)
    legalBasisConditional: list[Reference] = Field(default_factory=list)
    aggregationFunction: Literal["min", "max", "sum", "avg"]


class TiltProvision(Shape):
    """Must the data be given (art. 13.2 e)."""

    legalRequirement: bool
    contractualRegulation: bool
    obligationToProvide: bool
    consequences: str


class TiltData(Shape):
    """One category of data."""

    id_: Annotated[str, Field(alias="_id")]
    category: str
    purposes: list[TiltPurpose]
    legalBases: list[TiltBasis]
    legitimateInterests: list[TiltInterest]
    recipients: list[TiltRecipient]
    storage: list[TiltStorage]
    nonDisclosure: TiltProvision


class TiltTool(Shape):
    """A tool of transfer, or that there is none."""

    available: bool = False
    description: str = ""

    @model_validator(mode="after")
    def _described(self) -> Self:
        return _needs(self, "available", "description")


class TiltTransfer(Shape):
    """A country outside the EEA (art. 13.1 f)."""

    country: CountryCode = ""
    adequacyDecision: TiltTool = TiltTool()
    appropriateGuarantees: TiltTool = TiltTool()
    presenceOfEnforceableRightsAndEffectiveRemedies: TiltTool = TiltTool()
    standardDataProtectionClause: TiltTool = TiltTool()


class TiltFee(Shape):
    """What an answer costs."""

    amount: int | float
    currency: Annotated[str, StringConstraints(min_length=3, max_length=3)]


class TiltAccess(Shape):
    """Access and portability (art. 15, 20)."""

    available: bool
    description: str = ""
    url: str = ""
    email: Email = ""
    identificationEvidences: list[str] = Field(default_factory=list)
    administrativeFee: TiltFee = TiltFee(amount=0, currency="EUR")
    dataFormats: list[str] = Field(default_factory=list)


class TiltOrigin(Shape):
    """Where data come from."""

    description: str
    url: str
    publiclyAvailable: bool


class TiltSource(Shape):
    """The sources of one category (art. 14.2 f)."""

    id_: Annotated[str, Field(alias="_id")]
    dataCategory: str
    sources: list[TiltOrigin]


class TiltRight(Shape):
    """A right, and how it is asked for."""

    available: bool = False
    description: str = ""
    url: str = ""
    email: Email = ""
    identificationEvidences: list[str] = Field(default_factory=list)

    @model_validator(mode="after")
    def _described(self) -> Self:
        return _needs(self, "available", "description")


class TiltAuthority(Shape):
    """The supervisory authority."""

    name: str
    address: str = ""
    country: Annotated[str, StringConstraints(min_length=2, max_length=2)] = ""
    email: Email = ""
    phone: Phone = ""


class TiltComplaint(TiltRight):
    """The right to complain (art. 77)."""

    supervisoryAuthority: TiltAuthority = TiltAuthority(name="")

    @model_validator(mode="after")
    def _addressed(self) -> Self:
        return _needs(self, "available", "supervisoryAuthority")


class TiltMachine(Shape):
    """Automated decisions (art. 13.2 f)."""

    inUse: bool = False
    logicInvolved: str = ""
    scopeAndIntendedEffects: str = ""

    @model_validator(mode="after")
    def _explained(self) -> Self:
        return _needs(_needs(self, "inUse", "logicInvolved"), "inUse", "scopeAndIntendedEffects")


class TiltChange(Shape):
    """A change of purpose to come (art. 13.3)."""

    description: str = ""
    affectedDataCategories: list[str] = Field(default_factory=list)
    plannedDateOfChange: Moment = ""
    urlOfNewVersion: str = ""


class Tilt(Shape):
    """The whole document."""

    meta: TiltMeta
    controller: TiltController
    dataProtectionOfficer: TiltOfficer
    dataDisclosed: list[TiltData]
    thirdCountryTransfers: list[TiltTransfer]
    accessAndDataPortability: TiltAccess
    sources: list[TiltSource]
    rightToInformation: TiltRight
    rightToRectificationOrDeletion: TiltRight
    rightToDataPortability: TiltRight
    rightToWithdrawConsent: TiltRight
    rightToComplain: TiltComplaint
    automatedDecisionMaking: TiltMachine
    changesOfPurpose: list[TiltChange]
