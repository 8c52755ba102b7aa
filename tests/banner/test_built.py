"""The built files are those of the source, small, and free of what a strict page forbids."""

from __future__ import annotations

import filecmp
import re
import shutil
import subprocess
from pathlib import Path

import brotli
import pytest

from lofte.banner.built import NAMES, built
from lofte.policy.cookies.shown import ORDER

SOURCE = Path(__file__).parents[2] / "web" / "banner"
MOST = 4096


def needs_npm() -> None:
    """Leave out what needs npm where there is none; say what to run where it was not run."""
    if shutil.which("npm") is None:
        pytest.skip("npm is not to be had; the banner is used as it was built")
    if not (SOURCE / "node_modules" / "esbuild").is_dir():
        pytest.fail("run `npm ci --ignore-scripts` in web/banner")


@pytest.mark.parametrize("name", ["consent.js", "consent.mjs"])
def test_everything_is_at_most_4096_bytes_on_the_wire(name):
    assert len(brotli.compress(built(name).content, quality=11)) <= MOST


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_there_that_a_strict_policy_forbids(name):
    text = built(name).content.decode()
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function", text)
    assert not re.search(r"https?://", text)


@pytest.mark.parametrize("name", NAMES)
def test_no_visitor_is_treated_by_what_their_browser_is(name):
    assert not re.search(r"userAgent|webdriver|[Hh]eadless|\bbot\b", built(name).content.decode())


def test_the_buttons_stand_in_the_order_that_is_recorded():
    source = (SOURCE / "src" / "ui.ts").read_text(encoding="utf-8")
    answers = source[source.index("const answers") : source.index("function put")]
    assert answers.index('press("reject"') < answers.index('press("accept"') < answers.rindex("...more")
    assert ORDER == ("reject", "accept", "choose")


def test_no_lock_names_a_host():
    assert "http" not in re.sub(
        r'"(?:url|funding)": "[^"]*"', "", (SOURCE / "package-lock.json").read_text(encoding="utf-8")
    )


def test_the_committed_files_are_what_the_source_builds(tmp_path):
    """With npm only: without it the committed files are used as they are."""
    needs_npm()
    subprocess.run(["node", "build.mjs", str(tmp_path)], cwd=SOURCE, check=True)
    subprocess.run(["npx", "tsc", "--noEmit"], cwd=SOURCE, check=True)
    committed = SOURCE.parents[1] / "src" / "lofte" / "banner" / "static" / "banner"
    _, differ, missing = filecmp.cmpfiles(tmp_path, committed, NAMES, shallow=False)
    assert not differ and not missing, "run `npm run build` in web/banner, and commit what it makes"
