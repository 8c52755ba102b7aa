"""Numbers with words that agree with them."""

from __future__ import annotations


def so_many(n: int, one: str, many: str) -> str:
    """The number and what is said of so many: `1 hold is`, `3 holds are`."""
    return f"{n} {one if n == 1 else many}"
