"""What the commands that record something work with: the house, and a way into its systems."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lofte.cli.told import Told

if TYPE_CHECKING:
    from lofte.accounts.roles import Permission
    from lofte.connectors.protocol import Connector
    from lofte.datamap.document import System
    from lofte.datamap.identity import Identity
    from lofte.execution.house import House
    from lofte.law.rights import Right
    from lofte.requests.models import Request


@dataclass(frozen=True, kw_only=True, slots=True)
class Working:
    """An open house."""

    house: House
    connect: Callable[[System], Connector]
    by: str = ""
    """The e-mail address of the handler at the terminal."""

    def identified(
        self, right: Right, shown: tuple[Identity, ...], how: str, level: str, channel: str
    ) -> Request:
        """A request that has come in, from somebody who is identified well enough for it."""
        from lofte.requests.course.receive import receive
        from lofte.requests.door.identify import Level, identify

        language, by = self.house.policy.meta.record_language, signed(self.by)
        request = receive(
            self.house, right=right, identities=shown, channel=channel, language=language, by=by
        )
        return identify(self.house, request, method=how, level=Level[level], by=by, proven=shown)


def working(given: Told) -> Working:
    """Open the house. Faults of the policy that do not keep it from being read stop nobody's no."""
    from lofte.site.store import prepare
    from lofte.site.workspace import load, open_house

    workspace = load(given.workspace)
    prepare()
    from lofte.connectors.registry import open_system

    return Working(
        house=open_house(workspace),
        connect=lambda system: open_system(system, workspace.folder),
        by=given.by,
    )


def signed(address: str) -> str:
    """The random id of the handler who does this; empty only where nobody is added yet (art. 29).
    Raises Refused."""
    from lofte.accounts.roles import Permission

    return may(address, Permission.RECEIVE_REQUEST)


def signing(address: str) -> str:
    """The same for a step of a request that somebody has taken already: empty when nobody says who."""
    return signed(address) if address else ""


def may(address: str, permission: Permission) -> str:
    """The random id of the handler at the terminal, who may do this; empty only where nobody is added
    yet. Raises Refused."""
    from lofte.accounts.models import Handler
    from lofte.accounts.roles import Permission
    from lofte.errors import Refused

    if not address and not Handler.objects.exists():
        return ""
    if not address:
        raise Refused("say who you are: --by with the e-mail address of a handler, or LOFTE_BY")
    handler = Handler.objects.filter(email__iexact=address.strip()).first()
    if handler is not None and handler.may(permission):
        return handler.ref
    if permission is Permission.RECEIVE_REQUEST:
        raise Refused("no handler with this address may take requests; see `lofte handler list`")
    raise Refused("no handler with this address may do this; see `lofte handler list`")


def asked_as(number: str) -> Request:
    """The request that people call by this number. Raises Refused."""
    from lofte.errors import Refused
    from lofte.requests.models import Request

    found = Request.objects.filter(number=number).first()
    if found is None:
        raise Refused("there is no request with this number; write it as 2026-000123")
    return found
