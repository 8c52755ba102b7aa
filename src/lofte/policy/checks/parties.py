"""Who answers, who watches, who helps (art. 13.1 a-b, 28, 37, 77)."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator

from lofte.policy.checks.rule import Finding, found, rule
from lofte.policy.document import Policy


@rule("P101", "art. 13.1 a")
def identity(policy: Policy) -> Iterator[Finding]:
    """The controller's name, organisation number, postal address and a way to write or call are given."""
    controller = policy.controller
    for key, meaning in (("legal_name", "registered name"), ("org_no", "organisation number")):
        if not getattr(controller, key):
            yield found(("controller", key), f"the controller's {meaning} is missing", f"fill in `{key}`")
    if not controller.contact.address:
        yield found(
            ("controller", "contact", "address"),
            "the controller's postal address is missing",
            "fill in `address`",
        )
    if not (controller.contact.email or controller.contact.phone):
        yield found(
            ("controller", "contact", "email"),
            "there is no way to reach the controller",
            "fill in `email` or `phone`",
        )


@rule("P102", "art. 13.2 d, 77")
def authority_address(policy: Policy) -> Iterator[Finding]:
    """The authority to complain to has a web address."""
    if not policy.authority.url.startswith(("https://", "http://")):
        yield found(
            ("authority", "url"),
            "the authority's web address is missing",
            "write it, `https://www.imy.se/` for IMY",
        )


@rule("P103", "art. 13.1 b, 37.7")
def officer_contact(policy: Policy) -> Iterator[Finding]:
    """A designated data protection officer can be reached."""
    if policy.dpo.designated == "yes" and not (policy.dpo.email or policy.dpo.phone):
        yield found(
            ("dpo", "email"), "the data protection officer cannot be reached", "fill in `email` or `phone`"
        )


@rule("P104", "art. 28.3")
def processor_agreement(policy: Policy) -> Iterator[Finding]:
    """A role as processor rests on an agreement."""
    for index, role in enumerate(policy.roles):
        if role.as_ == "processor" and not role.agreement:
            yield found(
                ("roles", index, "agreement"),
                f"we are processor for {', '.join(role.for_)} without an agreement",
                "name the agreement, one of `documents`",
            )


@rule("P105", "BFL 3 kap.")
def fiscal_year_ends_on_a_day(policy: Policy) -> Iterator[Finding]:
    """The financial year ends on a day there is."""
    month, day = (int(part) for part in policy.controller.fiscal_year_end.split("-"))
    if not 1 <= month <= 12 or not 1 <= day <= monthrange(2024, month)[1]:
        what = f"`{policy.controller.fiscal_year_end}` is no day of the year"
        yield found(("controller", "fiscal_year_end"), what, "write month and day, as in `12-31`")


CHECKS = (identity, authority_address, officer_contact, processor_agreement, fiscal_year_ends_on_a_day)
