"""The terms of the W3C Data Privacy Vocabulary that we use, pinned: version 2.3 of February 2026.

`python -m scripts.vocabulary FOLDER` compares them with the vocabulary itself (its Turtle files). A word of
a policy that is not here is exported as the nearest wider term, with a note of it.
"""

from __future__ import annotations

from collections.abc import Mapping

VERSION = "2.3"
PREFIXES: Mapping[str, str] = {
    "dpv": "https://w3id.org/dpv#",
    "pd": "https://w3id.org/dpv/pd#",
    "eu-gdpr": "https://w3id.org/dpv/legal/eu/gdpr#",
}

_TERMS = """
dpv: PrivacyNotice Process Purpose LegalBasis PersonalData SpecialCategoryPersonalData DataSubject
dpv: DataController DataProcessor JointDataControllers DataProtectionOfficer DataProtectionAuthority
dpv: Authority Recipient ThirdParty Representative DataSource StorageCondition StorageDuration StorageDeletion
dpv: UntilEventDuration TemporalDuration Duration ThirdCountry Country TechnicalOrganisationalMeasure
dpv: AutomatedDecisionMaking LegitimateInterest DataSubjectRight Anonymisation
dpv: hasProcess hasPurpose hasLegalBasis hasPersonalData hasDataSubject hasDataController hasDataProcessor
dpv: hasDataProtectionOfficer hasAuthority hasRecipient hasRecipientThirdParty hasDataSource hasAddress
dpv: hasName hasContact hasCountry hasThirdCountry hasStorageCondition hasDuration hasRight hasRepresentative
dpv: hasTechnicalOrganisationalMeasure hasNotice hasJustification hasJointDataControllers hasIdentifier
dpv: DataTransferLegalBasis hasAlgorithmicLogic hasConsequence
dpv: AccountManagement Advertising AgeVerification CommunicationForCustomerCare
dpv: CommunicationManagement CommercialResearch CounterMoneyLaundering CustomerCare
dpv: CustomerClaimsManagement CustomerManagement CustomerOrderManagement CustomerRelationshipManagement
dpv: CustomerSolvencyMonitoring DeliveryOfGoods DirectMarketing DisputeManagement EnforceAccessControl
dpv: EnforceSecurity EstablishContractualAgreement FraudPreventionAndDetection
dpv: FulfilmentOfContractualObligation FulfilmentOfObligation HumanResourceManagement IdentityAuthentication
dpv: IdentityVerification IncreaseServiceRobustness InternalResourceOptimisation LegalCompliance
dpv: MaintainFraudDatabase Marketing MisusePreventionAndDetection
dpv: NonCommercialPurpose OptimiseUserInterface OrganisationGovernance PaymentManagement Personalisation
dpv: PersonalisedAdvertising PersonnelHiring PersonnelManagement PersonnelPayment
dpv: ProvideProductRecommendations PublicRelations RecordManagement RepairImpairments
dpv: RequestedServiceProvision ResearchAndDevelopment SearchFunctionalities SellProducts
dpv: ServiceOptimisation ServicePersonalisation ServiceProvision
dpv: ServiceRegistration ServiceUsageAnalytics SocialMediaMarketing TargetedAdvertising
dpv: TechnicalServiceProvision UserInterfacePersonalisation VendorManagement VendorPayment Verification
dpv: Applicant Child Citizen Client Consumer Customer Employee JobApplicant Member NonCitizen
dpv: Participant Patient Student Subscriber Tourist User Visitor VulnerableDataSubject
dpv: DataSubjectDataSource DataControllerDataSource PublicDataSource NonPublicDataSource ThirdPartyDataSource
dpv: AccessControlMethod ActivityMonitoring AuthenticationProtocols DataBackupProtocols EncryptionAtRest
dpv: EncryptionInTransfer NetworkSecurityProtocols PrivacyByDesign UsageControl IntrusionDetectionSystem
dpv: MultiFactorAuthentication LoggingPolicy
pd: AccountIdentifier Age AgeRange AuthenticationHistory BankAccount Behavioural BirthDate BrowserFingerprint
pd: BrowsingBehaviour CallLog Communication CommunicationsMetadata Contact Country
pd: CurrentEmployment DeviceBased DeviceOperatingSystem EducationQualification
pd: EmailAddress EmailAddressPersonal EmailAddressWork EmailContent EmploymentHistory Ethnicity Financial
pd: FinancialAccount FinancialAccountNumber Gender Health HealthRecord IPAddress Identifier
pd: Identifying Income Interest Language Location MedicalHealth Name Nationality OfficialID Opinion Password
pd: PaymentCard PaymentCardExpiry PaymentCardNumber PhysicalAddress Picture Preference Professional Purchase
pd: PurchasesAndSpendingHabit Religion ServiceConsumptionBehaviour
pd: TelephoneNumber Transaction Transactional UserAgent Username WorkHistory
eu-gdpr: A6-1-a A6-1-b A6-1-c A6-1-d A6-1-e A6-1-f A9-2-a
eu-gdpr: A13 A14 A15 A16 A17 A18 A19 A20 A21 A22 A7-3 A77 A45-3 A46-2-b A46-2-c
eu-gdpr: A49-1-a A49-1-b A49-1-c A49-1-d A49-1-e A49-1-f A49-1-g
"""

TERMS: frozenset[str] = frozenset(
    f"{prefix}:{name}"
    for line in _TERMS.split("\n")
    if line
    for prefix, names in (line.split(": ", 1),)
    for name in names.split()
)
"""Every term that may be used, with its prefix."""

NEAREST: Mapping[str, str] = {
    "pd:NationalIdentificationNumber": "pd:OfficialID",
    "pd:Payment": "pd:Transaction",
    "pd:ServiceConsumptionBehavior": "pd:ServiceConsumptionBehaviour",
    "pd:CurriculumVitae": "pd:WorkHistory",
    "dpv:ServiceUser": "dpv:User",
    "dpv:PersonalisedDirectMarketing": "dpv:DirectMarketing",
}
"""Words that policies use and the vocabulary has not, and the term that is nearest."""

MEASURES: Mapping[str, str] = {
    "access_levels": "dpv:AccessControlMethod",
    "two_factor": "dpv:MultiFactorAuthentication",
    "encryption_in_transit": "dpv:EncryptionInTransfer",
    "encryption_at_rest": "dpv:EncryptionAtRest",
    "login_log": "dpv:LoggingPolicy",
    "change_log": "dpv:LoggingPolicy",
    "alarms": "dpv:ActivityMonitoring",
    "tested_backups": "dpv:DataBackupProtocols",
    "network_limits": "dpv:NetworkSecurityProtocols",
    "intrusion_protection": "dpv:IntrusionDetectionSystem",
    "privacy_by_design": "dpv:PrivacyByDesign",
}
"""The measures of `security.measures`."""

TOOLS: Mapping[str, str] = {
    "adequacy": "eu-gdpr:A45-3",
    "dpf": "eu-gdpr:A45-3",
    "scc": "eu-gdpr:A46-2-c",
    "bcr": "eu-gdpr:A46-2-b",
}
"""The tools of transfer."""


def iri(term: str) -> str:
    """The whole address of a term. Raises KeyError for a prefix that is not ours."""
    prefix, _, name = term.partition(":")
    return PREFIXES[prefix] + name


def nearest(word: str | None, within: str, parent: str) -> tuple[str, bool]:
    """The term for a word of the policy (`pd:Name`, or bare with the prefix `within`), and whether it is the
    very one; `parent` when there is none nearer."""
    if not word:
        return parent, True
    term = word if ":" in word else f"{within}:{word}"
    if term in TERMS:
        return term, True
    return NEAREST.get(term, parent), False
