"""Rows that only mention the person, looked at one by one (art. 15.4)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST, require_safe

from lofte.accounts.roles import Permission
from lofte.console import names as naming
from lofte.console import sending
from lofte.console.allowed import acting, allowed, at_work, handler
from lofte.console.reasons import reasoned
from lofte.plan.answer import label
from lofte.requests.answer import named, weigh
from lofte.requests.answer.anew import make_anew
from lofte.requests.answer.remarks import REMARKS
from lofte.requests.answer.weigh import Verdict
from lofte.requests.course.roads import State
from lofte.requests.models import Mention, Request

_SAID = {
    "": lazy("Nobody has looked"),
    Verdict.GIVE: lazy("Is given"),
    Verdict.OTHERS: lazy("Is kept back for others' sake"),
    Verdict.NOT_THEIRS: lazy("Is about somebody else"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A row that waits or is decided on: where it stands, and never what it says."""

    ref: str
    dataset: str
    said: str
    decided: bool


class Weigh(forms.Form):
    """What is done with the row that is shown."""

    verdict = forms.ChoiceField(
        label=lazy("What is done with this row"),
        widget=forms.RadioSelect,
        choices=[
            (Verdict.GIVE.value, lazy("Give it, without what is ticked below")),
            (Verdict.OTHERS.value, lazy("Do not give it: it would harm somebody else (art. 15.4)")),
            (Verdict.NOT_THEIRS.value, lazy("Do not give it: it is about somebody else with the same name")),
        ],
    )
    names = forms.MultipleChoiceField(
        label=lazy("Names that become dots"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=lazy("Take the tick away at the person's own name, and at names of your own staff."),
    )
    words = forms.CharField(
        label=lazy("Other words that become dots"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        max_length=weigh.LONGEST,
        help_text=lazy("One on each line: a nickname, an address, what somebody is ill with."),
    )

    def __init__(self, shown: weigh.Shown, data: object = None) -> None:
        more = [word for word in shown.words if word not in shown.names]
        ticked = list(shown.words) if shown.decided else list(shown.names)
        initial = {"names": ticked, "words": "\n".join(more)}
        if shown.decided:
            initial["verdict"] = shown.decided.verdict
        super().__init__(data, initial=initial)  # type: ignore[arg-type]
        offered = self.fields["names"]
        assert isinstance(offered, forms.MultipleChoiceField)
        offered.choices = [(name, name) for name in shown.names]
        if not shown.names:
            del self.fields["names"]

    @property
    def out(self) -> list[str]:
        """What is taken out."""
        given = self.cleaned_data
        return [*given.get("names", []), *given["words"].splitlines()]


@require_safe
@allowed(Permission.FULFIL_REQUEST)
@acting("request", "number")
def mention_list(request: HttpRequest, number: str) -> HttpResponseBase:
    """The rows of a request that are looked at; what they say is shown one at a time."""
    found = get_object_or_404(Request, number=number)
    lines, live = list(_lines(found)), weigh.still_weighed(found)
    return render(
        request,
        "console/mentions.html",
        {
            "here": "requests",
            "number": number,
            "lines": lines,
            "left": sum(not line.decided for line in lines),
            "open": live,
            "answered": found.state == State.DELIVERED,
            "sent": sending.supplemented(found) if found.state == State.DELIVERED else (),
            "named": live and named.waits(at_work().house, found),
            "anew": live and weigh.outdated(found),
        },
    )


@require_POST
@allowed(Permission.FULFIL_REQUEST)
@acting("mentions", "number")
@reasoned("mention")
def mention(request: HttpRequest, number: str) -> HttpResponseBase:
    """One row, opened. By POST: a link that is followed by chance shows nothing."""
    found = get_object_or_404(Request, number=number)
    return _shown(request, found, request.POST.get("ref", ""))


@require_POST
@allowed(Permission.FULFIL_REQUEST)
@acting("mentions", "number")
@reasoned("mention")
def weighed(request: HttpRequest, number: str) -> HttpResponseBase:
    """What somebody has said of a row; then the next is shown."""
    found, house, by = get_object_or_404(Request, number=number), at_work().house, handler(request).ref
    ref = request.POST.get("ref", "")
    row = weigh.open_row(house, found, ref)
    if row is None:
        return redirect("console:mentions", number=number)
    form = Weigh(row, request.POST)
    if not form.is_valid():
        again = weigh.look(house, found, ref, by=by)  # it is shown once more, and that is noted
        return _page(request, found, again or row, form)
    weigh.decide(house, found, ref, Verdict(form.cleaned_data["verdict"]), form.out, by=by)
    messages.success(request, _("It is noted what is done with the row."))
    return _shown(request, found) if weigh.undecided(found) else redirect("console:mentions", number=number)


@require_POST
@allowed(Permission.FULFIL_REQUEST)
@acting("mentions", "number")
def anew(request: HttpRequest, number: str) -> HttpResponseBase:
    """Let the answer be made anew, with what was decided; one that is given is supplemented."""
    found = get_object_or_404(Request, number=number)
    make_anew(at_work().house, found, by=handler(request).ref)
    if found.state == State.DELIVERED:
        messages.success(request, _("The supplement is being made. When it is ready, the person is told."))
    else:
        messages.success(request, _("The answer is being made anew. Look again in a moment."))
    return redirect("console:request", number=number)


@require_POST
@allowed(Permission.FULFIL_REQUEST)
@acting("mentions", "number")
@reasoned("mention")
def names(request: HttpRequest, number: str) -> HttpResponseBase:
    """The names of others in the person's own rows, each once. By POST: a link that is followed by chance
    shows nothing."""
    found, language = get_object_or_404(Request, number=number), get_language() or "sv"
    shown = named.named(at_work().house, found, by=handler(request).ref)
    if shown is None:
        messages.info(request, _("There is no row that waits."))
        return redirect("console:mentions", number=number)
    called = naming.names(found.policy_version, language)
    lines = [(each, called.of(each.system, each.dataset).dataset) for each in shown.names]
    page = {"here": "requests", "number": number, "shown": shown, "lines": lines}
    return render(request, "console/others.html", page)


@require_POST
@allowed(Permission.FULFIL_REQUEST)
@acting("mentions", "number")
def given(request: HttpRequest, number: str) -> HttpResponseBase:
    """The rows are given, without the names that are ticked."""
    found, out = get_object_or_404(Request, number=number), request.POST.getlist("names")
    seen = request.POST.get("seen", "")
    rows = named.give_named(at_work().house, found, out, seen=seen, by=handler(request).ref)
    words = ngettext(
        "%(n)d row is given, without these names.", "%(n)d rows are given, without these names.", rows
    )
    messages.success(request, words % {"n": rows})
    return redirect("console:mentions", number=number)


def _shown(request: HttpRequest, found: Request, ref: str = "") -> HttpResponseBase:
    row = weigh.look(at_work().house, found, ref, by=handler(request).ref)
    if row is None:
        messages.info(request, _("There is no row that waits."))
        return redirect("console:mentions", number=found.number)
    return _page(request, found, row, Weigh(row))


def _page(request: HttpRequest, found: Request, row: weigh.Shown, form: Weigh) -> HttpResponseBase:
    language, house, at = get_language() or "sv", at_work().house, row.mention
    called = naming.names(found.policy_version, language)
    fields = [(_("Remark"), value) for value in row.fields.values()]
    if (at.system, at.dataset) != (REMARKS.system, REMARKS.dataset):
        mapped = house.datamap.system(at.system).datasets[at.dataset].fields
        fields = [
            (label(house.policy, name, mapped[name]).say("sv" if language == "sv" else "en"), value)
            for name, value in row.fields.items()
            if value not in (None, "") and name in mapped and not mapped[name].technical
        ]
    return render(
        request,
        "console/mention.html",
        {
            "here": "requests",
            "number": found.number,
            "ref": row.mention.ref,
            "dataset": called.of(row.mention.system, row.mention.dataset).dataset,
            "fields": fields,
            "left": row.left,
            "form": form,
        },
    )


def _lines(found: Request) -> Iterator[Line]:
    called = naming.names(found.policy_version, get_language() or "sv")
    for each in Mention.objects.filter(request=found).prefetch_related("weighed"):
        last = max(each.weighed.all(), key=lambda w: w.pk, default=None)
        yield Line(
            ref=each.ref,
            dataset=called.of(each.system, each.dataset).dataset,
            said=str(_SAID[Verdict(last.verdict) if last else ""]),
            decided=last is not None,
        )
