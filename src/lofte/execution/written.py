"""Files that people keep in the workspace, read as text and as documents."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from lofte.errors import FaultsFound, Refused
from lofte.policy.reading import Reading, read

M = TypeVar("M", bound=BaseModel)


def text_of(file: Path, called: str = "") -> str:
    """What stands in a file, which an error names as `called`, else by its path. Raises Refused when it
    cannot be read as UTF-8."""
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"{called or file} cannot be read as UTF-8 text; save it as UTF-8") from error


def document_of(workspace: Path, name: str, model: type[M]) -> tuple[Reading[M], M]:
    """The document in the workspace's file of this name, and its reading, which knows the lines. Raises
    Refused when it cannot be read, FaultsFound when it does not say what it should."""
    reading = read(text_of(workspace / name, name), name, model)
    if reading.document is None:
        raise FaultsFound(reading.faults)
    return reading, reading.document
