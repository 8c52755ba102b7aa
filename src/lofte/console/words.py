"""What states, rights and channels are called in the console, and how a state looks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lofte.console.deadline import Tone
from lofte.datamap.document import Give
from lofte.fault import Fault
from lofte.law.rights import Right
from lofte.plan.holds import HoldKind
from lofte.requests.course.roads import State

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
        meaning=_("The request is refused. The letter tells the person why."),
    ),
    State.WITHDRAWN: Face(
        name=_("Withdrawn"), tone=Tone.QUIET, sign="closed",
        meaning=_("The person has taken the request back. Nothing is left to do."),
    ),
}  # fmt: skip

ACTS: Mapping[State, Face] = {
    State.IDENTIFIED: Face(
        name=_("Identified"), tone=Tone.NOTE, sign="person",
        meaning=_("We know who is asking. Next: do what was asked."),
    ),
    State.SEARCHING: Face(
        name=_("Being carried out"), tone=Tone.NOTE, sign="search",
        meaning=_("It has begun. Each system is done for itself; what fails is tried again."),
    ),
    State.DELIVERED: Face(
        name=_("Carried out"), tone=Tone.QUIET, sign="check",
        meaning=_("What was asked is done. Nothing is left to do."),
    ),
}  # fmt: skip
"""Where the answer is an act and not a package."""

ERASES = Face(
    name=_("Identified"), tone=Tone.NOTE, sign="person",
    meaning=_("We know who is asking. Next: see what would happen, before anything does."),
)  # fmt: skip
"""Who is identified and asks for erasure."""

PACKAGES = frozenset({Right.ACCESS.value, Right.PORTABILITY.value})
"""Rights that are answered with a package."""

RIGHTS: dict[str, tuple[Words, Words]] = {
    "access": (_("Access"), _("art. 15")),
    "rectification": (_("Rectification"), _("art. 16")),
    "erasure": (_("Erasure"), _("art. 17")),
    "restriction": (_("Restriction"), _("art. 18")),
    "portability": (_("Portability"), _("art. 20")),
    "objection": (_("Objection"), _("art. 21")),
    "withdrawal": (_("Withdrawal of consent"), _("art. 7.3")),
    "human_review": (_("Human review"), _("art. 22.3")),
}
LIFTED: dict[str, tuple[Words, Words]] = {"restriction_lifted": (_("Restriction lifted"), _("art. 18"))}
"""Of what else a recipient is told."""

CHANNELS: Mapping[str, Words] = {
    "portal": _("Portal"),
    "email": _("By e-mail"),
    "sms": _("Text message"),
    "phone": _("Phone"),
    "chat": _("Chat"),
    "ticket": _("Support ticket"),
    "letter": _("Letter"),
    "visit": _("Visit"),
    "form": _("Form"),
    "website": _("Website"),
    "api": _("From another program"),
    "terminal": _("Terminal"),
}

LEVELS: Mapping[str, Words] = {
    "0": _("Not at all"),
    "1": _("By a contact that we had before"),
    "2": _("In two ways, or with a second factor"),
    "3": _("Proven: e-identification, a code by letter, or a visit"),
}
"""How surely somebody is known, by the level."""

WAITS: Mapping[str, Words] = {
    "identity": _("we wait for proof of who is asking"),
    "scope": _("we wait to hear what is meant"),
}
"""What we wait for while the clock of a request stands still."""

LANGUAGES: Mapping[str, Words] = {"sv": _("Swedish"), "en": _("English")}

GROUNDS: Mapping[str, Words] = {
    "unidentified": _("We could not find out who was asking."),
    "ambiguous": _("More than one person answers to what was shown; one more proof is needed."),
    "unfounded": _("The request was manifestly unfounded."),
    "excessive": _("The request was excessive."),
    "not_controller": _("We are only processor for these data; the controller answers."),
}

VIEWS: Mapping[str, Words] = {
    "open": _("Open"),
    "mine": _("Mine"),
    "nobody": _("Nobody's"),
    "me": _("Waits for you"),
    "late": _("Late"),
    "soon": _("Soon due"),
    "over": _("Closed"),
    "all": _("All"),
}
"""Ways of looking at the requests."""

GIVEN: Mapping[Give, Words] = {
    Give.MASK: _("Shown as dots, except the last four characters."),
    Give.MASK_OTHERS: _("What is another person's is shown as dots."),
    Give.WITHHOLD: _("Not given."),
}

VERBS: Mapping[str, Words] = {
    "give": _("Given"),
    "forward": _("Forwarded to the controller"),
}


HOLDS: Mapping[HoldKind, Words] = {
    HoldKind.LEGAL_CLAIM: _("A legal claim"),
    HoldKind.INCIDENT: _("An incident that is being looked into"),
}

FAULTS: Mapping[str, Words] = {
    "R001": _("This is not an e-mail address. Write it as name@domain.example."),
    "R002": _(
        "This is not a personnummer or samordningsnummer. Write twelve digits, or ten with - or +; the last "
        "one is a check digit."
    ),
    "R003": _("This is not a telephone number. Write it with its area code, or with + and the country code."),
    "R004": _("This is not an IP address. Write it as 192.0.2.1 or 2001:db8::1."),
    "R005": _("This is not a customer number. Write it exactly as it stands on the invoice."),
    "R006": _("This is not a user name. Write it exactly as it is used to sign in."),
    "R008": _(
        "A telephone number or an IP address finds nobody by itself. Add an e-mail address, a personnummer "
        "or a customer number."
    ),
    "R009": _(
        "This is an address of the company's own, and says nothing of who asks. Use one of the person's own."
    ),
}


def fault(number: str) -> str:
    """What is wrong with an identity, and how to mend it."""
    return f"{number}: {FAULTS.get(number, number)}"


def called(words: Mapping[str, Words], value: str) -> str:
    """The word for a value, or the value itself made readable."""
    return str(words.get(value) or value.replace("_", " ").capitalize())


def right_called(value: str) -> tuple[str, str]:
    """A right's name and its article."""
    name, article = (RIGHTS | LIFTED).get(value, (value.capitalize(), ""))
    return str(name), str(article)


def state_face(value: str, right: str = Right.ACCESS.value) -> Face:
    """How this state is shown, of a request for this right."""
    state = State(value)
    if right == Right.ERASURE and state is State.IDENTIFIED:
        return ERASES
    return STATES[state] if right in PACKAGES else ACTS.get(state, STATES[state])


RESTRICTED: Mapping[str, Words] = {
    "accuracy": _("The person says that the data are wrong"),
    "unlawful": _("The processing is unlawful, and the person wants the data kept"),
    "claim": _("The person needs the data for a legal claim"),
    "objection": _("The person has objected, and it is being weighed"),
}

RESTRICTION_ENDS: Mapping[str, Words] = {
    "corrected": _("The data are corrected"),
    "established": _("What was disputed is established"),
}

DECIDED: Mapping[str, Words] = {
    "upheld": _("It stands"),
    "changed": _("It is changed"),
    "annulled": _("It is annulled"),
}
"""What a human being decided instead of the machine (art. 22.3)."""

NOTICES: Mapping[str, Words] = {
    "stop": _("That the service stops"),
    "release": _("That the restriction will be lifted"),
}

LISTED: Mapping[str, Words] = {
    "R010": _("The first line has a column that is no kind of identity, or that stands there twice."),
    "R011": _("This person stands on another line too: line %(where)s."),
    "R012": _("There is nobody in the list."),
    "R013": _("There are more than 1,000 persons in the list. Part it into several."),
    "R014": _("This line cannot be read, or has more values than there are columns."),
    "R015": _("This person has asked already, in request %(where)s. Take the line away."),
}


KINDS: Mapping[str, Words] = {
    "email": _("e-mail address"),
    "personnummer": _("personnummer"),
    "customer_no": _("customer number"),
    "user_name": _("user name"),
}
"""Identities in the middle of a sentence, by the column that holds them."""


def of_list(found: Fault) -> tuple[str, str]:
    """In which column of a list, empty = the whole line, and what is wrong there, with its number; what
    was written is never repeated."""
    path = found.place.path
    if found.number in LISTED:
        return "", f"{found.number}: {str(LISTED[found.number]) % {'where': path}}"
    return str(KINDS.get(path, path)), fault(found.number)


MAILS: Mapping[str, Words] = {
    "joined": _("Says more in a request"),
    "opened": _("Says more in a request"),
    "suggested": _("May be a request"),
    "held": _("Cannot be read by a machine"),
}
"""Why an e-mail waits for somebody, by the outcome of the intake."""
MAIL_WHY: Mapping[str, Words] = {
    "unsure": _("the words leave it open"),
    "old": _("it is old"),
    "forwarded": _("it is forwarded"),
    "form": _("a form sent it"),
    "unreadable": _("it is broken or encrypted"),
    "own_address": _("it comes from an address of our own"),
    "doubted": _("the sender's server says that it is forged"),
    "auto_reply": _("a machine answers"),
    "list": _("it came by a mailing list"),
    "null_sender": _("a machine sent it"),
}


def mail_called(outcome: str, why: str) -> str:
    """Why an e-mail waits, in one line."""
    name = called(MAILS, outcome)
    return f"{name}: {MAIL_WHY[why]}" if why in MAIL_WHY else name


AGES: tuple[Words, ...] = (
    _("0-7 days"),
    _("8-14 days"),
    _("15-21 days"),
    _("22-31 days"),
    _("32-61 days"),
    _("More than 61 days"),
)
"""How old what is open is, as `requests.statistics.AGES` parts it."""
