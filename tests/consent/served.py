"""A server that takes in choices and nothing else, for tests that kill it and the bench that measures it."""

from __future__ import annotations

import json
import sys
import threading
from pathlib import Path
from typing import Any

import uvicorn

from lofte.site.store import prepare, set_up

set_up()

from tests.consent.visitors import policy  # noqa: E402 - Django comes first


def _house(folder: Path) -> Any:
    from lofte.datamap.document import DataMap
    from lofte.execution.house import House, Keys

    prepare()
    keys = Keys(ledger=b"l" * 32, wrapping=b"w" * 32, lookup=b"o" * 32, checkpoint=b"c" * 32)
    return House(policy=policy(), datamap=DataMap(), keys=keys, folder=folder)


def serve(folder: str) -> None:
    """Serve on a free port until killed; says its address."""
    import time

    from lofte.consent import chain
    from lofte.consent.ingest import desk
    from lofte.consent.ingest.limits import Limits

    house = _house(Path(folder))
    way = desk.opened(house.keys)
    way.limits = Limits(clock=time.monotonic, at_once=1e12)
    way.known = desk.look(house, house.folder)

    def seal() -> None:
        while True:
            time.sleep(0.5)
            chain.seal(house)

    threading.Thread(target=seal, daemon=True).start()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await way(scope, receive, send)

    plain: Any = {"log_config": None, "access_log": False, "server_header": False, "proxy_headers": False}
    config = uvicorn.Config(app, port=0, lifespan="off", **plain)
    server = _Server(config)
    server.run()


class _Server(uvicorn.Server):
    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets=sockets)
        port = self.servers[0].sockets[0].getsockname()[1]
        sys.stdout.write(f"http://127.0.0.1:{port}\n")
        sys.stdout.flush()


def tell(folder: str) -> None:
    """What was recorded, when what was left unnoted is noted."""
    from lofte.consent import chain
    from lofte.consent.models import Choice

    house = _house(Path(folder))
    chain.seal(house)
    looked = chain.verify(house)
    said = {
        "receipts": list(Choice.objects.values_list("receipt", flat=True)),
        "records": looked.records,
        "sealed": looked.sealed,
        "flaws": len(looked.flaws),
    }
    sys.stdout.write(json.dumps(said))
