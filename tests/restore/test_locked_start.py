"""Nothing is served while erased persons may be back."""

from __future__ import annotations

import os
import subprocess
import sys

PROGRAM = """
from lofte.errors import Refused
from lofte.site.serve import serve
def ready(address):
    print("served", flush=True)
    import os, signal
    os.kill(os.getpid(), signal.SIGINT)
try:
    serve(port=0, on_ready=ready)
except Refused as refused:
    print(refused, flush=True)
"""


def serve(home):
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env={**os.environ, "LOFTE_HOME": str(home), "LOFTE_WORKSPACE": str(home)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    return run.stdout


def test_a_server_does_not_start_before_a_restored_system_is_replayed(tmp_path):
    home = tmp_path / "lofte"
    (home / "tombstones").mkdir(parents=True)
    mark = home / "tombstones" / "billing.restored"
    mark.write_text("2026-11-20T03:00:00+00:00")
    said = serve(home)
    assert "`billing`" in said and "lofte restored billing" in said and "served" not in said
    mark.unlink()
    assert serve(home) == "served\n"
