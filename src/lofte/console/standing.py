"""Where an erasure stands, as its tag and its sentence say it: from the records, not from the state alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from lofte.accounts.roles import Permission
from lofte.console import words
from lofte.console.deadline import Tone
from lofte.console.since import done_lines, still_held, stops
from lofte.console.words import Face
from lofte.execution.models import Step, StepState
from lofte.law.rights import Right
from lofte.plan.preview import Line
from lofte.plan.records import Verb
from lofte.requests.course.order import CARRY_OUT
from lofte.requests.course.roads import State
from lofte.requests.erasure import shown
from lofte.requests.models import Approval, Erasure, Order, Request, Undone

SEEN = Face(
    name=lazy("Looked through"), tone=Tone.SOON, sign="alert",
    meaning=lazy("It has been looked at, and something is in doubt. Next: clear it up, and look again."),
)  # fmt: skip
AWAITS = Face(
    name=lazy("Waits for approval"), tone=Tone.SOON, sign="clock",
    meaning=lazy("It is known what would happen. Next: somebody who may approve looks at it."),
)  # fmt: skip
APPROVED = Face(
    name=lazy("Approved"), tone=Tone.CALM, sign="check",
    meaning=lazy("It may be carried out as it was seen. Next: carry it out."),
)  # fmt: skip
ORDERED = Face(
    name=lazy("Ordered"), tone=Tone.NOTE, sign="clock",
    meaning=lazy("It is ordered, and begins at once. Nothing is needed from you."),
)  # fmt: skip
STOPPED = Face(
    name=lazy("Kept by a hold"), tone=Tone.NOTE, sign="lock",
    meaning=lazy("The person has an answer. Nothing was erased: a hold keeps it until it is lifted."),
)  # fmt: skip

UNDONE = Face(
    name=lazy("Undone"), tone=Tone.SOON, sign="alert",
    meaning=lazy("The erasure was taken back as a mistake."),
)  # fmt: skip

FULFILS = (State.RECEIVED, State.IDENTIFIED, State.READY)


def faces(requests: Sequence[Request]) -> Mapping[int, Face]:
    """How each is shown, by its key; of many in a few questions to the store."""
    found = {each.pk: words.state_face(each.state, each.right) for each in requests}
    erasures = [each for each in requests if each.right == Right.ERASURE]
    going = [each for each in erasures if each.state == State.IDENTIFIED]
    if going:
        approved, ordered, seen = _approved(going), _ordered(going), shown.last_of(going)
        for each in going:
            if each.pk in ordered:
                found[each.pk] = ORDERED
            elif each.pk in approved:
                found[each.pk] = APPROVED
            elif each.pk in seen:
                preview = seen[each.pk].preview
                found[each.pk] = SEEN if preview.ambiguous or preview.silent else AWAITS
    done = [each for each in erasures if each.state == State.DELIVERED]
    found |= dict.fromkeys(_stopped(done), STOPPED)
    taken_back = Undone.objects.filter(request__in=erasures, rows__gt=0)
    found |= dict.fromkeys(taken_back.values_list("request_id", flat=True), UNDONE)
    return found


def waits_for(request: Request, face: Face) -> Permission | None:
    """What somebody must be allowed to do, to do what is next; None = nobody has to do anything."""
    if face is AWAITS:
        return Permission.APPROVE
    return Permission.FULFIL_REQUEST if face is not ORDERED and request.state in FULFILS else None


def answered(request: Request, face: Face, lines: Sequence[Line]) -> Face:
    """The face of one that is carried out, with a sentence of what it came to and what is left of it."""
    if back := sum(request.undone.values_list("rows", flat=True)):
        said = ngettext("%(n)d row is as it was again.", "%(n)d rows are as they were again.", back)
        return replace(UNDONE, meaning=f"{UNDONE.meaning} {said % {'n': back}}")
    if request.state != State.DELIVERED:
        return face
    return replace(face, meaning=" ".join(_left(request, lines)))


def _left(request: Request, lines: Sequence[Line]) -> Iterable[str]:
    taken = sum(line.rows for line in lines if line.verb is not Verb.KEEP)
    held = sum(line.rows for line in lines if line.verb is Verb.KEEP and stops(line.ground))
    later = request.deferrals.filter(done_at=None)
    waiting = request.recipient_notices.filter(told=None).count()
    if not lines:
        yield _("Done. Nothing was found about the person.")
    elif not taken and held:
        yield str(STOPPED.meaning)
    elif not taken:
        yield _("Done. Nothing could be erased: the law or a contract keeps it.")
    else:
        yield _("Done.")
    if taken and held:
        yield ngettext("%(n)d row is kept by a hold.", "%(n)d rows are kept by a hold.", held) % {"n": held}
    if rows := later.count():
        last = later.order_by("due_on").last()
        said = ngettext("%(n)d row is erased later, in %(year)d at the latest.",
                        "%(n)d rows are erased later, in %(year)d at the latest.", rows)  # fmt: skip
        yield said % {"n": rows, "year": last.due_on.year if last else timezone.localdate().year}
    if waiting:
        said = ngettext("%(n)d recipient is to be told.", "%(n)d recipients are to be told.", waiting)
        yield said % {"n": waiting}
    if taken and not (held or rows or waiting):
        yield _("Nothing is left to do.")


def _approved(requests: Sequence[Request]) -> set[int]:
    return set(Approval.objects.filter(request__in=requests).values_list("request_id", flat=True))


def _ordered(requests: Sequence[Request]) -> set[int]:
    waiting = Step.objects.filter(kind=CARRY_OUT).exclude(state=StepState.DONE).values("request")
    found = Order.objects.filter(ref__in=waiting, requests__in=requests)
    return set(found.values_list("requests", flat=True))


def _stopped(requests: Sequence[Request]) -> set[int]:
    """Those of whom nothing was taken, and a hold that stands is why."""
    rows: dict[int, list[Erasure]] = {}
    for each in Erasure.objects.filter(request__in=requests, rows__gt=0):
        rows.setdefault(each.request_id, []).append(each)
    held: set[int] = set()
    for request, done in rows.items():
        lines = done_lines(done)
        if all(line.verb is Verb.KEEP for line in lines) and any(stops(line.ground) for line in lines):
            held.add(request)
    return still_held(held) if held else held
