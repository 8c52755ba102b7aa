"""The phrases that come with the program."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from lofte.intake.phrasebook import Phrasebook, phrasebook


@cache
def shipped_phrases() -> Phrasebook:
    """`phrases.toml`, read once."""
    return phrasebook((files("lofte.intake") / "phrases.toml").read_text(encoding="utf-8"))
