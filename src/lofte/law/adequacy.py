"""Where data may go: the EEA, and the countries the Commission has found adequate (art. 44-45).

The table is dated. It says what was known on `CHECKED_ON`; older than `STALE_AFTER_DAYS` it is
still used, but a warning goes with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from lofte.law.wording import Wording

CHECKED_ON = date(2026, 11, 20)
STALE_AFTER_DAYS = 90

# fmt: off
EEA: frozenset[str] = frozenset(
    {
        "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE",
        "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK", "IS", "LI", "NO",
    }
)
# fmt: on
"""The 27 member states and Iceland, Liechtenstein and Norway."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """An adequacy decision: for whom, since when, until when, and how far it reaches."""

    country: str
    valid_from: date
    valid_to: date | None = None
    scope: Wording | None = None
    certified_only: bool = False
    """Covers only recipients certified under the framework, never the country as a whole."""
    checked_on: date = CHECKED_ON

    def in_force(self, on: date) -> bool:
        """Whether the decision stands on that day, as far as was known when it was checked."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


_DPF = Wording(
    sv="endast mottagare som är certifierade enligt EU–US Data Privacy Framework (beslut 2023/1795)",
    en="only recipients certified under the EU–US Data Privacy Framework (decision 2023/1795)",
)
_COMMERCIAL = Wording(sv="kommersiella organisationer", en="commercial organisations")

DECISIONS: dict[str, Decision] = {
    decision.country: decision
    for decision in (
        Decision(country="AD", valid_from=date(2010, 10, 19)),
        Decision(country="AR", valid_from=date(2003, 6, 30)),
        Decision(country="BR", valid_from=date(2026, 1, 27)),
        Decision(country="CA", valid_from=date(2001, 12, 20), scope=_COMMERCIAL),
        Decision(country="CH", valid_from=date(2000, 7, 26)),
        Decision(country="EPO", valid_from=date(2025, 7, 15)),
        Decision(country="FO", valid_from=date(2010, 3, 5)),
        Decision(country="GB", valid_from=date(2021, 6, 28), valid_to=date(2031, 12, 27)),
        Decision(country="GG", valid_from=date(2003, 11, 21)),
        Decision(country="IL", valid_from=date(2011, 1, 31)),
        Decision(country="IM", valid_from=date(2004, 4, 28)),
        Decision(country="JE", valid_from=date(2008, 5, 8)),
        Decision(country="JP", valid_from=date(2019, 1, 23)),
        Decision(country="KR", valid_from=date(2021, 12, 17)),
        Decision(country="NZ", valid_from=date(2012, 12, 19)),
        Decision(country="US", valid_from=date(2023, 7, 10), scope=_DPF, certified_only=True),
        Decision(country="UY", valid_from=date(2012, 8, 21)),
    )
}
"""By country (ISO 3166), and EPO for the European Patent Organisation."""


def inside_eea(country: str) -> bool:
    """Whether data sent there stay inside the EEA."""
    return country in EEA


def safeguarded(country: str, on: date) -> bool:
    """Whether the country as a whole is safe on that day: in the EEA, or found adequate.

    The United States is not: only certified recipients there are (`certified(country, on)`).
    """
    decision = DECISIONS.get(country)
    return inside_eea(country) or bool(decision and decision.in_force(on) and not decision.certified_only)


def certified(country: str, on: date) -> bool:
    """Whether a certified recipient in the country is safe on that day (art. 45, decision 2023/1795)."""
    decision = DECISIONS.get(country)
    return bool(decision and decision.in_force(on) and decision.certified_only)


def outdated(on: date) -> bool:
    """Whether the table is too old to be trusted without a look."""
    return on - CHECKED_ON > timedelta(days=STALE_AFTER_DAYS)
