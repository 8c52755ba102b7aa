"""What is said to a handler when the law, the house or a system says no.

The rooms below write English with what it is about filled in. The sentences that a page can meet
are here with `{holes}`; a finished one is known again by its pattern and said in the reader's language.
"""

from __future__ import annotations

import re
from functools import cache

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext as spoken
from django.utils.translation import gettext_noop as noop

from lofte.errors import Conflict, FaultsFound, LedgerClosed, LofteError, Unreachable

SENTENCES = (
    # those who work here
    noop("this is your own account; let another administrator do it"),
    noop("nobody would be left who may add handlers; add another administrator first"),
    noop("a handler with this address is here already; choose another address"),
    noop("this is no code that holds; look at the address and the code, or ask for a new one"),
    # looking, and texts
    noop("write why you look; it is kept with the request"),
    noop("there is no place called {place}; those that may be filled in are {known}"),
    noop("a brace stands alone in the text; write a place as {number}"),
    noop("the text holds what looks like somebody's name, address or number; take it out"),
    noop("somebody has written this text since; read it again"),
    noop("this text is not in use any more; look at the list again"),
    # versions of the policy
    noop("the policy asks for two people; let somebody else than who handed it in approve"),
    noop("nobody has approved this version; let somebody else than who handed it in do it"),
    noop("the data map has changed since this was judged; hand the version in again"),
    noop("write why, so that whoever handed it in knows what to mend"),
    noop("a version that is {from_} cannot become {to}; read it again"),
    noop("another text of this version has been handed in since; read it again"),
    noop(
        "version {version} held on {day}, and was shown then; set `meta.effective_from` to {today} or later"
    ),
    noop(
        "version {version} is coming, and beside this one it would be a major change that nobody is told of "
        "({where}); set `meta.effective_from` to {day} or later"
    ),
    noop("it is recorded already that these letters are posted"),
    noop(
        "the change is major ({where}) and is told {lead} before it takes force; "
        "set `meta.effective_from` to {day} or later"
    ),
    # carrying out
    noop("there is nothing to carry out; choose at least one request"),
    noop("this request is not waiting to be carried out; read it again"),
    noop("nobody has approved this; let another person look at what would happen, and approve"),
    noop("this is being carried out already; look again in a moment"),
    noop("only a request that is identified and not yet answered can be looked at"),
    noop("{whose} of the same person is being carried out; try again when it is done, {latest}"),
    noop("rows of `{system}` cannot be erased by a connector of this kind; do it there by hand"),
    # approving
    noop("nobody has looked at what would happen; look first"),
    noop("somebody has looked again since; read what would happen now, then approve"),
    noop("only a request that is identified and not yet answered can be approved"),
    noop("there is nobody left to approve; look first, or read the list again"),
    noop("more than one person answers to this identity; ask for another, as a customer number"),
    noop("no system answered, so nothing was seen; look again when they do"),
    noop("this person has asked already, in request {number}; go on with that one"),
    noop("the policy asks for a second person; let somebody else than who took it in approve"),
    # holds
    noop("a hold needs something to know the person by; give at least one identity"),
    noop("write the number of the case, not what it is about: letters, digits, at most 40"),
    noop("the day of review must lie ahead"),
    noop("write why: who claims what, or what is being looked into"),
    noop("there is no such hold; look at the list again"),
    noop("write why the data need not stay any longer"),
    # restrictions
    noop("this has been told already; read it again"),
    noop("this restriction is lifted already; read it again"),
    noop("the person is told before a restriction is lifted (art. 18.3); tell them first"),
    noop("the person is told before the service stops; tell them first"),
    noop("the policy does not let a restriction end as {outcome}; see rights.restriction.release"),
    noop("there is no breach to settle; run `lofte restriction watch`"),
    # recipients
    noop("how this recipient was told is on record already; read it again"),
    noop("the policy no longer names the recipient `{recipient}`; write to it by hand"),
    # reviews
    noop("this review is assigned to somebody else; assign it anew first"),
    noop("whoever stood behind the decision does not review it; choose somebody else"),
    noop("this review is decided already; read it again"),
    noop("the person is not identified yet; identify them first (art. 12.6)"),
    noop("this request is answered already; read it again"),
    # the clock
    noop("this right is granted to whoever asks; no proof is waited for"),
    noop("only of whom asks for access may it be asked what is meant (recital 63)"),
    noop("request {number} is refused; it is not carried out"),
    noop("the clock stands still already: one wait at a time"),
    noop("the time is out: what is late cannot be stopped any more, only answered"),
    noop("the person has been asked once what is meant; the clock is stopped for that once only"),
    noop(
        "proof asked for later than {day} stops no clock (EDPB 01/2022, 157); ask for it all the same, and "
        "answer in time"
    ),
    noop("the clock does not stand still: there is nothing to go on with"),
    noop("the person was not asked what is meant, or has said it already; read it again"),
    noop("the person has said since how far they ask; look at it again, then approve"),
    noop(
        "every purpose that uses these categories uses others too; name the purposes that are to be "
        "restricted"
    ),
    noop("the time has been extended already; it can be extended once (art. 12.3)"),
    noop("the person is told of an extension within the first month, by {day} (art. 12.3)"),
    noop("the person is identified already; nothing more is asked for"),
    noop("the request is answered, so its clock does not run any more"),
    # who has it, and what is written
    noop("only who works on requests can be given one; choose somebody else"),
    noop("who is to have it has it already"),
    noop("only a request for a copy of the data is searched for in this way"),
    noop("this is a request for {right}, not for erasure"),
    noop(
        "the key of this request is destroyed: it was answered, and its time is out; what was sealed with it "
        "cannot be read any more"
    ),
    noop("no row of this request is in doubt; look at the list again"),
    noop("somebody has settled this message already; look at it again"),
    noop("there is no message with this id; see `lofte intake waiting`"),
    # receiving and identifying
    noop("a request cannot be received tomorrow; give the day when it came"),
    noop(
        "{right} needs identification at level {level}; ask for a sign-in or for a code to a contact that we "
        "had before"
    ),
)
_HOLE = re.compile(r"\\\{(\w+)\\\}")


def said(error: LofteError) -> str:
    """What is said of it, ended as a sentence."""
    for pattern, ours in _known():
        if found := pattern.fullmatch(str(error)):
            return _sentence(spoken(ours).format(**found.groupdict()))
    return _of_its_kind(error)


def _of_its_kind(error: LofteError) -> str:
    match error:
        case FaultsFound():
            words = _("The policy or the data map has faults, so no plan can be made: %(faults)s.")
            return words % {"faults": ", ".join(sorted({each.number for each in error.faults}))}
        case LedgerClosed():
            return _("The ledger cannot be written, so nothing is done. See to disk and database.")
        case Unreachable():
            return _("A system does not answer. Nothing was lost; try again when it does.")
        case Conflict() if get_language() != "en":
            return _("Somebody else changed this first. Read it again.")
        case _ if get_language() != "en":
            return _("This could not be done. The reason, in English: %(why)s.") % {"why": error}
        case _:
            return _sentence(str(error))


@cache
def _known() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(_HOLE.sub(r"(?P<\1>.+?)", re.escape(each))), each) for each in SENTENCES)


def _sentence(text: str) -> str:
    return (
        f"{text[:1].upper()}{text[1:]}"
        if text.endswith((".", "!", "?"))
        else f"{text[:1].upper()}{text[1:]}."
    )
