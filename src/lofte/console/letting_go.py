"""What a handler is told before the person is let fetch their answer."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lofte.console.words import LEVELS
from lofte.requests.answer.weigh import outdated, undecided
from lofte.requests.models import Request


def before_release(request: Request) -> str:
    """What it means, what opens the answer, and what would be better done first."""
    return " ".join(_said(request))


def _said(request: Request) -> Iterator[str]:
    yield _(
        "The person is told, and fetches the answer in the portal within seven days, three times at most, "
        "after showing who they are. The request is answered by this."
    )
    package = request.packages.order_by("-id").first()
    reached = request.identifications.aggregate(level=Max("level"))["level"] or 0
    if package is not None:
        yield _("What opens it: %(level)s.") % {"level": LEVELS[str(package.level)]}
        if reached < package.level:
            yield _("They have not shown that yet. A code by letter does it, as e-ID does: give one first.")
    if left := undecided(request):
        yield ngettext(
            "%(n)d row that names or mentions somebody is not looked at, and is not in this answer. "
            "Looked at later, it is sent as a supplement.",
            "%(n)d rows that name or mention somebody are not looked at, and are not in this answer. "
            "Looked at later, they are sent as a supplement.",
            left,
        ) % {"n": left}
    if outdated(request):
        yield _("Rows were decided on after it was made: make it anew first, or they are not in it.")
