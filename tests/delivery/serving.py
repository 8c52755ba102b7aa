"""The real server with the company, a broker, and a handler who lets every ready answer go. Run as
`python -m tests.delivery.serving FOLDER PORT ISSUER`; prints its address when it answers."""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from pathlib import Path

from tests.door.company import found
from tests.oidc.persons import EID, SECRET

BERTIL = "b" * 32


def main(folder: Path, port: int, issuer: str) -> None:
    workspace = found(folder / "company")
    broker = {
        "name": {"sv": "BankID", "en": "BankID"},
        "issuer": issuer,
        "client_id": "lofte",
        "secret": "env:LOFTE_TEST_SECRET",
        "acr": [EID],
        "claims": {"personnummer": "ssn"},
    }
    (workspace / "sign-in.yaml").write_text(json.dumps({"sign_in": 1, "broker": broker}), encoding="utf-8")
    os.environ["LOFTE_HOME"], os.environ["LOFTE_WORKSPACE"] = str(folder / "home"), str(workspace)
    os.environ["LOFTE_URL"], os.environ["LOFTE_TEST_SECRET"] = f"http://localhost:{port}", SECRET
    from lofte.site.serve import serve

    serve(port=port, on_ready=lambda address: _ready(port))


def _ready(port: int) -> None:
    threading.Thread(target=_handler, daemon=True).start()
    print(f"http://localhost:{port}", flush=True)


def _handler() -> None:
    from django.conf import settings

    from lofte.requests.answer.release import release
    from lofte.requests.models import Request

    while True:
        for request in Request.objects.filter(state="ready"):
            release(settings.LOFTE_AT_WORK().house, request, by=BERTIL)
        time.sleep(0.2)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
