"""The banner's files and configuration, as a website loads them."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import condition, require_safe

from lofte.banner.asked import asked
from lofte.banner.built import Built, built, bundle, config
from lofte.notices.publish import in_force

_FIVE_MINUTES, _YEAR = 300, 31_536_000


@require_safe
def script(request: HttpRequest, name: str) -> HttpResponse:
    """A file as it is now."""
    file = _known(name)
    answer = condition(etag_func=lambda *_: f'"{file.build}"')(lambda _: _script(file.content))(request)
    patch_cache_control(answer, public=True, max_age=_FIVE_MINUTES)
    return answer


@require_safe
def kept_script(request: HttpRequest, build: str, name: str) -> HttpResponse:
    """A file at the address that never means another; for the `integrity` attribute."""
    file = _known(name)
    if file.build != build:
        raise Http404("another build is served now")
    answer = _script(file.content)
    patch_cache_control(answer, public=True, max_age=_YEAR, immutable=True)
    return answer


@require_safe
def whole(request: HttpRequest, language: str) -> HttpResponse:
    """Banner and configuration in one file, of the policy in force."""
    _, told = asked(language)
    made = f'"{told.sha[:16]}-{built("consent.js").build}"'
    answer = condition(etag_func=lambda *_: made)(lambda _: _script(bundle(told)))(request)
    patch_cache_control(answer, public=True, max_age=_FIVE_MINUTES)
    return answer


@require_safe
def configuration(request: HttpRequest, language: str) -> HttpResponse:
    """The configuration by itself, for a site that renders it into its pages."""
    _, told = asked(language)
    answer = HttpResponse(config(told), content_type="application/json; charset=utf-8")
    patch_cache_control(answer, public=True, max_age=_FIVE_MINUTES)
    return _for_all(answer)


@require_safe
def gpc(request: HttpRequest) -> HttpResponse:
    """That Global Privacy Control is honoured here, and since when (W3C, `/.well-known/gpc.json`)."""
    published = in_force(timezone.localdate())
    asked("sv")
    since = published.effective_from if published else timezone.localdate()
    return JsonResponse({"gpc": True, "lastUpdate": f"{since:%Y-%m-%d}"})


def _known(name: str) -> Built:
    try:
        return built(name)
    except KeyError:
        raise Http404(name) from None


def _script(content: bytes) -> HttpResponse:
    return _for_all(HttpResponse(content, content_type="text/javascript; charset=utf-8"))


def _for_all(answer: HttpResponse) -> HttpResponse:
    """A website of another name loads it, too; there is nothing in it about anybody."""
    answer["Access-Control-Allow-Origin"] = "*"
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer
