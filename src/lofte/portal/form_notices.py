"""The notice at a form, for the company's own site: a page to frame, a script, and HTML, JSON or text.

Open to the sites that the policy names (`notice.form.origins`) and to nobody else's pages. No cookie is set,
and nothing about who reads is kept: only how many times each text was shown, by day.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language, override
from django.views.decorators.http import require_safe

from lofte.notices import form_lines, presented
from lofte.notices.classified import read_version
from lofte.notices.publish import in_force
from lofte.policy.document import Language, Policy
from lofte.policy.notice import form as forms
from lofte.policy.notice.form import FormNotice, at_form

FOR_A_WHILE = "public, max-age=300"
_SCRIPT = "form-notice.js"


@require_safe
def page(request: HttpRequest, form: str) -> HttpResponse:
    """The notice as a page of its own, to be framed by the company's site."""
    policy, said = _asked(request, form, "frame")
    with override(said.language):
        answer = render(request, "portal/form_notice.html", form_lines.context(said))
    answer.framed_by = forms.origins(policy)  # type: ignore[attr-defined]  # read by `site.headers`
    answer["Cache-Control"] = FOR_A_WHILE
    return answer


@require_safe
def fragment(request: HttpRequest, form: str) -> HttpResponse:
    """The notice as a piece of HTML, to be put into a page by the company's server."""
    policy, said = _asked(request, form, "html")
    with override(said.language):
        answer = render(request, "portal/form_fragment.html", form_lines.context(said))
    return _shared(request, policy, answer)


@require_safe
def data(request: HttpRequest, form: str) -> HttpResponse:
    """The notice as JSON; what the script asks for."""
    policy, said = _asked(request, form, "json")
    answer = JsonResponse(forms.plain(said), json_dumps_params={"ensure_ascii": False})
    return _shared(request, policy, answer)


@require_safe
def words(request: HttpRequest, form: str) -> HttpResponse:
    """The notice as plain text."""
    policy, said = _asked(request, form, "text")
    return _shared(request, policy, HttpResponse(forms.text(said), content_type="text/plain; charset=utf-8"))


@require_safe
def script(request: HttpRequest) -> HttpResponse:
    """The script that puts the notice of `data-form` where it stands. It needs no inline script or style."""
    answer = HttpResponse(_script(), content_type="text/javascript; charset=utf-8")
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    answer["Cache-Control"] = FOR_A_WHILE
    return answer


def _asked(request: HttpRequest, form: str, way: str) -> tuple[Policy, FormNotice]:
    published = in_force(timezone.localdate())
    if published is None:
        raise Http404
    policy = read_version(published.text)
    if form not in policy.forms:
        raise Http404
    said = at_form(policy, form, _language(request, policy), form_lines.whole_notice())
    if request.method == "GET":  # a HEAD shows nobody anything
        presented.seen(published.digest, form, said.language, timezone.localdate())
    return policy, said


def _language(request: HttpRequest, policy: Policy) -> Language:
    """The one asked for, else the reader's own; never one that the policy does not speak."""
    for wanted in (request.GET.get("lang"), get_language()):
        for each in policy.meta.languages:
            if each == wanted:
                return each
    return policy.meta.record_language


def _shared(request: HttpRequest, policy: Policy, answer: HttpResponse) -> HttpResponse:
    """Let the company's own pages read it, and no others."""
    origin = request.headers.get("Origin", "")
    if origin in forms.origins(policy):
        answer["Access-Control-Allow-Origin"] = origin
        answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    answer["Cache-Control"] = FOR_A_WHILE
    patch_vary_headers(answer, ["Origin", "Accept-Language"])
    return answer


@lru_cache(maxsize=1)
def _script() -> bytes:
    return (files("lofte.portal") / _SCRIPT).read_bytes()
