"""Asking by letter whether it was they who said yes (double opt-in).

Hard rules:
- Nothing is recorded as a yes until the link is used; an address that somebody else typed says yes to
  nothing.
- Opening the link records nothing, for mail servers open links; the button on its page does.
- The answer to whoever typed the address is the same whatever we know of it, and no address gets more than
  three such letters a day.
- What waits is sealed, and gone when it is answered or its time is out.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from lofte.consent.given import How, give, judged
from lofte.consent.models import Asking, Given
from lofte.consent.person import new_act
from lofte.datamap.document import Kind as IdentityKind
from lofte.datamap.identity import Identity
from lofte.errors import Conflict
from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.execution.store import writing
from lofte.ledger.kinds import Kind
from lofte.mail.letters import letter
from lofte.mail.post import post
from lofte.requests import sealing

HOLDS = timedelta(hours=48)
MOST_A_DAY = 3
_WHAT = "asked"


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What somebody is asked to confirm."""

    purposes: tuple[str, ...]
    words: str
    language: str
    form: str
    email: str


def ask(
    house: House,
    to: Identity,
    purposes: Collection[str],
    *,
    words: str,
    language: str = "sv",
    form: str = "",
) -> None:
    """Queue the letter with the link. Raises Refused when the purposes cannot be said yes to."""
    wanted = judged(house, purposes, How.DOUBLE_OPT_IN, words, {})
    token = secrets.token_urlsafe(24)
    act = new_act(house, "")
    key, wrapped = sealing.new_key(house.keys.wrapping, act["ref"])
    said = {"purposes": wanted, "words": words, "language": language, "form": form, "email": to.value}
    with recorded(house):
        letter_ = letter(
            house, "confirm", language, words=words.strip(), link=f"{house.url}/privacy/confirm/{token}"
        )
        posted = post(house, letter_, to.value, most_a_day=MOST_A_DAY, until=house.now + HOLDS)
        if posted is None:
            return
        Asking.objects.create(
            token=_digest(house, token),
            until=house.now + HOLDS,
            key=wrapped,
            sealed=sealing.seal_text(key, json.dumps(said), _WHAT, act["ref"]),
            **act,
        )
        note(
            Kind.CONSENT_ASKED,
            act["ref"],
            {"channel": "email"},
            at=house.now,
            policy_version=house.policy_version,
        )


def asked(house: House, token: str) -> Asked | None:
    """What the link asks; None when it is no link of ours, is used, or is too old."""
    found = _there(house, token)
    return None if found is None else _opened(house, found)


def confirm(house: House, token: str) -> Given:
    """The person says yes. Raises Conflict when the link is used or too old."""
    found = _there(house, token)
    if found is None:
        raise Conflict("this link is used already, or too old; ask for a new one")
    said = _opened(house, found)
    given = give(
        house,
        [Identity(kind=IdentityKind.EMAIL, value=said.email)],
        said.purposes,
        how=How.DOUBLE_OPT_IN,
        words=said.words,
        language=said.language,
        form=said.form,
    )
    with writing():
        Asking.objects.filter(pk=found.pk).delete()
    return given


def forget(now: datetime) -> int:
    """Delete what nobody answered in time; returns how many."""
    if not Asking.objects.filter(until__lte=now).exists():
        return 0
    with writing():
        return Asking.objects.filter(until__lte=now).delete()[0]


def _there(house: House, token: str) -> Asking | None:
    return Asking.objects.filter(token=_digest(house, token), until__gt=house.now).first()


def _opened(house: House, asking: Asking) -> Asked:
    key = sealing.unwrap(house.keys.wrapping, asking.key, asking.ref)
    said = json.loads(sealing.unseal_text(key, asking.sealed, _WHAT, asking.ref))
    return Asked(**{**said, "purposes": tuple(said["purposes"])})


def _digest(house: House, token: str) -> str:
    return sealing.keyed(house.keys.lookup, "consent/asked", token)
