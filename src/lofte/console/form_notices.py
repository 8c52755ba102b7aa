"""The notices at forms: a line to copy for each, how often each was shown, and how the whole text reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_safe

from lofte.accounts.roles import Permission
from lofte.console import words
from lofte.console.allowed import allowed
from lofte.notices import form_lines, presented
from lofte.notices.classified import read_version
from lofte.notices.presented import Shown
from lofte.notices.publish import in_force
from lofte.policy import reading_ease
from lofte.policy.document import Language, Policy
from lofte.policy.notice import notice
from lofte.policy.notice.form import FormNotice, at_form
from lofte.policy.reading_ease import Ease, Level

LEVELS = {
    Level.EASY: lazy("easy"),
    Level.PLAIN: lazy("plain"),
    Level.DEMANDING: lazy("demanding"),
    Level.HARD: lazy("hard to read"),
}
HARDEST = 3
"""Sections that are named."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AtForm:
    """A form, what stands there, and the lines that put it there."""

    said: FormNotice
    shown: Shown | None
    script: str
    frame: str
    server: str
    words: str


@require_safe
@allowed(Permission.SEE_REQUESTS)
def page(request: HttpRequest) -> HttpResponse:
    """Each form of the policy in force."""
    published = in_force(timezone.localdate())
    if published is None:
        return render(request, "console/form_notices.html", {"here": "watch"})
    policy = read_version(published.text)
    counted = presented.shown(published.digest)
    told = {
        "here": "watch",
        "published": published,
        "forms": [_at(policy, form, counted) for form in policy.forms],
        "eases": [_reads(policy, language) for language in policy.meta.languages],
        "notice": _in_all(counted, presented.NOTICE),
    }
    return render(request, "console/form_notices.html", told)


def _at(policy: Policy, form: str, counted: Mapping[tuple[str, str], Shown]) -> AtForm:
    spoken = next((each for each in policy.meta.languages if each == get_language()), None)
    said = at_form(policy, form, spoken or policy.meta.record_language, form_lines.whole_notice())
    return AtForm(
        said=said,
        shown=_in_all(counted, form),
        script=form_lines.script_line(said),
        frame=form_lines.frame_line(said),
        server=form_lines.address(said, ".html"),
        words=form_lines.as_html(said),
    )


def _in_all(counted: Mapping[tuple[str, str], Shown], form: str) -> Shown | None:
    """How often it was shown, in all languages."""
    found = [each for (shown, _), each in counted.items() if shown == form]
    if not found:
        return None
    return Shown(times=sum(each.times for each in found), last=max(each.last for each in found))


def _reads(policy: Policy, language: Language) -> tuple[str, Ease, str, list[tuple[str, Ease]]]:
    """The language, how hard the whole text is, that in a word, and its hardest sections."""
    said = notice(policy, language)
    whole = reading_ease.of_notice(said)
    parts = sorted(
        ((section.heading, ease) for section, ease in reading_ease.sections(said)),
        key=lambda part: part[1].value if part[1].higher_is_harder else -part[1].value,
        reverse=True,
    )
    return words.called(words.LANGUAGES, language), whole, str(LEVELS[whole.level]), parts[:HARDEST]
