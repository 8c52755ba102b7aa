"""A package whose days are over: its key is shredded, and nothing opens it any more (art. 5.1 e).

Hard rules:
- The key goes first, whatever state the workspace is in; that it went is noted after, once.
- A package that a later one of the same request has taken the place of goes at once.
- The key of a request does not outlive its package: whoever is over has nothing left here.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.db.models import Exists, OuterRef, Q, QuerySet

from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.ledger.kinds import Kind, Value
from lofte.requests.answer.strongroom import destroy, forget_all_left
from lofte.requests.course.roads import State
from lofte.requests.models import PackageRecord


def due(now: datetime) -> bool:
    """Whether a package is to go."""
    return _over(now).exists()


def destroy_due(folder: Path, now: datetime) -> int:
    """Shred the keys and remove the files of the packages that are over, and of those that nobody
    recorded; returns how many were over."""
    forget_all_left(folder, now)
    over = list(_over(now))
    for package in over:
        destroy(folder, Path(package.path), package.key)
    return len(over)


def note_gone(house: House) -> int:
    """Note those that are over and destroyed, each once; returns how many."""
    done = 0
    for package in list(_over(house.now).select_related("request")):
        destroy(house.folder, Path(package.path), package.key)
        with recorded(house):
            if not PackageRecord.objects.filter(pk=package.pk, gone_at=None).update(gone_at=house.now):
                continue
            said: dict[str, Value] = {"digest": package.sha256, "fetched": package.fetches.count()}
            ref, version = package.request.ref, house.policy_version
            note(Kind.PACKAGE_EXPIRED, ref, said, at=house.now, policy_version=version)
            done += 1
    return done


def _over(now: datetime) -> QuerySet[PackageRecord]:
    later = Exists(PackageRecord.objects.filter(request=OuterRef("request"), pk__gt=OuterRef("pk")))
    ended = Q(request__state__in=[state for state in State if not state.open], request__key=b"")
    return PackageRecord.objects.filter(Q(until__lte=now) | later | ended, gone_at=None)
