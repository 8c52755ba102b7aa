"""The register of processors (art. 28, 30): `processors.yaml` in the workspace, as a document.

    processors: 1

    web_host:
      name: Lingonris Webbdrift AB
      service: {sv: Drift av webbplats, en: Running of the website}
      kind: operation
      country: SE
      agreement: {signed: 2025-04-14, clauses: [28.3.a, 28.3.b]}
      sub_processors: []

The keys are those that `register` of a recipient in the policy names.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict

from lofte.policy.parts import Country, Part, Text

FILE = "processors.yaml"
CLAUSES = tuple(f"28.3.{letter}" for letter in "abcdefgh")
"""What an agreement with a processor must say (art. 28.3)."""

Clause = Literal["28.3.a", "28.3.b", "28.3.c", "28.3.d", "28.3.e", "28.3.f", "28.3.g", "28.3.h"]


class Agreement(Part):
    """The agreement that binds a processor (art. 28.3)."""

    signed: date
    ends: date | None = None
    """The last day it applies; nothing said = until it is ended."""
    clauses: tuple[Clause, ...] = ()
    """What of art. 28.3 it says."""

    def valid(self, on: date) -> bool:
        """Whether it binds on that day."""
        return self.signed <= on and (self.ends is None or on <= self.ends)

    @property
    def lacks(self) -> tuple[str, ...]:
        """What of art. 28.3 it does not say."""
        return tuple(clause for clause in CLAUSES if clause not in self.clauses)


class Processor(Part):
    """Who works for the company (art. 4.8), and on what terms."""

    name: str
    service: Text
    kind: Literal["development", "maintenance", "operation", "support"]
    """What of the company's systems they do."""
    country: Country
    contact: str | None = None
    agreement: Agreement | None = None
    sub_processors: tuple[str, ...] | None = None
    """Whom they engage in turn, by name (art. 28.2); an empty list = nobody."""


class ProcessorRegister(BaseModel):
    """The whole register. `processors: 1` is the version of the format; each other key is one processor."""

    model_config = ConfigDict(extra="allow", frozen=True, use_attribute_docstrings=True)
    __pydantic_extra__: dict[str, Processor]

    processors: Literal[1]

    @property
    def listed(self) -> dict[str, Processor]:
        """The processors, by their key."""
        return dict(self.__pydantic_extra__)
