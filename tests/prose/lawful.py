"""Two policies of an invented company that leave nothing out and say nothing wrong."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent
SV = (FOLDER / "lawful-sv.txt").read_text(encoding="utf-8")
EN = (FOLDER / "lawful-en.txt").read_text(encoding="utf-8")
