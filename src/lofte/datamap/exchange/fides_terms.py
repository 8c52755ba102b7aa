"""The words of Fideslang 3.1, and which of ours they are. What has none is told by the nearest parent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from lofte.datamap.document import Kind

_CATEGORIES = {
    "system.operations": "role change sign playlist",
    "user": "pd:Identifying pd:Identifier",
    "user.account": "terms subscription since subscription_state domain pd:AccountIdentifier",
    "user.account.settings": "pd:Preference setting choice permission",
    "user.account.username": "pd:Username",
    "user.authorization": "ownership check",
    "user.authorization.password": "pd:Password",
    "user.behavior": "pd:Behavioural pd:ServiceConsumptionBehavior pd:ServiceConsumptionBehaviour plays "
    "volume attendance read click pd:Interest pd:AuthenticationHistory",
    "user.behavior.browsing_history": "page request site_request api_event pd:BrowsingBehaviour",
    "user.behavior.purchase_history": "order supplier_order article registration booking tour pd:Purchase "
    "pd:PurchasesAndSpendingHabit outcome",
    "user.contact": "pd:Contact list_email",
    "user.contact.address": "pd:PhysicalAddress",
    "user.contact.email": "pd:EmailAddress pd:EmailAddressPersonal pd:EmailAddressWork",
    "user.contact.organization": "company org_no",
    "user.contact.phone_number": "pd:TelephoneNumber",
    "user.content": "pd:Communication pd:CommunicationsMetadata",
    "user.content.private": "pd:EmailContent private_message asked_mail ticket case note attachment handover "
    "sent entry answer",
    "user.content.public": "comment story profile",
    "user.content.self_image": "pd:Picture",
    "user.demographic": "protected pd:Opinion",
    "user.demographic.age_range": "pd:Age pd:AgeRange",
    "user.demographic.date_of_birth": "born pd:BirthDate",
    "user.demographic.gender": "pd:Gender",
    "user.demographic.language": "pd:Language",
    "user.demographic.race_ethnicity": "pd:Ethnicity",
    "user.demographic.religious_belief": "pd:Religion",
    "user.device": "pd:UserAgent pd:DeviceBased pd:DeviceOperatingSystem pd:BrowserFingerprint",
    "user.device.ip_address": "pd:IPAddress",
    "user.financial": "pd:Financial pd:FinancialAccount pd:FinancialAccountNumber pd:Income",
    "user.financial.bank_account": "pd:BankAccount account",
    "user.financial.credit_card": "card card_token pd:PaymentCard pd:PaymentCardNumber pd:PaymentCardExpiry",
    "user.government_id.national_identification_number": "pd:NationalIdentificationNumber pd:OfficialID",
    "user.health_and_medical": "pd:Health pd:HealthRecord pd:MedicalHealth diet access health_note",
    "user.location": "pd:Location pd:Country",
    "user.name": "pd:Name",
    "user.payment": "pd:Payment pd:Transaction pd:Transactional invoice invoice_line reminder fee",
    "user.unique_id": "customer_no customer_number",
    "user.workplace": "pd:CurriculumVitae pd:WorkHistory pd:EmploymentHistory pd:CurrentEmployment "
    "pd:Professional pd:EducationQualification assessment letter reference",
}
_USES = {
    "analytics": "ServiceUsageAnalytics",
    "employment.recruitment": "PersonnelHiring",
    "essential.fraud_detection": "FraudPreventionAndDetection MisusePreventionAndDetection",
    "essential.legal_obligation": "LegalCompliance RecordManagement FulfilmentOfObligation",
    "essential.service": "ServiceProvision RequestedServiceProvision FulfilmentOfContractualObligation "
    "ServiceRegistration DeliveryOfGoods CustomerOrderManagement AccountManagement",
    "essential.service.authentication": "IdentityVerification IdentityAuthentication Verification",
    "essential.service.notifications": "CommunicationManagement",
    "essential.service.operations": "TechnicalServiceProvision RepairImpairments",
    "essential.service.operations.improve": "IncreaseServiceRobustness",
    "essential.service.operations.support": "CustomerCare CommunicationForCustomerCare "
    "CustomerClaimsManagement CustomerManagement CustomerRelationshipManagement",
    "essential.service.payment_processing": "PaymentManagement VendorPayment",
    "essential.service.security": "EnforceSecurity EnforceAccessControl",
    "functional.service.improve": "ServiceOptimisation OptimiseUserInterface ResearchAndDevelopment",
    "marketing.advertising": "Advertising TargetedAdvertising PersonalisedAdvertising Marketing",
    "marketing.communications": "DirectMarketing PersonalisedDirectMarketing PublicRelations",
    "operations": "VendorManagement OrganisationGovernance",
    "personalize": "Personalisation ServicePersonalisation",
}
_SUBJECTS = {
    "customer": "Customer Consumer Client User ServiceUser Subscriber Member customer user member booker "
    "portal_user end_user contact_person",
    "employee": "Employee",
    "job_applicant": "JobApplicant Applicant applicant",
    "patient": "Patient",
    "prospect": "subscriber",
    "supplier_vendor": "supplier_contact partner guide",
    "visitor": "Visitor visitor site_visitor screen_visitor writer guest attendee participant screen_keeper",
    "consultant": "referee",
}


def _turned(table: Mapping[str, str]) -> dict[str, str]:
    return {word: theirs for theirs, words in table.items() for word in words.split()}


CATEGORY_OF, USE_OF, SUBJECT_OF = _turned(_CATEGORIES), _turned(_USES), _turned(_SUBJECTS)
"""By our item or DPV term, by the DPV term of a purpose, and by DPV term or id of a group of persons."""

CATEGORIES = frozenset(_CATEGORIES) | {
    "system", "system.authentication", "user.authorization.credentials", "user.authorization.biometric",
    "user.behavior.media_consumption", "user.behavior.search_history", "user.biometric",
    "user.biometric.fingerprint", "user.biometric.retinal", "user.biometric.voice", "user.biometric.health",
    "user.childrens", "user.contact.url", "user.contact.fax_number", "user.contact.address.city",
    "user.contact.address.country", "user.contact.address.postal_code", "user.contact.address.state",
    "user.contact.address.street", "user.demographic.marital_status", "user.demographic.political_opinion",
    "user.demographic.profile", "user.demographic.sexual_orientation", "user.device.cookie",
    "user.device.cookie_id", "user.device.device_id", "user.government_id",
    "user.government_id.birth_certificate", "user.government_id.drivers_license_number",
    "user.government_id.immigration", "user.government_id.passport_number",
    "user.government_id.vehicle_registration", "user.health_and_medical.genetic",
    "user.health_and_medical.insurance_beneficiary_id", "user.health_and_medical.record_id",
    "user.location.imprecise", "user.location.precise", "user.name.first", "user.name.last", "user.social",
    "user.telemetry", "user.user_sensor", "user.sensor", "user.criminal_history", "user.privacy_preferences",
    "user.job_title", "user.unique_id.pseudonymous",
}  # fmt: skip
"""Every data category of Fideslang."""

SPECIAL = (
    "user.health_and_medical", "user.biometric", "user.demographic.political_opinion",
    "user.demographic.race_ethnicity", "user.demographic.religious_belief",
    "user.demographic.sexual_orientation",
)  # fmt: skip
"""Those of art. 9, with what stands under them."""

BASES: Mapping[str, str] = {
    "6.1.a": "Consent",
    "6.1.b": "Contract",
    "6.1.c": "Legal obligations",
    "6.1.d": "Vital interests",
    "6.1.e": "Public interest",
    "6.1.f": "Legitimate interests",
    "9.2.a": "Consent",
    "MFL-19-2": "Legitimate interests",
}
"""The legal bases. Marknadsföringslagen 19 § is no basis of art. 6; the nearest is told, with a note."""

TOOLS: Mapping[str, str] = {
    "adequacy": "Adequacy Decision",
    "dpf": "Adequacy Decision",
    "scc": "SCCs",
    "bcr": "BCRs",
    "derogation": "Other",
}
ROLES: Mapping[str, str] = {
    "processor": "Processor",
    "controller": "Controller",
    "joint_controller": "Controller",
    "authority": "Controller",
}
IDENTITIES: Mapping[Kind, str] = {
    Kind.EMAIL: "email",
    Kind.PHONE: "phone_number",
    Kind.CUSTOMER_NO: "external_id",
}
"""The kinds of identity that Fides searches by."""


def first(words: Iterable[str | None], table: Mapping[str, str], parent: str) -> tuple[str, bool]:
    """The Fides term of the first of our words that has one, and whether there was any; else `parent`."""
    for word in words:
        if word and word in table:
            return table[word], True
    return parent, False
