"""The demo's versions: an earlier one in the archive, the one that holds, and one that is coming."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lofte.execution.house import House
    from lofte.fault import Fault
    from lofte.policy.document import Policy

_AHEAD = timedelta(days=45)


@dataclass(frozen=True, kw_only=True, slots=True)
class Versions:
    """What is published in the demo. A policy without the rule that is changed here has one version alone."""

    house: House
    text: str
    """The version that holds."""
    faults: Sequence[Fault]

    def publish(self) -> None:
        """The earlier version, which kept applications longer, and the one that holds."""
        from lofte.notices.publish import publish

        before = self._changed("2025.1", date(2025, 10, 1), "P3Y")
        if before is not None:
            publish(self.house, before[0], (), policy=before[1])
        publish(self.house, self.text, self.faults)

    def announce(self, officer: str, approver: str) -> None:
        """A version that keeps applications longer: handed in by one, approved by another, published. Those
        whom it touches are written to by the server."""
        from lofte.notices import versions
        from lofte.notices.models import Draft

        day = self.house.today + _AHEAD
        coming = self._changed(f"{day.year}.1" if day.year > 2026 else "2026.2", day, "P30M")
        if coming is None or Draft.objects.filter(version=coming[1].meta.version).exists():
            return
        why = "Tvister om anställning kan komma senare än vi trodde."
        draft = versions.submit(self.house, coming[1], coming[0], (), by=officer, why=why)
        versions.approve(self.house, draft, by=approver)
        versions.publish_draft(self.house, draft, by=officer)

    def _changed(self, version: str, since: date, kept: str) -> tuple[str, Policy] | None:
        """The text with another version, day and period for applications; None where it has none."""
        from lofte.policy.document import Policy
        from lofte.policy.reading import read

        text = re.sub(r"(?m)^  updated: .*\n", "", self.text, count=1)
        text = re.sub(r"(?m)^(  version:) .*$", rf'\1 "{version}"', text, count=1)
        text = re.sub(r"(?m)^(  effective_from:) .*$", rf"\1 {since.isoformat()}", text, count=1)
        text, changed = re.subn(r"(keep_until: application\.decided \+) P2Y", rf"\1 {kept}", text, count=1)
        policy = read(text, "policy.yaml", Policy).document
        return (text, policy) if changed and policy is not None else None
