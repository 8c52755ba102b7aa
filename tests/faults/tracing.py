"""Running a stopped child under strace: to count its calls, or to let one of them fail.

`strace` is asked to attach to one child of the zygote; it needs nothing but the right to trace what we
ourselves have started. Where it is not, or may not, the sweep fails and says what to run.
"""

from __future__ import annotations

import functools
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

NO_STRACE = (
    "No strace: run `apt-get install strace`. In a container that forbids tracing, start it with "
    "`--cap-add=SYS_PTRACE` (or `--security-opt seccomp=unconfined`)."
)
WRITES = ("write", "pwrite64", "writev", "pwritev", "sendfile", "copy_file_range")
SYNCS = ("fsync", "fdatasync", "sync_file_range", "msync")
NAMES = ("unlink", "unlinkat", "rename", "renameat", "renameat2", "rmdir", "mkdir", "mkdirat", "link")
SIZES = ("ftruncate", "truncate", "fallocate")
OPENS = ("openat", "open", "creat")
WIRE = ("sendto", "recvfrom")
CALLS = (*WRITES, *SYNCS, *NAMES, *SIZES, *OPENS, *WIRE, "sendmsg")
_LINE = re.compile(r"^(\d+) +(\w+)\((.*)$")


class NoStrace(RuntimeError):
    """strace cannot be used here."""


@dataclass(frozen=True, slots=True)
class Call:
    """A call that a flow made: the n-th of its name, and what it was made with."""

    name: str
    number: int
    about: str

    @property
    def creates(self) -> bool:
        return "O_CREAT" in self.about or self.name == "creat"


@functools.cache
def strace() -> str:
    """The program, when it may trace. Raises NoStrace."""
    found = shutil.which("strace")
    if found is None:
        raise NoStrace(NO_STRACE)
    tried = subprocess.run(
        [found, "-f", "-o", os.devnull, "-e", "inject=fsync:error=EIO:when=1", "true"], capture_output=True
    )
    if tried.returncode:
        raise NoStrace(f"{NO_STRACE} It says: {tried.stderr.decode(errors='replace').strip()[:200]}")
    return found


@dataclass
class Tracer:
    """strace, attached to a child that has stopped itself."""

    process: subprocess.Popen[bytes]
    output: Path

    @classmethod
    def attach(cls, pid: int, output: Path, *said: str) -> Tracer:
        """Attach, and let the child go on."""
        process = subprocess.Popen(
            [strace(), "-f", "-s", "0", "-o", str(output), *said, "-p", str(pid)],
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
        )
        assert process.stderr is not None
        first = process.stderr.readline()
        if b"attached" not in first:
            os.kill(pid, signal.SIGKILL)
            raise NoStrace(f"{NO_STRACE} It says: {first.decode(errors='replace').strip()}")
        os.kill(pid, signal.SIGCONT)
        return cls(process, output)

    def end(self) -> str:
        """What it has written, when the child is gone."""
        _, _ = self.process.communicate(timeout=60)
        return self.output.read_text(errors="replace")


def count(pid: int, output: Path) -> Tracer:
    """Write down every call that changes something."""
    return Tracer.attach(pid, output, "-yy", "-e", f"trace={','.join(CALLS)}", "-e", "signal=none")


def inject(pid: int, output: Path, *faults: str) -> Tracer:
    """Let calls fail: each fault as `name:error=EIO:when=7`."""
    names = ",".join(dict.fromkeys(fault.partition(":")[0] for fault in faults))
    said = [part for fault in faults for part in ("-e", f"inject={fault}")]
    return Tracer.attach(pid, output, "-e", f"trace={names}", "-e", "signal=none", *said)


def calls(log: str, pid: int) -> Iterator[Call]:
    """The calls of one process, in order, each with its number."""
    numbers: dict[str, int] = {}
    for line in log.splitlines():
        match = _LINE.match(line)
        if match is None or int(match[1]) != pid:
            continue
        name = match[2]
        numbers[name] = numbers.get(name, 0) + 1
        yield Call(name, numbers[name], match[3])
