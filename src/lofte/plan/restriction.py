"""Restriction: the data are stored, and nothing else is done with them (art. 18).

- It begins at once, except where stopping the service is its effect: the service stops when the
  person has been told that it will, if the policy promises to tell before.
- Four uses stay lawful (art. 18.2); each is named by whoever makes it, and noted.
- It ends only when the data are corrected, or when what was disputed is established; and the
  person is told before it ends, whatever the policy says (art. 18.3).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from lofte.datamap.document import System
from lofte.errors import Refused
from lofte.law.rights import Right
from lofte.policy.document import Policy, RightTerms, Text


class Ground(StrEnum):
    """Why processing is restricted (art. 18.1)."""

    ACCURACY = "accuracy"
    UNLAWFUL = "unlawful"
    CLAIM = "claim"
    OBJECTION = "objection"

    @property
    def article(self) -> str:
        """Where the ground stands."""
        return {"accuracy": "18.1.a", "unlawful": "18.1.b", "claim": "18.1.c", "objection": "18.1.d"}[self]


class Outcome(StrEnum):
    """How a restriction ends."""

    CORRECTED = "corrected"
    ESTABLISHED = "established"
    """What was disputed is settled: the data are right, the claim is over, the grounds weighed."""


class Use(StrEnum):
    """What restricted data may still be used for (art. 18.2)."""

    CONSENT = "consent"
    CLAIMS = "claims"
    RIGHTS_OF_OTHERS = "rights_of_others"
    PUBLIC_INTEREST = "public_interest"


class Told(StrEnum):
    """What the person is told, and when."""

    STOP = "stop"
    RELEASE = "release"


SERVICE_BASES = frozenset({"6.1.b"})
"""The service is what rests on the contract."""

_READS = frozenset({Right.ACCESS, Right.PORTABILITY, Right.RESTRICTION, Right.OBJECTION})
_STOPS_ONLY = frozenset({Right.WITHDRAWAL, Right.HUMAN_REVIEW})

LETTERS: dict[Told, Text] = {
    Told.STOP: Text(
        sv="Du har begärt att vi begränsar behandlingen av dina uppgifter (artikel 18). Vi lagrar dem bara "
        "medan vi prövar saken. Då kan vi inte leverera tjänsten, och den stoppas nu. Hör av dig om du "
        "inte vill det.",
        en="You have asked us to restrict the processing of your data (Article 18). We only store them "
        "while we look into it. We cannot provide the service meanwhile, and it stops now. Write to us "
        "if you do not want that.",
    ),
    Told.RELEASE: Text(
        sv="Begränsningen av behandlingen av dina uppgifter kommer att hävas (artikel 18.3): uppgifterna är "
        "rättade, eller så är det fastslaget att de är riktiga. Sedan använder vi dem som vår policy säger.",
        en="The restriction of the processing of your data is about to be lifted (Article 18(3)): the data "
        "are corrected, or it is established that they are right. Then we use them as our policy says.",
    ),
}
"""What stands in the letters before the service stops and before the restriction ends."""


def stopped(policy: Policy, purposes: Collection[str], *, told_of_stop: bool) -> frozenset[str]:
    """The purposes that a restriction stops by now; `purposes` empty = all of the policy."""
    every = frozenset(purposes) or frozenset(policy.purposes)
    if told_of_stop or not tells_before_stop(policy):
        return every
    service = {id_ for id_, p in policy.purposes.items() if p.legal_basis in SERVICE_BASES}
    return every - service


def reached(system: System, purposes: Collection[str]) -> frozenset[str]:
    """The datasets that a restriction reaches in the system itself: those that serve nothing but what
    is restricted; `purposes` empty = all. Others go on serving the rest, and only the gate knows."""
    if not purposes:
        return frozenset(system.datasets)
    named = set(purposes)
    return frozenset(id_ for id_, d in system.datasets.items() if d.purposes and set(d.purposes) <= named)


Said = Mapping[str, tuple[str, bool]]
"""Digest of a row's key -> digest of what it says, and whether it says that it is restricted."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """What has happened to restricted rows of one dataset, in counts."""

    changed: int = 0
    gone: int = 0
    overwritten: int = 0
    """Rows that said that they are restricted, and say it no more."""
    added: int = 0

    def __bool__(self) -> bool:
        return bool(self.changed or self.gone or self.overwritten or self.added)


def difference(before: Said, now: Said) -> Difference:
    """What differs between what the rows said and what they say."""
    both = before.keys() & now.keys()
    return Difference(
        changed=sum(before[key][0] != now[key][0] for key in both),
        gone=len(before.keys() - now.keys()),
        overwritten=sum(before[key][1] and not now[key][1] for key in both),
        added=len(now.keys() - before.keys()),
    )


def tells_before_stop(policy: Policy) -> bool:
    """Whether the person is promised to be told before the service stops."""
    terms = _terms(policy)
    return terms.effect == "stops_service" and "stop" in terms.tell_before


def releasing(policy: Policy, outcome: Outcome) -> Outcome:
    """The outcome, if the policy lets a restriction end with it. Raises Refused."""
    promised = _terms(policy).release
    if promised and outcome.value not in promised:
        raise Refused(
            f"the policy does not let a restriction end as {outcome}; see rights.restriction.release"
        )
    return outcome


def obeys(
    right: Right, ground: Ground, *, erasing_for: str = "", asked_by_person: bool = False
) -> str | None:
    """Why a plan for this right may not run while the data are restricted on this ground; None if
    it may. Reading for the person is their own will (art. 18.2, consent). Rectifying is what ends
    a dispute about accuracy. Erasing goes against a restriction that was asked in its place
    (art. 18.1 b-c), unless the person now asks for it or a law demands it (art. 17.1 e)."""
    if right in _READS or right in _STOPS_ONLY:
        return None
    if right is Right.RECTIFICATION:
        if ground is Ground.ACCURACY or asked_by_person:
            return None
        return "only the person may have restricted data changed; ask them"
    if asked_by_person or erasing_for == "17.1.e":
        return None
    return f"the data are restricted (art. {ground.article}); erasing them needs the person's own wish"


def _terms(policy: Policy) -> RightTerms:
    return policy.rights.restriction or RightTerms()
