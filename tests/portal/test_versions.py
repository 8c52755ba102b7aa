"""All that the policy ever said can be read, with what was changed; whoever wishes is told of the next."""

from __future__ import annotations

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone

from lofte.execution import book
from lofte.ledger.kinds import Kind
from lofte.mail.send import send_due
from lofte.notices.models import Acknowledged, Subscription
from lofte.notices.publish import publish
from tests.notices.world import CHANGES, LONGER, WAY, letters, with_, written


@pytest.fixture
def site(store, house, settings, clock):
    """A site with an earlier version, the one in force, and one that is coming."""
    settings.LOFTE_AT_WORK = lambda: SimpleNamespace(house=house)
    today = timezone.localdate()
    clock.now = timezone.now()
    house = with_(house, changes=CHANGES)
    publish(house, written(house))
    title = {"sv": "Ny rubrik", "en": "New heading"}
    day = {"version": "2", "effective_from": (today - timedelta(days=1)).isoformat(), "title": title}
    now = with_(house, meta=day)
    publish(house, written(now), policy=now.policy)
    ahead = {"version": "3", "effective_from": (today + timedelta(days=40)).isoformat()}
    later = with_(now, meta=ahead, retention=LONGER)
    publish(house, written(later), policy=later.policy)
    return house


def page(path, language="sv", **more):
    return Client(headers={"accept-language": language}).get(path, **more)


def test_every_version_stands_in_the_archive(site):
    html = page("/policy/versions").text
    assert all(f"Version {version}<" in html for version in ("2026-01-01", "2", "3"))
    assert all(words in html for words in ("Gäller nu", "Kommer", "Gäller inte längre"))


def test_an_earlier_version_says_that_it_applies_no_longer(site):
    assert "Den här versionen gäller inte längre." in page("/policy/versions/2026-01-01").text
    assert "This version does not apply yet." in page("/policy/versions/3", "en").text
    assert page("/policy/versions/2").status_code == 302
    assert page("/policy/versions/nope").status_code == 404


def test_what_was_changed_is_marked_by_the_word(site):
    html = page("/policy/versions/2..3").text
    assert re.search(r"<del><span[^>]*>borta: </span>tolv", html)
    assert re.search(r"<ins><span[^>]*>nytt: </span>24", html)
    assert "Leverera tjänsten: sparas längre än förut" in html
    assert page("/policy/versions/2..9").status_code == 404


def test_the_notice_says_that_another_comes(site):
    assert "gäller en ny version: 3." in page("/").text


def test_the_changes_can_be_followed(site):
    atom = page("/policy/changes.atom")
    assert atom["Content-Type"].startswith("application/atom+xml") and atom.text.count("<entry") == 3
    found = page("/policy/changes.json").json()["versions"]
    assert [each["version"] for each in found if each["major"]] == ["3"]


def test_the_pages_are_cached_by_language(site):
    for path in ("/policy/versions", "/policy/versions/2..3", "/policy/changes.atom"):
        assert "Accept-Language" in page(path)["Vary"]


def test_an_address_is_told_when_its_mailbox_has_said_yes(site):
    client = Client(headers={"accept-language": "en"})
    assert "Look in your mailbox" in client.post("/policy/subscribe", {"email": "anna@kund.example"}).text
    send_due(site, WAY)
    link = re.search(r"(/policy/subscribe/[0-9a-f]+)", "".join(letters(site)))[1]
    assert client.get(link).status_code == 200 and not Subscription.objects.exclude(confirmed_at=None)
    assert "You will be told" in client.post(link).text
    assert Subscription.objects.exclude(confirmed_at=None).count() == 1
    stop = link.replace("subscribe", "stop")
    assert client.get(stop).status_code == 200 and Subscription.objects.exists()
    strict = Client(enforce_csrf_checks=True)
    strict.post(stop, {"List-Unsubscribe": "One-Click"})  # by a program for mail
    assert not Subscription.objects.exists()


def test_known_and_unknown_addresses_look_the_same(site):
    client = Client(headers={"accept-language": "en"})
    first = client.post("/policy/subscribe", {"email": "anna@kund.example"})
    again = client.post("/policy/subscribe", {"email": "anna@kund.example"})
    assert (first.status_code, first.text) == (again.status_code, again.text)


def test_what_is_no_address_is_said_at_the_field(site):
    answer = Client(headers={"accept-language": "en"}).post("/policy/subscribe", {"email": "anna"})
    assert answer.status_code == 422 and "This is no e-mail address" in answer.text


def test_a_link_of_no_use_says_so(site):
    assert "går inte att använda" in page("/policy/subscribe/" + "0" * 64).text


def test_nobody_but_whoever_is_in_says_that_they_have_read(site):
    Client().post("/mine/read")
    assert not Acknowledged.objects.exists()
    assert Kind.NOTICE_READ not in [entry.kind for entry in book.entries()]
