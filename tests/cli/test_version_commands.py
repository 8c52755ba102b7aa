"""A version goes its road at the terminal: handed in, approved, published, told of, asked for."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta

import pytest

from lofte.cli.exits import Code
from tests.cli.test_stuck_cases import Shop

FAR = (date.today() + timedelta(days=60)).isoformat()
SOON = (date.today() + timedelta(days=3)).isoformat()


def coming(shop, day, name="next.yaml"):
    """A version that keeps data longer, in a file of its own."""
    text = (shop.folder / "policy.yaml").read_text()
    text = re.sub(r"version: .*", f'version: "{day}"', text, count=1)
    text = re.sub(r"effective_from: .*", f"effective_from: {day}", text, count=1)
    file = shop.folder.parent / name
    file.write_text(re.sub(r"(keep_until: \S+ \+ )P\w+", r"\1P99Y", text, count=1))
    return str(file)


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """A shop with a version in force, and another that was handed in, published and told of."""
    shop = Shop(tmp_path_factory.mktemp("shop"))
    assert shop.lofte("publish").returncode == Code.OK
    return shop


def said(shop, *arguments, code=Code.OK):
    done = shop.lofte(*arguments, "--json")
    assert done.returncode == code, (done.stdout, done.stderr)
    return json.loads(done.stdout)


def test_what_differs_is_said_by_field_with_its_sentences(shop):
    found = said(shop, "diff", "--file", coming(shop, FAR))
    [kept] = [each for each in found["changes"] if each["field"].endswith("keep_until")]
    assert any("99" in text for each in kept["sentences"] for text in each["after"])
    assert "longer_retention" in {each["rule"] for each in found["major"]}
    seen = shop.lofte("diff", "--file", coming(shop, FAR), "--language", "sv").stdout
    assert "Det är en större ändring." in seen


def test_nothing_differs_from_itself(shop):
    assert said(shop, "diff")["changes"] == []


def test_a_major_change_too_soon_is_refused_with_the_first_day_that_will_do(shop):
    done = shop.lofte("publish", "--file", coming(shop, SOON), "--language", "sv")
    earliest = (date.today() + timedelta(days=30)).isoformat()
    assert done.returncode == Code.FAULTS and f"till {earliest} eller senare" in done.stderr


def test_a_file_that_is_not_there_is_said(shop):
    done = shop.lofte("publish", "--file", "nowhere.yaml", "--language", "en")
    assert done.returncode == Code.FAULTS and "There is no file" in done.stderr


def test_a_version_goes_from_hand_to_hand_and_people_are_told(shop):
    file = coming(shop, FAR)
    handed = said(shop, "version", "submit", "--file", file, "--why", "the law asks for it")
    assert handed["people"] == 2 and handed["open_faults"] == []
    assert said(shop, "version", "approve", FAR)["state"] == "approved"
    assert said(shop, "publish", "--file", file)["major"] > 0
    [told] = said(shop, "version", "announce")["announcements"]
    assert told["written"] == 2
    assert said(shop, "version", "announce")["announcements"][0]["written"] == 2
    states = {each["version"]: each["state"] for each in said(shop, "version", "list")["versions"]}
    assert states[FAR] == "published" and "in_force" in states.values()


def test_a_version_that_is_sent_back_says_so(shop):
    file = coming(shop, (date.today() + timedelta(days=90)).isoformat(), "later.yaml")
    version = said(shop, "version", "submit", "--file", file)["version"]
    assert said(shop, "version", "return", version, "--why", "too long")["state"] == "draft"
    assert said(shop, "version", "approve", version, code=Code.FAULTS)["error"]["kind"] == "Conflict"


def test_it_is_known_which_version_held_on_a_day_and_when_a_person_was_told(shop):
    held = said(shop, "version", "on", "--identity", "email=anna@kund.example")
    assert held["version"] and [each["version"] for each in held["told"]] in ([], [FAR])
    assert said(shop, "version", "on", "--date", "1999-01-01")["version"] is None
