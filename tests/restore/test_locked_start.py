"""Nothing is served while erased persons may be back."""

from __future__ import annotations

import os
import subprocess
import sys

PROGRAM = """
from lofte.errors import LofteError
from lofte.site.serve import serve
def ready(address):
    print("served", flush=True)
    import os, signal
    os.kill(os.getpid(), signal.SIGINT)
try:
    serve(port=0, on_ready=ready)
except LofteError as error:
    print(error, flush=True)
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


ERASED = """
import os, pathlib
from lofte.site.store import prepare
prepare()
from lofte.execution import heads, stones
from lofte.execution.book import recorded
from lofte.execution.house import House
from lofte.site.home import keys
house = House(policy=None, datamap=None, keys=keys(), folder=pathlib.Path(os.environ["LOFTE_HOME"]))
stones.add(house, "billing", [{"request": "a"}, {"request": "b"}])
with recorded(house):
    heads.keep(house, "billing")
"""


def test_a_server_does_not_start_when_tombstones_have_been_lost(tmp_path):
    home = tmp_path / "lofte"
    env = {**os.environ, "LOFTE_HOME": str(home), "LOFTE_WORKSPACE": str(home)}
    subprocess.run([sys.executable, "-c", ERASED], env=env, check=True, timeout=60)
    log = home / "tombstones" / "billing.log"
    whole = log.read_bytes()
    log.write_bytes(whole[: len(whole) // 2])
    said = serve(home)
    assert "tombstones of `billing` are gone" in said and "served" not in said
    log.write_bytes(whole)
    assert serve(home) == "served\n"


OLDER = """
from lofte.site.store import prepare
prepare()
from lofte.execution.house import utc_now
from lofte.execution.models import TombstoneHead
from lofte.requests.models import Erasure, Request
TombstoneHead.objects.all().delete()
request = Request.objects.create(
    ref="a" * 32, number="2026-000001", right="erasure", state="delivered", channel="letter",
    received_at=utc_now(), due_on=utc_now().date(), key=b"",
)
Erasure.objects.create(
    request=request, step="erase", system="billing", dataset="customer", verb="delete", rows=1
)
"""


def test_a_server_on_an_older_store_looks_for_its_tombstones_too(tmp_path):
    home = tmp_path / "lofte"
    env = {**os.environ, "LOFTE_HOME": str(home), "LOFTE_WORKSPACE": str(home)}
    for program in (ERASED, OLDER):
        subprocess.run([sys.executable, "-c", program], env=env, check=True, timeout=60)
    log = home / "tombstones" / "billing.log"
    whole = log.read_bytes()
    log.unlink()
    said = serve(home)
    assert "tombstones of `billing` are gone" in said and "served" not in said
    log.write_bytes(whole)
    assert serve(home) == "served\n"
    log.write_bytes(whole[: len(whole) // 2])  # it was told when the server started
    assert "tombstones of `billing` are gone" in serve(home)


SHRED = """
import os, pathlib, signal, threading, time
from datetime import timedelta
home = pathlib.Path(os.environ["LOFTE_HOME"])
from lofte.site.store import prepare
prepare()
from lofte.execution import restore_log
from lofte.execution.house import House, utc_now
from lofte.site.home import keys
clock = lambda: utc_now() - timedelta(days=14)
house = House(policy=None, datamap=None, keys=keys(), folder=home, clock=clock)
restore_log.keep(house, "a" * 32, "erase", "shop", "customer", ["id"], [(1,)])
from lofte.site.serve import serve
def ready(address):
    def look():
        while list((home / "restore").iterdir()):
            time.sleep(0.05)
        print("shredded", flush=True)
        os.kill(os.getpid(), signal.SIGINT)
    threading.Thread(target=look).start()
serve(port=0, on_ready=ready)
"""


def test_the_server_destroys_what_is_out_of_time_by_itself(tmp_path):
    home = tmp_path / "lofte"
    run = subprocess.run(
        [sys.executable, "-c", SHRED],
        env={**os.environ, "LOFTE_HOME": str(home), "LOFTE_WORKSPACE": str(home)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert run.stdout == "shredded\n", run.stderr
