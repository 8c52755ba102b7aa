"""How an erasure goes in each system, as somebody who waits wants to hear it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from lofte.console import words
from lofte.console.deadline import Tone
from lofte.console.names import Names
from lofte.console.words import Words
from lofte.execution.models import StepState
from lofte.requests.course.order import CARRY_OUT
from lofte.requests.erasure.outcome import SystemOutcome
from lofte.requests.records.ordered import EVERYWHERE

STEPS: Mapping[str, Words] = {
    EVERYWHERE: lazy("The check of all systems"),
    CARRY_OUT: lazy("The beginning"),
}
WHY: Mapping[str, Words] = {
    "unreachable": lazy("it does not answer"),
    "conflict": lazy("somebody else was at the same rows"),
    "broken": lazy("what was done did not agree with what was planned"),
    "residual": lazy("the second scanner still finds something"),
    "not_approved": lazy("the plan has grown since it was approved; look at it again and approve it anew"),
    "too_wide": lazy("the plan passes the cap; look at it again and approve it with a reason"),
    "unknown": lazy("it was refused; see the log"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Course:
    """One step on one system."""

    system: str
    state: str
    tone: Tone
    sign: str
    words: str
    next_try: datetime | None
    stuck: bool
    """It waits after a failure, or for a person."""


def course(outcomes: Iterable[SystemOutcome], called: Names) -> tuple[Course, ...]:
    """The steps in words."""
    return tuple(_one(each, called) for each in outcomes)


def _one(each: SystemOutcome, called: Names) -> Course:
    name = words.called(STEPS, each.system) if each.system in STEPS else called.system(each.system)
    why = words.called(WHY, each.why) if each.why else ""
    said = {"when": _when(each.since), "why": why, "attempt": each.attempt}
    match each.state:
        case StepState.DONE:
            state, tone, sign, text = _("Done"), Tone.CALM, "check", _("Done %(when)s.")
        case StepState.RUNNING:
            state, tone, sign, text = _("At work"), Tone.NOTE, "clock", _("At work since %(when)s.")
        case StepState.FAILED:
            state, tone, sign = _("Waits for you"), Tone.LATE, "alert"
            text = _("Stopped since %(when)s: %(why)s. It is not tried again by itself.")
        case _ if each.why:
            state, tone, sign = _("Waiting"), Tone.SOON, "clock"
            text = _("Waiting since %(when)s: %(why)s. Tried %(attempt)s times.")
            if each.attempt == 1:
                text = _("Waiting since %(when)s: %(why)s. Tried once.")
        case _:
            state, tone, sign, text = _("Waits its turn"), Tone.QUIET, "clock", _("Not begun yet.")
    failed = bool(each.why) and each.state in (StepState.WAITING, StepState.FAILED)
    return Course(
        system=name,
        state=state,
        tone=tone,
        sign=sign,
        words=text % said,
        next_try=each.next_try if each.why else None,
        stuck=failed,
    )


def _when(moment: datetime) -> str:
    """The day and the time of day."""
    return date_format(timezone.localtime(moment), "j F Y H:i")
