"""A person with a protected identity: noted, and from then on nothing goes to a contact that we have
(offentlighets- och sekretesslagen 22 kap. 1 §, folkbokföringslagen 16 §).

Hard rules:
- Whoever says so is believed: the person themselves, a handler, or a mark in a system of the company. Only a
  handler takes it back.
- With it, in one transaction: letters that have not left are destroyed, codes that are on their way by
  e-mail, text message or call are ended, and whoever is in by the portal is let out.
"""

from __future__ import annotations

from lofte.errors import Refused
from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.law.wording import Wording
from lofte.ledger.kinds import Kind, Value
from lofte.mail.models import Outgoing
from lofte.mail.templates import TEMPLATES
from lofte.requests.course.protected import is_protected as is_protected
from lofte.requests.course.reached import KINDS, first_of
from lofte.requests.models import Case, Challenge, Protected

POSTING = Wording(
    sv="Personen har skyddad identitet. Skicka inget till en adress som står hos oss. Lägg brevet i ett "
    "kuvert, klistra igen det och skriv personens personnummer på framsidan och er egen adress på baksidan. "
    "Lägg kuvertet i ett ytterkuvert med porto till Skatteverket, Box 2820, 403 20 Göteborg, som "
    "skickar det vidare. Eller lämna det vid ett besök.",
    en="The person has a protected identity. Send nothing to an address that we hold. Put the letter in an "
    "envelope, seal it, and write the person's personal identity number on the front and your own address "
    "on the back. Put that in a stamped outer envelope to Skatteverket, Box 2820, 403 20 Göteborg, who pass "
    "it on. Or hand it over in a visit.",
)
"""How a letter reaches them: by the mail forwarding of Skatteverket, the Swedish Tax Agency."""


def protect(house: House, case: Case, by: str, on: bool = True) -> bool:
    """Note that the person of the case has a protected identity, or has it no more; False when that is
    known already. `by` is the handler's random id; empty when the person or a system has said it.
    Raises Refused when anybody but a handler takes it back."""
    if not on and not by:
        raise Refused("only somebody who works here says that an identity is not protected; say who you are")
    with recorded(house):
        return protected(house, case, by, on=on)


def protected(house: House, case: Case, by: str = "", *, on: bool = True) -> bool:
    """As `protect`, inside the caller's `recorded` transaction."""
    Case.objects.select_for_update().get(pk=case.pk)
    if is_protected(case) is on:
        return False
    Protected.objects.create(case=case, on=on, by=by, at=house.now)
    said: dict[str, Value] = {"by": by} if by else {}
    if on:
        said["letters"] = _called_back(house, case)
        living = Challenge.objects.filter(case=case, way__in=KINDS, passed=None, until__gt=house.now)
        living.update(until=house.now)
    _note(house, Kind.PROTECTION_BEGUN if on else Kind.PROTECTION_ENDED, first_of(case).ref, said)
    return True


def _called_back(house: House, case: Case) -> int:
    """Destroy what has not left; returns how many letters."""
    waiting = Outgoing.objects.filter(request__case=case, sent_at=None, given_up_at=None)
    ours = [name for name, template in TEMPLATES.items() if template.staff]
    letters = list(waiting.exclude(template__in=ours))
    for each in letters:
        Outgoing.objects.filter(pk=each.pk).update(given_up_at=house.now, key=b"", sealed=b"")
        _note(house, Kind.MAIL_GIVEN_UP, each.ref, {"letter": each.template, "attempt": each.attempts})
    return len(letters)


def _note(house: House, kind: Kind, ref: str, said: dict[str, Value]) -> None:
    note(kind, ref, said, at=house.now, policy_version=house.policy_version)
