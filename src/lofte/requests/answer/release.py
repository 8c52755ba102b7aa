"""The answer is let go: from now on the person fetches it themselves, behind their proof (art. 12.1, 12.3).

Hard rules:
- Whoever is to open it must be able to: somebody has shown in the portal who they are, or the answer is
  handed over in another way.
- The person is told on contacts that they have proven, and on no other. The letter holds no data and no
  link that opens anything: the number, and where the portal is.
- The clock ends when they are told.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lofte.datamap.document import Kind as IdentityKind
from lofte.errors import Refused
from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.law.calendar import civil_date
from lofte.ledger.kinds import Kind, Value
from lofte.mail.letters import letter
from lofte.mail.post import post
from lofte.plan.words import say_date
from lofte.requests.answer.deliver import KEPT, delivered, latest_package
from lofte.requests.answer.fetch import TIMES
from lofte.requests.course.protected import insist_reachable, is_protected
from lofte.requests.course.reached import proven_contacts
from lofte.requests.door.identify import Level
from lofte.requests.models import PackageRecord, Request

NOTICES = 3
"""Letters of this kind to one address a day, at most."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Released:
    """Until when the answer may be fetched, behind what proof, and how many letters tell it."""

    until: datetime
    level: Level
    told: int


def release(house: House, request: Request, *, by: str) -> Released:
    """Let the person fetch the answer. Raises Conflict when it is not ready, Refused when nobody has shown
    in the portal who they are, OnlyByLetter when the person has a protected identity."""
    insist_reachable(request.case_id)
    if not known_in_the_portal(request):
        raise Refused(
            "nobody has shown in the portal who they are, so nobody could fetch it; hand the answer over "
            "where the person was identified"
        )
    with recorded(house):
        insist_reachable(request.case_id)
        package = latest_package(request)
        delivered(house, request, package, by=by)
        package.released_at = house.now
        package.save(update_fields=["released_at"])
        released = Released(
            until=package.until or house.now,
            level=Level(package.level),
            told=_tell(house, request, "fetch", package.until or house.now),
        )
        _note(house, request, package, released, by)
    return released


def supplemented(house: House, request: Request, *, by: str) -> None:
    """The answer was made once more, with rows that somebody has looked at since it was given: the person is
    told that they may fetch it, where they can, and its days are numbered. The request stays answered, on
    the day that it was. Inside the caller's `recorded` transaction."""
    package = latest_package(request)
    package.delivered_at, package.until = house.now, house.now + KEPT
    if known_in_the_portal(request):
        package.released_at = house.now
        told = _tell(house, request, "supplement", package.until)
        released = Released(until=package.until, level=Level(package.level), told=told)
        _note(house, request, package, released, by)
    package.save(update_fields=["delivered_at", "until", "released_at"])


def _note(house: House, request: Request, package: PackageRecord, released: Released, by: str) -> None:
    said: dict[str, Value] = {
        "digest": package.sha256,
        "until": civil_date(released.until).isoformat(),
        "level": int(released.level),
        "told": released.told,
        **({"by": by} if by else {}),
    }
    note(Kind.PACKAGE_RELEASED, request.ref, said, at=house.now, policy_version=house.policy_version)


def known_in_the_portal(request: Request) -> bool:
    """Whether the person has shown there who they are: by a code, or by signing in. It is the house that
    notes those; a handler who identifies somebody signs for it. Nobody is let in to the case of a person
    with a protected identity."""
    if is_protected(request.case_id):
        return False
    return request.identifications.filter(by="").exists()


def _tell(house: House, request: Request, name: str, until: datetime) -> int:
    """How many letters are on their way."""
    words = letter(
        house,
        name,
        request.language,
        number=request.number,
        until=say_date(civil_date(until)).say(request.language),
        times=str(TIMES),
    )
    contacts = proven_contacts(house, request.case) if request.case else ()
    addresses = [each.value for each in contacts if each.kind is IdentityKind.EMAIL]
    return sum(
        post(house, words, address, about=request, most_a_day=NOTICES) is not None for address in addresses
    )
