"""A process that has imported everything, and forks one child for each flow that is run.

Commands come as lines of JSON on the standard input, answers go as lines to the standard output. A
child that is to be traced stops itself first; what it acknowledges goes into a pipe.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lofte.site.settings")


def main() -> None:
    """Answer commands until the input ends."""
    from lofte.site.store import set_up

    set_up()
    from tests.faults import turns
    from tests.faults.flows import FLOWS
    from tests.faults.world import NOW

    flows = {name: flow.at or NOW for name, flow in FLOWS.items()}
    on_postgres = [name for name, flow in FLOWS.items() if flow.shop == "postgres"]
    _say({"flows": flows, "on_postgres": on_postgres, "start": NOW})
    for line in sys.stdin:
        command = json.loads(line)
        do: Callable[..., Any] = getattr(turns, command["do"])
        _say(_forked(do, command, stop=command.get("stop", False)))


def _forked(do: Callable[..., Any], command: dict[str, Any], *, stop: bool) -> dict[str, Any]:
    # Not a pipe: `sendmsg` is none of the calls that are counted and let fail.
    ours, theirs = socket.socketpair()
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        ours.close()
        _child(do, command, theirs, stop)
    theirs.close()
    if stop:
        os.waitpid(child, os.WUNTRACED)
        _say({"pid": child})
    with ours, ours.makefile("rb") as told:
        said = [json.loads(line) for line in told.read().splitlines() if line.endswith(b"}")]
    _, status = os.waitpid(child, 0)
    return {"killed": os.WIFSIGNALED(status), "said": said}


def _child(do: Callable[..., Any], command: dict[str, Any], told: socket.socket, stop: bool) -> None:
    """Never returns."""
    os.dup2(os.open(os.devnull, os.O_RDWR), 0)
    os.dup2(0, 2)

    def acknowledge(**said: Any) -> None:
        left = memoryview(json.dumps(said, default=str).encode() + b"\n")
        while left:
            left = left[told.sendmsg([left]) :]

    try:
        with _place(command) as place:
            if stop:
                os.kill(os.getpid(), signal.SIGSTOP)
            do(place, command, acknowledge)
    except BaseException as error:  # it is told, and judged by who reads it
        from lofte.errors import LofteError

        acknowledge(
            error=type(error).__name__,
            named=isinstance(error, LofteError),
            says=traceback.format_exc()[-3000:],
        )
    finally:
        os._exit(0)


@contextmanager
def _place(command: dict[str, Any]) -> Iterator[Any]:
    from django.db import connections

    from lofte.site.database import sqlite
    from tests.faults.world import Clock, Place

    place = Place(
        folder=Path(command["folder"]),
        shop=command["shop"],
        clock=Clock(datetime.fromisoformat(command["now"])),
    )
    entry = connections.configure_settings({"default": sqlite(place.store)})["default"]
    connections.databases["default"] = entry
    connections["default"] = connections.create_connection("default")
    try:
        yield place
    finally:
        connections.close_all()


def _say(said: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(said, default=str) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
