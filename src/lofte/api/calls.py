"""Telling webhooks what has happened: queued in the store, sent with patience, ids alone.

Hard rules:
- What happened is read from the records that say so, so nothing has to remember to tell it: a process that
  dies loses nothing.
- A call keeps its id however often it is tried: who gets it twice knows it again. It is sent until it is
  taken, or given up after three days.
- One that is silent keeps no other waiting.
"""

from __future__ import annotations

import json
import logging
import secrets
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q

from lofte.api import address as addresses
from lofte.api import sign
from lofte.api.hooks import Event, end, secret_of
from lofte.api.models import Call, Webhook
from lofte.errors import LofteError
from lofte.execution.house import House
from lofte.execution.store import writing
from lofte.law.calendar import civil_date
from lofte.requests.course.roads import State
from lofte.requests.models import Transition, Warned

PAUSES = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""How long is waited after each time; after the last it is given up."""
LOOK_BACK = 500
"""Records before the last one seen that are looked at again: one may be written later than its number."""
KEPT = timedelta(days=30)
_AT_ONCE = 50
_GONE = 410
_log = logging.getLogger("lofte.api")
_EVENTS = {
    State.RECEIVED.value: Event.RECEIVED,
    State.IDENTIFIED.value: Event.IDENTIFIED,
    State.READY.value: Event.READY,
    State.DELIVERED.value: Event.DELIVERED,
    State.REFUSED.value: Event.REFUSED,
}


def due(now: datetime) -> bool:
    """True if something is to be read or sent. Asked often, so it asks little."""
    hooks = Webhook.objects.filter(ended=None)
    if not hooks.exists():
        return False
    last = Transition.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    warned = Warned.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    news = hooks.filter(Q(seen_transition__lt=last) | Q(seen_warned__lt=warned)).exists()
    return news or _waiting(now).exists()


def turn(house: House) -> int:
    """Read what has happened, and tell it; returns how many calls were taken."""
    for webhook in Webhook.objects.filter(ended=None):
        _read(house, webhook)
    _forget(house)
    sent, silent = 0, set[int]()
    for call in list(_waiting(house.now).select_related("webhook")[:_AT_ONCE]):
        if call.webhook_id in silent or not _claimed(house, call):
            continue
        if _told(house, call):
            sent += 1
        else:
            silent.add(call.webhook_id)
    return sent


def _read(house: House, webhook: Webhook) -> None:
    """Queue what has happened since it was last looked."""
    moved = _news(Transition, webhook.seen_transition)
    warned = _news(Warned, webhook.seen_warned)
    since = webhook.at
    calls = [
        *(_moved(webhook, each) for each in moved if each.at >= since),
        *(_warned(webhook, each) for each in warned if each.at >= since),
    ]
    there = set(
        webhook.calls.filter(source__in=[c.source for c in calls if c]).values_list("source", flat=True)
    )
    new = [call for call in calls if call and call.event in webhook.events and call.source not in there]
    for call in new:
        call.not_before = house.now
    last = [max((each.pk for each in found), default=0) for found in (moved, warned)]
    with writing():
        Call.objects.bulk_create(new, ignore_conflicts=True)
        Webhook.objects.filter(pk=webhook.pk).update(
            seen_transition=max(webhook.seen_transition, last[0]),
            seen_warned=max(webhook.seen_warned, last[1]),
        )


def _news(model: type[Any], seen: int) -> list[Any]:
    """The next records, those just before the last one seen again. By number alone: what has an earlier
    moment than its number says is seen too, and nothing stays due for ever."""
    since = model.objects.filter(pk__gt=seen - LOOK_BACK)
    return list(since.select_related("request__case").order_by("pk")[: 2 * LOOK_BACK])


def _moved(webhook: Webhook, each: Transition) -> Call | None:
    event = _EVENTS.get(each.to_state)
    if event is None or (event is Event.RECEIVED and each.from_state):  # sent back to be identified anew
        return None
    return _call(webhook, event, f"transition/{each.pk}", each.at, each.request, {})


def _warned(webhook: Webhook, each: Warned) -> Call:
    more = {"mark": each.mark, "due_on": each.due_on.isoformat()}
    return _call(webhook, Event.DUE_SOON, f"warned/{each.pk}", each.at, each.request, more)


def _call(
    webhook: Webhook, event: Event, source: str, at: datetime, request: Any, more: dict[str, str]
) -> Call:
    about = {
        "number": request.number,
        "ref": request.ref,
        "case": request.case.ref if request.case else "",
        "right": request.right,
        "received_on": civil_date(request.received_at).isoformat(),
        **more,
    }
    return Call(
        ref=secrets.token_hex(16),
        webhook=webhook,
        event=event,
        source=source,
        body={"type": event.value, "timestamp": at.isoformat(), "data": about},
        at=at,
    )


def _waiting(now: datetime) -> Any:
    return Call.objects.filter(
        done_at=None, given_up_at=None, webhook__ended=None, not_before__lte=now
    ).order_by("not_before", "id")


def _claimed(house: House, call: Call) -> bool:
    """True if nobody else is at it; if the process dies, it is tried again after the pause."""
    mine = Call.objects.filter(pk=call.pk, done_at=None, given_up_at=None, attempts=call.attempts)
    if call.attempts >= len(PAUSES):
        with writing():
            mine.update(given_up_at=house.now)
        _log.warning("webhook call %s is given up: status %d", call.ref, call.status)
        return False
    with writing():
        pause = PAUSES[call.attempts]
        return bool(mine.update(attempts=call.attempts + 1, not_before=house.now + pause))


def _told(house: House, call: Call) -> bool:
    body = json.dumps(call.body, ensure_ascii=False, separators=(",", ":")).encode()
    moment = int(house.now.timestamp())
    try:
        to = addresses.place(call.webhook.address)
        number = addresses.reach(to, addresses.networks(settings.LOFTE_WEBHOOK_NETWORKS))
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "Lofte",
            "webhook-id": f"msg_{call.ref}",
            "webhook-timestamp": str(moment),
            "webhook-signature": sign.signature(
                secret_of(house, call.webhook), f"msg_{call.ref}", moment, body
            ),
        }
        status = addresses.post(to, number, body, headers)
    except LofteError as error:
        _log.warning("webhook call %s waits: %s", call.ref, type(error).__name__)
        status = 0
    taken = 200 <= status < 300
    with writing():
        Call.objects.filter(pk=call.pk).update(status=status, done_at=house.now if taken else None)
    if status == _GONE:
        end(house, call.webhook, by="")
    return taken


def _forget(house: House) -> None:
    """What was told long ago, or given up, is not needed any more."""
    old = house.now - KEPT
    gone = Call.objects.filter(Q(done_at__lte=old) | Q(given_up_at__lte=old) | Q(webhook__ended__at__lte=old))
    if gone.exists():
        with writing():
            gone.delete()
