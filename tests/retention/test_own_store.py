"""A sweep keeps its records in our store, whichever database that is."""

from __future__ import annotations

import pytest

from lofte.execution import book
from lofte.retention.models import Part, Sweep
from tests.retention.world import Company, done
from tests.services import sqlite_database


def test_a_sweep_that_was_stopped_goes_on_in_every_store(any_store, tmp_path, house, clock):
    company = Company(sqlite_database(tmp_path), house, clock)
    company.logs(5)
    company.approve()

    def stop(line, rows):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        company.sweep(size=2, tell=stop)
    assert done(company.sweep(size=2)) == {"logs": (5, 0, 0)}
    assert Sweep.objects.get().end.outcome == "done"
    assert all(bytes(part.keys) == b"" for part in Part.objects.all())
    assert book.verify(company.house.keys.ledger) is None
    company.small.close()
