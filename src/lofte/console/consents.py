"""What visitors chose: how many said yes to what, and the proof of each (art. 7.1)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST, require_safe

from lofte.accounts.roles import Permission
from lofte.consent.ingest.ids import Ids
from lofte.consent.proof import Proven, history, proven
from lofte.consent.receipt import as_json, entry_of
from lofte.consent.tally import Tally, tally
from lofte.console.allowed import allowed
from lofte.console.drawing import column, stacked_bar, swatch
from lofte.console.sheets import Cell, sheet
from lofte.policy.cookies.words import KINDS

DAYS = (7, 30, 90, 365)
ACTIONS = {
    "accept": lazy("Yes to all"),
    "reject": lazy("No to all"),
    "save": lazy("One by one"),
    "withdraw": lazy("Took a yes back"),
    "gpc": lazy("The browser said no (GPC)"),
    "expire": lazy("Asked anew"),
}
SURFACES = {
    "banner": lazy("Banner"),
    "dialog": lazy("Settings"),
    "page": lazy("Page about cookies"),
    "placeholder": lazy("Place of blocked content"),
    "api": lazy("The website's own button"),
}
LANGUAGES = {"sv": lazy("Swedish"), "en": lazy("English")}


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A line of a table: who said yes, of how many."""

    name: str
    yes: int
    asked: int
    bar: SafeString

    @property
    def percent(self) -> int | None:
        """The share of yeses."""
        return round(100 * self.yes / self.asked) if self.asked else None


@require_safe
@allowed(Permission.SEE_FIGURES)
def page(request: HttpRequest) -> HttpResponseBase:
    """The choices of a period, in counts."""
    days, found = _period(request)
    columns = [
        (f"{day.day}/{day.month}", column(_parts(yes, asked), max(n for _y, n in found.by_day.values())))
        for day, (yes, asked) in found.by_day.items()
    ]
    context = {
        "here": "consents",
        "days": days,
        "choices": DAYS,
        "tally": found,
        "columns": columns if len(columns) <= 31 else (),
        "looks": [(swatch("calm"), _("Yes to something")), (swatch("pause"), _("No to all"))],
        "groups": (
            (_("By purpose"), _("Purpose"), _rows(found.by_purpose, _kinds())),
            (_("By language"), _("Language"), _rows(found.by_language, LANGUAGES)),
        ),
        "actions": [(ACTIONS[each], found.actions[each]) for each in ACTIONS if each in found.actions],
    }
    return render(request, "console/consents.html", context)


@require_safe
@allowed(Permission.SEE_FIGURES)
def consents_file(request: HttpRequest) -> HttpResponseBase:
    """The counts of a period, for a spreadsheet."""
    _days, found = _period(request)

    def headings() -> Sequence[str]:
        return (_("Part"), _("Which"), _("Yes"), _("Asked"))

    def rows() -> Iterable[Sequence[Cell]]:
        for id_, (yes, asked) in found.by_purpose.items():
            yield (_("By purpose"), id_, yes, asked)
        for id_, (yes, asked) in found.by_language.items():
            yield (_("By language"), id_, yes, asked)
        for day, (yes, asked) in found.by_day.items():
            yield (_("By day"), day.isoformat(), yes, asked)

    return sheet(f"samtycken-{found.since}-{found.until}.csv", headings, rows)


@require_POST
@allowed(Permission.SEE_REQUESTS, Permission.SEE_LEDGER)
def find(request: HttpRequest) -> HttpResponseBase:
    """From a receipt, or the id that stands in a cookie, to the choice. By POST: an id is somebody's."""
    known_by = request.POST.get("known_by", "").strip()
    one = proven(known_by)
    person = Ids(key=settings.LOFTE_AT_WORK().house.keys.lookup).read(known_by) or known_by
    found = one or next(iter(history(person)), None)
    if found is None:
        days, counted = _period(request)
        context = {"here": "consents", "days": days, "choices": DAYS, "tally": counted, "missed": True}
        return render(request, "console/consents.html", context, status=404)
    return redirect("console:consent", ref=found.receipt)


@require_safe
@allowed(Permission.SEE_REQUESTS, Permission.SEE_LEDGER)
def one(request: HttpRequest, ref: str) -> HttpResponseBase:
    """One choice: what was shown, what was chosen, when and how, and what came before and after."""
    found = _proven(ref)
    names = found.names
    said = {**found.body["purposes"], **found.body["vendors"]}
    context = {
        "here": "consents",
        "choice": found,
        "action": ACTIONS[found.body["action"]],
        "surface": SURFACES[found.body["surface"]],
        "language": LANGUAGES[found.body["language"]],
        "chosen": [(names.get(id_, id_), bool(yes)) for id_, yes in said.items()],
        "entry": entry_of(ref),
        "others": [(each, ACTIONS[each.body["action"]]) for each in history(found.person)],
    }
    return render(request, "console/consent.html", context)


@require_safe
@allowed(Permission.SEE_REQUESTS, Permission.SEE_LEDGER)
def receipt_file(request: HttpRequest, ref: str) -> HttpResponseBase:
    """The proof as a file: the receipt (ISO/IEC TS 27560), and all that was shown."""
    found = _proven(ref)
    whole = {**as_json(settings.LOFTE_AT_WORK().house, found), "shown": found.content}
    answer = HttpResponse(json.dumps(whole, ensure_ascii=False, indent=2), content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="samtycke-{ref[:8]}.json"'
    return answer


def _proven(ref: str) -> Proven:
    found = proven(ref)
    if found is None:
        raise Http404
    return found


def _period(request: HttpRequest) -> tuple[int, Tally]:
    asked = request.GET.get("days", "")
    days = int(asked) if asked.isdecimal() and int(asked) in DAYS else 30
    today = timezone.localdate()
    return days, tally(today - timedelta(days=days - 1), today)


def _kinds() -> dict[str, str]:
    language = "en" if get_language() == "en" else "sv"
    return {id_: name.say(language) for id_, (name, _text) in KINDS.items()}


def _rows(found: dict[str, tuple[int, int]], names: object) -> list[Row]:
    assert isinstance(names, dict)
    return [
        Row(name=str(names.get(id_, id_)), yes=yes, asked=asked, bar=stacked_bar(_parts(yes, asked)))
        for id_, (yes, asked) in found.items()
    ]


def _parts(yes: int, asked: int) -> Sequence[tuple[str, int]]:
    return (("calm", yes), ("pause", asked - yes))
