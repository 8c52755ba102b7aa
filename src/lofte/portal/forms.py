"""The forms of the portal. What cannot be read is said at its field; a value is never repeated in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lofte.datamap.document import ByIdentity, ByOwn, DataMap, Kind
from lofte.datamap.identity import Identity, read
from lofte.execution.house import House
from lofte.fault import Fault, Place
from lofte.law.rights import Right
from lofte.plan.scope import LIMITED, Item
from lofte.portal.far import kinds
from lofte.portal.rights_words import choices

LONGEST = 320
MOST_WORDS = 4_000
WRONG: Mapping[Kind, Any] = {
    Kind.EMAIL: _("This is not an e-mail address. Write it as name@domain.example."),
    Kind.PERSONNUMMER: _("This is not a personnummer. Write twelve digits, as 19900101-0017."),
    Kind.PHONE: _("This is not a telephone number. Write it with its area code, or with + and the country."),
    Kind.CUSTOMER_NO: _("This is not a customer number. Write it exactly as it stands on the invoice."),
    Kind.USER_NAME: _("This is not a user name. Write it exactly as you use it to sign in."),
}


def kinds_here(datamap: DataMap) -> tuple[Kind, ...]:
    """By what else than an e-mail address the systems can know a person, the most usual first."""
    there = set()
    for system in datamap.systems:
        for dataset in system.datasets.values():
            if dataset.role != "controller":
                continue
            paths = dataset.subject
            there |= {path.kind for path in paths if isinstance(path, ByIdentity)}
            if any(isinstance(path, ByOwn) for path in paths):
                there |= {field.identity for field in dataset.fields.values() if field.identity}
    return tuple(kind for kind in Ask.KINDS if kind in there)


class Ask(forms.Form):
    """What somebody asks, and who they say they are."""

    KINDS: ClassVar[Mapping[Kind, tuple[Any, str]]] = {
        Kind.CUSTOMER_NO: (_("Customer number"), "off"),
        Kind.PERSONNUMMER: (_("Personnummer"), "off"),
        Kind.PHONE: (_("Telephone"), "tel"),
        Kind.USER_NAME: (_("User name"), "username"),
    }

    rights = forms.MultipleChoiceField(
        error_messages={"required": _("Choose at least one thing that you want.")}
    )
    email = forms.CharField(
        label=_("Your e-mail address"),
        help_text=_("We write to it that we have your request. Use the one that we know, if you can."),
        max_length=LONGEST,
        error_messages={"required": _("Write your e-mail address, so that we can answer.")},
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )
    protected = forms.BooleanField(
        label=_("I have a protected identity"),
        help_text=_(
            "With a confidentiality marking or protected registration (sekretessmarkering, skyddad "
            "folkbokföring): we send neither e-mail nor text messages, and show nothing here. The Tax Agency "
            "passes our letters on to you, or you visit us. You need no e-mail address then, if you write "
            "something else that we know you by."
        ),
        required=False,
    )
    words = forms.CharField(
        label=_("In your own words"),
        help_text=_("What it is about, if it is something special. At most 4,000 characters."),
        max_length=MOST_WORDS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    agent = forms.CharField(
        label=_("Who you are"),
        help_text=_("Your name, and how we reach you."),
        max_length=500,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    authority = forms.CharField(
        label=_("Why you may ask for them"),
        help_text=_("As a parent, by a power of attorney, as a guardian. We ask to see it."),
        max_length=2_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *given: Any, house: House, **more: Any) -> None:
        super().__init__(*given, **more)
        self._house = house
        self.identities: tuple[Identity, ...] = ()
        self.address = ""
        rights = self.fields["rights"]
        assert isinstance(rights, forms.MultipleChoiceField)
        rights.choices = [(each.right.value, each.wish) for each in choices(house.policy)]
        held = [(kind.id, kind.name) for kind in kinds(house)]
        offered = (each.right for each in choices(house.policy) if held)
        self.parts = {right: f"part_{right.value}" for right in offered if right in LIMITED}
        for name in self.parts.values():
            self.fields[name] = forms.MultipleChoiceField(choices=held, required=False)
        self.kinds = kinds_here(house.datamap)
        for kind in self.kinds:
            label, filled = self.KINDS[kind]
            self.fields[kind.value] = forms.CharField(
                label=label,
                max_length=LONGEST,
                required=False,
                widget=forms.TextInput(attrs={"autocomplete": filled, "spellcheck": "false"}),
            )
        # Nothing is sent to somebody with a protected identity: something else may say who they are.
        if self.data.get("protected") and any(self.data.get(kind.value) for kind in self.kinds):
            self.fields["email"].required = False

    def who(self) -> list[forms.BoundField]:
        """The fields that say who it is about."""
        return [self[name] for name in ("email", *(kind.value for kind in self.kinds))]

    def clean(self) -> dict[str, Any]:
        """The identities, read."""
        cleaned = super().clean() or {}
        found = []
        for kind in (Kind.EMAIL, *self.kinds):
            written = cleaned.get(kind.value)
            identity = read(kind, written, self._house.today, Place(path=kind.value)) if written else None
            if isinstance(identity, Fault):
                self.add_error(kind.value, WRONG[kind])
            elif identity is not None:
                found.append(identity)
        self.identities = tuple(found)
        self.address = next((each.value for each in found if each.kind is Kind.EMAIL), "")
        ticked = cleaned.get("rights", ())
        if any(cleaned.get(part) and right.value not in ticked for right, part in self.parts.items()):
            self.add_error(
                "rights", gettext("You ticked kinds of data; tick also what you want done with them.")
            )
        if bool(cleaned.get("agent")) != bool(cleaned.get("authority")):
            lacking = "authority" if cleaned.get("agent") else "agent"
            self.add_error(lacking, gettext("Write both who you are and why you may ask for them."))
        return cleaned

    @property
    def items(self) -> tuple[Item, ...]:
        """What is wanted, and how far."""
        given = self.cleaned_data
        wanted = [Right(each) for each in given["rights"]]
        return tuple(Item(r, frozenset(given.get(self.parts.get(r, ""), ()))) for r in wanted)

    @property
    def for_whom(self) -> str:
        """Who asks on somebody's behalf, and why they may; empty = for themselves."""
        given = self.cleaned_data
        return f"{given['agent']}\n\n{given['authority']}" if given.get("agent") else ""


class Mine(forms.Form):
    """Which case it is about."""

    number = forms.RegexField(
        r"\A\s*20\d\d-\d{6}\s*\Z",
        label=_("The number of your request"),
        help_text=_("It stands in the letter from us, as 2026-000123."),
        max_length=40,
        error_messages={
            "required": _("Write the number of your request."),
            "invalid": _("A number looks like 2026-000123. Write it as it stands in the letter."),
        },
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    email = forms.CharField(
        label=_("Your e-mail address"),
        help_text=_("The one that you gave when you asked."),
        max_length=LONGEST,
        error_messages={"required": _("Write the e-mail address that you gave when you asked.")},
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )

    def __init__(self, *given: Any, house: House, **more: Any) -> None:
        super().__init__(*given, **more)
        self._house = house

    def clean_email(self) -> str:
        """The address in its canonical form."""
        read_ = read(Kind.EMAIL, self.cleaned_data["email"], self._house.today, Place(path="email"))
        if isinstance(read_, Fault):
            raise forms.ValidationError(WRONG[Kind.EMAIL])
        return read_.value


class Code(forms.Form):
    """A code that was sent."""

    code = forms.CharField(
        label=_("The code"),
        help_text=_("Eight digits from an e-mail or a text message, or ten from a letter."),
        max_length=40,
        error_messages={"required": _("Write the code that you got.")},
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )
