"""What is seen when a proof is made, beside the rows: columns, purposes, recipients, places, and the doors
and measures of this installation. Counts and ids, never anybody's data."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from lofte.datamap.catalogue import Catalogue
from lofte.errors import FaultsFound, LofteError
from lofte.execution.house import House
from lofte.ledger.kinds import Value
from lofte.policy.processors import ProcessorRegister
from lofte.proof import asking, columns, disclosures, processors, purposes, transfers
from lofte.proof.records import Check, Evidence

if TYPE_CHECKING:
    from lofte.site.workspace import Workspace

BY_HAND = ("phone", "letter", "visit")
"""Ways that somebody here answers and writes down."""
OF_PROGRAMS = ("chat", "ticket", "sms")
"""Ways that come by another program."""
ON_PAGES = ("portal", "form", "website")
"""Ways that are pages of ours."""


def seen(house: House, workspace: Workspace, *, offline: bool) -> Iterator[Evidence]:
    """Every check; with `offline` no system is opened. A system that does not answer is counted as silent."""
    policy, datamap, now = house.policy, house.datamap, house.now
    register = registered(workspace)
    yield from processors.counted(policy, register, now)
    yield from transfers.counted(policy, datamap, register, now)
    yield from _doors(house, workspace)
    yield from _here(house)
    if offline:
        return
    catalogues = _catalogues(workspace)
    for room in (columns, purposes, disclosures, asking):
        yield from room.counted(policy, datamap, catalogues, now)
    yield _carried(house, workspace)


def registered(workspace: Workspace) -> ProcessorRegister | None:
    """The register of processors, if it is there and can be read."""
    return workspace.register.document if workspace.register else None


def _catalogues(workspace: Workspace) -> dict[str, Catalogue]:
    from lofte.connectors.registry import open_system

    found: dict[str, Catalogue] = {}
    for system in workspace.datamap.systems:
        try:
            connector = open_system(system, workspace.folder)
            try:
                found[system.id] = connector.catalogue()
            finally:
                connector.close()
        except LofteError:
            continue
    return found


# -- the ways in --------------------------------------------------------------------------------------------


def _doors(house: House, workspace: Workspace) -> Iterator[Evidence]:
    from lofte.accounts.models import Handler
    from lofte.accounts.roles import Permission
    from lofte.api.models import Source
    from lofte.intake.settings import configured

    answering = any(each.may(Permission.RECEIVE_REQUEST) for each in Handler.objects.filter(is_active=True))
    programs = set(Source.objects.filter(ended=None).values_list("channel", flat=True))
    doors = {
        **dict.fromkeys(ON_PAGES, True),
        **dict.fromkeys(BY_HAND, answering),
        **{channel: channel in programs for channel in OF_PROGRAMS},
        "email": "email" in programs or configured(workspace.folder),
    }
    for channel, open_ in doors.items():
        yield _evidence(house, Check.DOOR, {"channel": channel, "open": int(open_)})


# -- the measures of this installation ----------------------------------------------------------------------


def _here(house: House) -> Iterator[Evidence]:
    from lofte.accounts.models import Handler
    from lofte.accounts.roles import Role
    from lofte.accounts.staff import second_step
    from lofte.execution import book

    people = list(Handler.objects.filter(is_active=True))
    beyond = sum(each.is_superuser or each.is_staff or each.role not in set(Role) for each in people)
    bare = sum(not has for has in second_step(people).values())
    broken = int(book.verify(house.keys.ledger) is not None)
    for measure, total, wrong in (
        ("access_levels", len(people), beyond),
        ("two_factor", len(people), bare),
        ("ledger", book.count(), broken),
    ):
        yield _evidence(house, Check.MEASURE, {"measure": measure, "total": total, "wrong": wrong})


def _carried(house: House, workspace: Workspace) -> Evidence:
    """How systems, mail servers and our own pages are reached."""
    from lofte.connectors.registry import address
    from lofte.connectors.sql.sealed import Way, way

    total = wrong = silent = 0
    for system in workspace.datamap.systems:
        total += 1
        try:
            wrong += way(system, address(system, workspace.folder)) is Way.OPEN
        except LofteError:
            silent += 1
    for open_ in (*_mail_open(workspace), _pages_open(house.url)):
        total += 1
        wrong += open_
    facts: dict[str, Value] = {"measure": "encryption_in_transit", "total": total, "wrong": wrong}
    return _evidence(house, Check.MEASURE, {**facts, "silent": silent})


def _mail_open(workspace: Workspace) -> list[bool]:
    """For each mail server, whether it is reached in the open. The settings refuse that for any but this
    machine."""
    from lofte.intake.settings import configured, mail_settings

    if not configured(workspace.folder):
        return []
    try:
        settings = mail_settings(workspace.folder)
    except FaultsFound:
        return []
    servers = (settings.box, settings.send)
    return [each.security == "none" and not _is_here(each.host) for each in servers if each is not None]


def _pages_open(url: str) -> bool:
    """Our own pages are to be reached in the open, by others than this machine."""
    parts = urlsplit(url)
    return parts.scheme == "http" and not _is_here(parts.hostname or "")


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _evidence(house: House, kind: Check, facts: dict[str, Value]) -> Evidence:
    return Evidence(kind=kind, at=house.now, policy_version=house.policy_version, facts=facts)
