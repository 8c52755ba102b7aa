"""Counting what erasures have kept, and the holds in force: evidence beside the ledger (art. 5.2, 17.3)."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q, Sum

from lofte.execution.house import House
from lofte.law.statutes import STATUTES
from lofte.plan.records import Verb
from lofte.policy.document import Policy
from lofte.proof.records import Check, Evidence
from lofte.requests.models import Erasure, Finding, HoldRecord

_CONTRACT = "6.1.b"


def counted(house: House) -> tuple[Evidence, ...]:
    """Live checks of the records of all cases. Counts only."""
    return (_kept(house), _forwarded(house))


def _kept(house: House) -> Evidence:
    law = endless = contract = 0
    staying = Erasure.objects.exclude(verb=Verb.DELETE).exclude(ground="")
    for each in staying.filter(Q(until=None) | Q(until__gte=house.today)):
        reasons = set(each.ground.split(", "))
        if reasons & STATUTES.keys():
            law += each.rows
            # With a contract that runs beside the law, the end is not known, and need not be.
            endless += each.rows if each.until is None and reasons <= STATUTES.keys() else 0
        elif reasons & set(_contracts(house.policy)):
            contract += each.rows
    holds = HoldRecord.objects.filter(liftings=None)
    facts = {
        "law_rows": law,
        "law_without_end": endless,
        "contract_rows": contract,
        "holds": holds.count(),
        "holds_overdue": holds.filter(review_on__lt=house.today).count(),
    }
    return _evidence(house, Check.KEPT, facts)


def _contracts(policy: Policy) -> Iterator[str]:
    """The purposes that rest on a contract, and the hold that a running one is."""
    yield "active_contract"
    for id_, purpose in policy.purposes.items():
        if purpose.legal_basis == _CONTRACT:
            yield id_


def _forwarded(house: House) -> Evidence:
    """Rows of which the company is only the processor: passed on, never given (art. 28.3 e)."""
    ours = {
        (system.id, id_)
        for system in house.datamap.systems
        for id_, dataset in system.datasets.items()
        if dataset.role == "processor"
    }
    found = Finding.objects.values("system", "dataset", "verb").annotate(n=Sum("rows"))
    theirs = [each for each in found if (each["system"], each["dataset"]) in ours]
    given = sum(each["n"] for each in theirs if each["verb"] == Verb.GIVE)
    passed_on = sum(each["n"] for each in theirs if each["verb"] == Verb.FORWARD)
    return _evidence(house, Check.FORWARDING, {"given": given, "forwarded": passed_on})


def _evidence(house: House, kind: Check, facts: dict[str, int]) -> Evidence:
    return Evidence(kind=kind, at=house.now, policy_version=house.policy_version, facts=facts)
