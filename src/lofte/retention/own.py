"""Löfte's own tables: what each holds of anybody, how long, and what lets it go (art. 5.1 e).

Hard rules:
- No table without an answer: a model that does not stand here fails a test.
- What tells of a person lies sealed under a key that is destroyed, as a keyed digest, or for a told time.
- What stays for good tells of nobody: random ids, counts, days and codes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from django.apps import apps
from django.contrib.sessions.models import Session
from django.db.models import Model, Q, QuerySet

from lofte.consent.models import BreachEnded
from lofte.execution.store import writing
from lofte.mail.models import Outgoing
from lofte.policy.document import Text
from lofte.requests.models import Challenge
from lofte.retention.models import Pause, Sweep

M = TypeVar("M", bound=Model)
CONTACTS = timedelta(days=365)
"""How long a keyed digest says where a letter or a code went, and a handler's reasons can be read: a
complaint may come for as long."""
TOGETHER = 1_000


class Holds(StrEnum):
    """What a table has of a person."""

    NOTHING = "nothing"
    """Random ids, counts, days, codes."""
    DIGESTS = "digests"
    """Keyed digests: they answer only to somebody who has the identity and the key of the house."""
    SEALED = "sealed"
    """Words or identities under a key of their own; without the key they open never again."""
    STAFF = "staff"
    """Those who work here."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Own:
    """The answer for one table."""

    holds: Holds
    kept: Text
    by: str = ""
    """The operation that lets go, as a dotted name; empty = what stays tells of nobody, or must stay."""


def _own(holds: Holds, sv: str, en: str, by: str = "") -> Own:
    return Own(holds=holds, kept=Text(sv=sv, en=en), by=by)


_GOOD = _own(Holds.NOTHING, "för gott", "for good")
_CASE = _own(
    Holds.SEALED,
    "tills ärendets nyckel förstörs, 14 dagar efter svaret; ett år efter ett avslag som uppenbart ogrundat",
    "until the key of the case is destroyed, 14 days after the answer; a year after a refusal as unfounded",
    "lofte.requests.course.over.shred",
)
_CLAIM = _own(
    Holds.SEALED,
    "så länge ärendet gäller: uppgiften följer den registrerades egna uppgifter",
    "for as long as it has effect: it goes with the person's own data",
    "lofte.requests.course.over.shred",
)
_NO = _own(
    Holds.DIGESTS,
    "så länge ett nej ska gälla (art. 21.3)",
    "for as long as a no is to be obeyed (art. 21.3)",
)
_YES = _own(
    Holds.NOTHING,
    "så länge policyn säger att samtycken sparas; ett slumpat id i webbläsaren",
    "for as long as the policy keeps consents; a random id in the browser",
)
_COPY = _own(
    Holds.SEALED,
    "tills begränsningen har hävts och raderna står som förut",
    "until the restriction is lifted and the rows stand as before",
    "lofte.consent.enforce.put_back",
)
_STAFF = _own(Holds.STAFF, "så länge någon arbetar här", "while somebody works here")
_MAIL = _own(
    Holds.SEALED,
    "tills 14 dagar efter att ärendet är slut, eller 90 dagar om ingen har läst det",
    "until 14 days after the case is over, or 90 days if nobody has read it",
    "lofte.intake.over.forget",
)
_LETTER = _own(
    Holds.SEALED,
    "orden tills brevet har lämnat oss; vart det gick, som nyckelhash, i ett år",
    "the words until the letter has left; where it went, as a keyed digest, for a year",
    "lofte.retention.own.forget",
)
_CALL = _own(
    Holds.NOTHING, "tills det är framme, och några dagar till", "until it has arrived, and some days more",
    "lofte.api.calls.turn",
)  # fmt: skip

_TABLES: Mapping[str, Own] = {
    "auth.Permission auth.Group contenttypes.ContentType execution.LedgerOutbox execution.LedgerEntry": _GOOD,
    "execution.LedgerRecord execution.Step execution.TombstoneHead notices.PublishedPolicy": _GOOD,
    "notices.Draft notices.DraftStep notices.Announcement notices.ProofRun notices.Presented": _GOOD,
    "notices.Told notices.Posted notices.Acknowledged": _own(
        Holds.DIGESTS,
        "för gott: att var och en fick veta kan visas för den som frågar",
        "for good: that each was told can be shown to whoever asks",
    ),
    "notices.Subscription": _own(
        Holds.SEALED, "tills den avslutas; en obekräftad i några dagar",
        "until it is ended; unconfirmed, some days",
        "lofte.notices.subscribe.stop",
    ),
    "execution.PersonLock": _own(
        Holds.DIGESTS, "medan någon arbetar med personen", "while somebody works with the person",
        "lofte.requests.course.lock.alone",
    ),
    "sessions.Session": _own(
        Holds.STAFF, "tills den har gått ut, högst åtta timmar", "until it has ended, at most eight hours",
        "lofte.retention.own.forget",
    ),
    "account.EmailAddress account.EmailConfirmation mfa.Authenticator accounts.Handler": _STAFF,
    "accounts.Token accounts.TokenEnded": _STAFF,
    "requests.Request requests.Identifier requests.Identification requests.Decision requests.Agent": _CASE,
    "requests.Message requests.Remark requests.ClockEvent requests.Look requests.Mention requests.Weighed":
        _CASE,
    "requests.Forwarded requests.Foretold requests.Proposal requests.ProposalSettled requests.Approval":
        _CASE,
    "requests.RecipientTold requests.Asked requests.Discovered requests.Letter requests.Deferral": _CASE,
    "requests.CorrectedRows requests.Statement requests.Review requests.ReviewDecided": _CLAIM,
    "requests.HoldRecord requests.HeldIdentity requests.HoldLifting": _own(
        Holds.DIGESTS,
        "så länge gallringsstoppet gäller, och som underlag för att det gällde",
        "while the hold stands, and as evidence that it stood",
    ),
    "requests.Protected requests.DeferredIdentity requests.Doubt requests.DoubtSettled": _NO,
    "requests.Challenge": _LETTER,
    "requests.Knock": _own(
        Holds.DIGESTS, "några dagar", "some days", "lofte.requests.door.knock.forget_old"
    ),
    "requests.Case requests.NumberSeries requests.Assigned requests.Warned requests.Passed": _GOOD,
    "requests.ForwardedTold requests.ShownPlan requests.Round requests.Order requests.PackageRecord": _GOOD,
    "requests.Fetched requests.ReviewAssigned requests.Undone requests.TextTemplate requests.Transition":
        _GOOD,
    "requests.Finding requests.Erasure requests.RecipientNotice requests.Beneath": _GOOD,
    "mail.Outgoing": _LETTER,
    "mail.Bounced": _GOOD,
    "consent.Mark consent.Suppression consent.SuppressionLifted consent.Withdrawal consent.WithdrawalEnded":
        _NO,
    "consent.Objection consent.ObjectionDecided consent.Restriction consent.RestrictionLifted": _NO,
    "consent.StatusSet consent.StatusPutBack consent.RowsMoved consent.RowsMovedBack consent.Watched": _COPY,
    "consent.RestrictionBreach consent.Notice consent.NoticeTold": _GOOD,
    "consent.BreachEnded retention.Sweep retention.Pause": _own(
        Holds.SEALED, "skälen i ett år, resten för gott", "the reasons for a year, the rest for good",
        "lofte.retention.own.forget",
    ),
    "consent.Shown consent.Stream consent.ConsentText": _GOOD,
    "consent.Choice": _YES,
    "consent.Given consent.BrowserLink": _own(
        Holds.DIGESTS,
        "för gott: ett ja ska kunna visas (art. 7.1)",
        "for good: a yes must be possible to show (art. 7.1)",
    ),
    "consent.Asking": _own(
        Holds.SEALED, "tills den som frågades har svarat, eller tiden är ute",
        "until whoever was asked has answered, or it is too late", "lofte.consent.newsletter.forget",
    ),
    "retention.SweepEnd retention.Line retention.Stop retention.Approval": _GOOD,
    "retention.ClockConfirmed retention.Slot retention.PauseEnded": _GOOD,
    "retention.Outlook": _own(
        Holds.NOTHING, "de 400 senaste", "the newest 400", "lofte.retention.outlook.make"
    ),
    "retention.Part": _own(
        Holds.SEALED,
        "radernas nycklar tills det är känt vad som blev av dem",
        "keys of rows until it is known what became of them",
        "lofte.retention.part.tell",
    ),
    "intake.Mailbox intake.Settled intake.MailOfRequest": _GOOD,
    "intake.Mail intake.Acknowledgement": _MAIL,
    "api.KeptAnswer": _own(
        Holds.SEALED, "en dag", "a day", "lofte.api.once.forget"
    ),
    "api.Webhook api.WebhookEnded api.Source api.SourceEnded": _GOOD,
    "api.Call": _CALL,
}  # fmt: skip

OWN: Mapping[str, Own] = {label: own for labels, own in _TABLES.items() for label in labels.split()}
"""By table, as Django names it."""


def tables() -> tuple[tuple[str, Own, int], ...]:
    """Each table with its answer and how many rows it has, those with most of a person first."""
    order = (Holds.SEALED, Holds.DIGESTS, Holds.STAFF, Holds.NOTHING)
    found = [
        (model._meta.label, own, model._default_manager.count())
        for model in apps.get_models()
        if (own := OWN.get(model._meta.label)) is not None
    ]
    return tuple(sorted(found, key=lambda each: (order.index(each[1].holds), each[0])))


def forget(now: datetime) -> int:
    """Let go what has had its time and nobody else lets go; returns how many rows. Of what is many there is
    a part at a time; the next turn takes the rest."""
    return sum(done(now) for done in _FORGETS)


def _sessions(now: datetime) -> int:
    return _some(Session.objects.filter(expire_date__lt=now), lambda rows: rows.delete()[0])


def _letters(now: datetime) -> int:
    old = Outgoing.objects.filter(
        Q(sent_at__lt=now - CONTACTS) | Q(given_up_at__lt=now - CONTACTS)
    ).exclude(recipient="")  # fmt: skip
    return _some(old, lambda rows: rows.update(recipient=""))


def _codes(now: datetime) -> int:
    old = Challenge.objects.filter(at__lt=now - CONTACTS).exclude(contact="")
    return _some(old, lambda rows: rows.update(contact="", identity=b"", told=b"", code=""))


def _some(found: QuerySet[M], done: Callable[[QuerySet[M]], int]) -> int:
    keys = list(found.values_list("pk", flat=True)[:TOGETHER])
    if not keys:
        return 0
    with writing():
        return done(found.model._default_manager.filter(pk__in=keys))


def _reasons(now: datetime) -> int:
    ended = BreachEnded.objects.filter(at__lt=now - CONTACTS).exclude(key=b"")
    wide = Sweep.objects.filter(at__lt=now - CONTACTS).exclude(wide=b"")
    paused = Pause.objects.filter(ended__at__lt=now - CONTACTS).exclude(why=b"")
    return (
        _some(ended, lambda rows: rows.update(key=b"", words=b""))
        + _some(wide, lambda rows: rows.update(wide=b""))
        + _some(paused, lambda rows: rows.update(why=b""))
    )


_FORGETS = (_sessions, _letters, _codes, _reasons)
