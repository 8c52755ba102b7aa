"""Where checkpoints of the ledger are handed out to: `witness.yaml` in the workspace.

A checkpoint proves something only where whoever can change the ledger cannot change it, too: a folder of
another machine, the mailbox of the data protection officer.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from lofte.execution.checkpoints import Held
from lofte.execution.checkpoints import hand_out as to_folder
from lofte.execution.house import House
from lofte.execution.store import writing
from lofte.execution.written import document_of
from lofte.mail.letters import letter
from lofte.mail.post import post
from lofte.policy.document import Part

FILE = "witness.yaml"
LANGUAGE = "sv"
_log = logging.getLogger("lofte.serve")


class WitnessDocument(Part):
    """`witness.yaml`."""

    witness: Literal[1]
    folder: str = ""
    """An absolute path, best on another machine; empty = no copies there."""
    mail: Annotated[str, Field(pattern=r"^([^@\s]+@[^@\s]+)?$")] = ""
    """Who gets the newest checkpoint by e-mail once a day; empty = nobody."""


def settings(workspace: Path) -> WitnessDocument | None:
    """What `witness.yaml` says; None = there is none. Raises Refused when it cannot be read; FaultsFound."""
    if not (workspace / FILE).is_file():
        return None
    return document_of(workspace, FILE, WitnessDocument)[1]


def hand_out(house: House, workspace: Path, held: Held) -> None:
    """Copy it to where `witness.yaml` says. A folder that cannot be written is logged: the next one is
    handed out as well, and stands for all before it. Raises Refused, FaultsFound."""
    said = settings(workspace)
    if said is None:
        return
    if said.folder:
        try:
            to_folder(held.note, Path(said.folder))
        except OSError as error:
            _log.error("the checkpoint could not be written to the witness: %s", type(error).__name__)
    if said.mail:
        with writing():
            facts = {"size": str(held.checkpoint.size), "checkpoint": held.note}
            post(house, letter(house, "checkpoint", LANGUAGE, **facts), said.mail, most_a_day=1)
