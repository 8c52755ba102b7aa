"""Every promise of the policy, whether it is kept, and on what evidence (art. 5.2)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST, require_safe

from lofte.accounts.roles import Permission
from lofte.console.allowed import allowed, at_work, handler
from lofte.console.drawing import stacked_bar, swatch
from lofte.notices import proofs
from lofte.proof.records import Finding

CALLED = {
    Finding.KEPT: lazy("Kept as promised"),
    Finding.BROKEN: lazy("Broken"),
    Finding.UNPROVEN: lazy("Unproven"),
    Finding.NOT_BUILT: lazy("Not built"),
}
LOOKS = {
    Finding.KEPT: "calm",
    Finding.BROKEN: "late",
    Finding.UNPROVEN: "soon",
    Finding.NOT_BUILT: "pause",
}
"""How a part of the bar is drawn."""


@require_safe
@allowed(Permission.SEE_LEDGER)
def page(request: HttpRequest) -> HttpResponse:
    """The newest proof; `?finding=broken` shows those alone."""
    run = proofs.newest()
    wanted = request.GET.get("finding", "")
    chosen = Finding(wanted) if wanted in set(Finding) else None
    counted = proofs.counts(run) if run else {}
    lines = proofs.said(run, get_language() or "sv") if run else ()
    return render(
        request,
        "console/proof.html",
        {
            "here": "proof",
            "run": run,
            "waits": proofs.waits(),
            "chosen": chosen,
            "lines": [(line, CALLED[line.finding]) for line in lines if chosen in (None, line.finding)],
            "counted": [(f, CALLED[f], swatch(LOOKS[f]), counted.get(f, 0)) for f in Finding],
            "bar": stacked_bar([(LOOKS[f], counted.get(f, 0)) for f in Finding]),
            "all": len(lines),
        },
    )


@require_POST
@allowed(Permission.SEE_LEDGER)
def again(request: HttpRequest) -> HttpResponse:
    """Judge all promises anew; the server does it in a moment."""
    proofs.ask(at_work().house, by=handler(request).ref)
    return redirect("console:proof")
