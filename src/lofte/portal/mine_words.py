"""What a person reads of their own case: where it stands, what happens next, what has happened."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lofte.law.rights import Right
from lofte.requests.course.order import SEARCHED
from lofte.requests.course.roads import State
from lofte.requests.door.identify import NEEDED, Level

Words = str | Promise
State_ = tuple[Words, str, str, Words]
"""What it is called, its tone, its sign, and what happens next."""

_PACKAGE: Mapping[State, State_] = {
    State.RECEIVED: (
        _("Waits for you"), "soon", "person",
        _("Before we disclose anything we need to know that it is you."),
    ),
    State.IDENTIFIED: (
        _("Begun"), "note", "check",
        _("We know that it is you. We begin to search our systems by ourselves; you need do nothing."),
    ),
    State.SEARCHING: (
        _("We are searching"), "note", "search",
        _("Our systems are being searched. You need do nothing."),
    ),
    State.READY: (
        _("Almost done"), "calm", "document",
        _("The answer is put together. Somebody here looks it through, and then you may fetch it."),
    ),
    State.DELIVERED: (
        _("Answered"), "calm", "check",
        _("You have our answer. If something is missing in it, tell us."),
    ),
}  # fmt: skip
_ACT: Mapping[State, State_] = {
    State.RECEIVED: (
        _("Waits for you"), "soon", "person",
        _("Before we change anything we need to know that it is you."),
    ),
    State.IDENTIFIED: (
        _("Begun"), "note", "check",
        _("We know that it is you. Somebody here looks at it now."),
    ),
    State.SEARCHING: (
        _("Being done"), "note", "clock",
        _("It is being done in our systems. You need do nothing."),
    ),
    State.READY: (_("Almost done"), "calm", "document", _("Somebody here looks it through.")),
    State.DELIVERED: (_("Done"), "calm", "check", _("It is done.")),
}  # fmt: skip
_EITHER: Mapping[State, State_] = {
    State.REFUSED: (
        _("We said no"), "late", "closed",
        _("The letter below says why, and where you can complain."),
    ),
    State.WITHDRAWN: (
        _("Taken back"), "", "closed",
        _("You took it back, and we do nothing more with it. You may ask again at any time."),
    ),
}  # fmt: skip
_FREE: State_ = (
    _("Received"), "note", "inbox",
    _("We see to it. You do not have to show who you are."),
)  # fmt: skip
_LOOKED_AT: State_ = (
    _("Received"), "note", "inbox",
    _("You have shown who you are. Somebody here looks at it now."),
)  # fmt: skip

TO_FETCH: State_ = (
    _("Ready to be fetched"), "soon", "document",
    _("Your answer lies ready. Fetch it before its days are out."),
)  # fmt: skip

HAPPENED: Mapping[str, Words] = {
    State.RECEIVED: _("We got your request."),
    State.IDENTIFIED: _("You showed that it is you."),
    "free": _("We began. You did not have to show who you are."),
    State.SEARCHING: _("We began."),
    State.READY: _("The answer was put together."),
    State.DELIVERED: _("You were answered."),
    State.REFUSED: _("We said no."),
    State.WITHDRAWN: _("You took it back."),
    "stop": _("We asked you for something, and the time stood still."),
    "go_on": _("You answered, and the time went on."),
    "extend": _("We took more time, and told you why."),
    "ambiguous": _("What you had shown was not enough to tell you from somebody else."),
}

NEEDS: Mapping[Level, Words] = {
    Level.CONTACT: _("One code is enough: to an e-mail address or a telephone that we had before."),
    Level.TWO_WAYS: _("Two codes are needed, to two contacts that we had before: say, e-mail and telephone."),
    Level.PROVEN: _("It needs more than codes: a code by letter to your registered address, or an e-ID."),
}


def stands(state: State, right: Right, level: Level) -> State_:
    """Where a request stands, as its person reads it who has proven this much."""
    if state in _EITHER:
        return _EITHER[state]
    if state is State.RECEIVED and NEEDED[right] is Level.NOTHING:
        return _FREE
    if state is State.RECEIVED and level >= NEEDED[right]:
        return _LOOKED_AT
    return (_PACKAGE if right in SEARCHED else _ACT)[state]
