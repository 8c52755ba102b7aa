"""A company in a database of each kind in turn, or in SQLite alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.erase.conftest import any_empty  # noqa: F401
from tests.retention.world import Company
from tests.services import sqlite_database


@pytest.fixture
def any_company(any_empty: str, store: Path, house: Any, clock: Any) -> Iterator[Company]:  # noqa: F811
    company = Company(any_empty, house, clock)
    yield company
    company.small.close()


@pytest.fixture
def company(tmp_path: Path, store: Path, house: Any, clock: Any) -> Iterator[Company]:
    company = Company(sqlite_database(tmp_path), house, clock)
    yield company
    company.small.close()
