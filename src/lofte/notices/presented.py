"""Which texts were shown: the notice and the notices at forms, by version, language and day (art. 12.1, 13).

Hard rules:
- Counts and days alone: never who read, from where, or at what time of day.
- A page that is read writes nothing: counts are kept in memory and written once a minute by the server. A
  process that is killed loses at most what it showed since the last minute.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import F, Max, Sum

from lofte.execution.house import House
from lofte.notices.models import Presented
from lofte.policy.digest import digest
from lofte.proof.records import Check, Evidence

NOTICE = ""
"""In the place of a form: the whole notice."""
_Key = tuple[str, str, str, date]
_LOCK = threading.Lock()
_SEEN: Counter[_Key] = Counter()


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """How many times a text was shown, and on which day it was last."""

    times: int
    last: date


def seen(version: str, form: str, language: str, on: date) -> None:
    """A text of the version with this digest was shown once; `form` is empty for the whole notice."""
    with _LOCK:
        _SEEN[version, form, language, on] += 1


def waits() -> bool:
    """Whether something was shown that is not written yet."""
    return bool(_SEEN)


def keep() -> int:
    """Write what was shown since last time; returns how many times that was. What cannot be written waits."""
    with _LOCK:
        taken = Counter(_SEEN)
        _SEEN.clear()
    try:
        with transaction.atomic():
            for (version, form, language, on), times in sorted(taken.items()):
                row, _ = Presented.objects.get_or_create(digest=version, form=form, language=language, day=on)
                Presented.objects.filter(pk=row.pk).update(times=F("times") + times)
    except BaseException:
        with _LOCK:
            _SEEN.update(taken)
        raise
    return taken.total()


def shown(version: str) -> Mapping[tuple[str, str], Shown]:
    """What was shown of the version with this digest, by form and language."""
    rows = (
        Presented.objects.filter(digest=version)
        .order_by()
        .values_list("form", "language")
        .annotate(all=Sum("times"), last=Max("day"))
    )
    return {(form, language): Shown(times=times, last=last) for form, language, times, last in rows}


def counted(house: House) -> Iterator[Evidence]:
    """What was shown of the policy that the house works by, as evidence."""
    version = digest(house.policy)
    for (form, language), each in shown(version).items():
        yield Evidence(
            kind=Check.PRESENTED,
            at=house.now,
            policy_version=house.policy_version,
            facts={
                "digest": version,
                "form": form,
                "language": language,
                "times": each.times,
                "last": each.last.isoformat(),
            },
        )
