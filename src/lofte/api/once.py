"""The same question is answered once: Idempotency-Key (draft-ietf-httpapi-idempotency-key-header).

Hard rules:
- The same key with the same question has the same answer for a day, and nothing is done again; with
  another question it is refused.
- While it is being answered, whoever asks the same waits for nothing: they are told so.
- What is kept is keyed digests, and the answer sealed.
"""

from __future__ import annotations

import hmac
import json
import re
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from lofte.accounts.models import Token
from lofte.api.models import KeptAnswer
from lofte.api.problem import KEY_REUSED, MALFORMED, UNDER_WAY, Problem
from lofte.execution.house import House
from lofte.execution.store import writing
from lofte.requests import sealing

KEPT = timedelta(hours=24)
LEFT = timedelta(minutes=10)
"""After so long without an answer, whoever was answering has died; the question may be asked again."""
_KEY = re.compile(r"[\x21-\x7e]{1,255}")


def once(
    house: House, token: Token, request: HttpRequest, answer: Callable[[], HttpResponseBase]
) -> HttpResponseBase:
    """The answer; the one that was given before, where the question carries a key that was used."""
    key = _key(request)
    if not key:
        return answer()
    question = _digest(house, "question", request.method or "", request.get_full_path(), _body(request))
    mine, kept = _claimed(house, token, _digest(house, "key", key), question)
    if not mine:
        return _again(house, kept, question)
    given: HttpResponseBase | None = None
    try:
        given = answer()
        return given
    finally:
        _keep(house, kept, given)


def forget(now: datetime) -> int:
    """Delete the answers whose day is over; returns how many."""
    with writing():
        return KeptAnswer.objects.filter(at__lte=now - KEPT).delete()[0]


def _key(request: HttpRequest) -> str:
    """The key, as a structured string (RFC 9651) or bare; empty = there is none. Raises Problem."""
    shown = request.headers.get("Idempotency-Key")
    if shown is None:
        return ""
    key = shown[1:-1] if len(shown) > 1 and shown[0] == shown[-1] == '"' else shown
    if not _KEY.fullmatch(key):
        raise Problem(
            MALFORMED,
            "The Idempotency-Key cannot be read.",
            mend="Send 1 to 255 visible ASCII characters, as a random UUID.",
        )
    return key


def _claimed(house: House, token: Token, key: str, question: str) -> tuple[bool, KeptAnswer]:
    """Whether the question is the caller's to answer, and its row."""
    forget(house.now)
    with writing():
        kept, made = KeptAnswer.objects.get_or_create(
            token=token,
            key=key,
            defaults={"ref": secrets.token_hex(16), "question": question, "at": house.now},
        )
        if made:
            return True, kept
        kept = KeptAnswer.objects.select_for_update().get(pk=kept.pk)
        if kept.question == question and not kept.answer and kept.at <= house.now - LEFT:
            kept.at = house.now
            kept.save(update_fields=["at"])
            return True, kept
    return False, kept


def _again(house: House, kept: KeptAnswer, question: str) -> HttpResponse:
    if not hmac.compare_digest(kept.question, question):
        raise Problem(
            KEY_REUSED,
            "This Idempotency-Key was sent with another question.",
            mend="Make a new key for each new question.",
        )
    if not kept.answer:
        raise Problem(
            UNDER_WAY,
            "The same question, with the same Idempotency-Key, is being answered.",
            mend="Ask again in a moment, with the same key.",
            headers={"Retry-After": "2"},
        )
    said = json.loads(sealing.unseal_text(house.keys.wrapping, kept.answer, "answer", kept.ref))
    answer = HttpResponse(said["body"].encode(), status=said["status"])
    for name, value in said["headers"].items():
        answer[name] = value
    answer["Idempotent-Replayed"] = "true"
    return answer


def _keep(house: House, kept: KeptAnswer, given: HttpResponseBase | None) -> None:
    """Keep what was answered; what broke, or came too often, may be asked again."""
    with writing():
        if not isinstance(given, HttpResponse) or given.status_code >= 500 or given.status_code == 429:
            KeptAnswer.objects.filter(pk=kept.pk).delete()
            return
        headers = {name: given[name] for name in ("Content-Type", "Location") if name in given}
        said = {"status": given.status_code, "headers": headers, "body": given.content.decode()}
        sealed = sealing.seal_text(house.keys.wrapping, json.dumps(said), "answer", kept.ref)
        KeptAnswer.objects.filter(pk=kept.pk).update(answer=sealed)


def _body(request: HttpRequest) -> str:
    return request.body.decode("latin-1")


def _digest(house: House, *parts: str) -> str:
    said = "\0".join(["api", *parts])
    return hmac.new(house.keys.lookup, said.encode("utf-8", "replace"), "sha256").hexdigest()
