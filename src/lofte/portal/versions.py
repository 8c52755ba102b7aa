"""Every version of the policy, for anybody to read: what it said, what was changed in it, and a feed of news
(art. 5.2, 12.1, 13.3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lofte.errors import Broken
from lofte.notices.apart import apart
from lofte.notices.classified import compared, read_version, reasons, takes_force
from lofte.notices.letters import in_words, what_changes
from lofte.notices.models import PublishedPolicy
from lofte.notices.publish import coming, in_force
from lofte.notices.versions import acknowledge, has_read
from lofte.portal import pages
from lofte.portal.doorway import at_the_door, at_work
from lofte.portal.visitor import visitor


@dataclass(frozen=True, kw_only=True, slots=True)
class Listed:
    """A version in the archive."""

    version: str
    state: str
    """`coming`, `holds` or `over`."""
    since: date
    replaces: str
    major: bool
    what: tuple[str, ...]


@require_safe
def archive(request: HttpRequest) -> HttpResponse:
    """Every version, the newest first."""
    return _varying(render(request, "portal/versions.html", {"versions": listed(), "company": _company()}))


@require_safe
def version(request: HttpRequest, version: str) -> HttpResponse:
    """A version as it was published, marked when it does not hold."""
    found = _found(version)
    if (holds := in_force(timezone.localdate())) is not None and holds.pk == found.pk:
        return redirect("portal:notice")
    day = takes_force(found)
    page = pages.published_page(found.text, _language())
    over = day is not None and day <= timezone.localdate()
    shown = {"page": page, "standing": "over" if over else "coming", "found": found, "day": day}
    return _varying(render(request, "portal/notice.html", shown))


@require_safe
def difference(request: HttpRequest, before: str, after: str) -> HttpResponse:
    """What one version says otherwise than another, sentence by sentence."""
    old, new = _found(before), _found(after)
    language = _language()
    try:
        found = compared(old.text, new.text)
        policy = read_version(new.text)
    except Broken as error:
        raise Http404 from error
    said, also = apart(found, language)
    spoken = language if found.read(language) else policy.meta.record_language
    shown = {
        "before": old,
        "after": new,
        "day": takes_force(new) or new.effective_from,
        "why": [in_words(policy, why, language) for why in reasons(new)] if new.replaces == before else [],
        "said": said,
        "also": also,
        "language": spoken,
        "company": _company(),
    }
    return _varying(render(request, "portal/versions_apart.html", shown))


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """The versions as an Atom feed (RFC 4287)."""
    here = at_work().house.url
    atom = Atom1Feed(
        title=_("Changes of our privacy policy"),
        link=f"{here}/",
        description="",
        feed_url=f"{here}{reverse('portal:changes')}",
        language=_language(),
        author_name=_company(),
    )
    for each in PublishedPolicy.objects.order_by("-published_at")[:_MOST]:
        atom.add_item(
            title=_("Version %(version)s") % {"version": each.version},
            link=f"{here}{_address(each)}",
            description=what_changes(each, _language()) if each.replaces else _("The first version."),
            unique_id=f"urn:sha256:{each.digest}",
            pubdate=each.published_at,
            updateddate=each.published_at,
        )
    answer = HttpResponse(atom.writeString("utf-8"), content_type=atom.content_type)
    return _varying(answer)


@require_safe
def feed_json(request: HttpRequest) -> HttpResponse:
    """The same for programs."""
    return _varying(
        JsonResponse(
            {
                "versions": [
                    {
                        "version": each.version,
                        "digest": each.digest,
                        "published_at": each.published_at.isoformat(),
                        "applies_from": (takes_force(each) or each.effective_from).isoformat(),
                        "replaces": each.replaces or None,
                        "major": [why.path for why in reasons(each)],
                        "url": request.build_absolute_uri(_address(each)),
                    }
                    for each in PublishedPolicy.objects.order_by("-published_at")[:_MOST]
                ]
            }
        )
    )


@require_POST
@at_the_door
def read_it(request: HttpRequest) -> HttpResponse:
    """Whoever is in to their own case says that they have read of the version that is coming."""
    who, house = visitor(request), at_work().house
    found = coming(house.today)
    if who is not None and found is not None:
        acknowledge(house, found, who.case)
        messages.success(request, _("Thank you. We have noted that you have read it. It means nothing more."))
    return redirect("portal:mine")


_MOST = 50
"""Versions in a feed."""


def listed() -> list[Listed]:
    """Every version as a page shows it, the newest first."""
    today, language = timezone.localdate(), _language()
    holds = in_force(today)
    every = PublishedPolicy.objects.select_related("announcement").order_by("-effective_from", "-id")
    return [_listed(each, holds, today, language) for each in every]


def news(case: str = "") -> dict[str, object]:
    """What a page says of a version that is coming; nothing when none is."""
    found = coming(timezone.localdate())
    if found is None or not found.replaces:
        return {}
    return {
        "version": found.version,
        "replaces": found.replaces,
        "day": takes_force(found) or found.effective_from,
        "major": bool(found.reasons),
        "read": bool(case) and has_read(found, case),
    }


def _listed(each: PublishedPolicy, holds: PublishedPolicy | None, today: date, language: str) -> Listed:
    day = takes_force(each)
    state = "coming" if day is None or day > today else "over"
    if holds is not None and holds.pk == each.pk:
        state = "holds"
    return Listed(
        version=each.version,
        state=state,
        since=day or each.effective_from,
        replaces=each.replaces,
        major=bool(each.reasons),
        what=_what(each, language),
    )


def _what(each: PublishedPolicy, language: str) -> tuple[str, ...]:
    found = reasons(each)
    if not found:
        return ()
    policy = read_version(each.text)
    return tuple(dict.fromkeys(in_words(policy, why, language) for why in found[:6]))


def _found(version: str) -> PublishedPolicy:
    found = PublishedPolicy.objects.select_related("announcement").filter(version=version).first()
    if found is None:
        raise Http404
    return found


def _address(each: PublishedPolicy) -> str:
    if each.replaces:
        parts = {"before": each.replaces, "after": each.version}
        return reverse("portal:versions-apart", kwargs=parts)
    return reverse("portal:version", kwargs={"version": each.version})


def _company() -> str:
    found = in_force(timezone.localdate())
    return pages.published_page(found.text, _language()).company if found else ""


def _language() -> str:
    return "en" if get_language() == "en" else "sv"


def _varying(answer: HttpResponse) -> HttpResponse:
    patch_vary_headers(answer, ["Accept-Language", "Cookie"])
    return answer
