"""Programs that refuse for people find the banner and refuse: DuckDuckGo's autoconsent, Consent-O-Matic."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.banner.test_built import SOURCE, needs_npm

pytestmark = pytest.mark.browser
RULES = SOURCE / "rules"
CONFIG = {
    "enabled": True, "autoAction": "optOut", "disabledCmps": [], "enablePrehide": False, "detectRetries": 20,
    "enableCosmeticRules": False, "enableGeneratedRules": False, "enableHeuristicDetection": True,
    "enableHeuristicAction": True, "heuristicMode": "tier2", "visualTest": False,
}  # fmt: skip


@pytest.fixture(scope="module")
def autoconsent() -> str:
    needs_npm()
    package = SOURCE / "node_modules" / "@duckduckgo" / "autoconsent"
    return (package / "dist" / "autoconsent.playwright.js").read_text(encoding="utf-8")


def refused(made: Any, script: str, rules: list[Any], visit: str, **query: str) -> list[dict[str, Any]]:
    """What autoconsent says on a page, with these rules."""
    said: list[dict[str, Any]] = []

    def hear(source: Any, message: dict[str, Any]) -> None:
        said.append(message)

    made.page.expose_binding("autoconsentSendMessage", hear)
    made.go(visit, **query)
    made.page.evaluate(script)
    given = json.dumps({"type": "initResp", "config": CONFIG, "rules": {"autoconsent": rules}})
    made.page.evaluate(f"void autoconsentReceiveMessage({given})")
    for _ in range(60):
        if any(each["type"] == "autoconsentDone" for each in said):
            break
        made.page.wait_for_timeout(100)
    made.settle()
    return said


@pytest.mark.parametrize(("gpc", "action"), [(False, "reject"), (True, "gpc")])
def test_autoconsent_refuses_by_its_rule(visitor, site, autoconsent, gpc, action):
    rule = json.loads((RULES / "autoconsent.json").read_text(encoding="utf-8"))
    made = visitor(gpc=gpc)
    said = refused(made, autoconsent, [rule], "auto")
    assert {"lofte"} == {each["cmp"] for each in said if each["type"] in {"cmpDetected", "popupFound"}}
    assert [each["result"] for each in said if each["type"] == "optOutResult"] == [True]
    assert [each["action"] for each in site.choices] == [action]
    assert made.banner.count() == 0 and not site.third_party()


def test_autoconsent_finds_the_english_banner_without_a_rule(visitor, site, autoconsent):
    made = visitor()
    said = refused(made, autoconsent, [], "heuristic", lang="en")
    assert [each["action"] for each in site.choices] == ["reject"], said


def test_consent_o_matic_finds_what_its_rule_names(visitor, site):
    """The steps of the rule, each done as the extension does it."""
    rule = json.loads((RULES / "consent-o-matic.json").read_text(encoding="utf-8"))["lofte"]
    steps = {each["name"]: each["action"] for each in rule["methods"]}
    made = visitor()
    made.go("matic")
    for detector in rule["detectors"]:
        for matcher in (*detector["presentMatcher"], *detector["showingMatcher"]):
            assert made.page.locator(matcher["target"]["selector"]).is_visible()
    made.page.click(steps["OPEN_OPTIONS"]["target"]["selector"])
    boxes = [each["matcher"]["target"]["selector"] for each in steps["DO_CONSENT"]["consents"]]
    assert [made.page.locator(box).count() for box in boxes] == [1, 1, 1]
    assert not any(made.page.locator(box).is_checked() for box in boxes)
    made.page.click(steps["SAVE_CONSENT"]["target"]["selector"])
    made.settle()
    assert [each["action"] for each in site.choices] == ["reject"] and made.banner.count() == 0
