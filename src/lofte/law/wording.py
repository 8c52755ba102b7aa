"""The same words in Swedish and English, as data of the law."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Wording:
    """A name or sentence in both languages."""

    sv: str
    en: str

    def say(self, language: str) -> str:
        """The words in `language` (`sv`, else English)."""
        return self.sv if language == "sv" else self.en
