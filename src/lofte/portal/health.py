"""Whether this installation can do its work: its store and its ledger can be written."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import DatabaseError, models, transaction

from lofte.errors import LofteError
from lofte.execution.book import last_holds
from lofte.execution.models import LedgerOutbox
from lofte.execution.store import one_writer


@dataclass(frozen=True, kw_only=True, slots=True)
class Health:
    """Two yes-or-no answers; the details belong in the log, not on a public page."""

    store: bool
    ledger: bool

    @property
    def well(self) -> bool:
        """True if requests can be answered now."""
        return self.store and self.ledger

    def words(self) -> dict[str, str]:
        """The answer as machines read it."""
        return {"status": _word(self.well), "store": _word(self.store), "ledger": _word(self.ledger)}


def look() -> Health:
    """Try to write, changing nothing. A ledger that cannot be written stops all work (art. 5.2)."""
    return Health(store=_writable(get_user_model()), ledger=_writable(LedgerOutbox) and _linked())


def _writable(model: type[models.Model]) -> bool:
    # An UPDATE that meets no row takes the same locks and permissions as one that does.
    try:
        with one_writer(), transaction.atomic():
            model._default_manager.filter(pk=-1).update(**{model._meta.pk.attname: -1})
    except DatabaseError:
        return False
    return True


def _linked() -> bool:
    """The last link only: a page that is asked every second does not read the whole ledger."""
    try:
        return last_holds(settings.LOFTE_KEYS().ledger)
    except (DatabaseError, LofteError, OSError):
        return False


def _word(good: bool) -> str:
    return "ok" if good else "failing"
