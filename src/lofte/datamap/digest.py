"""The digest of a data map: the same map gives the same digest, however it was written."""

from __future__ import annotations

import hashlib
import json

from lofte.datamap.document import DataMap

_LAST: list[tuple[DataMap, str]] = []
"""The last one asked for: a map in force is never changed, and one act asks many times."""


def digest(datamap: DataMap) -> str:
    """SHA-256 of the canonical form, in hex. Systems are taken in the order of their ids."""
    for known, found in _LAST:
        if known is datamap:
            return found
    found = _computed(datamap)
    _LAST[:] = [(datamap, found)]
    return found


def _computed(datamap: DataMap) -> str:
    systems = sorted(datamap.systems, key=lambda system: system.id)
    plain = [system.model_dump(mode="json", by_alias=True, exclude_defaults=True) for system in systems]
    written = json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()
