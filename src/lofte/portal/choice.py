"""The receipt of what somebody chose about cookies: read on a page, and as a file (art. 7.1, 7.3).

Who has the number of a receipt has it from our answer: it is 128 random bits, and names nobody.
"""

from __future__ import annotations

import re

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from lofte.consent.proof import Proven, history, proven
from lofte.consent.receipt import as_json, entry_of
from lofte.portal.doorway import at_the_door, at_work

ACTIONS = {
    "accept": _("You said yes to all"),
    "reject": _("You said no to all"),
    "save": _("You chose one by one"),
    "withdraw": _("You took your yes back"),
    "gpc": _("Your browser said no to tracking (GPC), and you let that stand"),
    "expire": _("Your earlier choice had become too old, or what it was about had changed"),
}
SURFACES = {
    "banner": _("in the first question"),
    "dialog": _("in the settings"),
    "page": _("on the page about cookies"),
    "placeholder": _("in the place of blocked content"),
    "api": _("by a button of the website"),
}
_RECEIPT = re.compile("[0-9a-f]{32}")


@require_safe
@at_the_door
def receipt_page(request: HttpRequest, ref: str) -> HttpResponse:
    """What was shown, what was chosen, when and how; and what came before and after."""
    found = _found(ref)
    return render(
        request,
        "portal/choice.html",
        {
            "choice": found,
            "said": ACTIONS[found.body["action"]],
            "where": SURFACES[found.body["surface"]],
            "chosen": chosen(found),
            "entry": entry_of(ref),
            "others": [(each, ACTIONS[each.body["action"]]) for each in history(found.person)],
            "here": "choice",
        },
    )


@require_safe
@at_the_door
def receipt_json(request: HttpRequest, ref: str) -> HttpResponse:
    """The receipt as ISO/IEC TS 27560 has it."""
    answer = JsonResponse(as_json(at_work().house, _found(ref)), json_dumps_params={"indent": 2})
    answer["Content-Disposition"] = f'attachment; filename="receipt-{ref[:8]}.json"'
    return answer


def chosen(found: Proven) -> list[tuple[str, bool, list[tuple[str, bool]]]]:
    """Each purpose by its name, whether it has a yes, and the same of its vendors."""
    names, body = found.names, found.body
    content = found.content or {}
    serves = {
        purpose["id"]: [vendor["id"] for vendor in purpose.get("vendors", ())]
        for purpose in content.get("purposes", ())
    }
    return [
        (
            names.get(id_, id_),
            bool(said),
            [(names[each], bool(body["vendors"].get(each))) for each in serves.get(id_, ())],
        )
        for id_, said in body["purposes"].items()
    ]


def _found(receipt: str) -> Proven:
    found = proven(receipt) if _RECEIPT.fullmatch(receipt) else None
    if found is None:
        raise Http404
    return found
