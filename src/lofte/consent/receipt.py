"""A choice as a receipt: the fields of ISO/IEC TS 27560 (from the Kantara consent receipt).

Most of it comes from the policy and from what was shown, and only what was chosen from the browser.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from lofte.consent.models import Choice
from lofte.consent.proof import Proven
from lofte.consent.shown import NECESSARY
from lofte.execution.book import opened_about
from lofte.execution.house import House
from lofte.ledger.kinds import Kind

SCHEMA = "ISO/IEC TS 27560:2023"
_STATE = {
    "accept": "consent given",
    "reject": "consent refused",
    "save": "consent given in part",
    "withdraw": "consent withdrawn",
    "gpc": "consent refused",
    "expire": "consent expired",
}


def as_json(house: House, proven: Proven) -> dict[str, Any]:
    """The receipt. Moments are UTC."""
    body, content = proven.body, proven.content or {}
    controller = house.policy.controller
    return {
        "schema_version": SCHEMA,
        "record_id": proven.receipt,
        "pii_principal_id": proven.person,
        "pii_processing": {
            "privacy_notice": f"{house.url}/",
            "privacy_notice_version": proven.version,
            "notice_sha256": proven.sha,
            "language": body["language"],
            "collection_method": f"{body['surface']}: {body['action']}",
            "site": proven.site,
            "page": body["path"],
            "purposes": _purposes(body, content, proven.names),
            "withdrawal_method": f"{house.url}/privacy/cookies",
            "privacy_rights": f"{house.url}/ask",
            "jurisdiction": controller.country,
            "storage_locations": [controller.country],
            "retention": until(proven, content),
        },
        "parties": [
            {
                "party_role": "PII controller",
                "party_name": controller.legal_name,
                "party_identifier": controller.org_no,
                "party_address": controller.contact.address,
                "party_email": controller.contact.email,
                "party_url": controller.contact.url,
            }
        ],
        "events": [
            {
                "event_time": moment(proven.at),
                "event_time_of_browser": moment(datetime.fromtimestamp(body["at"] / 1000, UTC)),
                "event_type": "explicit",
                "event_state": _STATE[body["action"]],
                "entity": "PII principal",
                "sequence": proven.seq,
                "global_privacy_control": body["gpc"],
                "in_force": proven.holds,
            }
        ],
        "integrity": {"sha256": proven.hash, "ledger_entry": entry_of(proven.receipt)},
    }


def until(proven: Proven, content: Mapping[str, Any]) -> str | None:
    """When the choice is asked for anew at the latest."""
    days = content.get("days")
    return moment(proven.at + timedelta(days=days)) if isinstance(days, int) else None


def moment(at: datetime) -> str:
    """A moment as ISO 8601 in UTC, to the millisecond."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def entry_of(receipt: str) -> int | None:
    """The number of the ledger entry that answers for a choice; None in the first seconds."""
    choice = Choice.objects.filter(receipt=receipt).select_related("stream").first()
    if choice is None:
        return None
    for entry, payload in opened_about(choice.stream.ref, [Kind.CONSENT_RECORDED]):
        if payload is not None and int(payload["last"]) >= choice.number:
            return entry.seq
    return None


def _purposes(
    body: Mapping[str, Any], content: Mapping[str, Any], names: Mapping[str, str]
) -> list[dict[str, Any]]:
    served: dict[str, Sequence[Mapping[str, Any]]] = {
        purpose["id"]: purpose.get("vendors", ()) for purpose in content.get("purposes", ())
    }
    return [
        {
            "purpose_id": id_,
            "purpose": names.get(id_, id_),
            "lawful_basis": "consent",
            "consent": bool(said),
            "recipients": [
                {
                    "id": vendor["id"],
                    "name": vendor["name"],
                    "consent": bool(body["vendors"].get(vendor["id"])),
                    "pii_and_duration": [
                        {"name": cookie[0], "storage_duration": cookie[1]} for cookie in vendor["cookies"]
                    ],
                }
                for vendor in served.get(id_, ())
            ],
        }
        for id_, said in sorted(body["purposes"].items())
        if id_ != NECESSARY
    ]
