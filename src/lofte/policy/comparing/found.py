"""A place where a version asks more of people, or gives them less, than the one before."""

from __future__ import annotations

from dataclasses import dataclass

from lofte.policy.keypath import Segment


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """Where, and what it is in a few words."""

    path: tuple[Segment, ...]
    sv: str
    en: str
