"""A code that a handler gives: printed in a letter to the registered address, or read out in a call to the
telephone that we had (art. 12.6).

Hard rules:
- The letter goes to the address in the population register of the person whom our systems know, never to
  one that was named in the request. It proves who it is; the code holds for two weeks.
- A number that is one person's own and that our systems do not know beside the rest stops it: the letter
  might go to one person, and open what is another's.
- The call goes to the number on file, unchanged for thirty days, and is one contact like any other.
- Somebody with a protected identity is not called; the letter goes by the Tax Agency (`protected.POSTING`).
- The code is shown once, to whoever posts or reads it; we keep its keyed digest.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Max

from lofte.datamap.document import Kind as IdentityKind
from lofte.datamap.identity import STRENGTH, Strength
from lofte.errors import Conflict, NotIdentified, Refused
from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.law.calendar import civil_date
from lofte.ledger.kinds import Kind, Value
from lofte.mail.letters import Letter, letter
from lofte.plan.words import say_date
from lofte.requests import sealing
from lofte.requests.course.protected import insist_reachable
from lofte.requests.course.reached import first_of
from lofte.requests.course.receive import identities_of
from lofte.requests.course.roads import State
from lofte.requests.course.search import Connect
from lofte.requests.door.challenge import LETTER_DIGITS, challenged, spaced
from lofte.requests.door.contacts import on_file
from lofte.requests.door.protected import protect, protected
from lofte.requests.models import Case, Request

LETTER_LIVES = timedelta(days=14)
CALL_LIVES = timedelta(minutes=30)


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """Whom to call, and what to say."""

    telephone: str
    code: str


def by_letter(house: House, request: Request, connect: Connect, *, by: str) -> Letter:
    """The letter to print. A new one ends the code of the one before. Raises NotIdentified when what was
    shown is not all one person's in our systems, Unreachable, Refused, Conflict."""
    case = _waiting(request, by)
    shown = identities_of(house, first_of(case))
    found = on_file(house, shown, connect)
    told = found.told
    if not told or any(STRENGTH[each.kind] is Strength.UNIQUE for each in set(shown) - set(told)):
        raise NotIdentified(
            "what was shown is not all one person's in our systems; find out who is asking in another way"
        )
    contact = hmac.new(house.keys.lookup, f"letter\0{case.ref}".encode(), "sha256").hexdigest()
    with recorded(house):
        if found.protected:
            protected(house, case)
        code = challenged(
            house,
            case,
            way="letter",
            contact=contact,
            claim="",
            lives=LETTER_LIVES,
            told=told,
            digits=LETTER_DIGITS,
        )
        _note(house, request, "letter", by)
    return letter(
        house,
        "code_letter",
        case.language,
        number=first_of(case).number,
        code=spaced(code),
        until=say_date(civil_date(house.now + LETTER_LIVES)).say(case.language),
    )


def by_call(house: House, request: Request, connect: Connect, *, by: str) -> Call:
    """Whom to call and which code to read out; the person types it in the portal. Raises NotIdentified
    when no telephone of the one person is on file, OnlyByLetter, Unreachable, Refused, Conflict."""
    case = _waiting(request, by)
    insist_reachable(case)
    found = on_file(house, identities_of(house, first_of(case)), connect)
    if found.protected:
        protect(house, case, "")
        insist_reachable(case)
    telephones = [each for each in found.contacts if each.kind is IdentityKind.PHONE]
    if not telephones:
        raise NotIdentified(
            "we had no telephone of this one person, unchanged for thirty days; send a letter instead"
        )
    with recorded(house):
        code = challenged(
            house,
            case,
            way="call",
            contact=sealing.lookup(house.keys.lookup, telephones[0]),
            claim="",
            lives=CALL_LIVES,
            identity=telephones[0],
            aged=telephones[0] in found.aged,
            told=found.told,
        )
        _note(house, request, "call", by)
    return Call(telephone=telephones[0].value, code=spaced(code))


def may_have_one(request: Request) -> bool:
    """Whether a code by hand would be of use: the request waits for proof of who is asking, or an answer lies
    there that asks for more."""
    return request.case is not None and (request.state == State.RECEIVED or _is_shut(request))


def _waiting(request: Request, by: str) -> Case:
    if not by:
        raise Refused("say who you are: --by with the e-mail address of a handler, or LOFTE_BY")
    if request.case is None:
        raise Refused("this request was taken in before cases were kept; note by hand who is asking")
    if not may_have_one(request):
        raise Conflict("this request does not wait for proof of who is asking; read it again")
    return request.case


def _is_shut(request: Request) -> bool:
    """Whether an answer lies there that asks for more proof than anybody has given in the case."""
    package = request.packages.order_by("-id").first()
    if package is None or package.gone_at is not None:
        return False
    reached = request.identifications.aggregate(level=Max("level"))["level"] or 0
    return bool(reached < package.level)


def _note(house: House, request: Request, way: str, by: str) -> None:
    said: dict[str, Value] = {"way": way, "contacts": 1, "by": by}
    note(Kind.CODE_SENT, request.ref, said, at=house.now, policy_version=house.policy_version)
