"""What a closing answer says of the ledger: how far it had come, signed, so that the person is a witness
(art. 5.2)."""

from __future__ import annotations

from lofte.errors import Broken
from lofte.execution import checkpoints
from lofte.execution.house import House
from lofte.law.wording import Wording

_WORDS = Wording(
    sv="Allt vi gör med din begäran antecknas i vår liggare. Så här långt hade den kommit, signerat. Spara "
    "raderna: med dem kan du eller någon annan senare se att inget har tagits bort ur den.",
    en="All that we do with your request is noted in our ledger. This is how far it had come, signed. Keep "
    "these lines: with them you, or somebody else, can see later that nothing was taken out of it.",
)


def witnessed(house: House, language: str) -> str:
    """The newest checkpoint with a sentence before it; empty while nothing is signed. A checkpoint that
    cannot be read keeps no answer back: whoever looks after the server is told of it there."""
    try:
        held = checkpoints.latest(house)
    except Broken:
        return ""
    return f"{_WORDS.say(language)}\n\n{held.note.strip()}" if held else ""
