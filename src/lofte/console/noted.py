"""What the entries of the ledger are called for people."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lofte.ledger.kinds import Kind

NOTED: Mapping[str, str | Promise] = {
    Kind.POLICY_PUBLISHED: _("A policy was published"),
    Kind.HANDLER_ADDED: _("A handler was added"),
    Kind.REQUEST_RECEIVED: _("A request was received"),
    Kind.REQUEST_IDENTIFIED: _("The person was identified"),
    Kind.REQUEST_AMBIGUOUS: _("More than one person answered to what was shown"),
    Kind.REQUEST_REFUSED: _("A request was refused"),
    Kind.REQUEST_DELIVERED: _("A request was answered"),
    Kind.DEADLINE_STOPPED: _("The clock of a request was stopped"),
    Kind.DEADLINE_RESUMED: _("The clock of a request goes on"),
    Kind.DEADLINE_EXTENDED: _("The time to answer was extended"),
    Kind.ACCESS_INTENDED: _("Access: about to search"),
    Kind.PORTABILITY_INTENDED: _("Portability: about to search"),
    Kind.STEP_DONE: _("A step was done"),
    Kind.STEP_FAILED: _("A step failed, and is tried again"),
    Kind.PACKAGE_SEALED: _("A package was sealed"),
    Kind.PACKAGE_FETCHED: _("A package was fetched"),
    Kind.REQUEST_GRANTED: _("A request was granted"),
    Kind.SUPPRESSION_PLACED: _("An address was blocked for mailings"),
    Kind.SUPPRESSION_LIFTED: _("A block for mailings was lifted"),
    Kind.OBJECTION_RECORDED: _("An objection was recorded"),
    Kind.OBJECTION_DECIDED: _("An objection was decided"),
    Kind.WITHDRAWAL_RECORDED: _("A consent was withdrawn"),
    Kind.WITHDRAWAL_ENDED: _("A withdrawal ended by a new consent"),
    Kind.RESTRICTION_PLACED: _("A restriction was placed"),
    Kind.RESTRICTION_LIFTED: _("A restriction was lifted"),
    Kind.RESTRICTION_USED: _("Restricted data were used"),
    Kind.RESTRICTION_BREACHED: _("Somebody wrote to restricted rows"),
    Kind.BREACH_ENDED: _("Writing to restricted rows was settled"),
    Kind.WATCH_BEGUN: _("Restricted rows are watched"),
    Kind.RESTRICTION_LOOKED: _("Restricted rows were looked at"),
    Kind.MOVE_INTENDED: _("Rows are about to be moved to the locked copy"),
    Kind.ROWS_MOVED: _("Rows were moved to the locked copy"),
    Kind.ROWS_MOVED_BACK: _("Rows were moved back"),
    Kind.STATUS_INTENDED: _("A status column is about to be set"),
    Kind.STATUS_SET: _("A status column was set"),
    Kind.STATUS_PUT_BACK: _("A status column was put back"),
    Kind.RECTIFICATION_INTENDED: _("Rectification: about to write"),
    Kind.RECTIFICATION_RECORDED: _("A rectification was recorded"),
    Kind.RECTIFICATION_DONE: _("Data were rectified"),
    Kind.STATEMENT_KEPT: _("A supplementary statement was kept"),
    Kind.PERSON_MARKED: _("The person was marked in a system"),
    Kind.NOTICE_QUEUED: _("The person is to be told"),
    Kind.NOTICE_TOLD: _("The person was told"),
    Kind.GATE_REFUSED: _("The gate refused a use"),
    Kind.ERASURE_APPROVED: _("An erasure was approved"),
    Kind.ERASURE_ORDERED: _("An erasure was ordered"),
    Kind.ERASURE_STOPPED: _("An erasure was stopped"),
    Kind.LETTER_MADE: _("A letter was made"),
    Kind.ERASURE_INTENDED: _("Erasure: about to erase"),
    Kind.ERASURE_DONE: _("Data were erased"),
    Kind.ERASURE_VERIFIED: _("An erasure was checked"),
    Kind.ERASURE_UNDO_INTENDED: _("Rows are about to be restored"),
    Kind.ERASURE_UNDONE: _("An erasure was undone"),
    Kind.ERASURE_REPLAY_INTENDED: _("An erasure is about to be done again on a restored system"),
    Kind.ERASURE_REPLAYED: _("An erasure was done again on a restored system"),
    Kind.TOMBSTONES_LOST: _("Tombstones were lost, and it was gone on without them"),
    Kind.TOMBSTONES_LOST: _("Tombstones that are gone were accepted as lost"),
    Kind.RECIPIENT_QUEUED: _("A recipient is to be told"),
    Kind.RECIPIENT_TOLD: _("A recipient was told"),
    Kind.RECIPIENT_IMPOSSIBLE: _("A recipient could not be told"),
    Kind.RECIPIENT_RECALLED: _("A notice to a recipient was recalled"),
    Kind.REVIEW_ASKED: _("A human review was asked for"),
    Kind.REVIEW_ASSIGNED: _("A human review was assigned"),
    Kind.REVIEW_DECIDED: _("A human review was decided"),
    Kind.DEIDENTIFY_INTENDED: _("De-identification: about to write"),
    Kind.DEIDENTIFY_TESTED: _("A de-identification was tested"),
    Kind.HOLD_PLACED: _("A hold was placed"),
    Kind.HOLD_LIFTED: _("A hold was lifted"),
    Kind.SWEEP_APPROVED: _("A rule of the sweep was approved"),
    Kind.SWEEP_INTENDED: _("Sweep: about to erase"),
    Kind.SWEEP_DONE: _("Rows past their time were erased"),
    Kind.SWEEP_STOPPED: _("A sweep was stopped"),
    Kind.SWEEP_ENDED: _("A sweep ended"),
    Kind.CLOCK_CONFIRMED: _("The clock was confirmed"),
}


def called(kind: str) -> str:
    """An entry's kind in words; one that a newer version wrote stands as it is."""
    return str(NOTED.get(kind, kind))
