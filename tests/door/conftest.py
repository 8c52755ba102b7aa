"""The company, its house with a clock that is turned, and the door of its portal."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from lofte.connectors.registry import open_system
from lofte.datamap.document import Kind
from lofte.datamap.identity import Identity
from lofte.law.rights import Right
from lofte.mail.models import Outgoing
from lofte.requests import sealing
from lofte.requests.door.at_the_door import Wish, ask, wish_for_code
from lofte.requests.door.challenge import Entered, answer_knocks, enter
from lofte.requests.models import Case
from lofte.requests.worker.errands import do_ordered
from lofte.site.at_work import AtWork
from lofte.site.workspace import load, open_house
from tests.door.company import ANNA, found

HERE, ELSEWHERE = "203.0.113.0/24", "198.51.100.0/24"


def identity(kind: Kind, value: str) -> Identity:
    return Identity(kind=kind, value=value)


def email(value: str) -> Identity:
    return Identity(kind=Kind.EMAIL, value=value)


@dataclass
class Door:
    """What comes to the door, and what leaves by it."""

    work: Any
    texts: list[tuple[str, str]] = field(default_factory=list)
    by_text: bool = False

    @property
    def house(self) -> Any:
        return self.work.house

    def ask(
        self, *more: Identity, address: str = ANNA, rights: Any = (Right.ACCESS,), claim: str = "c" * 32,
        network: str = HERE, **rest: Any,
    ) -> Case:  # fmt: skip
        wish = Wish(
            rights=tuple(rights), identities=(email(address), *more), address=address, language="sv", **rest
        )
        return ask(self.house, wish, network=network, claim=claim)

    def wish(self, number: str, address: str = ANNA, claim: str = "c" * 32, network: str = HERE) -> None:
        wish_for_code(self.house, number=number, address=address, network=network, claim=claim)

    def answer(self) -> None:
        """The worker looks who waits."""
        answer_knocks(self.house, self.work.connect, text=self._text if self.by_text else None)

    def _text(self, number: str, words: str) -> None:
        self.texts.append((number, words))

    def work_on(self) -> None:
        do_ordered(self.house, self.work.connect)

    def letters(self, template: str = "") -> list[dict[str, str]]:
        """What waits to leave, opened."""
        opened = []
        for each in Outgoing.objects.filter(sent_at=None, given_up_at=None).order_by("id"):
            if template in ("", each.template):
                key = sealing.unwrap(self.house.keys.wrapping, each.key, each.ref)
                opened.append(json.loads(sealing.unseal_text(key, each.sealed, "letter", each.ref)))
        return opened

    def codes(self) -> dict[str, str]:
        """The last code that each contact got."""
        found_ = {said["to"]: _code(said["body"]) for said in self.letters("code")}
        return found_ | {number: _code(words) for number, words in self.texts}

    def enter(self, code: str, claim: str = "c" * 32, network: str = HERE) -> Entered | None:
        return enter(self.house, claim=claim, code=code, network=network)


def _code(words: str) -> str:
    match = re.search(r"\b(\d{4} \d{4})\b", words)
    assert match
    return match[1]


@pytest.fixture(scope="session")
def _workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return found(tmp_path_factory.mktemp("door") / "company")


@pytest.fixture
def workspace(_workspace: Path, tmp_path: Path, settings: Any) -> Path:
    from lofte.site.home import prepare_folders

    folder = tmp_path / "company"
    shutil.copytree(_workspace, folder)
    settings.LOFTE_WORKSPACE, settings.LOFTE_HOME = folder, tmp_path / "lofte"
    prepare_folders(settings.LOFTE_HOME)
    return folder


@pytest.fixture
def work(store: Path, workspace: Path, settings: Any, clock: Any) -> AtWork:
    """The house as pages and worker find it, by the test's clock."""
    return _at_work(workspace, settings, clock)


@pytest.fixture
def any_work(any_store: str, workspace: Path, settings: Any, clock: Any) -> AtWork:
    """The same on each database that we keep a store on."""
    return _at_work(workspace, settings, clock)


def _at_work(workspace: Path, settings: Any, clock: Any) -> AtWork:
    opened = AtWork(
        house=open_house(load(workspace), clock), connect=lambda system: open_system(system, workspace)
    )
    settings.LOFTE_AT_WORK = lambda: opened
    return opened


@pytest.fixture
def door(work: AtWork) -> Door:
    return Door(work=work)


@pytest.fixture
def any_door(any_work: AtWork) -> Door:
    return Door(work=any_work)


@pytest.fixture
def client() -> Client:
    return Client(headers={"accept-language": "sv"}, enforce_csrf_checks=False)


@pytest.fixture
def browsers() -> Any:
    """As many browsers as are asked for."""
    return lambda **more: Client(headers={"accept-language": "sv"}, **more)
