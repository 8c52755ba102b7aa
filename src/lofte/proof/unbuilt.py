"""Parts that do not exist yet, and the promises that wait for them: unproven, and the part is named."""

from __future__ import annotations

from collections.abc import Mapping

from lofte.policy.document import Text

_PARTS: tuple[tuple[Text, str], ...] = ()

MISSING: Mapping[str, Text] = {id_: part for part, ids in _PARTS for id_ in ids.split()}
"""The part that each promise waits for."""

UNKNOWN = Text(sv="ett sätt att pröva det här löftet", en="a way to judge this promise")
"""For a number that no part of the house knows."""
