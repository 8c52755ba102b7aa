"""What a look at a website saw: what is stored, who is asked, which forms there are. Names, hosts and paths;
never a value, and no address with a query.

A look has four states: before any choice, after a no, after a yes, and after the yes was taken back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from lofte.policy.parts import Part

FILE = "scan.yaml"


class State(StrEnum):
    """What the visitor had chosen."""

    BEFORE = "before"
    REJECTED = "rejected"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"


class Hosts(Part):
    """`scan.yaml` of the workspace: who is behind the hosts that the site asks."""

    scan: Literal[1]
    own: tuple[str, ...] = ()
    """Further hosts of the company's own."""
    hosts: Mapping[str, str] = {}
    """Host -> a provider of the cookie table, a recipient of the policy, or a key of `processors.yaml`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Stored:
    """A cookie, or a key or database in the browser's storage."""

    name: str
    kind: Literal["cookie", "local", "session", "database"]
    host: str
    state: State
    page: str
    """The path on which it was seen first."""
    days: float | None = None
    """How long a cookie has to live; None = until the browser is closed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """Another host that a page asked."""

    host: str
    what: str
    """script, image, document …"""
    state: State
    page: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SeenForm:
    """A form that people write in, and the names of its fields."""

    page: str
    fields: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class SeenPage:
    """A page, as it answered in one state."""

    path: str
    state: State
    status: int
    settings: bool = False
    """Whether it has a way to the settings, or the question itself."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Buttons:
    """How yes and no stand beside each other in the first layer."""

    reject: bool
    same_look: bool = False
    """The same colours, letters and kind of element."""
    ratio: float = 0.0
    """Area of the no by that of the yes."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """All that was seen of one site."""

    site: str
    """Its scheme and host."""
    banner: Literal["lofte", "known", ""]
    """Ours, one known by its buttons, or none."""
    buttons: Buttons | None
    states: tuple[State, ...]
    """Those that could be looked at."""
    pages: tuple[SeenPage, ...] = ()
    stored: tuple[Stored, ...] = ()
    asked: tuple[Asked, ...] = ()
    forms: tuple[SeenForm, ...] = ()

    def paths(self) -> tuple[str, ...]:
        """The pages that were looked at."""
        return tuple(dict.fromkeys(page.path for page in self.pages))

    def kept(self, *states: State) -> Iterator[Stored]:
        """What is stored in any of these states."""
        return (each for each in self.stored if each.state in states)

    def called(self, *states: State) -> Iterator[Asked]:
        """Who is asked in any of these states."""
        return (each for each in self.asked if each.state in states)
