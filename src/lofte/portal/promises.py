"""What the company promises and whether it keeps it, for anybody to read (art. 5.2)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_safe

from lofte.notices import proofs
from lofte.portal.doorway import at_work
from lofte.proof.records import Finding

CALLED = {
    Finding.KEPT: lazy("Kept as promised"),
    Finding.BROKEN: lazy("Not kept"),
    Finding.UNPROVEN: lazy("Not shown"),
    Finding.NOT_BUILT: lazy("Not checked by the system"),
}
MEANS = {
    Finding.KEPT: lazy("There is evidence that we do what we say."),
    Finding.BROKEN: lazy("We found that we do not do what we say. We are mending it."),
    Finding.UNPROVEN: lazy("Nothing says that we break it, but we cannot show that we keep it."),
    Finding.NOT_BUILT: lazy("We cannot show it yet: the part of our system that would check it is missing."),
}
_ORDER = (Finding.KEPT, Finding.BROKEN, Finding.UNPROVEN, Finding.NOT_BUILT)


@require_safe
def promises_page(request: HttpRequest) -> HttpResponse:
    """The short form of the newest proof: sentences and findings, no evidence."""
    run = proofs.newest()
    # One that has been changed since it was signed is shown to nobody.
    run = run if run is not None and proofs.holds(at_work().house, run) else None
    said = proofs.said(run, get_language() or "sv") if run else ()
    # Several promises may stand in one sentence; it is read once.
    once = {(line.finding, line.sentence): line for line in reversed(said)}
    by = {
        finding: [line for line in reversed(once.values()) if line.finding is finding] for finding in _ORDER
    }
    answer = render(
        request,
        "portal/promises.html",
        {
            "run": run,
            "groups": [(f, CALLED[f], MEANS[f], by[f]) for f in _ORDER if by[f]],
        },
    )
    patch_vary_headers(answer, ["Accept-Language", "Cookie"])
    return answer
