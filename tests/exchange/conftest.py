"""The five example companies, as documents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lofte.datamap.document import DataMap
from lofte.datamap.reading import read_map
from lofte.policy.document import Policy
from lofte.policy.processors import Processor, ProcessorRegister
from lofte.policy.reading import read

EXAMPLES = Path(__file__).parents[2] / "examples"
NAMES = ("signage", "reseller", "consultancy", "webhost", "guides")
NOW = datetime(2026, 11, 21, 9, 30, 15, 123456, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Company:
    name: str
    policy: Policy
    datamap: DataMap
    processors: dict[str, Processor]


def company(name: str) -> Company:
    folder = EXAMPLES / name
    policy = read((folder / "policy.yaml").read_text("utf-8"), "policy.yaml", Policy).document
    register = read((folder / "processors.yaml").read_text("utf-8"), "processors.yaml", ProcessorRegister)
    maps = {file.name: file.read_text("utf-8") for file in (folder / "systems").glob("*.yaml")}
    assert policy is not None and register.document is not None
    return Company(
        name=name,
        policy=policy,
        datamap=read_map(maps).datamap,
        processors=register.document.listed,
    )


COMPANIES = {name: company(name) for name in NAMES}


@pytest.fixture(params=NAMES)
def any_company(request: pytest.FixtureRequest) -> Company:
    return COMPANIES[request.param]


@pytest.fixture(params=["sv", "en"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def guides() -> Company:
    return COMPANIES["guides"]


@pytest.fixture
def webhost() -> Company:
    return COMPANIES["webhost"]
