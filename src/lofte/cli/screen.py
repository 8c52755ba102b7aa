"""What a command shows: results on stdout, progress and complaints on stderr, JSON for machines."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import typer

from lofte.cli.exits import code_of
from lofte.cli.spoken import spoken
from lofte.cli.words import gettext as _
from lofte.cli.words import ngettext
from lofte.errors import FaultsFound
from lofte.fault import Fault, Severity

if TYPE_CHECKING:
    from rich.console import Console

    from lofte.policy.document import Policy

_COLOURS = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.NOTE: "dim"}


def out() -> Console:
    """Where results go."""
    from rich.console import Console

    return Console(highlight=False, soft_wrap=True)


def err() -> Console:
    """Where progress and complaints go."""
    from rich.console import Console

    return Console(stderr=True, highlight=False, soft_wrap=True)


def say(text: str) -> None:
    """A line of the result, as it is."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def say_json(value: dict[str, Any], error: BaseException | None = None) -> None:
    """The result for a machine, always one document: what stopped the command half-way stands in it too,
    and then it ends with the exit code of that. Raises Exit."""
    value = value if error is None else {**value, **_wrong(error)}
    say(json.dumps(value, ensure_ascii=False, indent=2, default=str))
    if error is not None:
        raise typer.Exit(code_of(error))


def sentence(text: str) -> str:
    """With a capital first and a full stop last. A path keeps its own letters."""
    text = text.strip()
    path = "/" in text.partition(" ")[0]
    return text and (text[0] if path else text[0].upper()) + text[1:] + ("" if text[-1] in ".?!:;" else ".")


def complain(error: BaseException, *, as_json: bool) -> None:
    """One sentence and the mend; for a machine, an object with the exit code."""
    if as_json:
        say_json(_wrong(error))
        return
    show_faults(_faults(error), to=err())
    err().print(sentence(_said(error)), style="bold red", markup=False)


def _wrong(error: BaseException) -> dict[str, Any]:
    faults = [plain(fault) for fault in _faults(error)]
    detail = {"kind": type(error).__name__, "exit": int(code_of(error)), "says": sentence(_said(error))}
    return {"error": detail, **({"faults": faults} if faults else {})}


def _faults(error: BaseException) -> Sequence[Fault]:
    return error.faults if isinstance(error, FaultsFound) else ()


def _said(error: BaseException) -> str:
    if isinstance(error, FaultsFound):
        one, many = "{n} fault: run `lofte check` and mend it", "{n} faults: run `lofte check` and mend them"
        return ngettext(one, many, len(error.faults)).format(n=len(error.faults))
    return spoken(str(error)) if str(error) else type(error).__name__


def show_faults(faults: Iterable[Fault], to: Console | None = None) -> None:
    """Each fault: where, its number, what is wrong, and how to mend it."""
    from rich.text import Text

    console = to or out()
    names = {
        Severity.ERROR: _("error"),
        Severity.WARNING: _("warning"),
        Severity.NOTE: _("note"),
    }
    for fault in faults:
        line = Text(f"{fault.place}: ")
        line.append(f"{names[fault.severity]} {fault.number} ", style=_COLOURS[fault.severity])
        line.append(f"{sentence(spoken(fault.what))} ")
        line.append(sentence(spoken(fault.mend)), style="italic")
        console.print(line)


def totals(faults: Iterable[Fault]) -> str:
    """`2 errors, 1 warning`, or that there is nothing to mend."""
    counted = dict.fromkeys(Severity, 0)
    for fault in faults:
        counted[fault.severity] += 1
    said = [
        ngettext("{n} error", "{n} errors", counted[Severity.ERROR]).format(n=counted[Severity.ERROR]),
        ngettext("{n} warning", "{n} warnings", counted[Severity.WARNING]).format(
            n=counted[Severity.WARNING]
        ),
        ngettext("{n} note", "{n} notes", counted[Severity.NOTE]).format(n=counted[Severity.NOTE]),
    ]
    kept = [s for s, n in zip(said, counted.values(), strict=True) if n]
    return ", ".join(kept) if kept else _("no faults")


def plain(fault: Fault) -> dict[str, Any]:
    """A fault for a machine."""
    return {
        "number": fault.number,
        "severity": fault.severity.value,
        "file": fault.place.file,
        "line": fault.place.line,
        "column": fault.place.column,
        "path": fault.place.path,
        "what": fault.what,
        "mend": fault.mend,
    }


def titles(policy: Policy, purposes: Iterable[str], language: str) -> str:
    """Purposes as people know them."""
    found = ((id_, policy.purposes.get(id_)) for id_ in purposes)
    return ", ".join(p.name.say(language) if p is not None and p.name else id_ for id_, p in found)


@contextmanager
def busy(what: str, *, quiet: bool) -> Iterator[Any]:
    """A progress display on stderr while something takes its time; yields its `Progress`."""
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err(), transient=True, disable=quiet) as progress:
        progress.add_task(what, total=None)
        yield progress
