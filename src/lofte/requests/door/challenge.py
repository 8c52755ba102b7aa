"""A code to a contact that we had before: whoever enters it reads what comes there (art. 12.6).

Hard rules:
- The worker makes it, never the page: whether somebody is known shows neither in words nor in time.
- A code lives for ten minutes and five tries; a new one to the same contact, in the same case and browser,
  ends the one before it. Nobody ends another's; how many go to a contact a day bounds the guesses in all.
  It is kept as a keyed digest with its own id within, and compared in constant time.
- It passes in the browser's session that it was asked for in, and for its own case. A code by letter or by
  call was asked for by nobody's browser; it passes where number and address fit the case.
- Two codes to one contact prove one contact; one of which nobody can tell how old it is is no second.
- No code goes to a contact of somebody with a protected identity. One by letter proves who they are, and
  opens nothing.
- Nobody wishes codes away from somebody else: what one network has wished for stops that network, and whose
  own address it was that a wish came with has room left when others have none.
"""

from __future__ import annotations

import hmac
import json
import logging
import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Q, QuerySet

from lofte.datamap.document import Kind as IdentityKind
from lofte.datamap.identity import Identity
from lofte.errors import LedgerClosed, LofteError
from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.execution.store import writing
from lofte.law.wording import Wording
from lofte.ledger.kinds import Kind, Value
from lofte.mail.letters import letter
from lofte.mail.models import Outgoing
from lofte.mail.post import post
from lofte.requests import sealing
from lofte.requests.course.protected import insist_reachable, is_protected
from lofte.requests.course.reached import KINDS, contact_of, first_of
from lofte.requests.course.receive import identities_of
from lofte.requests.course.search import Connect
from lofte.requests.door.contacts import OnFile, on_file
from lofte.requests.door.identify import Level
from lofte.requests.door.knock import KEPT, What, forget_old, knocked
from lofte.requests.door.protected import protected
from lofte.requests.door.proved import proved
from lofte.requests.models import Case, Challenge, Identifier, Knock, Passed, Request

DIGITS, LETTER_DIGITS = 8, 10
TRIES = 5
LIVES = timedelta(minutes=10)
MOST_A_DAY = 5
"""Codes to one contact, of those that one network wished for."""
MOST_IN_ALL, MOST_FOR_OTHERS = 10, 6
"""Codes to one contact a day; and where the wish came with an address that is not the person's own."""
SOON = timedelta(seconds=5)
"""When a system that did not answer is asked again; each time after as long as it has lasted by then."""
REMEMBERED = timedelta(hours=1)
"""How long what was passed counts together with what is passed next."""
_TOLD = "told"
_AT_ONCE = 50
_WAYS = {IdentityKind.EMAIL: "email", IdentityKind.PHONE: "sms"}
_log = logging.getLogger("lofte.requests")
Text = Callable[[str, str], None]
"""Sends a text message: number, words."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Entered:
    """A code was right."""

    case: Case
    level: Level
    """What is proven in this case by now."""
    opens: bool = True
    """Whether the case may be read in the portal."""


def due(now: datetime) -> bool:
    """Whether somebody waits at the door, or what was counted there is to be forgotten."""
    return _waiting(now).exists() or Knock.objects.filter(at__lt=now - KEPT).exists()


def _waiting(now: datetime) -> QuerySet[Knock]:
    waits = Knock.objects.filter(what=What.CODE, answered_at=None)
    return waits.filter(Q(not_before=None) | Q(not_before__lte=now)).order_by("id")


def answer_knocks(house: House, connect: Connect, *, text: Text | None = None) -> int:
    """Send a code to each contact on file of those who wish for one and fit a case; returns how many
    wishes were answered. Without `text` no telephone is written to. A system that does not answer is asked
    again, until the code would be of no use; one wish that cannot be answered stops no other. Raises
    LedgerClosed."""
    forget_old(house)
    done = 0
    for knock in list(_waiting(house.now)[:_AT_ONCE]):
        try:
            _answer(house, knock, connect, text)
            done += 1
        except LedgerClosed:
            raise
        except Exception as error:  # whatever it is: its words may hold what stands in a row
            _log.warning("a wish for a code waits: %s", type(error).__name__)
            _later(house, knock)
    return done


def enter(house: House, *, claim: str, code: str, network: str) -> Entered | None:
    """Enter a code where it was asked for. None when it is not right, or not any more: which of these
    is told to nobody. What the case asks goes on by itself. Raises TooOften."""
    with recorded(house):
        knocked(house, What.TRY, network=network, claim=claim)
        written = "".join(filter(str.isdigit, code))
        mine = _mine(claim) & Q(way__in=_by_length(len(written)))
        living = Q(tries__lt=TRIES, until__gt=house.now)
        open_ = list(Challenge.objects.select_for_update(of=("self",)).filter(mine, living, passed=None))
        Challenge.objects.filter(mine, living).update(tries=F("tries") + 1)
        right = [each for each in open_ if hmac.compare_digest(each.code, _digest(house, each.ref, written))]
        if not right:
            return None
        return _passed(house, right[0], claim)


def challenged(
    house: House,
    case: Case,
    *,
    way: str,
    contact: str,
    claim: str,
    lives: timedelta,
    identity: Identity | None = None,
    aged: bool = False,
    told: Iterable[Identity] = (),
    digits: int = DIGITS,
) -> str:
    """Make a code, in the caller's transaction, and end the one before it; returns the code. `contact` is
    a keyed digest; `aged` whether it is known to have been as it is for long enough. Raises OnlyByLetter
    when the person has a protected identity, and it goes to a contact of theirs."""
    if way in KINDS:
        insist_reachable(case)
    first = first_of(case)
    key = sealing.unwrap(house.keys.wrapping, first.key, first.ref)
    before = Challenge.objects.filter(case=case, claim=claim, contact=contact, way=way, passed=None)
    before.filter(until__gt=house.now).update(until=house.now)
    ref, code = secrets.token_hex(16), f"{secrets.randbelow(10**digits):0{digits}}"
    Challenge.objects.create(
        ref=ref,
        case=case,
        way=way,
        contact=contact,
        aged=aged,
        claim=claim,
        identity=sealing.seal(key, identity, first.ref) if identity else b"",
        told=sealing.seal_text(key, json.dumps([[i.kind, i.value] for i in told]), _TOLD, first.ref),
        code=_digest(house, ref, code),
        at=house.now,
        until=house.now + lives,
    )
    return code


def case_of(house: House, knock: Knock) -> Case | None:
    """The case that number and address fit: the address was shown in it, or a code went there."""
    request = Request.objects.filter(number=knock.number).select_related("case").first()
    if request is None or request.case is None or not request.key:
        return None
    shown = Identifier.objects.filter(request__case=request.case, lookup=knock.address)
    acknowledged = Outgoing.objects.filter(request__case=request.case, recipient=knock.address)
    reached = Challenge.objects.filter(case=request.case, contact=knock.address)
    fits = shown.exists() or reached.exists() or acknowledged.filter(template="received").exists()
    return request.case if fits else None


def _answer(house: House, knock: Knock, connect: Connect, text: Text | None) -> None:
    case = case_of(house, knock)
    found = on_file(house, identities_of(house, first_of(case)), connect) if case else OnFile()
    texts: list[tuple[str, str]] = []
    with recorded(house):
        Knock.objects.filter(pk=knock.pk).update(case=case, answered_at=house.now)
        if case is not None and found.protected:
            protected(house, case)
        if case is not None and not is_protected(case):
            texts = _send(house, case, knock, found, by_text=text is not None)
    for number, words in texts:
        if not is_protected(case):
            _text(text, number, words)


def _text(text: Text | None, number: str, words: str) -> None:
    """Send it; one that the gateway does not take stops no other, and its code is of no use."""
    try:
        if text is not None:
            text(number, words)
    except LofteError as error:
        _log.warning("a code by text message has not left: %s", type(error).__name__)


def _send(house: House, case: Case, knock: Knock, found: OnFile, *, by_text: bool) -> list[tuple[str, str]]:
    """Post the codes; returns those that go as text messages, once this is lasting."""
    first, sent, texts = first_of(case), dict.fromkeys(_WAYS.values(), 0), []
    own = knock.address in {sealing.lookup(house.keys.lookup, each) for each in found.contacts}
    for identity in found.contacts:
        way = _WAYS[identity.kind]
        contact = sealing.lookup(house.keys.lookup, identity)
        if (way == "sms" and not by_text) or _had_enough(house, contact, knock, own=own):
            continue
        code = challenged(
            house,
            case,
            way=way,
            contact=contact,
            claim=knock.claim,
            lives=LIVES,
            identity=identity,
            aged=identity in found.aged,
            told=found.told,
        )
        facts = {"number": first.number, "minutes": str(LIVES.seconds // 60), "code": spaced(code)}
        if way == "email":
            post(
                house,
                letter(house, "code", case.language, **facts),
                identity.value,
                about=first,
                until=house.now + LIVES,
            )
        else:
            texts.append((identity.value, letter(house, "code_text", case.language, **facts).body.strip()))
        sent[way] += 1
    for way, contacts in sent.items():
        if contacts:
            said: dict[str, Value] = {"way": way, "contacts": contacts}
            note(Kind.CODE_SENT, first.ref, said, at=house.now, policy_version=house.policy_version)
    return texts


def _had_enough(house: House, contact: str, knock: Knock, *, own: bool) -> bool:
    sent = Challenge.objects.filter(contact=contact, at__gt=house.now - timedelta(days=1))
    near = Knock.objects.filter(what=What.CODE, network=knock.network).values("claim")
    if sent.filter(claim__in=near).count() >= MOST_A_DAY:
        return True
    return sent.count() >= (MOST_IN_ALL if own else MOST_FOR_OTHERS)


def _later(house: House, knock: Knock) -> None:
    """Look again in a while; not any more when by then the code is of no use to whoever waits for it."""
    waited = house.now - knock.at
    again = {"answered_at": house.now} if waited > LIVES else {"not_before": house.now + max(SOON, waited)}
    with writing():
        Knock.objects.filter(pk=knock.pk).update(**again)


def _mine(claim: str) -> Q:
    """The codes that pass in this session: its own, and those by letter or call of a case that fits."""
    fitting = Knock.objects.filter(claim=claim).exclude(case=None).values("case")
    return Q(claim=claim) | Q(claim="", case__in=fitting)


def _by_length(digits: int) -> tuple[str, ...]:
    """Which codes look so: a slip with the one spends no try of the other."""
    return ("letter",) if digits == LETTER_DIGITS else tuple(KINDS)


def _passed(house: House, challenge: Challenge, claim: str) -> Entered:
    """The code was right: it is a record, and what the case asks goes on as far as it proves."""
    case = challenge.case
    Passed.objects.create(challenge=challenge, at=house.now)
    Challenge.objects.filter(pk=challenge.pk).update(claim=claim)
    together = list(
        Challenge.objects.filter(case=case, claim=claim, passed__at__gt=house.now - REMEMBERED).order_by("id")
    )
    level = _level(together)
    note(
        Kind.CODE_PASSED,
        first_of(case).ref,
        {"way": challenge.way, "level": int(level)},
        at=house.now,
        policy_version=house.policy_version,
    )
    contacts = [contact_of(house, each) for each in together if each.way in KINDS]
    told = {identity for each in together for identity in _told(house, each)}
    proved(
        house,
        case,
        level=level,
        method=_method(case.language, together),
        proven=tuple(dict.fromkeys(contacts)),
        told=sorted(told),
    )
    return Entered(case=case, level=level, opens=not is_protected(case))


def _level(together: Sequence[Challenge]) -> Level:
    """A letter to the registered address proves who it is; two contacts more than one."""
    if any(each.way == "letter" for each in together):
        return Level.PROVEN
    aged = {each.contact for each in together if each.aged}
    return Level.TWO_WAYS if len(aged) > 1 else Level.CONTACT


def _method(language: str, together: Sequence[Challenge]) -> str:
    """How the person was identified, as the answer tells it."""
    ways = ", ".join(dict.fromkeys(_SAID[each.way].say(language) for each in together))
    return f"{_CODE_TO.say(language)} {ways}"


_CODE_TO = Wording(sv="Kod till det vi redan hade:", en="Code to what we had before:")
_SAID = {
    "email": Wording(sv="e-post", en="e-mail"),
    "sms": Wording(sv="sms", en="text message"),
    "call": Wording(sv="telefon", en="telephone"),
    "letter": Wording(sv="brev till folkbokföringsadressen", en="letter to the registered address"),
}


def _told(house: House, challenge: Challenge) -> list[Identity]:
    first = first_of(challenge.case)
    key = sealing.unwrap(house.keys.wrapping, first.key, first.ref)
    said = json.loads(sealing.unseal_text(key, challenge.told, _TOLD, first.ref))
    return [Identity(kind=IdentityKind(kind), value=value) for kind, value in said]


def _digest(house: House, ref: str, code: str) -> str:
    return hmac.new(house.keys.lookup, f"code\0{ref}\0{code}".encode(), "sha256").hexdigest()


def spaced(code: str) -> str:
    """As people read it: 1234 5678."""
    return " ".join(code[at : at + 4] for at in range(0, len(code), 4))
