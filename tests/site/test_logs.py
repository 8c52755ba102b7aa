"""The log says what happened and to nobody."""

from __future__ import annotations

import io
import logging

import pytest
from django.test import Client

from lofte.site.logs import NothingPersonal, Plain

ANNA = "anna@kund.example"


@pytest.fixture
def log():
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Plain())
    handler.addFilter(NothingPersonal())
    names = ["", "django", "django.request", "lofte"]
    levels = {n: logging.getLogger(n).level for n in names}
    for name in names:
        logging.getLogger(name).addHandler(handler)
        logging.getLogger(name).setLevel(logging.DEBUG)
    yield stream
    for name in names:
        logging.getLogger(name).removeHandler(handler)
        logging.getLogger(name).setLevel(levels[name])


def test_a_failure_is_written_as_classes_and_places(log):
    try:
        try:
            raise KeyError(ANNA)
        except KeyError as error:
            raise ValueError(f"no {ANNA}") from error
    except ValueError:
        logging.getLogger("lofte.serve").exception("turn failed")
    written = log.getvalue()
    assert "builtins.ValueError" in written and "builtins.KeyError" in written
    assert "test_logs.py" in written and ANNA not in written


def test_what_others_fill_into_their_lines_is_left_out(log):
    logging.getLogger("django.request").warning("Not Found: %s", f"/{ANNA}")
    logging.getLogger("somebody").error(f"could not send to {ANNA}")
    assert ANNA not in log.getvalue()
    assert "Not Found: %s" in log.getvalue()


def test_neither_address_nor_query_of_a_page_is_written(store, log):
    Client().get(f"/{ANNA}", {"email": ANNA})
    Client().get("/health", {"email": ANNA})
    written = log.getvalue()
    assert "/health 200" in written
    assert ANNA not in written and "kund" not in written
