"""Posting a letter: it is queued in the transaction of what it tells about, and leaves in the background.

Hard rules:
- Nothing is sent in the time of a page: whether an address is known must not show in how long it takes.
- A letter lies sealed under a key of its own; when it has left, key and words are destroyed.
- One address gets no more letters of a kind a day than the caller allows: the house is no cannon.
- Nothing is posted about the case of somebody with a protected identity, but to those who work here.
"""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

from lofte.datamap.document import Kind as IdentityKind
from lofte.datamap.identity import Identity
from lofte.execution.house import House
from lofte.mail.letters import Letter
from lofte.mail.models import Outgoing
from lofte.mail.templates import TEMPLATES
from lofte.requests import sealing
from lofte.requests.course.protected import is_protected
from lofte.requests.models import Request

DAY = timedelta(days=1)


def post(
    house: House,
    letter: Letter,
    to: str,
    *,
    about: Request | None = None,
    most_a_day: int | None = None,
    until: datetime | None = None,
    headers: Mapping[str, str] | None = None,
) -> Outgoing | None:
    """Queue a letter to this address, inside the caller's transaction; None when the address has had
    `most_a_day` of its kind in the last 24 hours, or the person has a protected identity. After `until` it
    is not sent any more."""
    if not may_leave(letter.template, about):
        return None
    recipient = recipient_digest(house, to)
    had = Outgoing.objects.filter(
        recipient=recipient, template=letter.template, queued_at__gt=house.now - DAY
    )
    if most_a_day is not None and had.count() >= most_a_day:
        return None
    ref = secrets.token_hex(16)
    key, wrapped = sealing.new_key(house.keys.wrapping, ref)
    said = {"to": to, "subject": letter.subject, "body": letter.body, "headers": dict(headers or {})}
    return Outgoing.objects.create(
        ref=ref,
        request=about,
        template=letter.template,
        version=letter.version,
        language=letter.language,
        recipient=recipient,
        sha256=_digest(house, ref, letter),
        key=wrapped,
        sealed=sealing.seal_text(key, json.dumps(said, ensure_ascii=False), "letter", ref),
        queued_at=house.now,
        not_before=house.now,
        until=until,
    )


def may_leave(template: str, about: Request | None) -> bool:
    """Whether a letter of this kind about this request may go by e-mail."""
    return TEMPLATES[template].staff or about is None or not is_protected(about.case_id)


def recipient_digest(house: House, address: str) -> str:
    """By what an address is known again; the same as that of the identity."""
    return sealing.lookup(house.keys.lookup, Identity(kind=IdentityKind.EMAIL, value=address))


def is_what_was_posted(house: House, outgoing: Outgoing, letter: Letter) -> bool:
    """Whether this letter is the one that was posted, word for word."""
    return hmac.compare_digest(outgoing.sha256, _digest(house, outgoing.ref, letter))


def _digest(house: House, ref: str, letter: Letter) -> str:
    """Keyed, and with the letter's own id: a code of six digits could be found from a plain one."""
    return sealing.keyed(house.keys.lookup, "mail/letter", ref, letter.subject, letter.body)
