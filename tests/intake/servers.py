"""A mailbox and a server that takes mail: Debian's Dovecot and aiosmtpd, on free ports, as whoever runs
the tests. When Dovecot is not there the test fails and says what to run."""

from __future__ import annotations

import grp
import imaplib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

NO_DOVECOT = "No Dovecot: run `apt-get install --no-install-recommends dovecot-imapd`."
PASSWORD = "hemligt"
_TRIES, _PAUSE, _ANEW = 6000, 0.05, 5
_PATIENCE = 300
"""Seconds; a busy machine is slow, and not wrong."""

_CONFIG = """
protocols = imap
listen = 127.0.0.1
base_dir = {run}
state_dir = {run}
instance_name = lofte-{port}
login_greeting = {greeting}
log_path = {folder}/log
ssl = no
disable_plaintext_auth = no
default_internal_user = {internal}
default_internal_group = {internal_group}
default_login_user = {login}
default_vsz_limit = 0
mail_location = maildir:{folder}/%u
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


def _dovecot() -> str:
    found = shutil.which("dovecot") or shutil.which("/usr/sbin/dovecot")
    if not found:
        pytest.fail(NO_DOVECOT, pytrace=False)
    return found


@dataclass(frozen=True)
class MailServer:
    """A running Dovecot; every account exists and has the same password."""

    port: int

    def url(self, account: str) -> str:
        return f"imap://{account}:{PASSWORD}@127.0.0.1:{self.port}/INBOX"

    @contextmanager
    def opened(self, account: str, folder: str = "INBOX") -> Iterator[imaplib.IMAP4]:
        client = imaplib.IMAP4("127.0.0.1", self.port)
        client.login(account, PASSWORD)
        client.select(folder)
        try:
            yield client
        finally:
            client.logout()

    def put(self, account: str, *messages: bytes, when: str | None = None) -> None:
        """Deliver messages to the inbox."""
        with self.opened(account) as client:
            for message in messages:
                assert client.append("INBOX", "", when or "", message)[0] == "OK"

    def holds(self, account: str, folder: str = "INBOX") -> int:
        with self.opened(account, folder) as client:
            return len(client.search(None, "ALL")[1][0].split())


@contextmanager
def imap_server() -> Iterator[MailServer]:
    program = _dovecot()
    for _ in range(_ANEW):
        # Somebody else may have taken the port meanwhile; then it ends, and another is tried.
        folder, port = Path(tempfile.mkdtemp(prefix="lofte-test-mail-")), _free_port()
        process = _started(program, folder, port)
        try:
            if _answers(process, port, folder.name):
                yield MailServer(port)
                return
            said = "".join(each.read_text("utf-8") for each in (folder / "mails" / "log", folder / "out"))
        finally:
            process.terminate()
            process.wait(_PATIENCE)
            shutil.rmtree(folder, ignore_errors=True)
    pytest.fail(f"Dovecot did not start: {said}", pytrace=False)


def _started(program: str, folder: Path, port: int) -> subprocess.Popen[bytes]:
    run, mails, root = folder / "run", folder / "mails", os.getuid() == 0
    folder.chmod(0o755)
    run.mkdir()
    mails.mkdir()
    # Dovecot gives no mail to root: the mails are somebody's who owns nothing else.
    owner = pwd.getpwnam("nobody") if root else pwd.getpwuid(os.getuid())
    if root:
        os.chown(mails, owner.pw_uid, owner.pw_gid)
    me, group = owner.pw_name, grp.getgrgid(owner.pw_gid).gr_name
    config = folder / "dovecot.conf"
    config.write_text(
        _CONFIG.format(
            run=run, folder=mails, port=port, greeting=folder.name, password=PASSWORD,
            uid=owner.pw_uid, gid=owner.pw_gid, internal="dovecot" if root else me,
            internal_group="dovecot" if root else group, login="dovenull" if root else me,
        ),
        encoding="utf-8",
    )  # fmt: skip
    (mails / "log").touch()
    with (folder / "out").open("wb") as out:
        return subprocess.Popen([program, "-F", "-c", str(config)], stdout=out, stderr=out)


def _answers(process: subprocess.Popen[bytes], port: int, greeting: str) -> bool:
    """True when it is this very server that answers, and not another that was quicker to take the port."""
    for _ in range(_TRIES):
        if process.poll() is not None:
            return False
        try:
            client = imaplib.IMAP4("127.0.0.1", port, timeout=_PATIENCE)
            client.logout()
            if greeting.encode() in client.welcome:
                return True
        except (OSError, imaplib.IMAP4.error):
            pass
        time.sleep(_PAUSE)
    return False


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@dataclass
class Outgoing:
    """A server that takes mail and keeps it; it refuses while it is told to."""

    sent: list[EmailMessage] = field(default_factory=list)
    refuses: bool = False
    port: int = 0

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.refuses:
            return "451 try again"
        self.sent.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"


@contextmanager
def smtp_server() -> Iterator[Outgoing]:
    handler = Outgoing()
    controller = _listening(handler)
    try:
        yield handler
    finally:
        controller.stop()


def _listening(handler: Outgoing, tries: int = _ANEW) -> Controller:
    """Somebody else may have taken the port meanwhile; then another is tried."""
    handler.port = _free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=handler.port, ready_timeout=120)
    try:
        controller.start()
    except OSError:
        if tries == 1:
            raise
        return _listening(handler, tries - 1)
    return controller
