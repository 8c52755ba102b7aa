"""What one handler proposes and another decides: a refusal, or more time."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods

from lofte.accounts.models import Handler
from lofte.accounts.roles import Permission
from lofte.accounts.token import same_person
from lofte.console import pages, sending, words
from lofte.console.allowed import acting, allowed, at_work, handler
from lofte.law.clock import Because
from lofte.requests.course.propose import Terms, agree, decline, open_proposal, propose, terms_of
from lofte.requests.course.refuse import Ground
from lofte.requests.course.seconded import What, needed
from lofte.requests.models import Proposal, Request

_ASKED = {
    What.REFUSAL: lazy("Refuse the request"),
    What.EXTENSION: lazy("Extend the time"),
}
_BECAUSE = {"complex": lazy("It is complex"), "many": lazy("There are many requests")}


class Settle(forms.Form):
    """Yes, or no and why."""

    answer = forms.ChoiceField(
        label=lazy("Your decision"),
        widget=forms.RadioSelect,
        choices=[("yes", lazy("Do as proposed")), ("no", lazy("Do not do it"))],
    )
    why = forms.CharField(
        label=lazy("Why not"),
        help_text=lazy("Whoever proposed it reads this."),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def clean(self) -> dict[str, Any] | None:
        """A no needs its reason."""
        cleaned = super().clean() or {}
        if cleaned.get("answer") == "no" and not cleaned.get("why"):
            self.add_error("why", gettext("Write why not, so that they know what to do instead."))
        return cleaned


def only_proposes(who: Handler, what: What) -> bool:
    """Whether what this handler asks for waits for another person: the policy says so, or their role."""
    if what is What.REFUSAL and not who.may(Permission.REFUSE_REQUEST):
        return True
    return needed(at_work().house, what)


def proposed(request: HttpRequest, found: Request, terms: Terms) -> HttpResponseBase:
    """Write a proposal down, and go back to the request."""
    propose(at_work().house, found, terms, by=handler(request).ref)
    messages.success(request, _("It is proposed. Another person decides on it."))
    return redirect("console:request", number=found.number)


def waiting_for(found: Request, who: Handler) -> bool:
    """Whether something is proposed that this handler may decide on."""
    there = open_proposal(found)
    if there is None or not who.may(Permission.REFUSE_REQUEST):
        return False
    return not same_person(there.by, who.ref)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(Permission.REFUSE_REQUEST)
@acting("request", "number")
def proposal(request: HttpRequest, number: str) -> HttpResponseBase:
    """Decide on what another has proposed."""
    found, house = get_object_or_404(Request, number=number), at_work().house
    there = open_proposal(found)
    if there is None:
        messages.info(request, _("Nothing is proposed."))
        return redirect("console:request", number=number)
    form = Settle(request.POST or None)
    if request.method == "POST" and form.is_valid():
        by = handler(request).ref
        if form.cleaned_data["answer"] == "yes":
            agree(house, there, by=by)
            messages.success(request, _("It is done as proposed. The letter to the person is below."))
        else:
            decline(house, there, why=form.cleaned_data["why"], by=by)
            messages.success(request, _("The proposal is turned down."))
        return redirect("console:request", number=number)
    return render(
        request,
        "console/proposal.html",
        {
            "here": "requests",
            "number": number,
            "who": pages.handlers([there.by])[there.by],
            "at": there.at,
            "facts": _facts(there),
            "sent": _sent(found, terms_of(house, there)),
            "form": form,
        },
    )


def _sent(found: Request, terms: Terms) -> tuple[sending.Sent, ...]:
    """The letters that leave when it is done as proposed."""
    if terms.what is What.REFUSAL:
        return sending.refused(found, Ground(terms.ground), terms.why)
    return sending.extended(found, terms.months, Because(terms.because), terms.why)


def _facts(there: Proposal) -> list[tuple[str, str]]:
    terms = terms_of(at_work().house, there)
    facts = [(_("Proposed"), str(_ASKED[terms.what]))]
    if terms.what is What.REFUSAL:
        facts.append((_("Ground"), str(words.called(words.GROUNDS, terms.ground))))
    else:
        facts.append((_("How much more"), _("One month") if terms.months == 1 else _("Two months")))
        facts.append((_("Ground"), str(_BECAUSE[terms.because])))
    if terms.why:
        facts.append((_("Reasons"), terms.why))
    return facts
