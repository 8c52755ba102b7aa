"""The lines that put the notice of a form on the company's own site: a script, a frame, HTML."""

from __future__ import annotations

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import override

from lofte.policy.notice import form as forms
from lofte.policy.notice.form import FormNotice


def whole_notice() -> str:
    """Where the whole notice is, as people write it in a browser."""
    return settings.LOFTE_URL.rstrip("/") + reverse("portal:notice")


def as_html(said: FormNotice) -> SafeString:
    """The piece of HTML."""
    with override(said.language):
        return render_to_string("portal/form_fragment.html", context(said))


def address(said: FormNotice, way: str = "") -> str:
    """Where this notice is; `way` is `.html`, `.json` or `.txt`, or nothing for the page to frame."""
    path = reverse("portal:form-notice", args=(said.form,))
    return f"{settings.LOFTE_URL.rstrip('/')}{path}{way}?lang={said.language}"


def script_line(said: FormNotice) -> str:
    """The line that shows the notice where it stands, for a page that allows our script."""
    source = settings.LOFTE_URL.rstrip("/") + reverse("portal:form-script")
    return f'<script src="{source}" data-form="{said.form}" data-lang="{said.language}" defer></script>'


def frame_line(said: FormNotice) -> str:
    """The line that shows the notice in a frame."""
    title = escape(f"{said.heading}: {said.name}")
    return f'<iframe src="{address(said)}" title="{title}" width="100%" height="480"></iframe>'


def context(said: FormNotice) -> dict[str, object]:
    """What the templates of the notice are given."""
    first, *rest = said.sections
    return {"said": said, "first": first, "rest": rest, "more": forms.more_words(said)}
