"""A sign: the words by which a text says one thing."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Sign:
    """The words by which a text says one thing."""

    sv: str
    en: str
    but_sv: str = ""
    but_en: str = ""
    asides: bool = False
    no: bool = False
    """A no belongs to the sign; without this a no takes it back."""
