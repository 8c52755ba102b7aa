"""The small company of the sweeps, in a database of each kind in turn, or in SQLite alone."""

from tests.erase.conftest import any_empty
from tests.retention.conftest import any_company, company

__all__ = ["any_company", "any_empty", "company"]
