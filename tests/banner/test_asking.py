"""How the banner asks, and what it does with the answer."""

from __future__ import annotations

import time

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.banner.conftest import GPC
from tests.banner.site import ID, config, kept, page, shown_in

pytestmark = pytest.mark.browser
NAME = shown_in("sv").body["name"]
QUEUE = f"JSON.parse(localStorage['{NAME}'] || '[[],null]')"


@pytest.fixture
def somebody(visitor):
    made = visitor()
    made.go()
    return made


# -- what is sent --------------------------------------------------------------------------------
def test_the_choice_is_sent_as_the_wire_says(somebody, site):
    somebody.press("accept")
    somebody.settle()
    (sent,) = site.choices
    told = shown_in("sv")
    assert {k: sent[k] for k in ("v", "site", "version", "edition", "sha", "lang")} == {
        "v": 1, "site": told.body["site"], "version": told.version, "edition": told.edition,
        "sha": told.sha, "lang": "sv",
    }  # fmt: skip
    assert (sent["action"], sent["surface"], sent["seq"], sent["id"]) == ("accept", "banner", 1, None)
    assert sent["choices"] == {"functional": 1, "statistics": 1, "marketing": 1}
    assert sent["allow"] == "functional~statistics~marketing" and sent["path"] == "/v/a/page"
    assert sent["gpc"] is False and sent["view"] == "l" and len(sent["event"]) == 36


def test_what_is_sent_is_what_the_server_takes(somebody, site):
    import json

    from lofte.consent.ingest.wire import read

    somebody.press("reject")
    somebody.settle()
    assert read(json.dumps(site.choices[0]).encode()).action == "reject"


def test_a_later_choice_goes_on_with_the_signed_id(somebody, site):
    somebody.press("accept")
    somebody.settle()
    somebody.page.evaluate("consent.withdraw()")
    somebody.settle()
    assert [(c["id"], c["seq"], c["action"]) for c in site.choices] == [
        (None, 1, "accept"),
        (ID, 2, "withdraw"),
    ]


def test_a_vendor_by_itself_is_a_choice(somebody, site):
    somebody.page.evaluate("consent.set({'raknesticka-analys': true})")
    somebody.settle()
    assert site.choices[0]["action"] == "save" and somebody.choice() == "statistics"
    assert somebody.page.evaluate("consent.has('statistics') && !consent.has('marketing')")


def test_a_choice_is_read_by_the_server_as_the_browser_wrote_it(somebody, site):
    from lofte.policy.cookies.choice import kept as read

    site.sets_cookie = False
    somebody.press("accept")
    somebody.settle()
    found = read(somebody.cookies()[NAME], shown_in("sv"))
    assert found and found.vendors == set(shown_in("sv").vendors) and found.id == ID
    assert len(NAME) + 1 + len(somebody.cookies()[NAME]) <= 200


# -- when it cannot be recorded ------------------------------------------------------------------
def test_a_yes_that_is_not_recorded_lets_nothing_run(somebody, site):
    site.status = 503
    somebody.press("accept")
    somebody.page.wait_for_timeout(200)
    assert not site.third_party() and somebody.choice() == ""
    assert "kunde inte sparas" in somebody.banner.inner_text()


def test_it_is_sent_again_on_the_next_page(somebody, site):
    site.status = 503
    somebody.press("accept")
    somebody.page.wait_for_timeout(200)
    site.status = 201
    somebody.go("b")
    somebody.settle()
    assert {c["event"] for c in site.choices} == {site.choices[0]["event"]} and len(site.choices) == 2
    assert site.third_party("b") and somebody.banner.count() == 0


@pytest.mark.parametrize("status", [400, 403, 409, 422])
def test_what_the_server_refuses_is_asked_again(somebody, site, status):
    site.status = status
    somebody.press("accept")
    somebody.settle()
    assert not site.third_party()
    site.status = 201
    somebody.go("b")
    assert somebody.banner.count() == 1 and not site.third_party()


def test_a_withdrawal_takes_effect_whatever_the_server_says(visitor, site):
    made = visitor()
    made.keep(kept(allow="functional~statistics~marketing", now=time.time()))
    made.go()
    assert made.page.locator("iframe[src]").count() == 1
    site.status = 503
    made.page.evaluate("consent.withdraw()")
    made.page.wait_for_timeout(200)
    assert made.page.locator("iframe[src]").count() == 0 and made.choice() == ""
    site.asked.clear()
    made.go("b")
    assert not site.third_party("b")


def test_a_site_without_a_server_does_as_it_is_told(visitor, site):
    made = visitor()
    made.go(changes='{"post":""}')
    made.press("accept")
    made.page.wait_for_timeout(200)
    assert site.third_party() and not site.choices and made.choice() == "functional~statistics~marketing"


# -- what is kept --------------------------------------------------------------------------------
def test_nothing_is_stored_before_a_choice(somebody):
    assert not somebody.cookies()
    assert somebody.page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_a_withdrawal_takes_cookies_and_storage_away(somebody):
    somebody.press("accept")
    somebody.settle()
    somebody.page.evaluate("document.cookie = 'vm_count=2;path=/v'")
    assert "vm_count" in somebody.cookies()
    somebody.page.evaluate("consent.withdraw()")
    somebody.settle()
    assert set(somebody.cookies()) == {NAME}
    assert somebody.page.evaluate("localStorage.vm_count === undefined")
    assert somebody.page.evaluate("!document.cookie.includes('vm_count')")


def test_a_withdrawal_takes_an_embed_down_without_a_reload(somebody):
    somebody.press("accept")
    somebody.settle()
    assert len(somebody.page.frames) == 2
    somebody.page.evaluate("window.stays = 1; consent.withdraw()")
    somebody.settle()
    assert len([f for f in somebody.page.frames if "localhost" in f.url]) == 0
    assert somebody.page.evaluate("window.stays") == 1
    assert somebody.page.locator("[data-lofte=placeholder]").is_visible()


def test_an_expired_choice_is_told_and_asked_again(visitor, site):
    made = visitor()
    made.keep(kept(days_ago=366, allow="statistics", now=time.time()))
    made.go()
    assert [c["action"] for c in site.choices] == ["expire"] and not made.cookies()
    made.go("b")
    assert len(site.choices) == 1 and made.banner.count() == 1


# -- global privacy control ----------------------------------------------------------------------
def test_a_browser_that_says_no_is_heard_and_told_so(visitor, site):
    made = visitor(gpc=True)
    made.go()
    assert "GPC" in made.banner.inner_text() and not made.cookies()
    made.press("fine")
    made.settle()
    assert (site.choices[0]["action"], site.choices[0]["gpc"]) == ("gpc", True)
    made.go("b")
    assert made.banner.count() == 0 and not site.third_party()


def test_a_yes_from_before_the_browser_said_no_does_not_count(visitor, site):
    made = visitor(gpc=True)
    made.keep(kept(allow="statistics~marketing", now=time.time()))
    made.go()
    assert not site.third_party() and made.banner.count() == 1


def test_a_yes_that_was_given_in_spite_of_it_counts(visitor, site):
    made = visitor(gpc=True)
    made.keep(kept(allow="statistics~marketing", gpc=True, now=time.time()))
    made.go()
    assert site.third_party() and made.banner.count() == 0


# -- what waits in the page ----------------------------------------------------------------------
def custom(site, visit, body, **more):
    site.pages[visit] = page(site, visit, body=body, **more)


def test_a_placeholder_allows_its_own_vendor_only(somebody, site):
    somebody.press("show")
    somebody.settle()
    assert site.choices[0]["surface"] == "placeholder" and somebody.choice() == "marketing"
    assert somebody.page.locator("iframe[src]").is_visible() and not somebody.page.evaluate("window.ran")


def test_scripts_run_in_their_order(visitor, site):
    body = f"""<script>window.order = []</script>
<script type="text/plain" data-category="statistics" data-src="{site.third}/order/tracker.js"></script>
<script type="text/plain" data-category="statistics">order.push(window.ran)</script>
<script type="text/plain" data-category="!statistics">order.push('gone')</script>"""
    custom(site, "order", body)
    made = visitor()
    made.go("order")
    made.press("accept")
    made.settle()
    assert made.page.evaluate("order") == [1]
    made.page.evaluate("consent.withdraw()")
    made.settle()
    assert made.page.evaluate("order") == [1, "gone"]


def test_a_template_is_put_in_and_taken_out(visitor, site):
    custom(site, "tpl", '<template data-category="functional marketing"><p id="in">In</p></template>')
    made = visitor()
    made.go("tpl", mode="tt")
    made.page.evaluate("consent.set({functional: 1})")
    made.settle()
    assert made.page.locator("#in").count() == 0
    made.page.evaluate("consent.acceptAll()")
    made.settle()
    assert made.page.locator("#in").count() == 1
    made.page.evaluate("consent.withdraw()")
    made.settle()
    assert made.page.locator("#in").count() == 0 and not made.complaints


def test_what_is_added_later_waits_and_runs_as_well(somebody, site):
    somebody.page.evaluate(
        f"""() => {{ const i = document.createElement('img'); i.alt = ''; i.dataset.category = 'marketing';
        i.dataset.src = '{site.third}/late/pixel.gif'; document.querySelector('main').append(i) }}"""
    )
    somebody.page.wait_for_timeout(100)
    assert not site.third_party("late")
    somebody.press("accept")
    somebody.settle()
    assert site.third_party("late")


def test_an_inline_script_runs_under_a_nonce(visitor, site):
    body = '<script nonce="n0" type="text/plain" data-category="statistics">window.inlined = 1</script>'
    made = visitor()
    text = page(site, "nonce", body=body).replace("<script async", '<script nonce="n0" async')
    text = text.replace("<head>", "<head>" + (
        '<meta http-equiv="Content-Security-Policy" content="script-src \'nonce-n0\' \'strict-dynamic\'; '
        "require-trusted-types-for 'script'; trusted-types consent\">"
    ))  # fmt: skip
    site.pages["nonce"] = text
    made.go("nonce")
    made.press("accept")
    made.settle()
    assert made.page.evaluate("window.inlined") == 1 and not made.complaints


def test_a_returning_visitor_is_served_while_the_page_is_read(visitor, site):
    made = visitor()
    made.keep(kept(allow="functional~statistics~marketing", now=time.time()))
    made.go()
    assert len(site.third_party()) == 3 and made.banner.count() == 0 and not site.choices


def test_one_file_with_the_configuration_in_it_does_as_well(visitor, site):
    site.pages["whole"] = (
        f'<!doctype html><html lang="sv"><title>x</title><script>self.consentConfig = {config("sv")}</script>'
        '<script async src="/privacy/consent.js"></script><p>x</p>'
    )
    made = visitor()
    made.go("whole")
    assert made.banner.is_visible() and made.page.locator("[data-lofte=open]").count() == 2


def test_the_module_gives_the_same(visitor, site):
    site.pages["module"] = page(site, "module").replace(
        '<script async src="/privacy/consent.js"></script>',
        "<script type=module>import c from '/privacy/consent.mjs'; window.same = c === consent</script>",
    )
    made = visitor()
    made.go("module")
    assert made.page.evaluate("same") and made.banner.is_visible()


def test_google_is_told_no_before_and_the_choice_after(visitor, site):
    head = '<script src="/privacy/consent-gcm.js"></script>'
    site.pages["gcm"] = page(site, "gcm").replace('<meta name="viewport"', head + '<meta name="viewport"')
    made = visitor()
    made.go("gcm")
    said = "dataLayer.map(each => [...each])"
    first = made.page.evaluate(said)
    assert [each[1] for each in first] == ["default"]
    assert {v for k, v in first[0][2].items() if k != "security_storage"} == {"denied"}
    made.page.evaluate("consent.set({statistics: 1})")
    made.settle()
    last = made.page.evaluate(said)[-1]
    assert last[1] == "update" and last[2]["analytics_storage"] == "granted"
    assert last[2]["ad_user_data"] == "denied"


COMPAT = {
    "klaro": '<script type="text/plain" data-type="module" data-name="matomo" data-src="{}"></script>',
    "cookiebot": '<script type="text/plain" data-cookieconsent="statistics" src="{}"></script>',
    "vanilla": '<script type="text/plain" data-category="analytics" data-src="{}"></script>',
    "orejime": '<template data-purpose="matomo"><script src="{}"></script></template>',
}


@pytest.mark.parametrize("tool", COMPAT)
def test_the_marks_of_another_tool_are_understood(visitor, site, tool):
    body = COMPAT[tool].format(f"{site.third}/{tool}/tracker.js") + '<a href="#" data-cc="x">Kakor</a>'
    head = '<script async src=/privacy/consent-compat.js data-names=\'{"matomo": "statistics"}\'></script>'
    custom(site, tool, body, head=head)
    made = visitor()
    made.go(tool)
    assert not site.third_party(tool)
    made.page.evaluate("consent.set({statistics: 1})")
    made.settle()
    assert site.third_party(tool) == [f"/{tool}/tracker.js"]


# -- how it looks and sounds ---------------------------------------------------------------------
def boxes(made, *names):
    return [made.page.locator(f"[data-lofte=banner] [data-lofte={n}]").bounding_box() for n in names]


@pytest.mark.parametrize("width", [320, 390, 1280])
@pytest.mark.parametrize("language", ["sv", "en"])
def test_a_no_is_as_large_and_as_near_as_a_yes(visitor, width, language):
    made = visitor(viewport={"width": width, "height": 700})
    made.go(lang=language)
    no, yes = boxes(made, "reject", "accept")
    assert 0.95 <= (no["width"] * no["height"]) / (yes["width"] * yes["height"]) <= 1.05
    assert min(no["height"], yes["height"]) >= 44
    looks = [
        made.page.locator(f"[data-lofte=banner] [data-lofte={n}]").evaluate(
            "e => { const s = getComputedStyle(e);"
            "return [e.tagName, s.color, s.backgroundColor, s.borderColor, s.fontSize, s.fontWeight] }"
        )
        for n in ("reject", "accept")
    ]
    assert looks[0] == looks[1]
    assert made.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("language", ["sv", "en"])
def test_axe_finds_nothing(visitor, site, scheme, width, language):
    head = '<meta name="color-scheme" content="light dark"><style>a { color: CanvasText }</style>'
    site.pages["axe"] = page(site, "axe", language=language, head=head)
    made = visitor(color_scheme=scheme, viewport={"width": width, "height": 700})
    made.go("axe")
    for opened in (False, True):
        if opened:
            made.press("choose")
        found = Axe().run(made.page).response["violations"]
        assert not found, [(each["id"], [n["html"] for n in each["nodes"]]) for each in found]


def test_nothing_moves_when_it_comes(visitor):
    made = visitor()
    made.page.add_init_script(
        "window.cls = 0; new PerformanceObserver(l => l.getEntries().forEach(e => cls += e.value))"
        ".observe({type: 'layout-shift', buffered: true})"
    )
    made.go()
    made.page.wait_for_timeout(200)
    assert made.page.evaluate("cls") == 0


def test_it_is_reached_and_answered_with_the_keyboard(somebody, site):
    names = []
    for _ in range(4):
        somebody.page.keyboard.press("Tab")
        names.append(
            somebody.page.evaluate("document.activeElement.dataset.lofte || document.activeElement.tagName")
        )
    assert names == ["A", "reject", "accept", "choose"]
    somebody.page.keyboard.press("Tab")
    assert somebody.page.evaluate("document.activeElement.textContent") == "Vitmossa", (
        "the page is not locked"
    )
    for _ in range(2):
        somebody.page.keyboard.press("Shift+Tab")
    somebody.page.keyboard.press("Enter")
    somebody.settle()
    assert site.choices[0]["action"] == "accept"


def test_the_dialog_closes_with_escape_and_gives_the_focus_back(somebody, site):
    somebody.page.locator("[data-consent-open]").focus()
    somebody.page.keyboard.press("Enter")
    assert somebody.page.locator("dialog[open]").count() == 1
    assert somebody.page.evaluate("!!document.activeElement.closest('dialog')")
    somebody.page.keyboard.press("Escape")
    somebody.page.locator("dialog").wait_for(state="detached")
    assert not site.choices
    assert somebody.page.evaluate("'consentOpen' in document.activeElement.dataset")


def test_no_box_is_ticked_beforehand(somebody):
    somebody.press("choose")
    assert somebody.page.locator("dialog input:checked").count() == 0
    assert somebody.page.locator("dialog input").count() == 6


def test_a_purpose_and_its_vendors_are_ticked_together(somebody):
    somebody.press("choose")
    somebody.page.locator("input[name=raknesticka-analys]").check()
    assert somebody.page.locator("input[name=statistics]").is_checked()
    somebody.page.locator("input[name=statistics]").uncheck()
    assert not somebody.page.locator("input[name=raknesticka-analys]").is_checked()


def test_a_page_without_a_way_to_the_settings_gets_one(visitor, site):
    site.pages["bare"] = page(site, "bare").replace(" data-consent-open", "")
    made = visitor()
    made.go("bare")
    made.press("reject")
    made.settle()
    made.page.locator("aside [data-lofte=open]").click()
    assert made.page.locator("dialog[open]").count() == 1


@pytest.mark.parametrize(("language", "says"), [("sv", "Neka alla"), ("en", "Reject all")])
def test_it_speaks_the_language_of_the_page(visitor, language, says):
    made = visitor()
    made.go(lang=language)
    assert says in made.banner.inner_text()
    assert made.banner.get_attribute("lang") == language


def test_who_listens_hears_the_choice(somebody):
    somebody.page.evaluate(
        "window.heard = []; consent.on('ready', c => heard.push(c));"
        "consent.on('change', c => heard.push(c.choices))"
    )
    somebody.page.evaluate("consent.set({functional: 1})")
    somebody.settle()
    heard = somebody.page.evaluate("heard")
    assert heard[0] is None and heard[-1] == {"functional": 1, "statistics": 0, "marketing": 0}
    assert somebody.page.evaluate("consent.receipt().receipt") == "r1"
    assert somebody.page.evaluate("consent.get().id") == ID


def test_the_seed_of_a_signal_is_what_the_tests_think_it_is():
    assert "globalPrivacyControl" in GPC
