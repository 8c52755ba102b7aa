"""What every page's template needs: signs, the reader's choices, and one form field."""

from __future__ import annotations

from datetime import date, datetime
from urllib.parse import urlencode

from django import template
from django.db import DatabaseError
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple
from django.http import HttpRequest
from django.template.context import Context
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from lofte.errors import LofteError
from lofte.law.articles import cite
from lofte.law.statutes import STATUTES
from lofte.notices.publish import in_force
from lofte.portal.choices import LANGUAGES, THEMES, theme_of
from lofte.portal.pages import published_page

register = template.Library()


@register.filter(expects_localtime=True)
def day(value: date | None) -> str:
    """A day: `8 nov 2026` in Swedish, where months have no capital; `8 Nov 2026` in English."""
    return date_format(value, f"j {_month()} Y") if value else ""


@register.filter(expects_localtime=True)
def moment(value: datetime | None) -> str:
    """A day and a time of day."""
    return date_format(value, f"j {_month()} Y H:i") if value else ""


@register.filter
def law(reference: str) -> str:
    """The place in the law as people write it: `artikel 17.1 a`, `7 kap. 2 § bokföringslagen`."""
    language = "en" if get_language() == "en" else "sv"
    known = STATUTES.get(reference)
    return known.name.say(language) if known else cite(reference, language)


@register.filter
def may(handler: object, permission: str) -> bool:
    """True if whoever looks at the page has this permission."""
    asked = getattr(handler, "may", None)
    return bool(asked and asked(permission))


@register.simple_tag
def company() -> str:
    """Whose portal this is, by the policy in force; empty when none is, or when it cannot be read."""
    try:
        published = in_force(timezone.localdate())
        return published_page(published.text, "sv").company if published else ""
    except (DatabaseError, LofteError):
        return ""


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """A sign from the sprite. It is hidden from screen readers: a word always stands beside it."""
    return format_html(
        '<svg class="icon {}" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        css,
        static("lofte/icons.svg"),
        name,
    )


@register.simple_tag
def drawn(name: str, css: str, box: str) -> SafeString:
    """The mark or the wordmark, in the colour of the text around it."""
    return format_html(
        '<svg class="{}" viewBox="{}" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        css,
        box,
        static("lofte/icons.svg"),
        name,
    )


@register.simple_tag(takes_context=True)
def chosen_theme(context: Context) -> str:
    """`light` or `dark` when the reader has chosen, else nothing: the system decides."""
    request = context.get("request")
    return theme_of(request) if request else ""


@register.inclusion_tag("lofte/parts/choices.html", takes_context=True)
def choices(context: Context, what: str) -> dict[str, object]:
    """Links that set the language or the appearance and come back to this page."""
    request = context.get("request")
    back = urlencode({"next": context.get("return_to") or _where(request)})
    if what == "language":
        label, current = "language", get_language() or "sv"
        options: dict[str, str | Promise] = {**LANGUAGES}
    else:
        label, current = "appearance", (theme_of(request) if request else "") or "auto"
        options = {**THEMES}
    links = [
        {
            "href": f"{reverse(f'portal:{label}', args=[key])}?{back}",
            "name": name,
            "lang": key if label == "language" else None,
            "current": key == current,
        }
        for key, name in options.items()
    ]
    return {"label": label, "links": links}


def _where(request: HttpRequest | None) -> str:
    return request.get_full_path() if request and request.method == "GET" else "/"


@register.inclusion_tag("lofte/parts/field.html")
def field(bound: BoundField) -> dict[str, object]:
    """One form field: label above, help below, what is wrong in words; all tied to it."""
    described = []
    several = isinstance(bound.field.widget, CheckboxSelectMultiple)
    key = bound.auto_id if several else bound.id_for_label
    # A forgotten password is mended by a colleague: there is no letter to send a link in.
    help_text = "" if "/password/reset/" in str(bound.help_text) else bound.help_text
    if help_text:
        described.append(f"{key}_help")
    if bound.errors:
        described.append(f"{key}_wrong")
    attrs: dict[str, str | bool] = {}
    if described:
        attrs["aria-describedby"] = " ".join(described)
    if bound.errors:
        attrs["aria-invalid"] = "true"
        if next(iter(bound.form.errors)) == bound.name and not several:
            attrs["autofocus"] = True
    # A placeholder vanishes when one types; the label stands above instead.
    bound.field.widget.attrs.pop("placeholder", None)
    return {
        "bound": bound,
        "help_text": help_text,
        "widget": bound.as_widget(attrs=attrs),
        "key": key,
        "several": several,
        "tick": isinstance(bound.field.widget, CheckboxInput),
    }


def _month() -> str:
    return "M" if get_language() == "en" else "b"
