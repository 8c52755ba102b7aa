"""The demo's company: one of the example companies, copied into a workspace of its own, with its database,
and who is going to ask."""

from __future__ import annotations

import importlib
import json
import re
import secrets
import shutil
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import lofte
from lofte.cli import demo_cases
from lofte.cli.words import gettext as _
from lofte.errors import Refused

if TYPE_CHECKING:
    from lofte.datamap.identity import Identity

PEOPLE = 500
"""So many people are in the demo's registers."""


class Example(StrEnum):
    """The example companies, as they are named on the command line."""

    WEBHOST = "webhost"
    SIGNAGE = "signage"
    RESELLER = "reseller"
    CONSULTANCY = "consultancy"
    GUIDES = "guides"


@dataclass(frozen=True, kw_only=True)
class Place:
    """The folders of a demo."""

    folder: Path

    @property
    def workspace(self) -> Path:
        """A copy of the example company's workspace."""
        return self.folder / "workspace"

    @property
    def home(self) -> Path:
        """Store, keys and packages."""
        return self.folder / "home"

    @property
    def notes(self) -> Path:
        """What a second run needs to know: the company, the sign-ins, and who asked."""
        return self.folder / "demo.json"

    @property
    def answers(self) -> Path:
        """Where the package is delivered."""
        return self.folder / "answers"

    @property
    def database(self) -> Path:
        """The company's database, where its data map says that it is."""
        (system,) = (self.workspace / "systems").glob("*.yaml")
        found = re.search(r"^url: sqlite:///(data/\S+)$", system.read_text(encoding="utf-8"), re.MULTILINE)
        assert found is not None, system
        return self.workspace / found[1]


def example_of(example: Example) -> Path:
    """The folder of an example company. Raises Refused outside a clone (the example companies are not
    installed with the package)."""
    root = Path(lofte.__file__).resolve().parents[2]
    folder = root / "examples" / example
    if not folder.is_dir():
        raise Refused(_("the example companies come with the source; run the demo in a clone of it"))
    sys.path.insert(0, str(root))
    return folder


def company(
    place: Place,
    example: Example,
    people: int,
    next_: Callable[[str, int | None], None],
    at: Callable[[int, int], None],
) -> dict[str, Any]:
    """The workspace and its database, and what a second run needs to know. Raises Refused where the folder
    holds the demo of another company."""
    source = example_of(example)
    if place.notes.is_file():
        found: dict[str, Any] = json.loads(place.notes.read_text(encoding="utf-8"))
        if found["company"] != example:
            told = _("this folder holds the demo of {other}; give another with --folder")
            raise Refused(told.format(other=found["company"]))
        return found
    name, domain = _named(source)
    next_(_("{name}, an invented company with {n} people").format(name=name, n=people), None)
    world = importlib.import_module(f"examples.{example}.generate").make_world(customers=people)
    shutil.rmtree(place.workspace, ignore_errors=True)
    shutil.copytree(source, place.workspace, ignore=shutil.ignore_patterns("*.py", "__pycache__", "data"))
    place.database.parent.mkdir()
    _load(world, place.database, at)
    roles = importlib.import_module("lofte.accounts.roles").Role
    notes = {
        "company": example.value,
        "domain": domain,
        "asks": [list(spelled) for spelled in demo_cases.asks(world).identities],
        "cases": demo_cases.chosen(world),
        "letters": world.LETTERS,
        "sign_in": {role.value: [f"{role.value}@{domain}", secrets.token_urlsafe(12)] for role in roles},
    }
    place.notes.touch(mode=0o600)
    place.notes.write_text(json.dumps(notes, indent=2), encoding="utf-8")
    return notes


def _named(source: Path) -> tuple[str, str]:
    """What the company is called, and its domain."""
    from ruamel.yaml import YAML

    policy = YAML(typ="safe").load((source / "policy.yaml").read_text(encoding="utf-8"))
    return policy["controller"]["trade_name"], urlsplit(policy["meta"]["url"]).hostname or ""


def _load(world: Any, path: Path, at: Callable[[int, int], None]) -> None:
    import sqlalchemy as sa

    engine = sa.create_engine(f"sqlite:///{path}")
    world.load(engine, progress=at)
    engine.dispose()


def another_address(database: Path, letters: Sequence[str], shown: Sequence[Identity]) -> None:
    """One letter of this person gets an address that nobody knows; `letters` is the table and its column."""
    import sqlite3

    own = json.dumps([str(identity.value) for identity in shown])
    table, column = (f'"{name}"' for name in letters)
    with closing(sqlite3.connect(database)) as db, db:
        db.execute(
            f"update {table} set {column} = 'someone.else@kund.example' where id = (select min(id) "  # noqa: S608
            f"from {table} where lower({column}) in (select value from json_each(?)))",
            [own],
        )
