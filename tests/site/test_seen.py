"""What a proof sees beside the rows: the doors, those who work here, and how the systems are reached."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from lofte.accounts.handler import create_handler
from lofte.accounts.models import Handler
from lofte.accounts.roles import Role
from lofte.connectors.sql.sealed import Way, way
from lofte.datamap.document import System
from lofte.errors import Unreachable
from lofte.proof.records import Check, Evidence
from lofte.site.seen import seen
from lofte.site.workspace import Workspace, load
from tests import services

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """The web host's papers, and a database with one of its tables and one that nobody knows."""
    place = tmp_path / "workspace"
    place.mkdir()
    for name in ("policy.yaml", "processors.yaml", "systems"):
        whole = EXAMPLES / "webhost" / name
        (shutil.copytree if whole.is_dir() else shutil.copy)(whole, place / name)
    (place / "data").mkdir()
    engine = sa.create_engine(f"sqlite:///{place / 'data' / 'hosting.sqlite3'}")
    with engine.begin() as db:
        columns = ", ".join(
            f'"{name}" text' for name in load(place).datamap.systems[0].datasets["customers"].fields
        )
        db.exec_driver_sql(f"create table customers ({columns}, shoe_size text)")
    engine.dispose()
    return load(place)


@pytest.fixture
def company(house: Any, workspace: Workspace) -> Any:
    assert workspace.policy is not None
    return replace(house, policy=workspace.policy, datamap=workspace.datamap)


def told(house: Any, workspace: Workspace, *, offline: bool = False) -> list[Evidence]:
    return list(seen(house, workspace, offline=offline))


def one(found: list[Evidence], kind: Check, **facts: object) -> Evidence:
    (only,) = [e for e in found if e.kind == kind and facts.items() <= e.facts.items()]
    return only


def test_live_columns_are_counted_and_those_without_a_decision(
    store: Path, company: Any, workspace: Workspace
) -> None:
    found = told(company, workspace)
    contact = one(found, Check.COLUMNS, category="contact")
    assert contact.count("columns") and contact.count("undecided") == 1
    assert one(found, Check.PURPOSE, purpose="deliver").count("datasets") == 1
    assert one(found, Check.GROUP, subjects="customer").count("datasets") == 1


def test_a_system_that_does_not_answer_is_silent(store: Path, company: Any, workspace: Workspace) -> None:
    (workspace.folder / "data" / "hosting.sqlite3").unlink()
    found = told(company, workspace)
    assert one(found, Check.COLUMNS, category="contact").count("silent") == 1
    assert one(found, Check.MEASURE, measure="encryption_in_transit").count("silent") == 1


def test_offline_opens_no_system(store: Path, company: Any, workspace: Workspace) -> None:
    kinds = {e.kind for e in told(company, workspace, offline=True)}
    assert kinds == {Check.PROCESSOR, Check.PLACE, Check.DOOR, Check.MEASURE}


def test_the_telephone_is_answered_when_somebody_may_take_requests(
    store: Path, company: Any, workspace: Workspace
) -> None:
    assert one(told(company, workspace), Check.DOOR, channel="phone").count("open") == 0
    create_handler(company, email="h@fjordhem.example", password="en lång vandring hem", role=Role.HANDLER)
    assert one(told(company, workspace), Check.DOOR, channel="phone").count("open") == 1
    assert one(told(company, workspace), Check.DOOR, channel="ticket").count("open") == 0


def test_an_account_with_more_than_its_role_is_seen(store: Path, company: Any, workspace: Workspace) -> None:
    create_handler(company, email="h@fjordhem.example", password="en lång vandring hem", role=Role.HANDLER)
    roles = one(told(company, workspace), Check.MEASURE, measure="access_levels")
    assert (roles.count("total"), roles.count("wrong")) == (1, 0)
    Handler.objects.update(is_superuser=True)
    assert one(told(company, workspace), Check.MEASURE, measure="access_levels").count("wrong") == 1
    assert one(told(company, workspace), Check.MEASURE, measure="two_factor").count("wrong") == 1


def test_pages_that_others_reach_in_the_open_are_seen(
    store: Path, company: Any, workspace: Workspace
) -> None:
    def wrong(url: str) -> int | None:
        found = told(replace(company, url=url), workspace)
        return one(found, Check.MEASURE, measure="encryption_in_transit").count("wrong")

    assert wrong("https://fjordhem.example") == 0
    assert wrong("http://localhost:8000") == 0
    assert wrong("http://fjordhem.example") == 1


SOME = System.model_validate(
    {"system": 1, "id": "some", "name": {"en": "Some"}, "url": "env:SOME", "datasets": {}}
)


def test_a_database_over_a_network_without_encryption_is_seen() -> None:
    with services.postgres_database() as url:
        parsed = sa.make_url(url)
        assert way(SOME, url) is Way.HERE
        far = parsed.set(host="db.example", query={"hostaddr": parsed.host or "127.0.0.1"})
        assert way(SOME, far.render_as_string(hide_password=False)) is Way.OPEN


def test_a_file_on_the_machine_goes_over_no_network() -> None:
    assert way(SOME, "sqlite:////tmp/none.sqlite3") is Way.HERE


def test_a_server_that_is_not_there_says_nothing() -> None:
    with pytest.raises(Unreachable):
        way(SOME, "postgresql://somebody@db.example/none?hostaddr=127.0.0.1&port=1&connect_timeout=1")
