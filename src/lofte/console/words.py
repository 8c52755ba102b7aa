"""What states, rights and channels are called in the console, and how a state looks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lofte.console.deadline import Tone
from lofte.datamap.document import Give
from lofte.requests.roads import State

Words = str | Promise


@dataclass(frozen=True, kw_only=True, slots=True)
class Face:
    """How a state is shown: a word, a tone, a sign, and what it means now."""

    name: Words
    tone: Tone
    sign: str
    meaning: Words


STATES: Mapping[State, Face] = {
    State.RECEIVED: Face(
        name=_("Received"), tone=Tone.NOTE, sign="inbox",
        meaning=_("We have the request. Next: find out who is asking."),
    ),
    State.IDENTIFIED: Face(
        name=_("Identified"), tone=Tone.NOTE, sign="person",
        meaning=_("We know who is asking. Next: search the systems."),
    ),
    State.SEARCHING: Face(
        name=_("Searching"), tone=Tone.NOTE, sign="search",
        meaning=_("The systems are being searched. Nothing is needed from you."),
    ),
    State.READY: Face(
        name=_("Ready"), tone=Tone.CALM, sign="document",
        meaning=_("The package is made. Next: give it to the person."),
    ),
    State.DELIVERED: Face(
        name=_("Delivered"), tone=Tone.QUIET, sign="check",
        meaning=_("The person has the answer. Nothing is left to do."),
    ),
    State.REFUSED: Face(
        name=_("Refused"), tone=Tone.QUIET, sign="closed",
        meaning=_("The request was refused, and the person was told why."),
    ),
}  # fmt: skip

RIGHTS: Mapping[str, tuple[Words, Words]] = {
    "access": (_("Access"), _("art. 15")),
    "rectification": (_("Rectification"), _("art. 16")),
    "erasure": (_("Erasure"), _("art. 17")),
    "restriction": (_("Restriction"), _("art. 18")),
    "portability": (_("Portability"), _("art. 20")),
    "objection": (_("Objection"), _("art. 21")),
    "withdraw_consent": (_("Withdrawal of consent"), _("art. 7.3")),
    "human_review": (_("Human review"), _("art. 22.3")),
}

CHANNELS: Mapping[str, Words] = {
    "portal": _("Portal"),
    "email": _("E-mail"),
    "sms": _("Text message"),
    "phone": _("Phone"),
    "chat": _("Chat"),
    "ticket": _("Support ticket"),
    "letter": _("Letter"),
    "visit": _("Visit"),
    "form": _("Form"),
    "website": _("Website"),
    "terminal": _("Terminal"),
}

LANGUAGES: Mapping[str, Words] = {"sv": _("Swedish"), "en": _("English")}

GROUNDS: Mapping[str, Words] = {
    "unidentified": _("We could not find out who was asking."),
    "ambiguous": _("More than one person answers to what was shown; one more proof is needed."),
    "unfounded": _("The request was manifestly unfounded."),
    "excessive": _("The request was excessive."),
    "not_controller": _("We are only processor for these data; the controller answers."),
}

GIVEN: Mapping[Give, Words] = {
    Give.MASK: _("Shown as dots, except the last four characters."),
    Give.MASK_OTHERS: _("What is another person's is shown as dots."),
    Give.WITHHOLD: _("Not given."),
}

VERBS: Mapping[str, Words] = {
    "give": _("Given"),
    "forward": _("Forwarded to the controller"),
}


def called(words: Mapping[str, Words], value: str) -> str:
    """The word for a value, or the value itself made readable."""
    return str(words.get(value) or value.replace("_", " ").capitalize())


def right_called(value: str) -> tuple[str, str]:
    """A right's name and its article."""
    name, article = RIGHTS.get(value, (value.capitalize(), ""))
    return str(name), str(article)


def state_face(value: str) -> Face:
    """How this state is shown."""
    return STATES[State(value)]
