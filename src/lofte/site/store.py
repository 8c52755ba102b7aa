"""Getting the store ready. Quick when there is nothing to do."""

from __future__ import annotations

import gc
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

import django
from django.apps import apps

_MIGRATOR = 0x10F7F
_LITTER = 50_000
"""So many objects are made before those that point at each other in a ring are looked for. Python's own
700 had every row that is planned looked at again and again: a fifth of the time of a large erasure."""


def set_up() -> None:
    """Load Django with our settings, once."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lofte.site.settings")
    if not apps.ready:
        gc.set_threshold(_LITTER, *gc.get_threshold()[1:])
        django.setup()


def prepare() -> None:
    """Make the folders, and bring the store's tables up to date if they are not."""
    set_up()
    from django.conf import settings
    from django.db import connection

    from lofte.site.home import prepare_folders

    folder = Path(settings.LOFTE_HOME)
    prepare_folders(folder)
    if not _up_to_date():
        with _one_at_a_time():
            if not _up_to_date():
                _migrate()
    if connection.vendor == "sqlite":
        Path(str(connection.settings_dict["NAME"])).chmod(0o600)


def in_use() -> bool:
    """True if something was noted in the ledger, or somebody has asked for something."""
    from django.db import connection

    from lofte.execution.models import LedgerEntry, LedgerOutbox
    from lofte.requests.models import Request

    tables = connection.introspection.table_names()
    return any(
        model._meta.db_table in tables and model._default_manager.exists()
        for model in (LedgerEntry, LedgerOutbox, Request)
    )


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Two that start at once on PostgreSQL: the second waits, and finds it done."""
    from django.db import connection

    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_MIGRATOR])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_MIGRATOR])


def _migrate() -> None:
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS store_version (digest varchar(64) NOT NULL)")
        cursor.execute("DELETE FROM store_version")
        cursor.execute("INSERT INTO store_version (digest) VALUES (%s)", [_wanted()])


def _up_to_date() -> bool:
    from django.db import connection

    if "store_version" not in connection.introspection.table_names():
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT digest FROM store_version")
        return bool(cursor.fetchone() == (_wanted(),))


def _wanted() -> str:
    """A digest of all migrations there are, by name: a new one changes it."""
    names = [f"django {version('django')}", f"django-allauth {version('django-allauth')}"]
    for app in apps.get_app_configs():
        folder = Path(app.path) / "migrations"
        names += sorted(f"{app.label}/{file.stem}" for file in folder.glob("[0-9]*.py"))
    return hashlib.sha256("\n".join(names).encode()).hexdigest()
