"""The world, made once for each process, and a copy of it for who breaks it for real."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.proof.mutations.world import World, at_home, build


@pytest.fixture(scope="session")
def world(_sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any) -> World:
    from django.conf import settings

    with django_db_blocker.unblock():
        return build(tmp_path_factory.mktemp("world") / "whole", _sqlite_template, settings)


@pytest.fixture
def copy(world: World, tmp_path: Path, settings: Any, django_db_blocker: Any) -> Iterator[Path]:
    """A copy of the world that may be broken."""
    folder = tmp_path / "copy"
    shutil.copytree(world.folder, folder)
    with django_db_blocker.unblock(), at_home(folder, settings):
        yield folder
