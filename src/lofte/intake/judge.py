"""What is to be done with a letter, by what stands in it alone.

Hard rules:
- A machine's mail opens nothing and is not answered; a wish in it goes to a handler. Only of what is our
  own, or a report that ours was not delivered, the words are not asked: they are ours.
- What cannot be read, or may be meant to deceive, goes to a handler, whatever it asks.
- Only what asks for a right without doubt opens a case.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from lofte.intake.authenticity import Authenticity, authenticity
from lofte.intake.automatic import Automatic, automatic, not_to_be_answered
from lofte.intake.letter import Letter
from lofte.intake.phrasebook import Phrasebook
from lofte.intake.wishes import Recognised, recognise


class Outcome(StrEnum):
    """What became, or would become, of a message."""

    OPENED = "opened"
    """It asks for a right; a request is opened for each."""
    JOINED = "joined"
    """It belongs to a request that is there."""
    SUGGESTED = "suggested"
    """It may ask for a right; a handler decides."""
    HELD = "held"
    """It cannot be read as it is, or is not what it says; a handler looks."""
    DUPLICATE = "duplicate"
    """It has come before."""
    IGNORED = "ignored"
    """A machine wrote it."""
    ORDINARY = "ordinary"
    """It is about something else; it stays in the mailbox, and nothing of it is kept."""

    @property
    def kept(self) -> bool:
        """True if the message is kept with us, sealed."""
        return self in (Outcome.OPENED, Outcome.JOINED, Outcome.SUGGESTED, Outcome.HELD)

    @property
    def waits(self) -> bool:
        """True if a handler is to look at it."""
        return self in (Outcome.SUGGESTED, Outcome.HELD)


@dataclass(frozen=True, kw_only=True, slots=True)
class Judged:
    """A letter, and what is to be done with it."""

    outcome: Outcome
    why: str = ""
    """A code: why a machine, or which doubt."""
    wish: Recognised = field(default_factory=Recognised)
    origin: Authenticity = field(default_factory=Authenticity)
    answered: bool = False
    """True if the sender may be sent an acknowledgement."""


def judge(letter: Letter, book: Phrasebook, *, ours: str = "", authserv_id: str = "") -> Judged:
    """What is to be done with this letter. `ours` is the address that we answer from, `authserv_id` the
    name that our receiving server signs its results with."""
    origin = authenticity(letter, authserv_id)
    wish = recognise(letter.subject, letter.words, book)
    machine = automatic(letter, ours)
    if machine in (Automatic.LOOP, Automatic.BOUNCE):
        return Judged(outcome=Outcome.IGNORED, why=machine, origin=origin)
    if letter.unreadable and machine not in (Automatic.NULL_SENDER, Automatic.AUTO_REPLY):
        return Judged(outcome=Outcome.HELD, why="unreadable", wish=wish, origin=origin)
    if machine is not None:
        # In a form a person has written, so what may be a wish counts as it does in a person's letter.
        wished = wish.rights or (machine is Automatic.FORM and wish.unsure)
        outcome = Outcome.SUGGESTED if wished else Outcome.IGNORED
        return Judged(outcome=outcome, why=machine, wish=wish, origin=origin)
    if wish.rights:
        # What fails DMARC has a sender that somebody else wrote there: no mail of ours goes to them.
        answered = origin.dmarc != "fail" and not not_to_be_answered(letter)
        return Judged(outcome=Outcome.OPENED, wish=wish, origin=origin, answered=answered)
    if wish.unsure or not (letter.words or letter.forwarded):
        return Judged(outcome=Outcome.SUGGESTED, why="unsure", wish=wish, origin=origin)
    if letter.forwarded and recognise("", letter.forwarded, book).rights:
        return Judged(outcome=Outcome.SUGGESTED, why="forwarded", wish=wish, origin=origin)
    return Judged(outcome=Outcome.ORDINARY, wish=wish, origin=origin)
