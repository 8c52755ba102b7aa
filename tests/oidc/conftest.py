"""Two real OpenID providers, and one that lies."""

from __future__ import annotations

import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import oidc_provider_mock as mock
import pytest
import requests

from lofte.datamap.document import Kind
from lofte.policy.document import Text
from lofte.portal import oidc
from lofte.portal.broker import Broker
from tests.door.conftest import _workspace as _workspace
from tests.door.conftest import client as client
from tests.door.conftest import door as door
from tests.door.conftest import work as work
from tests.door.conftest import workspace as workspace
from tests.oidc.persons import ANNA, EID, PERSONS, SECRET

HERE = Path(__file__).parent
BACK = "http://localhost:8000/sign-in/back"


@pytest.fixture(autouse=True)
def _nothing_known() -> None:
    """What another test has fetched from a broker is not believed here."""
    oidc._known.clear()


@pytest.fixture(scope="session")
def provider() -> Iterator[str]:
    """oidc-provider-mock: whoever is named signs in, with the claims above."""
    users = [mock.User(sub=sub, claims=claims) for sub, claims in PERSONS.items()]
    with mock.run_server_in_thread(
        user_claims=users, require_nonce=True, access_token_max_age=timedelta(minutes=5)
    ) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture(scope="session")
def certified() -> Iterator[str]:
    """The certified provider of npm: it gives no `acr` unless it is taught to."""
    node = shutil.which("node")
    if node is None or not (HERE / "node_modules").is_dir():
        pytest.fail("the certified provider is not installed: run `npm ci --prefix tests/oidc`")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [node, "provider.mjs", str(port), BACK, ANNA]
    process = subprocess.Popen(
        command, cwd=HERE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        assert process.stdout is not None and process.stdout.readline().strip() == "listening"
        yield f"http://localhost:{port}"
    finally:
        process.terminate()
        process.wait()


def the_broker(issuer: str, **more: Any) -> Broker:
    """How the workspace names it."""
    named: dict[str, Any] = {
        "name": Text(sv="BankID", en="BankID"),
        "issuer": issuer,
        "client_id": "lofte",
        "secret": SECRET,
        "acr": frozenset({EID}),
        "claims": {Kind.PERSONNUMMER: "ssn"},
        "scope": "openid",
        "algorithms": ("RS256", "PS256", "ES256"),
    }
    return Broker(**{**named, **more})


Visit = Callable[..., str]


@pytest.fixture
def visit() -> Visit:
    """A person with a browser: from our page to the broker, through it, and back. Returns the address that
    they come back to."""

    def through(address: str, *, as_: str = "anna", deny: bool = False) -> str:
        with requests.Session() as browser:
            answer = browser.get(address, allow_redirects=False, timeout=10)
            if answer.status_code == 200:  # the mock asks who it is
                form = {"action": "deny"} if deny else {"sub": as_}
                answer = browser.post(answer.url, data=form, allow_redirects=False, timeout=10)
            while answer.is_redirect:
                place = requests.compat.urljoin(answer.url, answer.headers["Location"])
                if place.startswith(BACK):
                    return place
                answer = browser.get(place, allow_redirects=False, timeout=10)
        raise AssertionError(f"the broker sent nobody back: {answer.status_code}")

    return through


def answered(address: str) -> dict[str, str]:
    """What stands in the address that a person comes back to."""
    return dict(parse_qsl(urlsplit(address).query))
