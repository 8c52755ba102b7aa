"""What those who work here leave behind: requests given to somebody, remarks, mail, rows in doubt, and a
year of answered requests to count."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any


def fill(world: Any, work: Any, by: str, other: str) -> dict[str, str]:
    """All of it; where each stands."""
    return {**_cases(world, work, by, other), **_mail(work), **_doubt(work), **_answered(by)}


def _cases(world: Any, work: Any, by: str, other: str) -> dict[str, str]:
    from lofte.law.rights import Right
    from lofte.requests.course.assign import assign
    from lofte.requests.course.remark import remark
    from lofte.requests.course.take import take
    from tests.browser.erasing import _identity

    case = take(
        work.house,
        rights=[Right.ACCESS, Right.ERASURE],
        identities=[_identity(world, 80)],
        channel="portal",
        language="sv",
        words="Jag vill veta vad ni har om mig, och sedan att ni tar bort det.",
    )
    access, erasure = case.items.order_by("id")
    assign(work.house, access, to=by, by=by)
    assign(work.house, erasure, to=other, by=by)
    remark(work.house, access, "Hon ringde igen i dag och undrade hur det går.", by=by)
    return {
        "case": f"/console/requests/{access.number}",
        "chosen": f"n={access.number}&n={erasure.number}&n=2026-000088&n=2026-000112",
    }


def _mail(work: Any) -> dict[str, str]:
    from lofte.intake.models import Mail
    from lofte.intake.take_in import take_in
    from tests.intake.letters import SETTINGS, fetched, message

    told = [
        message("Kan ni skicka en kopia av det ni har om mig, tror jag?", name="9", subject="Undrar"),
        message("Vidarebefordrar: radera alla mina uppgifter.", name="10", subject="VB: Hej"),
    ]
    for n, raw in enumerate(told, 1):
        take_in(work.house, "m" * 64, 7, fetched(raw, n, work.house.now - timedelta(days=n)), SETTINGS)
    found = Mail.objects.order_by("id").first()
    if found is None:
        return {}
    Mail.objects.update(outcome="suggested", why="unsure", rights=["access"])
    return {"mail": f"/console/mail/{found.ref}"}


def _doubt(work: Any) -> dict[str, str]:
    from lofte.requests.models import Deferral
    from lofte.requests.records.deferred import Doubt

    kept = list(Deferral.objects.filter(done_at=None).order_by("id")[:3])
    Doubt.objects.bulk_create(Doubt(deferral=each, at=work.house.now) for each in kept)
    return {"doubt": f"/console/doubts/{kept[0].request.number}"} if kept else {}


def _answered(by: str) -> dict[str, str]:
    """Sixty requests over a year, most answered in time."""
    from django.utils import timezone

    from lofte.requests.models import Request, Transition

    for n, (days, took, right, channel) in enumerate(_year()):
        received = timezone.now() - timedelta(days=days)
        request = Request.objects.create(
            ref=f"{n:032x}",
            number=f"2025-{n + 1:06}",
            right=right,
            channel=channel,
            language="sv",
            received_at=received,
            due_on=timezone.localdate(received) + timedelta(days=31),
            policy_version="2026.1",
            state="delivered",
            key=b"",
        )
        at = received + timedelta(days=took)
        Transition.objects.create(request=request, to_state="received", at=received, by=by)
        Transition.objects.create(request=request, to_state="delivered", at=at, by=by)
    return {}


def _year() -> Iterator[tuple[int, int, str, str]]:
    rights = ("access", "erasure", "access", "rectification", "objection", "access", "portability")
    channels = ("portal", "email", "phone", "email", "letter")
    for n in range(60):
        yield 62 + n * 5, 2 + (n * 7) % 24 + (12 if n % 13 == 0 else 0), rights[n % 7], channels[n % 5]
