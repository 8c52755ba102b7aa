"""The words of the command line, in English or Swedish (gettext, domain `lofte`)."""

from __future__ import annotations

import gettext as _gettext
import io
import os
import re
from collections.abc import Sequence
from pathlib import Path

LANGUAGES = ("sv", "en")
DOMAIN = "lofte"
_HOLE = re.compile(r"\{\w+\}")
LOCALE = Path(__file__).parent / "locale"

_spoken: tuple[str, _gettext.NullTranslations] = ("en", _gettext.NullTranslations())


def gettext(message: str) -> str:
    """The message in the language that was chosen."""
    return _spoken[1].gettext(message)


def ngettext(one: str, many: str, number: int) -> str:
    """The message for this number, in the language that was chosen."""
    return _spoken[1].ngettext(one, many, number)


def patterns() -> dict[str, str]:
    """The sentences with `{holes}` that the chosen language has, and what they are in it."""
    catalogue: dict[object, str] = getattr(_spoken[1], "_catalog", {})
    return {
        ours: theirs
        for ours, theirs in catalogue.items()
        if isinstance(ours, str) and "{" in ours and "{" not in _HOLE.sub("", ours)
    }


def language() -> str:
    """The language that was chosen."""
    return _spoken[0]


def speak(language: str) -> None:
    """Choose the language of everything said from now on."""
    global _spoken
    _spoken = (language, _translations(language))
    # The words of the parser itself ("Usage", "Options") come from the process-wide catalogue.
    os.environ["LANGUAGE"] = language
    _gettext.bindtextdomain(DOMAIN, str(LOCALE))
    _gettext.textdomain(DOMAIN)


def chosen(arguments: Sequence[str]) -> str:
    """`--language` if it stands among the arguments, else what the locale says, else English."""
    for at, argument in enumerate(arguments):
        if argument == "--language" and at + 1 < len(arguments):
            return _known(arguments[at + 1])
        if argument.startswith("--language="):
            return _known(argument.partition("=")[2])
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if os.environ.get(name):
            return _known(os.environ[name])
    return "en"


def _known(locale: str) -> str:
    return "sv" if locale[:2].lower() == "sv" else "en"


def _translations(language: str) -> _gettext.NullTranslations:
    if language == "en":
        return _gettext.NullTranslations()
    compiled = _gettext.find(DOMAIN, str(LOCALE), [language])
    if compiled:
        with open(compiled, "rb") as file:
            return _gettext.GNUTranslations(file)
    return _compiled_now(language)


def _compiled_now(language: str) -> _gettext.NullTranslations:
    """A clone where nothing has been compiled yet speaks Swedish too."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    source = LOCALE / language / "LC_MESSAGES" / f"{DOMAIN}.po"
    if not source.is_file():
        return _gettext.NullTranslations()
    compiled = io.BytesIO()
    with source.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return _gettext.GNUTranslations(compiled)
