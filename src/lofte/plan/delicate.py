"""What in a package asks for the surest proof before it is opened (art. 9, 10, 12.6, 32).

Judged by the data map: by what the fields of the datasets are, never by what a row says. A field that is
withheld is not in the package; one that is masked may still show its end, and counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from lofte.datamap.document import DataMap, Dataset, FieldMap, Give, Kind
from lofte.plan.records import DatasetRef
from lofte.policy.document import Policy


class Delicate(StrEnum):
    """Why a code to a mailbox is not enough."""

    SPECIAL = "special"
    """Health and its like, or crimes (art. 9, 10)."""
    NATIONAL_ID = "national_id"
    """A personnummer (art. 87; dataskyddslagen 3 kap. 10 §)."""
    PAYMENT = "payment"
    """Accounts, cards and what was paid with them."""
    WORDS = "words"
    """Free text and files: people write anything there, about their health too."""


_PAYMENT = frozenset(
    "pd:" + name
    for name in (
        "AccountIdentifier", "BankAccount", "Credit", "CreditCardNumber", "CreditRecord", "CreditScore",
        "Financial", "FinancialAccount", "FinancialAccountNumber", "FinancialStatus", "Income", "Insurance",
        "Loan", "LoanRecord", "Payment", "PaymentCard", "PaymentCardExpiry", "PaymentCardNumber", "Salary",
        "Tax", "Transaction", "Transactional",
    )
)  # fmt: skip
"""Terms of the Data Privacy Vocabulary (dpvcg.org) that tell of money."""
_NATIONAL_ID = "pd:NationalIdentificationNumber"


def delicate(policy: Policy, datamap: DataMap, held: Iterable[DatasetRef]) -> frozenset[Delicate]:
    """What the datasets that the package has rows of hold. A dataset that the map no longer knows
    counts as all of it: nobody can say what was in it."""
    found: set[Delicate] = set()
    for at in held:
        dataset = _dataset(datamap, at)
        if dataset is None:
            return frozenset(Delicate)
        for field in dataset.fields.values():
            if field.give is not Give.WITHHOLD:
                found |= of_field(policy, field)
    return frozenset(found)


def of_field(policy: Policy, field: FieldMap) -> set[Delicate]:
    """What one field holds, whatever stands beside it."""
    found: set[Delicate] = set()
    category = policy.categories.get(field.category) if field.category else None
    terms = {each.dpv for each in category.items if field.item in (None, each.id)} if category else set()
    if category is not None and category.special is not None:
        found.add(Delicate.SPECIAL)
    if field.identity is Kind.PERSONNUMMER or _NATIONAL_ID in terms:
        found.add(Delicate.NATIONAL_ID)
    if terms & _PAYMENT:
        found.add(Delicate.PAYMENT)
    if field.text or field.file:
        found.add(Delicate.WORDS)
    return found


def _dataset(datamap: DataMap, at: DatasetRef) -> Dataset | None:
    for system in datamap.systems:
        if system.id == at.system:
            return system.datasets.get(at.dataset)
    return None
