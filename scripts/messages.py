"""Compile every catalogue of translations (.po) beside itself (.mo), when it has changed."""

from __future__ import annotations

import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po


def compile_all(root: Path) -> int:
    """Compile below `root`; returns how many catalogues were written."""
    written = 0
    for source in sorted(root.glob("**/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as readable:
            catalogue = read_po(readable, locale=source.parts[-3], abort_invalid=True)
        with target.open("wb") as writable:
            write_mo(writable, catalogue)
        written += 1
    return written


if __name__ == "__main__":
    count = compile_all(Path(__file__).parent.parent / "src")
    if count:
        sys.stdout.write(f"compiled {count} catalogues of translations\n")
