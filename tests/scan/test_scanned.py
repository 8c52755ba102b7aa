"""A site is looked at before a choice, after a no, after a yes, and after the yes was taken back."""

from __future__ import annotations

import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Error

from lofte.errors import Unreachable
from lofte.policy.cookies.against import compared
from lofte.policy.cookies.seen import Hosts, State
from lofte.scan import looking
from lofte.scan.chromium import chromium
from lofte.scan.looking import Look, Wanted, look
from lofte.scan.robots import may_open
from tests.banner.site import policy
from tests.proof.judging import register_of
from tests.scan.site import SEEDS, serving

HOSTS = Hosts(scan=1, hosts={"raknesticka.localhost": "measurer"})


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with serving() as at:
        yield at


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium(sandbox=False) as running:
        yield running


def scanned(browser: Browser, port: int, name: str) -> Look:
    site = f"http://{name}.localhost:{port}"
    return look(
        browser,
        Wanted(url=site, pages=3, wait=50, now=time.time, may=lambda url: not url.endswith("/hemlig")),
    )


def numbers(found: Look) -> dict[str, list[str]]:
    told: dict[str, list[str]] = {}
    for fault in compared(found.seen, policy(), register_of("consultancy"), HOSTS).faults:
        told.setdefault(fault.number, []).append(fault.what)
    return told


@pytest.mark.parametrize("name", SEEDS)
def test_a_site_with_one_thing_wrong_is_told_just_that(browser: Browser, port: int, name: str) -> None:
    found = scanned(browser, port, name)
    told = numbers(found)
    assert sorted(told) == SEEDS[name].get("numbers", "").split(), told


def test_what_robots_txt_forbids_is_left_out(browser: Browser, port: int) -> None:
    site = f"http://127.0.0.1:{port}"
    may = may_open(site)
    assert may(f"{site}/seminarier")
    assert not may(f"{site}/hemlig")
    seen = look(
        browser,
        Wanted(
            url=f"http://clean.localhost:{port}",
            pages=9,
            wait=0,
            now=time.time,
            may=lambda url: may(site + urlsplit(url).path),
        ),
    ).seen
    assert {"/", "/seminarier"} <= set(seen.paths())
    assert "/hemlig" not in seen.paths()


def test_a_site_that_does_not_answer_is_told(browser: Browser) -> None:
    with pytest.raises(Unreachable, match="does not answer"):
        look(browser, Wanted(url="http://127.0.0.1:9", pages=1, wait=0, now=time.time))


def test_nothing_that_stands_after_a_question_mark_is_kept(browser: Browser, port: int) -> None:
    found = look(
        browser,
        Wanted(url=f"http://tracker.localhost:{port}/?mail=anna", pages=1, wait=50, now=time.time),
    )
    assert "anna" not in str(found.seen)
    assert set(found.pictures) >= {State.BEFORE, State.REJECTED, State.ACCEPTED}


def test_a_browser_that_loses_the_page_is_told_and_not_a_traceback(
    browser: Browser, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(page: object) -> bool:
        raise Error("Target closed")

    monkeypatch.setattr(looking, "settings", lost)
    with pytest.raises(Unreachable, match="to the end"):
        look(browser, Wanted(url=f"http://clean.localhost:{port}", pages=1, wait=0, now=time.time))
