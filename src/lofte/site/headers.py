"""The security headers of every answer.

Nothing inline, nothing from elsewhere, no frame around us (but the notice of a form, around which the
company's own sites may put one), no referrer to others, no cache where somebody is signed in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
    )
)

_OFF = (
    "accelerometer",
    "autoplay",
    "browsing-topics",
    "camera",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "geolocation",
    "gyroscope",
    "hid",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "serial",
    "usb",
    "xr-spatial-tracking",
)

HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": _POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in _OFF),
    # Not `no-referrer`: with it browsers send `Origin: null` with our own forms, and CSRF checks fail.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_TWO_YEARS = "max-age=63072000; includeSubDomains"
Answer = Callable[[HttpRequest], HttpResponseBase]


def framed(origins: Iterable[str]) -> Mapping[str, str]:
    """The headers of an answer that these sites may put into a frame, and nobody else."""
    ancestors = " ".join(("'self'", *origins))
    mine = {
        "Content-Security-Policy": _POLICY.replace("frame-ancestors 'none'", f"frame-ancestors {ancestors}"),
        "Cross-Origin-Resource-Policy": "cross-origin",
    }
    return {name: mine.get(name, value) for name, value in HEADERS.items() if name != "X-Frame-Options"}


class Headers:
    """Puts the headers on every answer, the server's own errors and static files too."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, with the headers."""
        response = self.get_response(request)
        own = getattr(response, "framed_by", None)
        for name, value in (HEADERS if own is None else framed(own)).items():
            response.headers.setdefault(name, value)
        if settings.LOFTE_SECURE:
            response.headers.setdefault("Strict-Transport-Security", _TWO_YEARS)
        if _signed_in(request) or request.path.startswith(("/console/", "/accounts/")):
            response.headers["Cache-Control"] = "no-store"
        return response


def _signed_in(request: HttpRequest) -> bool:
    handler = getattr(request, "user", None)
    return bool(handler is not None and handler.is_authenticated)
