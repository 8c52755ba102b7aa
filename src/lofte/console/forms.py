"""The forms of the console. What cannot be read is said at its field; a value is never repeated in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from lofte.console import words
from lofte.datamap.document import Kind
from lofte.datamap.identity import Identity, read
from lofte.execution.house import House
from lofte.fault import Fault, Place
from lofte.plan.holds import HoldKind
from lofte.requests.door.identify import Level
from lofte.requests.erasure.holds import PLACED

CHANNELS = [(key, name) for key, name in words.CHANNELS.items() if key != "terminal"]
WORDS = forms.Textarea(attrs={"rows": 3})


class Why(forms.Form):
    """A reason in the handler's words."""

    why = forms.CharField(label=_("Why"), max_length=2000, widget=WORDS)


class Approve(forms.Form):
    """Letting a plan be carried out."""

    shown = forms.IntegerField(widget=forms.HiddenInput)
    """What was on the page that was approved."""
    why = forms.CharField(
        label=_("Why may it take so much?"),
        help_text=_("The plan passes the cap for one person. It is noted that you let it through."),
        max_length=2000,
        required=False,
        widget=WORDS,
    )

    def __init__(self, *given: Any, wide: bool = False, **more: Any) -> None:
        super().__init__(*given, **more)
        if wide:
            self.fields["why"].required = True
        else:
            del self.fields["why"]


class Told(forms.Form):
    """How somebody was told."""

    channel = forms.ChoiceField(label=_("How"), choices=CHANNELS, initial="email")


class Lift(forms.Form):
    """How a restriction ends (art. 18.3)."""

    outcome = forms.ChoiceField(
        label=_("How it ends"),
        choices=[("", _("Choose")), *words.RESTRICTION_ENDS.items()],
    )


class Decide(forms.Form):
    """What a human decides instead of the machine (art. 22.3)."""

    outcome = forms.ChoiceField(
        label=_("Decision"),
        choices=list(words.DECIDED.items()),
    )
    why = forms.CharField(
        label=_("Reasons"), help_text=_("The person reads them."), max_length=4000, widget=WORDS
    )


class Shown(forms.Form):
    """By what a person is known; at least one."""

    KINDS: ClassVar[Mapping[Kind, Any]] = {
        Kind.PERSONNUMMER: _("National identity number (personnummer)"),
        Kind.CUSTOMER_NO: _("Customer number"),
        Kind.EMAIL: _("E-mail address"),
        Kind.USER_NAME: _("User name"),
    }
    NEEDS_ONE: ClassVar[bool] = True
    NONE: ClassVar[Any] = _("Give at least one thing to know the person by.")

    def __init__(self, *given: Any, house: House, **more: Any) -> None:
        super().__init__(*given, **more)
        self._house = house
        self.identities: tuple[Identity, ...] = ()
        own = dict(self.fields)
        self.fields.clear()
        for kind, label in self.KINDS.items():
            plain = forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})
            self.fields[kind.value] = forms.CharField(
                label=label, required=False, max_length=320, widget=plain
            )
        self.fields.update(own)

    def clean(self) -> dict[str, Any] | None:
        """The identities, read."""
        cleaned = super().clean() or {}
        found = []
        for kind in self.KINDS:
            written = cleaned.get(kind.value)
            if not written:
                continue
            identity = read(kind, written, self._house.today, Place(path=kind.value))
            if isinstance(identity, Fault):
                self.add_error(kind.value, words.fault(identity.number))
            else:
                found.append(identity)
        self.identities = tuple(found)
        if self.NEEDS_ONE and not found and not self.errors:
            self.add_error(None, self.NONE)
        return cleaned


class PlaceHold(Shown):
    """Keeping what would go (art. 17.3 e, 18.1 c)."""

    kind = forms.ChoiceField(label=_("Ground"), choices=[(kind.value, words.HOLDS[kind]) for kind in PLACED])
    case = forms.CharField(
        label=_("Case"),
        help_text=_("Its number, not what it is about: letters and digits, at most 40."),
        max_length=40,
    )
    review_on = forms.DateField(
        label=_("Look at it again on"),
        help_text=_("A hold never ends by itself. On this day somebody looks, and lifts it or not."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    categories = forms.MultipleChoiceField(
        label=_("Which data"),
        help_text=_("Choose none to keep everything."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    why = forms.CharField(
        label=_("Describe it"),
        help_text=_("Who claims what, or what is being looked into. Kept sealed."),
        max_length=2000,
        widget=WORDS,
    )

    def __init__(self, *given: Any, house: House, categories: Sequence[tuple[str, str]], **more: Any) -> None:
        super().__init__(*given, house=house, **more)
        chosen = self.fields["categories"]
        assert isinstance(chosen, forms.MultipleChoiceField)
        chosen.choices = categories

    @property
    def what_for(self) -> HoldKind:
        """The kind that was chosen."""
        return HoldKind(self.cleaned_data["kind"])


class Upload(forms.Form):
    """Many persons who have asked to be erased, in a list."""

    file = forms.FileField(
        label=_("The list"),
        help_text=_(
            "A CSV file in UTF-8. The first line names kinds of identity: email (e-mail address), "
            "personnummer, customer_no (customer number), user_name (user name). Each line after it is one "
            "person, as anna@kund.example under email. At most 1,000 persons and 1 MB."
        ),
        error_messages={"required": _("Choose a file of at most 1 MB."), "empty": _("The file is empty.")},
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )
    method = forms.CharField(
        label=_("How they were identified"),
        help_text=_("What was shown, and where. Kept sealed, and told in the answer."),
        max_length=2000,
        widget=WORDS,
    )
    level = forms.TypedChoiceField(
        label=_("How surely"),
        coerce=lambda written: Level(int(written)),
        choices=[
            (int(Level.TWO_WAYS), _("In two ways, or with a second factor")),
            (int(Level.PROVEN), _("Proven: e-identification, a code by letter, or a visit")),
        ],
    )
    channel = forms.ChoiceField(label=_("How the requests came"), choices=CHANNELS, initial="letter")
    language = forms.ChoiceField(label=_("Answer in"), choices=list(words.LANGUAGES.items()))
