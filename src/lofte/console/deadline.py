"""How a deadline is shown: days left, a plain word, a tone and a sign (art. 12.3).

The dates themselves are reckoned in `lofte.law`; here they only become words.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

SOON = 7


class Tone(StrEnum):
    """The look of a state; the same names as in the stylesheets."""

    CALM = "calm"
    SOON = "soon"
    LATE = "late"
    NOTE = "note"
    QUIET = "quiet"


SIGNS = {Tone.CALM: "clock", Tone.SOON: "clock", Tone.LATE: "alert", Tone.NOTE: "info", Tone.QUIET: "check"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Deadline:
    """When an answer is due, seen from today."""

    due: date | None
    days: int
    tone: Tone
    words: str

    @property
    def sign(self) -> str:
        """The icon that says the same as the tone."""
        return SIGNS[self.tone]


def seen_from(today: date, due: date | None, *, done: bool) -> Deadline:
    """The deadline in words, as it looks on this day."""
    if due is None or done:
        return Deadline(due=due, days=0, tone=Tone.QUIET, words=_("Finished") if done else _("No deadline"))
    days = (due - today).days
    if days < 0:
        words = ngettext("%(days)d day late", "%(days)d days late", -days) % {"days": -days}
        return Deadline(due=due, days=days, tone=Tone.LATE, words=words)
    if days == 0:
        return Deadline(due=due, days=0, tone=Tone.SOON, words=_("Due today"))
    words = ngettext("%(days)d day left", "%(days)d days left", days) % {"days": days}
    return Deadline(due=due, days=days, tone=Tone.SOON if days <= SOON else Tone.CALM, words=words)
