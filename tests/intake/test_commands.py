"""What comes in by mail is taken in, looked at and settled at the terminal, and by the server."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from lofte.cli import words
from lofte.cli.exits import Code
from lofte.cli.main import make_app
from lofte.cli.spoken import spoken
from lofte.intake.acknowledge import PAUSES
from lofte.intake.faults import CATALOGUE
from lofte.intake.models import Acknowledgement
from lofte.intake.take_in import take_in
from tests.intake.hostile import messages
from tests.intake.letters import OURS, SETTINGS, fetched, message
from tests.intake.servers import imap_server, smtp_server

HOSTILE = messages()
SEVERAL = """
import json, sys
from lofte.cli.main import run
for arguments in json.loads(sys.argv[1]):
    try:
        run(arguments)
        code = 0
    except SystemExit as ended:
        code = int(ended.code or 0)
    print(f"<end {code}>", flush=True)
    print("<end>", file=sys.stderr, flush=True)
"""
"""Commands one after another, in one process: to start one takes longer than all they do."""


@pytest.fixture
def swedish():
    words.speak("sv")
    yield
    words.speak("en")


@pytest.fixture(scope="module")
def server():
    with imap_server() as running:
        yield running


@pytest.fixture
def outgoing():
    with smtp_server() as running:
        yield running


@pytest.fixture
def folder(tmp_path, untouched):
    made = tmp_path / "ny"
    assert CliRunner().invoke(make_app("en"), ["init", str(made)]).exit_code == Code.OK
    return made


def surroundings():
    """Those of whoever runs the tests, without any workspace, home or language of theirs."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(("LOFTE_", "LANG"))}
    return {**own, "LC_ALL": "C.UTF-8", "COLUMNS": "200"}


def lofte(folder, *commands):
    """Exit code, stdout and stderr of each."""
    each = [["--workspace", str(folder), "--language", "en", *command] for command in commands]
    run = subprocess.run(
        [sys.executable, "-c", SEVERAL, json.dumps(each)],
        capture_output=True, text=True, env=surroundings(), check=False,
    )  # fmt: skip
    told = re.split(r"<end (\d+)>\n", run.stdout)
    assert len(told) == 2 * len(commands) + 1, run.stdout + run.stderr
    return list(zip(map(int, told[1::2]), told[::2], run.stderr.split("<end>\n"), strict=False))


def tried(tmp_path, raw, *more, language="en"):
    """`lofte intake test` of this message, in this very process: it keeps and sends nothing."""
    file = tmp_path / "message.eml"
    file.write_bytes(raw)
    arguments = ["--workspace", str(tmp_path), *more, "intake", "test", str(file)]
    ran = CliRunner(env={"COLUMNS": "300", "TERM": "dumb"}).invoke(make_app(language), arguments)
    words.speak("en")
    assert ran.exit_code == Code.OK, ran.output
    return ran.stdout


@pytest.fixture(autouse=True)
def untouched(monkeypatch):
    """What a command changes for the whole process is put back."""
    for name in ("LOFTE_WORKSPACE", "LOFTE_HOME", "LANGUAGE"):
        monkeypatch.setenv(name, "")


def test_a_message_is_tried_out_without_a_mailbox(tmp_path):
    said = tried(tmp_path, message())
    assert said.splitlines()[:2] == ["A request would be opened for it.", "asks for: Erasure"]


def test_a_message_is_tried_out_in_swedish(tmp_path):
    said = tried(tmp_path, message("Ta bort mitt konto."), language="sv")
    assert "En handläggare skulle avgöra" in said and "begär kanske: Radering" in said


def test_a_message_is_tried_out_for_a_machine(tmp_path):
    said = json.loads(tried(tmp_path, message(more="Auto-Submitted: auto-replied\r\n"), "--json"))
    assert (said["outcome"], said["why"], said["answered"]) == ("suggested", "auto_reply", False)


@pytest.mark.parametrize("name", ["deep nesting", "two senders", "random bytes", "nothing", "huge header"])
def test_a_hostile_message_is_tried_out_and_its_fault_told(tmp_path, name):
    said = json.loads(tried(tmp_path, HOSTILE[name], "--json"))
    assert said["outcome"] == "held" and said["faults"]


def test_nothing_is_kept_of_what_is_tried_out(tmp_path):
    tried(tmp_path, message())
    assert [each.name for each in tmp_path.iterdir()] == ["message.eml"]


@pytest.mark.parametrize("number", CATALOGUE)
def test_every_fault_of_the_intake_is_told_in_swedish(swedish, number):
    assert all(spoken(said) != said for said in CATALOGUE[number])


def _set_up(folder, server, outgoing, account):
    text = f"intake: 1\nmail:\n  box: {server.url(account)}\n  address: {OURS}\n"
    text += f"  send: {outgoing.url}\n  every: 5\n"
    (folder / "intake.yaml").write_text(text, encoding="utf-8")


def test_a_mailbox_is_emptied_and_what_waits_is_settled(folder, server, outgoing):
    _set_up(folder, server, outgoing, "terminal")
    unclear = message("Ta bort mitt konto. \x1b[2J", name="2", subject="\x1b]0;x\x07")
    server.put("terminal", message(), unclear, message("Min domän är nere.", name="3"))
    mail, waiting = ["--json", "intake", "mail", "--once"], ["--json", "intake", "waiting"]
    done, waits = (json.loads(out) for _, out, _ in lofte(folder, mail, waiting))
    assert [each["outcome"] for each in done["taken"]] == ["opened", "suggested", "ordinary"]
    assert done["sent"] == 1 and len(outgoing.sent) == 1
    ((ref),) = (each["id"] for each in waits["waiting"])
    settle = ["--json", "intake", "settle", ref, "--right", "erasure"]
    shown, settled, left, again, sent = lofte(folder, ["intake", "show", ref], settle, waiting, settle, mail)
    assert "anna@kund.example" in shown[1] and "\x1b" not in shown[1]
    assert len(json.loads(settled[1])["opened"]) == 1 and json.loads(left[1])["waiting"] == []
    assert again[0] == Code.FAULTS and "settled this message already" in again[1]
    assert json.loads(sent[1])["sent"] == 1 and len(outgoing.sent) == 2


def test_a_letter_that_no_server_takes_is_listed(store, house, tmp_path, monkeypatch):
    taken = take_in(house, "b" * 64, 7, fetched(message()), SETTINGS)
    monkeypatch.setattr("lofte.cli.intake._house_of", lambda given: house)

    def waits(*more):
        arguments = ["--workspace", str(tmp_path), *more, "intake", "waiting"]
        return CliRunner(env={"COLUMNS": "300", "TERM": "dumb"}).invoke(make_app("en"), arguments).stdout

    assert taken.ref not in waits()
    Acknowledgement.objects.update(attempts=len(PAUSES))
    assert f"acknowledgement of {taken.ref}: write by hand" in waits()
    assert [each["id"] for each in json.loads(waits("--json"))["unsent"]] == [taken.ref]


def test_a_workspace_without_a_mailbox_is_told_what_to_write(folder):
    ((code, _, said),) = lofte(folder, ["intake", "mail", "--once"])
    assert code == Code.FAULTS and "take-in-mail.md" in said and "Traceback" not in said


SERVED = """
import os, signal, threading, time
from lofte.site.serve import serve
def ready(address):
    from lofte.intake.models import Acknowledgement
    def look():
        while not Acknowledgement.objects.exclude(sent_at=None).exists():
            time.sleep(0.05)
        print("acknowledged", flush=True)
        os.kill(os.getpid(), signal.SIGINT)
    threading.Thread(target=look, daemon=True).start()
serve(port=0, on_ready=ready)
"""


def test_the_server_takes_in_mail_by_itself(folder, server, outgoing):
    _set_up(folder, server, outgoing, "served")
    server.put("served", message())
    where = {"LOFTE_WORKSPACE": str(folder), "LOFTE_HOME": str(folder / ".lofte")}
    run = subprocess.run(
        [sys.executable, "-c", SERVED],
        capture_output=True, text=True, env={**surroundings(), **where}, check=False, timeout=600,
    )  # fmt: skip
    assert "acknowledged" in run.stdout, run.stderr
    assert [each["To"] for each in outgoing.sent] == ["anna@kund.example"]
    assert "anna" not in run.stderr
