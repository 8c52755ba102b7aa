"""The policy in force for other programs: TILT and DPV. Public, as the policy is."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from lofte.notices.classified import read_version
from lofte.notices.publish import in_force
from lofte.policy.document import Language, Policy
from lofte.policy.exchange.dpv import dpv
from lofte.policy.exchange.tilt import tilt


@require_safe
def tilt_file(request: HttpRequest) -> HttpResponse:
    """As a TILT document (art. 12-14), in the reader's language; `?language=en` chooses."""
    return _answer(request, "application/json", lambda policy, spoken: tilt(policy, spoken).document)


@require_safe
def dpv_file(request: HttpRequest) -> HttpResponse:
    """As JSON-LD in the words of the Data Privacy Vocabulary."""
    return _answer(request, "application/ld+json", lambda policy, spoken: dpv(policy, spoken).document)


def _answer(
    request: HttpRequest, media_type: str, made: Callable[[Policy, Language], dict[str, Any]]
) -> HttpResponse:
    published = in_force(timezone.localdate())
    if published is None:
        raise Http404
    policy = read_version(published.text)  # read once: anybody may ask, as often as they like
    asked = request.GET.get("language") or get_language()
    document = made(policy, "en" if asked == "en" else "sv")
    answer = HttpResponse(json.dumps(document, ensure_ascii=False, indent=2), content_type=media_type)
    patch_vary_headers(answer, ["Accept-Language", "Cookie"])
    return answer
