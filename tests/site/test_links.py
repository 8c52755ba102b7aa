"""What was found of the links is noted, by number and never by name."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from lofte.execution.book import opened, sequence
from lofte.execution.house import House, Keys
from lofte.site.links import looked, noted
from lofte.site.workspace import load

GUIDES = Path(__file__).parents[2] / "examples" / "guides"
KEYS = Keys(ledger=b"l" * 32, wrapping=b"w" * 32, lookup=b"k" * 32, checkpoint=b"c" * 32)


def test_a_dead_link_is_told_at_its_line():
    (fault,) = looked(load(GUIDES), lambda url: 404)
    assert (fault.place.file, fault.place.path) == ("policy.yaml", "authority.url") and fault.place.line > 1


def test_what_was_found_stands_in_the_ledger(store, tmp_path):
    workspace = load(GUIDES)
    house = House(
        policy=workspace.policy, datamap=workspace.datamap, keys=KEYS, folder=tmp_path,
        clock=lambda: datetime(2026, 11, 20, tzinfo=UTC),
    )  # fmt: skip
    noted(house, looked(workspace, lambda url: None))
    sequence(KEYS.ledger)
    (payload,) = [payload for entry, payload in opened() if entry.kind == "links.checked"]
    assert (payload["checked"], payload["dead"]) == (1, 1) and len(payload["digest"]) == 64
