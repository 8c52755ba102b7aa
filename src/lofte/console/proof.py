"""Every promise of the policy, whether it is kept, and on what evidence (art. 5.2)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST, require_safe

from lofte.accounts.roles import Permission
from lofte.console.allowed import allowed, at_work, handler
from lofte.console.drawing import stacked_bar, swatch
from lofte.notices import proof_page, proof_pdf, proofs
from lofte.notices.models import ProofRun
from lofte.notices.proofs import Said
from lofte.proof.areas import AREAS
from lofte.proof.records import Finding
from lofte.proof.report_words import PROBLEMS

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
_KINDS = {"html": "text/html; charset=utf-8", "pdf": "application/pdf", "json": "application/json"}


@require_safe
@allowed(Permission.SEE_LEDGER)
def page(request: HttpRequest) -> HttpResponse:
    """The newest proof by area; `?finding=broken` shows those alone."""
    run = _shown()
    language = get_language() or "sv"
    wanted = request.GET.get("finding", "")
    chosen = Finding(wanted) if wanted in set(Finding) else None
    counted = proofs.counts(run) if run else {}
    lines = proofs.said(run, language) if run else ()
    return render(
        request,
        "console/proof.html",
        {
            "here": "proof",
            "run": run,
            "changed": run is None and proofs.newest() is not None,
            "waits": proofs.waits(),
            "chosen": chosen,
            "areas": _areas([line for line in lines if chosen in (None, line.finding)], language, chosen),
            "problems": [
                (each, PROBLEMS[each.finding].say(language).capitalize())
                for each in proofs.problems(run, language)
            ]
            if run
            else [],
            "remarks": proof_page.remarks(run.lines, language) if run else [],
            "counted": [(f, CALLED[f], swatch(LOOKS[f]), counted.get(f, 0)) for f in Finding],
            "bar": _bar(Counter(counted)),
            "all": len(lines),
        },
    )


@require_safe
@allowed(Permission.SEE_LEDGER)
def download(request: HttpRequest) -> HttpResponse:
    """The newest proof as a page, a tagged PDF, or the signed JSON: `?as=html`, `pdf` or `json`."""
    run, kind = _shown(), request.GET.get("as", "pdf")
    if run is None or kind not in _KINDS:
        raise Http404
    language = "en" if get_language() == "en" else "sv"
    content: str | bytes
    if kind == "html":
        content = proof_page.page(run.lines, language)
    elif kind == "pdf":
        content = proof_pdf.pdf(run.lines, language)
    else:
        content = json.dumps(run.lines, ensure_ascii=False, indent=1) + "\n"
    answer = HttpResponse(content, content_type=_KINDS[kind])
    name = f"{'proof' if language == 'en' else 'redovisning'}-{run.lines['on']}.{kind}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@require_POST
@allowed(Permission.SEE_LEDGER)
def again(request: HttpRequest) -> HttpResponse:
    """Judge all promises anew; the server does it in a moment."""
    proofs.ask(at_work().house, by=handler(request).ref)
    return redirect("console:proof")


def _shown() -> ProofRun | None:
    """The newest proof, when it is the one that was signed."""
    run = proofs.newest()
    return run if run is not None and proofs.holds(at_work().house, run) else None


def _areas(lines: Sequence[Said], language: str, chosen: Finding | None) -> list[dict[str, Any]]:
    """The promises by chapter. One where something is broken is open, and so are all when they are few."""
    found = []
    for area, name in AREAS.items():
        there = [line for line in lines if line.area == area]
        if there:
            counted = Counter(line.finding for line in there)
            found.append(
                {
                    "id": area,
                    "name": name.say(language),
                    "lines": [(line, CALLED[line.finding]) for line in there],
                    "bar": _bar(counted),
                    "kept": counted[Finding.KEPT],
                    "counted": [(CALLED[f], swatch(LOOKS[f]), counted[f]) for f in Finding if counted[f]],
                    "open": bool(counted[Finding.BROKEN]) or (chosen is not None and len(lines) <= _FEW),
                }
            )
    return found


_FEW = 12
"""So many promises are shown unfolded."""


def _bar(counted: Counter[Finding]) -> SafeString:
    return stacked_bar([(LOOKS[f], counted[f]) for f in Finding])
