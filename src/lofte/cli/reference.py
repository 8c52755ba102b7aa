"""The reference pages, made from the code: `python -m lofte.cli.reference docs/reference`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from enum import Enum, EnumType
from pathlib import Path
from typing import Any

from typer.main import get_command

from lofte.cli.exits import MEANING
from lofte.cli.main import make_app
from lofte.datamap.checks import catalogue
from lofte.policy.cookies.against import DEMANDS as OF_SITES
from lofte.policy.review.reviewing import catalogue as of_prose

MADE = "This page is made from the code by `lofte.cli.reference`."


def pages() -> dict[str, str]:
    """Every page, by file name."""
    return {
        "cli.md": commands_page(),
        "faults-map.md": faults_page(),
        "faults-prose.md": prose_page(),
        "faults-site.md": site_page(),
    }


def faults_page() -> str:
    """The faults of the data map."""
    rows = [f"| {d.number} | {d.severity} | {d.demands} | {d.article} |" for d in catalogue()]
    return "\n".join([_FAULTS, *rows, ""])


def prose_page() -> str:
    """The faults of a policy in prose."""
    rows = [f"| {d.number} | {d.severity} | {d.demands} | {d.article} |" for d in of_prose()]
    return "\n".join([_PROSE, *rows, ""])


def site_page() -> str:
    """The faults of a website that was looked at."""
    rows = [f"| {number} | {demand} |" for number, demand in OF_SITES.items()]
    return "\n".join([_SITE, *rows, ""])


def commands_page() -> str:
    """The commands, their options, and the exit codes."""
    command = get_command(make_app("en"))
    codes = [f"| {int(code)} | {meaning} |" for code, meaning in MEANING.items()]
    return "\n".join([_COMMANDS, *codes, "", *_told("lofte", command)])


def _told(name: str, command: Any) -> Iterator[str]:
    yield f"## `{name}`\n\n{command.help or ''}\n"
    rows = [_option(parameter) for parameter in command.params if not getattr(parameter, "hidden", False)]
    if rows:
        yield "\n".join(["| option | meaning | default |", "|---|---|---|", *rows, ""])
    for below, each in sorted(getattr(command, "commands", {}).items()):
        yield from _told(f"{name} {below}", each)


def _option(parameter: Any) -> str:
    written = ", ".join(f"`{name}`" for name in (*parameter.opts, *parameter.secondary_opts))
    if parameter.param_type_name == "argument":
        written = f"`{parameter.metavar or parameter.name.upper()}`"
    elif parameter.metavar:
        written += f" `{parameter.metavar}`"
    says = (getattr(parameter, "help", "") or "").replace("|", "\\|")
    kind = getattr(getattr(parameter, "type_descriptor", None), "annotation", None)
    if isinstance(kind, EnumType):
        says += " One of " + ", ".join(f"`{value}`" for value in _values(kind)) + "."
    written = written.replace("|", "\\|")
    return f"| {written} | {says} | {_default(parameter)} |"


def _values(kind: EnumType) -> list[str]:
    members: list[Enum] = list(kind)
    return [str(member.value) for member in members]


def _default(parameter: Any) -> str:
    if parameter.required:
        return "required"
    value = getattr(parameter.default, "value", parameter.default)
    if value in (None, "", False) or callable(value):
        return ""
    return f"`{value}`"


_COMMANDS = f"""# Commands

`--workspace`, `--home`, `--language` and `--json` may stand anywhere on the line. Results go to
stdout, progress and complaints to stderr. `LOFTE_DEBUG=1` shows where something broke.
`lofte --install-completion` teaches the shell to complete.

{MADE}

## Exit codes

| code | meaning |
|---|---|"""

_FAULTS = f"""# Faults of a data map

An *error* stops publishing and execution; a *warning* and a *note* are told. M0 faults are found
in the map alone, M1 against the policy, M2 against the live systems. A fault may be accepted under
`waivers` of the policy with its number, a reason and, if wanted, a path; it is then a note.

{MADE}

| number | severity | what it demands | law |
|---|---|---|---|"""


_SITE = f"""# Faults of a website

What `lofte scan` finds when it lays a website beside the policy (LEK 9 kap. 28 §). C102, C116 and C117 are
warnings, the others errors. [How to scan](../how-to/scan-your-site.md). {MADE}

| number | demands |
|---|---|"""
_PROSE = f"""# Faults of a policy in prose

`lofte review FILE` reads a policy as it was written, in Swedish or English; see
[review-a-policy.md](../how-to/review-a-policy.md). An *error* breaks the law or a duty to tell, a *warning*
is weak or unclear, a *note* is good to know. N1 is missing; N2 is about consent and the other legal bases;
N3 about clarity; N4 can be looked up; N5 is about recipients and transfers; N6 about rights; N7 about
periods, cookies and changes.

{MADE}

| number | severity | what it demands | law |
|---|---|---|---|"""


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    for file, text in pages().items():
        (target / file).write_text(text, encoding="utf-8")
