"""What a token may be let do, and which permission of its maker each scope needs."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from lofte.accounts.roles import Permission


class Scope(StrEnum):
    """One thing that another program may do here."""

    REQUESTS_READ = "requests:read"
    REQUESTS_RECEIVE = "requests:receive"
    REQUESTS_IDENTIFY = "requests:identify"
    REQUESTS_WORK = "requests:work"
    REQUESTS_REFUSE = "requests:refuse"
    REQUESTS_CARE = "requests:care"
    ERASURES_APPROVE = "erasures:approve"
    HOLDS_PLACE = "holds:place"
    PACKAGES_FETCH = "packages:fetch"
    GATE_ASK = "gate:ask"
    WEBHOOKS_MANAGE = "webhooks:manage"


NEEDS: Mapping[Scope, Permission] = {
    Scope.REQUESTS_READ: Permission.SEE_REQUESTS,
    Scope.REQUESTS_RECEIVE: Permission.RECEIVE_REQUEST,
    Scope.REQUESTS_IDENTIFY: Permission.IDENTIFY_SUBJECT,
    Scope.REQUESTS_WORK: Permission.FULFIL_REQUEST,
    Scope.REQUESTS_REFUSE: Permission.REFUSE_REQUEST,
    Scope.REQUESTS_CARE: Permission.WORK_ON_REQUESTS,
    Scope.ERASURES_APPROVE: Permission.APPROVE,
    Scope.HOLDS_PLACE: Permission.PLACE_HOLD,
    Scope.PACKAGES_FETCH: Permission.FETCH_PACKAGE,
    Scope.GATE_ASK: Permission.SEE_REQUESTS,
    Scope.WEBHOOKS_MANAGE: Permission.ADD_HANDLERS,
}
"""A token never does what its maker may not do: this is asked when it is made, and each time it is used."""
