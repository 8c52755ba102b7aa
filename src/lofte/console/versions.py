"""The versions of the policy: on their way, in force and earlier; each with what is changed in it, who has
seen it, and who is told of it (art. 5.2, 13.3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST, require_safe

from lofte.accounts.models import Handler
from lofte.accounts.roles import Permission
from lofte.console import pages
from lofte.console.allowed import acting, allowed, at_work, handler
from lofte.errors import Broken, Conflict
from lofte.notices import announce as announcing
from lofte.notices import versions
from lofte.notices.apart import apart
from lofte.notices.classified import compared, read_version, reasons, takes_force
from lofte.notices.letters import in_words
from lofte.notices.models import Draft, PublishedPolicy
from lofte.notices.publish import beside, in_force, state_of
from lofte.notices.roads import State
from lofte.policy.document import Policy, Text

CALLED: dict[str, tuple[str | Promise, str, str]] = {
    State.DRAFT: (lazy("Sent back"), "late", "back"),
    State.REVIEW: (lazy("In review"), "soon", "clock"),
    State.APPROVED: (lazy("Approved"), "soon", "check"),
    State.PUBLISHED: (lazy("Coming"), "soon", "calendar"),
    State.IN_FORCE: (lazy("Applies now"), "calm", "check"),
    "over": (lazy("No longer applies"), "", "document"),
}
_STEPS: dict[str, str | Promise] = {
    State.DRAFT: lazy("Written"),
    State.REVIEW: lazy("Handed in for review"),
    State.APPROVED: lazy("Approved"),
    State.PUBLISHED: lazy("Published"),
    State.IN_FORCE: lazy("Took force"),
}
_SEE = (Permission.SEE_LEDGER, Permission.PUBLISH_POLICY, Permission.APPROVE)


class Settle(forms.Form):
    """What becomes of a version."""

    why = forms.CharField(
        label=lazy("Why"),
        help_text=lazy("It is kept with the version. To send it back, write what is to be mended."),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A version in the list."""

    version: str
    called: str | Promise
    tone: str
    sign: str
    since: date
    major: bool | None
    told: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """A step that it has taken."""

    what: str | Promise
    who: str
    at: datetime
    why: str


@require_safe
@allowed(*_SEE)
def version_list(request: HttpRequest) -> HttpResponseBase:
    """Every version, those on their way first."""
    done = PublishedPolicy.objects.values("version")
    waiting = Draft.objects.exclude(version__in=done).order_by("-id")
    newest = {each.version: each for each in reversed(waiting)}
    every = PublishedPolicy.objects.select_related("announcement").order_by("-effective_from", "-id")
    lines = [_waiting(each) for each in newest.values()] + [_published(each) for each in every]
    return render(request, "console/versions.html", {"here": "versions", "lines": lines})


@require_safe
@allowed(*_SEE)
def version_page(request: HttpRequest, version: str) -> HttpResponseBase:
    """One version: where it stands, what is changed, what is wrong, and who is told."""
    published = PublishedPolicy.objects.select_related("announcement").filter(version=version).first()
    draft = Draft.objects.filter(version=version).last()
    if published is None and draft is None:
        raise Http404
    text = published.text if published else draft.text if draft else ""
    return render(
        request,
        "console/version.html",
        {
            "here": "versions",
            "version": version,
            "line": _published(published) if published else _waiting(draft) if draft else None,
            "steps": _steps(draft),
            "faults": versions.open_faults(draft) if draft and not published else (),
            "draft": draft.ref if draft else "",
            "people": draft.people if draft else None,
            "form": Settle(),
            "coming": published is not None and takes_force(published) is None,
            "posted": published is not None
            and hasattr(published, "announcement")
            and hasattr(published.announcement, "posted"),
            **_change(published, text),
            **_may(handler(request), draft, published),
        },
    )


@require_POST
@allowed(Permission.PUBLISH_POLICY, Permission.APPROVE)
@acting("version", "version")
def settle(request: HttpRequest, version: str) -> HttpResponseBase:
    """Approve it, send it back, publish it, or record that letters are posted."""
    who, act, house = handler(request), request.POST.get("act", ""), at_work().house
    # Another text may have been handed in since: what is settled is what was read.
    draft = Draft.objects.filter(version=version, ref=request.POST.get("draft", "")).first()
    form = Settle(request.POST)
    why = form.cleaned_data["why"] if form.is_valid() else ""
    if act == "posted" and who.may(Permission.PUBLISH_POLICY):
        found = PublishedPolicy.objects.exclude(announcement=None).select_related("announcement")
        published = get_object_or_404(found, version=version)
        announcing.posted(house, published.announcement, by=who.ref)
        messages.success(request, _("It is noted that the letters are posted."))
    elif draft is None:
        raise Conflict("another text of this version has been handed in since; read it again")
    elif act == "approve":
        versions.approve(house, draft, by=who.ref, why=why)
        messages.success(request, _("The version is approved."))
    elif act == "return":
        versions.send_back(house, draft, by=who.ref, why=why)
        messages.success(request, _("The version is sent back."))
    elif act == "publish" and who.may(Permission.PUBLISH_POLICY):
        versions.publish_draft(house, draft, by=who.ref, why=why)
        messages.success(request, _("The version is published. Those whom it touches are told."))
    return redirect("console:version", version=version)


def _waiting(draft: Draft) -> Line:
    called, tone, sign = CALLED[state_of(draft)]
    return Line(
        version=draft.version,
        called=called,
        tone=tone,
        sign=sign,
        since=draft.effective_from,
        major=None,
        told=None,
    )


def _published(each: PublishedPolicy) -> Line:
    today, day = timezone.localdate(), takes_force(each)
    holds = in_force(today)
    state = State.PUBLISHED if day is None or day > today else "over"
    if holds is not None and holds.pk == each.pk:
        state = State.IN_FORCE
    called, tone, sign = CALLED[state]
    told = announcing.tally(each.announcement).left if hasattr(each, "announcement") else None
    return Line(
        version=each.version,
        called=called,
        tone=tone,
        sign=sign,
        since=day or each.effective_from,
        major=bool(each.reasons) if each.replaces else None,
        told=told,
    )


def _steps(draft: Draft | None) -> list[Step]:
    if draft is None:
        return []
    listed = list(draft.steps.all())
    who = pages.handlers({each.by for each in listed})
    found = []
    for number, each in enumerate(listed):
        back = each.state == State.DRAFT and number > 0
        what = _("Sent back") if back else _STEPS[each.state]
        found.append(Step(what=what, who=who[each.by], at=each.at, why=each.why))
    return found


def _change(published: PublishedPolicy | None, text: str) -> dict[str, object]:
    """What is changed: against the version that it took the place of, or the one that holds."""
    language = "en" if get_language() == "en" else "sv"
    try:
        before = _before(published, text)
        if before is None:
            return {"before": None}
        said, also = apart(compared(before.text, text), language)
        policy = read_version(text)
    except Broken:
        return {"before": None}
    return {
        "before": before,
        "said": said,
        "also": also,
        "why": _why(published, policy, language),
        "tally": announcing.tally(published.announcement) if _told(published) and published else None,
    }


def _before(published: PublishedPolicy | None, text: str) -> PublishedPolicy | None:
    if published is None:
        return beside(read_version(text), timezone.localdate())[0]
    return PublishedPolicy.objects.filter(version=published.replaces).first()


def _told(published: PublishedPolicy | None) -> bool:
    return published is not None and hasattr(published, "announcement")


def _why(published: PublishedPolicy | None, policy: Policy, language: str) -> list[tuple[str, str]]:
    """Each reason why the change is major, with its field."""
    if published is not None:
        return [(in_words(policy, each, language), each.path) for each in reasons(published)]
    from lofte.notices.classified import Why

    _, major = beside(policy, timezone.localdate())
    found = [
        Why(rule=each.rule, path=each.path, what=Text(sv=each.what.say("sv"), en=each.what.say("en")))
        for each in (major.reasons if major else ())
    ]
    return [(in_words(policy, each, language), each.path) for each in found]


def _may(who: Handler, draft: Draft | None, published: PublishedPolicy | None) -> dict[str, bool]:
    """What whoever is signed in may do with it now."""
    state = state_of(draft) if draft and not published else None
    decides = who.may(Permission.APPROVE) or who.may(Permission.PUBLISH_POLICY)
    return {
        "may_approve": decides and state is State.REVIEW,
        "may_return": decides and state in (State.REVIEW, State.APPROVED),
        "may_publish": who.may(Permission.PUBLISH_POLICY) and state is State.APPROVED,
        "may_post": who.may(Permission.PUBLISH_POLICY) and _told(published),
    }
