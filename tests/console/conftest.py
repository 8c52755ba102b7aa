"""A company with a database of its own, those who work there, and somebody who has asked."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from django.test import Client

from examples.webhost.generate import World, make_world
from lofte.accounts.models import Handler
from lofte.datamap.document import Kind
from lofte.datamap.identity import Identity
from lofte.law.rights import Right
from lofte.requests.course.receive import receive
from lofte.requests.door.identify import Level, identify
from lofte.requests.models import Request

WEBHOST = Path(__file__).parents[2] / "examples" / "webhost"
PASSWORD = "en lång och god mening"
CLOSED, RUNNING = 32, 2
"""A customer whose account is closed, with books that must be kept; one whose contract runs."""


@pytest.fixture(scope="session")
def world() -> World:
    return make_world(customers=120, seed=1)


@pytest.fixture(scope="session")
def _company(world: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("company")
    shutil.copytree(
        WEBHOST, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__", "data"), dirs_exist_ok=True
    )
    (folder / "data").mkdir()
    engine = sa.create_engine(f"sqlite:///{folder / 'data' / 'hosting.sqlite3'}")
    world.load(engine)
    engine.dispose()
    return folder


@pytest.fixture
def company(_company: Path, store: Path, tmp_path: Path, settings: Any) -> Iterator[Path]:
    """The workspace of the test's own, with its database, and a home for keys."""
    from lofte.site.at_work import _opened
    from lofte.site.home import prepare_folders

    folder = tmp_path / "company"
    shutil.copytree(_company, folder)
    settings.LOFTE_WORKSPACE = folder
    settings.LOFTE_HOME = tmp_path / "lofte"
    prepare_folders(settings.LOFTE_HOME)
    yield folder
    _opened.cache_clear()


@pytest.fixture
def work(company: Path, settings: Any) -> Any:
    """The house as a page finds it."""
    return settings.LOFTE_AT_WORK()


@dataclass(frozen=True)
class Staff:
    """Those who work here, each signed in."""

    clients: dict[str, Client]
    refs: dict[str, str]

    def __getitem__(self, role: str) -> Client:
        if role not in self.clients:
            handler = Handler.objects.create_user(f"{role}@norrsken.example", PASSWORD, role=role)
            self.refs[role] = handler.ref
            self.clients[role] = Client(headers={"accept-language": "sv"})
            self.clients[role].force_login(handler)
        return self.clients[role]

    def ref(self, role: str) -> str:
        """The random id of who has the role."""
        assert self[role]
        return self.refs[role]


@pytest.fixture
def staff(store: Path) -> Staff:
    return Staff(clients={}, refs={})


@pytest.fixture
def asks(work: Any, world: World, staff: Staff) -> Callable[..., Request]:
    """A customer, by number, asks for erasure and is identified by the handler."""

    def asked(number: int = CLOSED, right: Right = Right.ERASURE, known: bool = True) -> Request:
        identity = Identity(kind=Kind.CUSTOMER_NO, value=world.rows["customers"][number - 1]["customer_no"])
        by = staff.ref("handler")
        request = receive(work.house, right=right, identities=[identity], channel="letter", by=by)
        if not known:
            return request
        return identify(work.house, request, method="BankID", level=Level.PROVEN, by=by)

    return asked
