"""The command `lofte` itself: options stand anywhere, and no error becomes a traceback."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import typer
from typer.core import TyperGroup

from lofte.cli.exits import Code, code_of
from lofte.cli.words import gettext as _
from lofte.errors import LofteError

FLAGS = ("--json",)
VALUED = ("--language", "--workspace", "--home", "--by")


def hoisted(arguments: Sequence[str]) -> list[str]:
    """The options that every command has, moved to the front, wherever they were written."""
    front: list[str] = []
    rest: list[str] = []
    waiting = list(arguments)
    while waiting:
        argument = waiting.pop(0)
        if argument == "--":
            rest += [argument, *waiting]
            break
        if argument in FLAGS or argument.startswith(tuple(f"{name}=" for name in VALUED)):
            front.append(argument)
        elif argument in VALUED and waiting:
            front += [argument, waiting.pop(0)]
        else:
            rest.append(argument)
    return [*front, *rest]


class Lofte(TyperGroup):
    """Every command of Löfte."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the arguments, common options first."""
        return super().parse_args(ctx, hoisted(args))

    def invoke(self, ctx: Any) -> Any:
        """Run the command; what goes wrong is said in one sentence, and in the exit code."""
        try:
            return super().invoke(ctx)
        except (LofteError, KeyboardInterrupt) as error:
            _say(error, ctx)
            raise typer.Exit(code_of(error)) from error
        except Exception as error:
            if isinstance(error, typer.Exit | typer.Abort | BrokenPipeError):
                raise
            if hasattr(error, "exit_code"):
                _say_usage(error, ctx)
                _translate(error)
                raise
            _say(error, ctx)
            raise typer.Exit(Code.INTERNAL) from error


def _say_usage(error: Any, ctx: Any) -> None:
    """The parser's own exceptions know how to show themselves to people; this is for machines."""
    from lofte.cli.screen import say_json, sentence
    from lofte.cli.told import Told

    found = ctx.find_object(Told)
    if found and found.json:
        says = sentence(str(getattr(error, "message", "") or error))
        say_json({"error": {"kind": "Usage", "exit": int(error.exit_code), "says": says}})
        raise typer.Exit(error.exit_code) from error


def _translate(error: Any) -> None:
    """The parser speaks English only; what it is about to show is said in the chosen language."""
    from lofte.cli.spoken import spoken

    said = spoken(error.format_message())
    error.format_message = lambda: said


def _say(error: BaseException, ctx: Any) -> None:
    from lofte.cli.screen import complain, err
    from lofte.cli.told import Told

    found = ctx.find_object(Told)
    as_json = bool(found and found.json)
    if os.environ.get("LOFTE_DEBUG") == "1":
        err().print_exception()
    if isinstance(error, LofteError):
        complain(error, as_json=as_json)
    elif isinstance(error, KeyboardInterrupt):
        err().print(_("Stopped."))
    else:
        # The error's own words may hold somebody's data, so they are not repeated here.
        name = type(error).__name__
        words = _("Löfte broke ({name}); run it again with LOFTE_DEBUG=1 and report what it says")
        complain(_Internal(words.format(name=name)), as_json=as_json)


class _Internal(Exception):
    """Something nobody foresaw."""
