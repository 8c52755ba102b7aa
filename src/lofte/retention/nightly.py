"""The sweep that the server does by itself, once a night (art. 5.1 e, 24).

Nothing is begun before somebody has approved a first rule, and a night is begun once, however many
servers there are. One that was stopped goes on.
"""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import IntegrityError

from lofte.errors import Conflict
from lofte.execution.house import House
from lofte.execution.store import writing
from lofte.law.calendar import STOCKHOLM, civil_date
from lofte.retention.ahead import Connect
from lofte.retention.models import Approval, Slot, Sweep
from lofte.retention.pace import Pace, Paused, standing
from lofte.retention.sweep import Swept, sweep

NAME = "sweep"
FROM_HOUR = 2
"""The hour in Sweden from which a night's sweep may begin."""
_log = logging.getLogger("lofte.retention")


def due(now: datetime) -> bool:
    """Whether there is a sweep to begin, or one of today to go on with."""
    if now.astimezone(STOCKHOLM).hour < FROM_HOUR or standing() or not Approval.objects.exists():
        return False
    today = civil_date(now)
    begun = Slot.objects.filter(name=NAME, slot=today).exists()
    return not begun or Sweep.objects.filter(as_of=today, end=None, by="").exists()


def run(house: House, connect: Connect) -> Swept | None:
    """Do it; None when somebody else is at it. Alarms are logged as counts."""
    try:
        with writing():
            Slot.objects.create(name=NAME, slot=house.today, at=house.now)
    except IntegrityError:
        if not Sweep.objects.filter(as_of=house.today, end=None, by="").exists():
            return None
    try:
        swept = sweep(house, connect, pace=Pace())
    except (Conflict, Paused):
        return None
    for stop in swept.stops:
        at = f"{stop.system}.{stop.dataset}"
        _log.warning("sweep %s: %s, %d rows were left: %s", swept.as_of, at, stop.rows, stop.why)
    return swept
