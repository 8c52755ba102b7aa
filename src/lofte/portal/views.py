"""The pages of the portal."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from lofte.notices import presented
from lofte.notices.publish import in_force
from lofte.portal import choices, pages, versions
from lofte.portal import health as vital_signs

ROBOTS = (
    "User-agent: *\nDisallow: /console/\nDisallow: /mine\nDisallow: /sign-in\nDisallow: /accounts/\n"
    "Disallow: /language/\nDisallow: /appearance/\n"
)


@require_safe
def notice(request: HttpRequest) -> HttpResponse:
    """The privacy policy in force, in the reader's language (art. 12-14)."""
    published = in_force(timezone.localdate())
    if published is None:
        return render(request, "portal/no_notice.html")
    page = pages.published_page(published.text, "en" if get_language() == "en" else "sv")
    if request.method == "GET":  # a HEAD shows nobody anything
        presented.seen(published.digest, presented.NOTICE, page.notice.language, timezone.localdate())
    answer = render(request, "portal/notice.html", {"page": page, "news": versions.news()})
    patch_vary_headers(answer, ["Accept-Language", "Cookie"])
    return answer


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """For load balancers and alarms."""
    signs = vital_signs.look()
    answer = JsonResponse(signs.words(), status=200 if signs.well else 503)
    answer["Cache-Control"] = "no-store"
    return answer


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """The policy may be found; the rest is nobody's business."""
    return HttpResponse(ROBOTS, content_type="text/plain; charset=utf-8")


@require_safe
def language(request: HttpRequest, code: str) -> HttpResponse:
    """Choose a language."""
    return choices.remember_language(request, code)


@require_safe
def appearance(request: HttpRequest, theme: str) -> HttpResponse:
    """Choose light or dark."""
    return choices.remember_theme(request, theme)
