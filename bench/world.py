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


def _fill(dsn: str, customers: int) -> None:
    sys.stdout.write(f"making the database of {customers} customers ...\n")
    command = [sys.executable, str(GENERATOR), "--dsn", dsn, "--customers", str(customers)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    with psycopg.connect(dsn, autocommit=True) as db:
        for table, column in ADVISED:
            db.execute(f"create index on {table} (lower({column}))")
        db.execute("vacuum analyze")


def people(customers: int, count: int, seed: int) -> list[Person]:
    """Private persons, drawn by chance; those with a second account too."""
    dice = random.Random(seed)
    found: dict[int, Person] = {}
    while len(found) < count:
        k = dice.randrange(1, customers + 1)
        row = dict(
            zip(
                generator().TABLES["customers"].columns,
                generator().customer_rows(k)["customers"][0],
                strict=True,
            )
        )
        found[k] = Person(number=k, email=row["email"].lower(), personnummer=row["personnummer"])
    return list(found.values())
