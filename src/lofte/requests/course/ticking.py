"""The clock of a request: stopping it while we wait for the person, going on, and two months more.

The dates are reckoned in `lofte.law.clock`; here they are recorded, each with who and why, in one
transaction with the ledger and with the day by which the request is sorted.
"""

from __future__ import annotations

from lofte.errors import Conflict, Refused
from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.law.calendar import civil_date
from lofte.law.clock import Because, Clock, Stop, Waits, clock
from lofte.law.rights import Right
from lofte.ledger.kinds import Kind, Value
from lofte.plan import asking, extension
from lofte.policy.parts import Text
from lofte.requests import sealing
from lofte.requests.course.receive import HARMLESS
from lofte.requests.course.roads import State
from lofte.requests.course.seconded import What, second
from lofte.requests.course.tell import news
from lofte.requests.models import ClockEvent, Proposal, Request

_WHY = "clock"


def clock_of(request: Request) -> Clock:
    """The clock of a request, from what has happened to it."""
    stops: list[Stop] = []
    extended = 0
    for event in request.clock_events.all():
        if event.what == "stop":
            stops.append(Stop(waits=Waits(event.waits), since=event.on))
        elif event.what == "go_on":
            stops[-1] = Stop(waits=stops[-1].waits, since=stops[-1].since, until=event.on)
        else:
            extended = event.months
    return clock(civil_date(request.received_at), stops, extended)


def wait(house: House, request: Request, waits: Waits, *, why: str, by: str) -> Clock:
    """Stop the clock from today: the person has been asked for what `why` says. Raises Refused, and
    Conflict when the request is answered or at another state than the one that waits for this."""
    if not why.strip():
        raise Refused("write what the person was asked for; they may ask why it was needed (art. 12.6)")
    with recorded(house):
        now_is = _open(request)
        right = Right(now_is.right)
        if waits is Waits.IDENTITY and now_is.state != State.RECEIVED:
            raise Conflict("the person is identified already; nothing more is asked for")
        if waits is Waits.IDENTITY and right in HARMLESS:
            raise Refused("this right is granted to whoever asks; no proof is waited for")
        if waits is Waits.SCOPE and right is not Right.ACCESS:
            raise Refused("only of whom asks for access may it be asked what is meant (recital 63)")
        stopped = clock_of(now_is).stop(waits, house.today)
        _happened(house, now_is, stopped, what="stop", waits=waits, why=why.strip(), by=by)
        _note(house, Kind.DEADLINE_STOPPED, now_is, {"waits": waits.value}, by)
        news(house, [now_is])
    return stopped


def asking_letter(house: House, request: Request) -> Text | None:
    """What is written to the person while the clock stands still for them; None when it goes."""
    stopped = clock_of(request).stopped
    event = request.clock_events.filter(what="stop").last()
    if stopped is None or event is None:
        return None
    return asking_words(house, request, stopped.waits, why_of(house, event))


def asking_words(house: House, request: Request, waits: Waits, why: str) -> Text:
    """The letter, with these words of a handler's."""
    return asking.letter(
        house.policy,
        number=request.number,
        right=Right(request.right),
        received=civil_date(request.received_at),
        waits=waits,
        why=why,
    )


def go_on(house: House, request: Request, *, by: str) -> Clock:
    """Let the clock go on from today: the person has answered. Raises Refused, Conflict."""
    with recorded(house):
        return goes_on(house, _open(request), by=by)


def goes_on(house: House, request: Request, *, by: str) -> Clock:
    """As `go_on`, inside the caller's `recorded` transaction."""
    goes = clock_of(request).go_on(house.today)
    _happened(house, request, goes, what="go_on", by=by)
    days = goes.stops[-1].days(house.today)
    due: dict[str, Value] = {"days": days, "due_on": goes.due(house.today).isoformat()}
    _note(house, Kind.DEADLINE_RESUMED, request, due, by)
    return goes


def proven(house: House, request: Request, *, by: str) -> None:
    """Who is asking is known now: a clock that waited for that goes on. Inside the caller's `recorded`
    transaction."""
    lasts = clock_of(request).stopped
    if lasts is not None and lasts.waits is Waits.IDENTITY:
        goes_on(house, request, by=by)


def extend(
    house: House,
    request: Request,
    *,
    months: int,
    because: Because,
    why: str,
    by: str,
    proposal: Proposal | None = None,
) -> tuple[Clock, Text]:
    """Take one or two months more, and what is written to the person about it; it counts only when that
    has been sent. Raises Refused, also where the policy wants a second person and nobody has proposed it;
    Conflict."""
    if not why.strip():
        raise Refused("write why it takes longer; the person is told the reasons (art. 12.3)")
    with recorded(house):
        now_is = _open(request)
        second(house, now_is, What.EXTENSION, proposal, by=by)
        longer = clock_of(now_is).extend(months, house.today)
        _happened(
            house, now_is, longer, what="extend", months=months, because=because, why=why.strip(), by=by
        )
        told: dict[str, Value] = {
            "months": months,
            "because": because.value,
            "article": "12.3",
            "due_on": longer.due(house.today).isoformat(),
        }
        _note(house, Kind.DEADLINE_EXTENDED, now_is, told, by)
        news(house, [now_is])
    return longer, _letter(house, now_is, longer, because, why.strip())


def extension_words(house: House, request: Request, months: int, because: Because, why: str) -> Text:
    """The letter about an extension that is not made yet. Raises Refused, Conflict as `extend`."""
    return _letter(house, request, clock_of(request).extend(months, house.today), because, why)


def extension_letter(house: House, request: Request) -> Text | None:
    """What is written to the person about the extension; None when there is none."""
    event = request.clock_events.filter(what="extend").last()
    if event is None:
        return None
    return _letter(house, request, clock_of(request), Because(event.because), why_of(house, event))


def _letter(house: House, request: Request, longer: Clock, because: Because, why: str) -> Text:
    return extension.letter(
        house.policy,
        number=request.number,
        right=Right(request.right),
        received=longer.received,
        due=longer.due(house.today),
        because=because,
        why=why,
    )


def why_of(house: House, event: ClockEvent) -> str:
    """What the person was asked for or told, in the handler's words."""
    key = sealing.unwrap(house.keys.wrapping, event.request.key, event.request.ref)
    return sealing.unseal_text(key, bytes(event.why), _WHY, event.request.ref) if event.why else ""


def _open(request: Request) -> Request:
    now_is = Request.objects.select_for_update().get(pk=request.pk)
    if not State(now_is.state).open:
        raise Conflict("the request is answered, so its clock does not run any more")
    return now_is


def _happened(
    house: House, request: Request, made: Clock, *, by: str, what: str, why: str = "", **more: int | str
) -> None:
    key = sealing.unwrap(house.keys.wrapping, request.key, request.ref)
    ClockEvent.objects.create(
        request=request,
        what=what,
        on=house.today,
        why=sealing.seal_text(key, why, _WHY, request.ref) if why else b"",
        by=by,
        at=house.now,
        **more,
    )
    request.due_on = made.due(house.today)
    request.save(update_fields=["due_on"])


def _note(house: House, kind: Kind, request: Request, payload: dict[str, Value], by: str) -> None:
    told = payload | ({"by": by} if by else {})
    note(kind, request.ref, told, at=house.now, policy_version=house.policy_version)
