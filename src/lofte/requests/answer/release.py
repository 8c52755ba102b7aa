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
from lofte.requests.answer.deliver import delivered, latest_package
from lofte.requests.answer.fetch import TIMES
from lofte.requests.course.reached import proven_contacts
from lofte.requests.door.identify import Level
from lofte.requests.models import Request

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
    in the portal who they are."""
    if not known_in_the_portal(request):
        raise Refused(
            "nobody has shown in the portal who they are, so nobody could fetch it; hand the answer over "
            "where the person was identified"
        )
    with recorded(house):
        package = latest_package(request)
        delivered(house, request, package, by=by)
        package.released_at = house.now
        package.save(update_fields=["released_at"])
        released = Released(
            until=package.until or house.now,
            level=Level(package.level),
            told=_tell(house, request, civil_date(package.until or house.now).isoformat()),
        )
        said: dict[str, Value] = {
            "digest": package.sha256,
            "until": civil_date(released.until).isoformat(),
            "level": int(released.level),
            "told": released.told,
            **({"by": by} if by else {}),
        }
        note(Kind.PACKAGE_RELEASED, request.ref, said, at=house.now, policy_version=house.policy_version)
    return released


def known_in_the_portal(request: Request) -> bool:
    """Whether the person has shown there who they are: by a code, or by signing in. It is the house that
    notes those; a handler who identifies somebody signs for it."""
    return request.identifications.filter(by="").exists()


def _tell(house: House, request: Request, until: str) -> int:
    """How many letters are on their way."""
    words = letter(house, "fetch", request.language, number=request.number, until=until, times=str(TIMES))
    contacts = proven_contacts(house, request.case) if request.case else ()
    addresses = [each.value for each in contacts if each.kind is IdentityKind.EMAIL]
    return sum(
        post(house, words, address, about=request, most_a_day=NOTICES) is not None for address in addresses
    )
