"""Writing to our own store.

Hard rules:
- On SQLite one thread of the process writes at a time; the file's own lock would make the
  others sleep and wake by chance.
- A transaction begins IMMEDIATE on SQLite: one that reads first and then wants to write would
  be refused when somebody else wrote in between, however long it waits.
- An operation is one transaction, never part of another: what it has answered is durable.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction

from lofte.errors import LedgerClosed

_ONE_WRITER = threading.RLock()


def on_sqlite() -> bool:
    """True if our own store is an SQLite file."""
    return connection.vendor == "sqlite"


@contextmanager
def one_writer() -> Iterator[None]:
    """Hold the process-wide write lock where the store needs it."""
    if on_sqlite():
        with _ONE_WRITER:
            yield
    else:
        yield


@contextmanager
def writing() -> Iterator[None]:
    """One durable transaction. Raises LedgerClosed when the store does not take it: nothing of it is
    there then."""
    try:
        with one_writer(), transaction.atomic(durable=True):
            yield
    except OperationalError as error:
        raise LedgerClosed(
            "our own store cannot be written, so nothing is done; see to disk and database, then try again"
        ) from error
