"""The reader's own choices: language and appearance. A cookie is set only when one is made."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

LANGUAGES = {"sv": "Svenska", "en": "English"}
THEMES = {"auto": _("As the device"), "light": _("Light"), "dark": _("Dark")}
THEME_COOKIE = "lofte_theme"
YEAR = 365 * 24 * 3600


def theme_of(request: HttpRequest) -> str:
    """`light`, `dark`, or nothing when the reader's device decides."""
    theme = request.COOKIES.get(THEME_COOKIE, "")
    return theme if theme in ("light", "dark") else ""


def remember_language(request: HttpRequest, code: str) -> HttpResponse:
    """Go back where the reader was, in the language that was asked for."""
    answer = _back(request)
    answer.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=YEAR,
        samesite="Lax",
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=True,
    )
    return answer


def remember_theme(request: HttpRequest, theme: str) -> HttpResponse:
    """Go back where the reader was, in light or dark; `auto` forgets the choice."""
    answer = _back(request)
    if theme == "auto":
        answer.delete_cookie(THEME_COOKIE, samesite="Lax")
    else:
        answer.set_cookie(
            THEME_COOKIE,
            theme,
            max_age=YEAR,
            samesite="Lax",
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=True,
        )
    return answer


def _back(request: HttpRequest) -> HttpResponseRedirect:
    """Only to a page of our own: `next` comes from outside."""
    target = request.GET.get("next", "/")
    ours = url_has_allowed_host_and_scheme(target, allowed_hosts=None, require_https=request.is_secure())
    answer = HttpResponseRedirect(target if ours and target.startswith("/") else "/")
    answer["Cache-Control"] = "no-store"
    return answer
