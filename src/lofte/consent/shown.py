"""What visitors were shown: kept by its digest before anybody can say yes to it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from lofte.consent.ingest.wire import Offer
from lofte.consent.models import Shown
from lofte.errors import Broken
from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.fault import Fault
from lofte.ledger.kinds import Kind
from lofte.policy import cookies

NECESSARY = "necessary"


def keep(house: House) -> tuple[Shown, ...]:
    """Keep what the policy shows now, in each of its languages; what is kept already is left as it is.
    Nothing where the policy asks no visitor for anything."""
    made = [cookies.shown(house.policy, language) for language in house.policy.meta.languages]
    return tuple(
        _kept(house, each.version, each.snapshot.decode()) for each in made if not isinstance(each, Fault)
    )


def _kept(house: House, version: str, content: str) -> Shown:
    sha = hashlib.sha256(content.encode()).hexdigest()
    if (there := Shown.objects.filter(sha=sha).first()) is not None:
        return there
    with recorded(house):
        made, is_new = Shown.objects.get_or_create(
            sha=sha, defaults={"version": version, "content": content, "since": house.now}
        )
        if is_new:
            payload = {"version": version, "digest": sha}
            note(Kind.CONSENT_SHOWN, sha[:32], payload, at=house.now, policy_version=house.policy_version)
    return made


def offers() -> Mapping[str, Offer]:
    """All that was ever shown, by digest: what could be chosen from."""
    return {sha: offer(json.loads(content)) for sha, content in Shown.objects.values_list("sha", "content")}


def content_of(sha: str) -> Mapping[str, Any] | None:
    """What was shown, or None where it was never kept. Raises Broken when it is not what it was."""
    found = Shown.objects.filter(sha=sha).first()
    if found is None:
        return None
    if hashlib.sha256(found.content.encode()).hexdigest() != sha:
        raise Broken("what was shown has been changed in the store; run `lofte consent verify`")
    content: Mapping[str, Any] = json.loads(found.content)
    return content


def offer(content: Mapping[str, Any]) -> Offer:
    """What could be chosen from."""
    told = [each for each in content["purposes"] if each["id"] != NECESSARY]
    return Offer(
        version=content["version"],
        edition=content["edition"],
        purposes=frozenset(each["id"] for each in told),
        vendors={vendor["id"]: each["id"] for each in told for vendor in each.get("vendors", ())},
        cookie=content["name"],
        days=content["days"],
    )


def names(content: Mapping[str, Any]) -> dict[str, str]:
    """What each purpose and vendor was called, by id."""
    found: dict[str, str] = {}
    for purpose in _listed(content.get("purposes")):
        found[str(purpose["id"])] = str(purpose["name"])
        for vendor in _listed(purpose.get("vendors")):
            found[str(vendor["id"])] = str(vendor["name"])
    return found


def _listed(value: Any) -> Iterable[Mapping[str, Any]]:
    return value if isinstance(value, list) else ()
