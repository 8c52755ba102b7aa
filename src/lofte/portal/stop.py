"""Two pages that a link in a letter opens: stopping advertising (RFC 8058), and confirming a yes.

Neither does anything by being opened: mail servers open links. Neither asks who it is.
"""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from lofte.consent import newsletter, unsubscribe
from lofte.errors import Conflict
from lofte.portal.doorway import at_the_door, at_work

_ONE_CLICK = "One-Click"


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@at_the_door
def unsubscribe_page(request: HttpRequest, token: str) -> HttpResponse:
    """Stop advertising to the address that the link was made for. A mail program posts without any cookie, so
    there is none to protect: whoever has the link may stop it."""
    house = at_work().house
    link = unsubscribe.read(house, token)
    if link is None:
        raise Http404
    if request.method == "POST":
        unsubscribe.stop(house, link)
        if request.POST.get("List-Unsubscribe") == _ONE_CLICK:
            return HttpResponse(status=200, content_type="text/plain")
    return render(request, "portal/unsubscribe.html", {"stopped": unsubscribe.is_stopped(link)})


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_door
def confirm_page(request: HttpRequest, token: str) -> HttpResponse:
    """What somebody said yes to, and a button that says that it was they."""
    house = at_work().house
    asked = newsletter.asked(house, token)
    if asked is None:
        return render(request, "portal/confirm.html", {"gone": True}, status=404)
    done = False
    if request.method == "POST":
        try:
            newsletter.confirm(house, token)
            done = True
        except Conflict:
            return render(request, "portal/confirm.html", {"gone": True}, status=404)
    language = "en" if get_language() == "en" else "sv"
    named = (house.policy.purposes.get(id_) for id_ in asked.purposes)
    return render(
        request,
        "portal/confirm.html",
        {
            "asked": asked,
            "purposes": [each.name.say(language) for each in named if each is not None and each.name],
            "done": done,
        },
    )
