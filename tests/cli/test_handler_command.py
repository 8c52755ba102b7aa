"""People who work here are added at the terminal, and a password is seen by nobody."""

from __future__ import annotations

import json
import os
import pty
import select
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from lofte.accounts.roles import Role
from lofte.cli.exits import Code

PASSWORD = "sju hästar i lingonskogen"
COMMAND = [sys.executable, "-c", "from lofte.cli.main import run; run()"]
BERTIL = (
    "handler",
    "add",
    "--email",
    "Bertil@lanternan.example",
    "--role",
    "handler",
    "--name",
    "Bertil Berg",
)


@pytest.fixture
def folder(tmp_path):
    made = lofte(tmp_path, "init", str(tmp_path / "ny"))
    assert made.returncode == Code.OK, made.stderr
    return tmp_path / "ny"


def surroundings():
    """Those of whoever runs the tests, without any workspace, home or language of theirs."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(("LOFTE_", "LANG"))}
    return {**own, "LC_ALL": "C.UTF-8", "COLUMNS": "200"}


def lofte(folder, *arguments, typed=""):
    return subprocess.run(
        [*COMMAND, "--workspace", str(folder), *arguments],
        input=typed, capture_output=True, text=True, env=surroundings(), check=False,
    )  # fmt: skip


def at_a_terminal(folder, *typed):
    """Type each line when it is asked for; the exit code, and all that was seen on the screen."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, "--workspace", str(folder), *BERTIL],
        stdin=theirs, stdout=theirs, stderr=theirs, env=surroundings(), start_new_session=True,
    )  # fmt: skip
    os.close(theirs)
    seen, asked, waiting = "", "", list(typed)
    while select.select([ours], [], [], 30)[0]:
        try:
            read = os.read(ours, 4096).decode()
        except OSError:  # the other end is closed
            break
        if not read:
            break
        seen += read
        asked += read  # since the last line was typed: what is typed before a question is thrown away
        if waiting and asked.rstrip().endswith(":"):
            asked = ""
            os.write(ours, f"{waiting.pop(0)}\n".encode())
    os.close(ours)
    return process.wait(timeout=30), seen


def roles(folder):
    with closing(sqlite3.connect(folder / ".lofte/store.sqlite3")) as store:
        return store.execute("select email, role from accounts_handler").fetchall()


def test_a_password_is_typed_twice_and_not_shown(folder):
    code, seen = at_a_terminal(folder, PASSWORD, PASSWORD)
    assert (code, roles(folder)) == (Code.OK, [("bertil@lanternan.example", "handler")])
    assert "added as handler" in seen
    assert PASSWORD not in seen


def test_a_password_that_was_mistyped_adds_nobody(folder):
    code, seen = at_a_terminal(folder, PASSWORD, "nio renar på fjället")
    assert code == Code.USAGE and "not the same" in seen
    assert not (folder / ".lofte").exists()


def test_those_who_work_here_are_listed(folder):
    assert "Nobody is added yet." in lofte(folder, "handler", "list").stdout
    added = lofte(folder, *BERTIL, "--password-stdin", typed=f"{PASSWORD}\n")
    assert (added.returncode, added.stdout) == (Code.OK, "Bertil@lanternan.example is added as handler.\n")
    table = lofte(folder, "handler", "list").stdout.splitlines()
    assert table[1].split() == ["bertil@lanternan.example", "handler", "Bertil", "Berg", "open"]
    (told,) = json.loads(lofte(folder, "handler", "list", "--json").stdout)["handlers"]
    assert (told["email"], told["role"], told["open"]) == ("bertil@lanternan.example", "handler", True)
    again = lofte(folder, *BERTIL, "--password-stdin", typed=f"{PASSWORD}\n")
    assert again.returncode == Code.FAULTS and "choose another address" in again.stderr


@pytest.mark.parametrize(
    ("changes", "typed", "code", "says"),
    [
        ({}, "", Code.USAGE, "no password"),
        ({}, "short\n", Code.FAULTS, "too short"),
        ({"--email": "bertil"}, f"{PASSWORD}\n", Code.FAULTS, "not an e-mail address"),
        ({"--role": "boss"}, f"{PASSWORD}\n", Code.USAGE, "officer"),
    ],
)
def test_what_cannot_be_is_refused(folder, changes, typed, code, says):
    given = list(BERTIL)
    for option, value in changes.items():
        given[given.index(option) + 1] = value
    refused = lofte(folder, *given, "--password-stdin", typed=typed)
    assert refused.returncode == code and says in refused.stderr
    assert not (folder / ".lofte/store.sqlite3").exists() or roles(folder) == []


def test_a_weak_password_is_refused_in_swedish(folder):
    refused = lofte(folder, *BERTIL, "--password-stdin", "--language", "sv", typed="kort\n")
    assert "för kort" in refused.stderr


def test_without_a_terminal_the_way_in_is_told(folder):
    refused = lofte(folder, *BERTIL)
    assert refused.returncode == Code.USAGE and "--password-stdin" in refused.stderr


def test_no_option_takes_a_password(folder):
    asked = lofte(folder, *BERTIL, "--password", PASSWORD)
    assert asked.returncode == Code.USAGE


def test_every_role_can_be_given(folder):
    told = lofte(folder, "handler", "add", "--help").stdout
    assert all(role.value in told for role in Role)
