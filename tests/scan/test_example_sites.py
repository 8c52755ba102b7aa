"""Each example company's own website does what its policy says, with the real banner running."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import Browser

from examples.common.website import served, website
from examples.common.website_words import LABELS
from lofte.banner.built import bundle
from lofte.execution.written import document_of
from lofte.policy.cookies import Shown, shown
from lofte.policy.cookies.against import Compared, compared
from lofte.policy.cookies.seen import FILE, Hosts
from lofte.policy.digest import digest
from lofte.proof.records import Finding
from lofte.scan.chromium import chromium
from lofte.scan.looking import Wanted, look
from tests.proof.judging import EXAMPLES, finding, noted, policy_of, register_of

COMPANIES = ["webhost", "guides", "reseller", "signage", "consultancy"]


class Lofte(BaseHTTPRequestHandler):
    """What the banner needs of Löfte: its script, and the plain page."""

    company = ""

    def do_GET(self) -> None:
        """The banner of this company, recording nowhere."""
        told = shown(policy_of(self.company), "en" if ".en." in self.path else "sv")
        assert isinstance(told, Shown)
        script = self.path.endswith(".js")
        body = bundle(told, post="") if script else b'<!doctype html><a data-consent-open href="#">Kakor</a>'
        self.send_response(200)
        self.send_header("Content-Type", "text/javascript" if script else "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium(sandbox=False) as running:
        yield running


def scanned(browser: Browser, company: str, *, broken: bool = False, pages: int = 3) -> Compared:
    lofte = ThreadingHTTPServer(("127.0.0.1", 0), type("One", (Lofte,), {"company": company}))
    threading.Thread(target=lofte.serve_forever, daemon=True).start()
    made = website(EXAMPLES / company, broken=broken)
    try:
        with served(made, f"127.0.0.1:{lofte.server_port}") as address:
            seen = look(browser, Wanted(url=f"{address}/", pages=pages, wait=150, now=time.time)).seen
    finally:
        lofte.shutdown()
        lofte.server_close()
    _, hosts = document_of(EXAMPLES / company, FILE, Hosts)
    return compared(seen, policy_of(company), register_of(company), hosts)


@pytest.mark.parametrize("company", COMPANIES)
def test_the_website_does_what_the_policy_says(browser: Browser, company: str) -> None:
    found = scanned(browser, company)
    assert found.faults == ()
    assert found.counts["states"] == 4
    assert found.counts["banner"] == 2


def test_a_tracker_that_runs_before_a_yes_turns_the_right_promises_red(browser: Browser) -> None:
    def judged(found: Compared, id_: str) -> Finding:
        facts = {"digest": digest(policy_of("consultancy")), **found.counts}
        return finding("consultancy", id_, noted("site.scanned", days=1, **facts))

    ids = ("P020", "P123", "P124", "P125", "P126", "P128", "P129")
    whole = scanned(browser, "consultancy", pages=2)
    assert {id_: judged(whole, id_) for id_ in ids} == dict.fromkeys(ids, Finding.KEPT)
    broken = scanned(browser, "consultancy", broken=True, pages=2)
    assert {f.number for f in broken.faults} >= {"C104", "C105", "C106", "C107"}
    assert {id_ for id_ in ids if judged(broken, id_) is Finding.BROKEN} >= {"P020", "P124", "P125", "P126"}
    assert judged(broken, "P123") is Finding.KEPT


def test_every_field_of_every_form_has_a_label_in_both_languages() -> None:
    asked = {name for company in COMPANIES for f in policy_of(company).forms.values() for name in f.fields}
    assert asked <= set(LABELS)
    assert all(sv and en for sv, en in LABELS.values())
