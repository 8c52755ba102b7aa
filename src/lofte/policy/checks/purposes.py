"""Why data are processed, and on what ground (art. 5.1 b, 6, 9, 10; MFL 19 §)."""

from __future__ import annotations

from collections.abc import Iterator

from lofte.fault import Severity
from lofte.law.bases import BASES
from lofte.policy.checks.rule import Finding, found, rule
from lofte.policy.document import Category, Policy

NATIONAL_ID = "2018:218-3-10"
_NATIONAL_ID_WORDS = ("personnummer", "national_id", "national-id", "samordningsnummer", "personal_number")
_NATIONAL_ID_DPV = "NationalIdentificationNumber"


@rule("P120", "art. 5.1 b")
def category_has_purpose(policy: Policy) -> Iterator[Finding]:
    """Data without a purpose may not be collected: every category is used by a purpose."""
    used = {name for purpose in policy.purposes.values() for name in purpose.categories}
    for id_ in policy.categories:
        if id_ not in used:
            mend = "add it to a purpose, or stop collecting it"
            yield found(("categories", id_), f"no purpose uses the category `{id_}`", mend)


@rule("P121", "art. 5.1 e, 13.2 a")
def purpose_has_retention(policy: Policy) -> Iterator[Finding]:
    """Every purpose says how long data are kept for it."""
    for id_, purpose in policy.purposes.items():
        if not purpose.retention:
            what = f"the purpose `{id_}` does not say how long data are kept"
            yield found(("purposes", id_, "retention"), what, "name at least one rule of `retention`")


@rule("P122", "art. 6.1 c, 6.3")
def obligation_names_statute(policy: Policy) -> Iterator[Finding]:
    """A purpose on legal obligation names the statute."""
    for id_, purpose in policy.purposes.items():
        if purpose.legal_basis == "6.1.c" and not purpose.law:
            what = f"the purpose `{id_}` rests on a legal obligation but names no statute"
            yield found(("purposes", id_, "law"), what, "name it, as in `law: [BFL-7-2]`")


@rule("P123", "art. 6.1 f, 13.1 d")
def interest_is_named_and_weighed(policy: Policy) -> Iterator[Finding]:
    """A purpose on legitimate interest says which interest, and which assessment weighed it."""
    for id_, purpose in policy.purposes.items():
        if purpose.legal_basis != "6.1.f":
            continue
        if purpose.interest is None:
            what = f"the purpose `{id_}` rests on an interest but does not say which"
            yield found(("purposes", id_, "interest"), what, "add `interest: {text, assessment}`")
        elif not purpose.interest.assessment:
            what = f"the interest of the purpose `{id_}` has not been weighed"
            yield found(
                ("purposes", id_, "interest", "assessment"), what, "name the assessment that weighed it"
            )


@rule("P124", "art. 7.3")
def consent_can_be_withdrawn(policy: Policy) -> Iterator[Finding]:
    """Where a purpose rests on consent, the policy says how it is taken back, as easily as given."""
    terms = policy.rights.withdraw_consent
    for id_, purpose in policy.purposes.items():
        if BASES[purpose.legal_basis].withdrawable and (terms is None or terms.as_easy_as != "given"):
            what = f"the purpose `{id_}` rests on consent, but nothing says how to withdraw it"
            yield found(("rights", "withdraw_consent"), what, "add `withdraw_consent: {as_easy_as: given}`")


@rule("P125", "MFL 19 §")
def marketing_can_be_refused(policy: Policy) -> Iterator[Finding]:
    """Marketing without consent is for similar services of one's own, with a no at collection and in
    every message."""
    for id_, purpose in policy.purposes.items():
        if purpose.legal_basis != "MFL-19-2":
            continue
        path, marketing = ("purposes", id_, "marketing"), purpose.marketing
        if marketing is None or not marketing.similar_own_services:
            what = f"the purpose `{id_}` does not say that only similar services of our own are marketed"
            yield found(
                (*path, "similar_own_services"),
                what,
                "write `similar_own_services: true`, or ask for consent",
            )
        missing = {"at_collection", "every_message"} - set(marketing.opt_out if marketing else ())
        if missing:
            what = f"the purpose `{id_}` gives no way to say no {' or '.join(map(_when, sorted(missing)))}"
            yield found((*path, "opt_out"), what, "write `opt_out: [at_collection, every_message]`")


@rule("P126", "2018:218 3 kap. 10 §")
def national_id_has_ground(policy: Policy) -> Iterator[Finding]:
    """A category with a personnummer says why it must be processed."""
    for id_, category in policy.categories.items():
        if not _holds_national_id(id_, category):
            continue
        ground = category.ground
        if ground is None or ground.law != NATIONAL_ID:
            what = f"the category `{id_}` holds personnummer without a ground"
            mend = (
                f"add `ground: {{law: {NATIONAL_ID}, reason: secure_identification}}`, or stop collecting it"
            )
            yield found(("categories", id_, "ground"), what, mend)


@rule("P127", "art. 9.2 a")
def sensitive_data_have_explicit_consent(policy: Policy) -> Iterator[Finding]:
    """Sensitive data are processed only on explicit consent."""
    for id_, purpose in policy.purposes.items():
        for name in purpose.categories:
            category = policy.categories.get(name)
            if category and category.special == "9" and purpose.legal_basis != "9.2.a":
                what = f"the purpose `{id_}` uses the sensitive category `{name}` on {purpose.legal_basis}"
                yield found(
                    ("purposes", id_, "legal_basis"), what, "write `9.2.a`, or take the category away"
                )


@rule("P128", "art. 10")
def offences_rest_on_law(policy: Policy) -> Iterator[Finding]:
    """Data on offences are processed only where a statute says so."""
    for id_, purpose in policy.purposes.items():
        for name in purpose.categories:
            category = policy.categories.get(name)
            if category and category.special == "10" and not purpose.law:
                what = f"the purpose `{id_}` uses data on offences (`{name}`) but names no statute"
                yield found(("purposes", id_, "law"), what, "name the statute, or take the category away")


@rule("P129", "art. 13-14, 15.1 g")
def category_has_source(policy: Policy) -> Iterator[Finding]:
    """Every category says where the data come from."""
    sourced = {name for source in policy.sources.values() for name in source.categories}
    for id_ in policy.categories:
        if id_ not in sourced:
            what = f"nothing says where the data of `{id_}` come from"
            yield found(("categories", id_), what, "add it to one of `sources`")


@rule("P130", "art. 21.2-3")
def marketing_is_by_purpose(policy: Policy) -> Iterator[Finding]:
    """Marketing is sent only where a purpose covers it."""
    if policy.communication.marketing and not has_marketing(policy):
        what = "marketing is sent, but no purpose covers it"
        yield found(("communication", "marketing"), what, "add a purpose with `marketing`, or send none")


@rule("P131", "art. 13.2 e", Severity.WARNING)
def needed_data_say_so(policy: Policy) -> Iterator[Finding]:
    """Where contract or law needs the data, the person is told, and what happens without them."""
    for id_, purpose in policy.purposes.items():
        if purpose.legal_basis in ("6.1.b", "6.1.c") and purpose.provision is None:
            what = f"the purpose `{id_}` does not say whether the data must be given"
            yield found(("purposes", id_, "provision"), what, "add `provision: {kind, consequence}`")


def has_marketing(policy: Policy) -> bool:
    """Whether any purpose is direct marketing."""
    return any(
        p.marketing is not None or p.legal_basis == "MFL-19-2" or (p.dpv or "").endswith("Marketing")
        for p in policy.purposes.values()
    )


def _when(moment: str) -> str:
    return "when the address is collected" if moment == "at_collection" else "in every message"


def _holds_national_id(id_: str, category: Category) -> bool:
    names = [id_, *(item.id for item in category.items)]
    terms = [(item.dpv or "").rpartition(":")[2] for item in category.items]
    return any(word in name for name in names for word in _NATIONAL_ID_WORDS) or any(
        term == _NATIONAL_ID_DPV for term in terms
    )


CHECKS = (
    category_has_purpose,
    purpose_has_retention,
    obligation_names_statute,
    interest_is_named_and_weighed,
    consent_can_be_withdrawn,
    marketing_can_be_refused,
    national_id_has_ground,
    sensitive_data_have_explicit_consent,
    offences_rest_on_law,
    category_has_source,
    marketing_is_by_purpose,
    needed_data_say_so,
)
