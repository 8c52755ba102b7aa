"""The measuring database: made once with the shared generator, kept for the next run."""

from __future__ import annotations

import importlib.util
import os
import random
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa

from bench.engine import Person

PARTS = ("one", "many", "distance", "size", "memory", "rendering")
GENERATOR = Path(os.environ.get("LOFTE_BENCH_GENERATOR", "../shared/bench/generate_hosting.py"))
SERVER = os.environ.get("LOFTE_BENCH_POSTGRES", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres")
ADVISED = (
    ("customers", "email"),
    ("tickets", "requester_email"),
    ("newsletter_subscriptions", "email"),
    ("job_applications", "email"),
    ("event_registrations", "email"),
)
"""Where `lofte check` says that no index serves an identity, and which would."""


@cache
def generator() -> Any:
    """The generator as a module: it knows every customer's rows without any database."""
    if not GENERATOR.exists():
        sys.exit(f"the generator is not at {GENERATOR}; set LOFTE_BENCH_GENERATOR")
    spec = importlib.util.spec_from_file_location("generate_hosting", GENERATOR)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["generate_hosting"] = module
    spec.loader.exec_module(module)
    return module


def url_of(customers: int) -> str:
    """The URL of a database with so many customers; it is made when it is not there."""
    url = sa.make_url(SERVER).set(database=f"lofte_bench_{customers}")
    plain = url.set(drivername="postgresql")
    server = sa.make_url(SERVER).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(server, autocommit=True) as db:
        name = url.database
        if not db.execute("select 1 from pg_database where datname = %s", (f"{name}",)).fetchone():
            db.execute(f'create database "{name}_new"')
            made = plain.set(database=f"{name}_new").render_as_string(hide_password=False)
            _fill(made, customers)
            db.execute(f'alter database "{name}_new" rename to "{name}"')
    return str(url.render_as_string(hide_password=False))


def copy_of(customers: int, side: str) -> str:
    """The URL of a fresh copy of that database, for one side to change."""
    url = sa.make_url(url_of(customers))
    name = f"{url.database}_{side}_{os.getpid()}"
    server = sa.make_url(SERVER).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(server, autocommit=True) as db:
        db.execute(f'drop database if exists "{name}" with (force)')
        db.execute(f'create database "{name}" template "{url.database}"')
    copy = url.set(database=name)
    plain = copy.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as db:
        db.execute("vacuum analyze")
        db.execute("checkpoint")
    return str(copy.render_as_string(hide_password=False))


def drop(copy: str) -> None:
    """Take a copy away again."""
    server = sa.make_url(SERVER).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(server, autocommit=True) as db:
        db.execute(f'drop database if exists "{sa.make_url(copy).database}" with (force)'.encode())


def _fill(dsn: str, customers: int) -> None:
    sys.stdout.write(f"making the database of {customers} customers ...\n")
    command = [sys.executable, str(GENERATOR), "--dsn", dsn, "--customers", str(customers)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    with psycopg.connect(dsn, autocommit=True) as db:
        for table, column in ADVISED:
            db.execute(f"create index on {table} (lower({column}))")
        db.execute("vacuum analyze")


def people(customers: int, count: int, seed: int) -> list[Person]:
    """Customers, drawn by chance; those with a second account too."""
    dice = random.Random(seed)
    found: dict[int, Person] = {}
    while len(found) < count:
        k = dice.randrange(1, customers + 1)
        row = _customer(k)
        found[k] = Person(number=k, email=row["email"].lower(), personnummer=row["personnummer"])
    return list(found.values())


def people_closed(customers: int, count: int, seed: int) -> list[Person]:
    """Customers whose account is closed, drawn by chance; nobody with two accounts, and no company
    whose owner is a customer too: in their rows a hand-written script and a policy differ."""
    dice = random.Random(seed)
    numbers = [k for k in range(1, customers + 1) if k % 40 not in (0, 2) and k % 25 not in (0, 1)]
    dice.shuffle(numbers)
    found: list[Person] = []
    for k in numbers:
        row = _customer(k)
        if row["closed_at"] is not None:
            found.append(Person(number=k, email=row["email"].lower(), personnummer=row["personnummer"]))
        if len(found) == count:
            return found
    sys.exit(f"only {len(found)} of {customers} customers have closed their account")


def id_of(number: int) -> int:
    """The key of a customer's row."""
    return int(_customer(number)["id"])


def _customer(k: int) -> dict[str, Any]:
    columns = generator().TABLES["customers"].columns
    return dict(zip(columns, generator().customer_rows(k)["customers"][0], strict=True))
