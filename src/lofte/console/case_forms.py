"""The forms of a handler's daily work with a request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from lofte.console import words
from lofte.console.forms import CHANNELS, WORDS, Shown
from lofte.datamap.document import Kind
from lofte.execution.house import House
from lofte.law.clock import Because, Waits
from lofte.plan.scope import LIMITED
from lofte.plan.scope import choices as held_kinds
from lofte.requests.course.assign import may_have
from lofte.requests.course.refuse import SHOWN, Ground
from lofte.requests.course.remark import LONGEST
from lofte.requests.door.identify import Level
from lofte.requests.models import Request

RIGHTS = [(id_, name) for id_, (name, _article) in words.RIGHTS.items()]


def kinds_of_data(house: House) -> list[tuple[str, str]]:
    """The categories that may be chosen, by name."""
    language = "en" if get_language() == "en" else "sv"
    return [(id_, name.say(language)) for id_, name in held_kinds(house.policy, house.datamap).items()]


class Receive(Shown):
    """What somebody asks, and by what they are known."""

    KINDS: ClassVar[Mapping[Kind, Any]] = {**Shown.KINDS, Kind.PHONE: _("Telephone")}

    right = forms.ChoiceField(label=_("What they ask"), choices=[("", _("Choose")), *RIGHTS])
    kinds = forms.MultipleChoiceField(
        label=_("Only some kinds of data"),
        help_text=_("Tick none, and it is about everything."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    channel = forms.ChoiceField(label=_("How it came"), choices=CHANNELS)
    received_on = forms.DateField(
        label=_("When it came"),
        help_text=_("The time runs from the day it reached any of us, not from when it is written down."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    language = forms.ChoiceField(label=_("Answer in"), choices=list(words.LANGUAGES.items()))
    another = forms.BooleanField(
        label=_("It is another wish all the same"), required=False, widget=forms.HiddenInput
    )

    def __init__(self, *given: Any, house: House, **more: Any) -> None:
        super().__init__(*given, house=house, **more)
        kinds = self.fields["kinds"]
        assert isinstance(kinds, forms.MultipleChoiceField)
        kinds.choices = kinds_of_data(house)
        self.order_fields(
            ["right", "channel", "received_on", "language", *(kind.value for kind in self.KINDS), "kinds"]
        )
        if len(kinds_of_data(house)) < 2:
            del self.fields["kinds"]

    @property
    def scope(self) -> frozenset[str]:
        """The categories that it is about; none = everything."""
        return frozenset(self.cleaned_data.get("kinds") or ())

    def clean(self) -> dict[str, Any] | None:
        """Only what can be limited is."""
        cleaned = super().clean() or {}
        if cleaned.get("kinds") and cleaned.get("right") not in {right.value for right in LIMITED}:
            self.add_error("kinds", gettext("This right is not asked of kinds of data. Leave them out."))
        return cleaned

    def clean_received_on(self) -> Any:
        """No day that is to come."""
        day = self.cleaned_data["received_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(gettext("A request cannot come tomorrow."))
        if day < timezone.localdate() - timedelta(days=366):
            raise forms.ValidationError(gettext("That is more than a year ago; look at the day."))
        return day

    def ask_about(self, there: Request) -> None:
        """The person has asked this already, and has no answer yet: is it the same wish?"""
        said = gettext("The person has asked this already, in request %(number)s, which is open.")
        self.add_error(None, said % {"number": there.number})
        self.fields["another"].widget = forms.CheckboxInput()


class Identify(Shown):
    """How the person showed who they are (art. 12.6)."""

    NEEDS_ONE = False

    method = forms.CharField(
        label=_("How"),
        help_text=_("What was shown, and where. Kept sealed, and told in the answer."),
        max_length=2000,
        widget=WORDS,
    )
    level = forms.ChoiceField(
        label=_("How surely"),
        choices=[(level, name) for level, name in words.LEVELS.items() if int(level) >= Level.CONTACT],
        initial=str(int(Level.TWO_WAYS)),
    )


class Refuse(forms.Form):
    """Refusing, with the ground of the law (art. 12.2, 12.5)."""

    ground = forms.ChoiceField(
        label=_("Ground"),
        choices=[("", _("Choose")), *((each.value, words.GROUNDS[each.value]) for each in Ground)],
    )
    why = forms.CharField(
        label=_("Reasons"),
        help_text=_("The person reads them. Needed for what is unfounded or excessive (art. 12.5)."),
        max_length=4000,
        required=False,
        widget=WORDS,
    )

    def clean(self) -> dict[str, Any] | None:
        """Reasons where the law asks for them."""
        cleaned = super().clean() or {}
        if cleaned.get("ground") in SHOWN and not cleaned.get("why"):
            self.add_error("why", gettext("Write why: the law asks for it on this ground (art. 12.5)."))
        return cleaned


class Wait(forms.Form):
    """What is waited for while the clock stands still."""

    waits = forms.ChoiceField(
        label=_("What we wait for"),
        choices=[
            (Waits.IDENTITY.value, _("Proof of who is asking (art. 12.6)")),
            (Waits.SCOPE.value, _("What they mean, where there is much (recital 63)")),
        ],
    )
    why = forms.CharField(
        label=_("What the person was asked for"),
        help_text=_("And why it is needed. Kept sealed."),
        max_length=2000,
        widget=WORDS,
    )


class Scope(forms.Form):
    """What the person said, when they were asked what they mean."""

    kinds = forms.MultipleChoiceField(
        label=_("Only some kinds of data"),
        help_text=_("Tick none, and it is about everything."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *given: Any, house: House, **more: Any) -> None:
        super().__init__(*given, **more)
        kinds = self.fields["kinds"]
        assert isinstance(kinds, forms.MultipleChoiceField)
        kinds.choices = kinds_of_data(house)


class Extend(forms.Form):
    """Taking more time (art. 12.3)."""

    months = forms.ChoiceField(
        label=_("How much more"), choices=[("1", _("One month")), ("2", _("Two months"))]
    )
    because = forms.ChoiceField(
        label=_("Ground"),
        choices=[
            (Because.COMPLEX.value, _("It is complex")),
            (Because.MANY.value, _("There are many requests")),
        ],
    )
    why = forms.CharField(
        label=_("Reasons"), help_text=_("The person reads them."), max_length=2000, widget=WORDS
    )


def _may_have() -> list[tuple[str, Any]]:
    return [("", gettext("Nobody")), *((each.ref, str(each)) for each in may_have())]


class Give(forms.Form):
    """Giving a request to somebody, or to nobody."""

    to = forms.ChoiceField(label=_("Who takes care of it"), choices=_may_have, required=False)


class Remark(forms.Form):
    """A note to those who work here."""

    words = forms.CharField(
        label=_("Remark"),
        help_text=_(
            "For those who work here. Kept sealed. The person may ask to see it, so write what you stand for."
        ),
        max_length=LONGEST,
        widget=WORDS,
    )


class Settle(forms.Form):
    """What a message asks for."""

    rights = forms.MultipleChoiceField(
        label=_("What it asks for"),
        help_text=_("A request is opened for each. Choose none when it asks for nothing new."),
        choices=RIGHTS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class Whose(forms.Form):
    """Whose the rows are."""

    dataset = forms.ChoiceField(label=_("Which rows"), required=False)
    whose = forms.ChoiceField(
        label=_("Whose they are"),
        choices=[
            ("", _("Choose")),
            ("theirs", _("Still the person's: they go, if no law and no hold keeps them")),
            ("anothers", _("Somebody else's: they stay")),
        ],
    )

    def __init__(self, *given: Any, datasets: Sequence[tuple[str, str]], **more: Any) -> None:
        super().__init__(*given, **more)
        chosen = self.fields["dataset"]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = [("", gettext("All of them")), *datasets]
