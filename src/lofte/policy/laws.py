"""`law.yaml` of the workspace: which packs of rules are turned on besides those that are law."""

from __future__ import annotations

from typing import Literal

from lofte.policy.parts import Id, Part


class LawDocument(Part):
    """`law.yaml`."""

    law: Literal[1]
    on: tuple[Id, ...] = ()
    """Packs that are off by themselves and count here, as `digital-omnibus`."""
