"""What a visitor chose is recorded once, as they chose it, or not at all and said so."""

from __future__ import annotations

import dataclasses
import json
import random
import sqlite3
import threading
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from lofte.consent import chain
from lofte.consent.ingest.sites import origins
from lofte.consent.ingest.wire import plain_path
from lofte.consent.models import Choice, Shown, Stream
from lofte.consent.proof import in_force
from lofte.errors import FaultsFound
from lofte.execution.book import note, opened, recorded
from lofte.ledger.kinds import Kind
from tests.consent.visitors import ORIGIN, ask, at_once, choice, policy, way_in


@pytest.fixture
def house(house: Any) -> Any:
    return dataclasses.replace(house, policy=policy())


@pytest.fixture
def way(house: Any, store: Path) -> Any:
    with way_in(house) as ingest:
        yield ingest


def test_a_choice_is_recorded_and_answered(way, house):
    sent = choice(house, ["statistics"])
    (answer,) = ask(way, sent)
    assert answer.status == 201
    row = Choice.objects.get(receipt=answer.said["receipt"])
    assert (row.seq, row.yes, row.version, row.shown) == (1, 2, "2026-01-01", sent["sha"])
    assert json.loads(row.body)["purposes"] == {"statistics": 1, "marketing": 0}
    assert chain.digest(row).hex() == answer.said["hash"]


def test_no_address_or_account_is_recorded(way, house):
    ask(way, choice(house, path="/konto/anna@kund.example/8112189876?q=anna"))
    kept = [str(value) for row in Choice.objects.values_list() for value in row]
    assert not any("192.0.2" in value or "anna" in value or "8112189876" in value for value in kept)


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/priser/sv?id=3#x", "/priser/sv"),
        ("/u/anna%40kund.example/x", "/u/*/x"),
        ("/order/20260001", "/order/*"),
        ("javascript:1", ""),
        ("/a\nb", ""),
    ],
)
def test_of_a_page_only_what_names_nobody_is_kept(path, kept):
    assert plain_path(path) == kept


def test_the_server_writes_a_cookie_that_says_what_was_chosen(way, house):
    (answer,) = ask(way, choice(house, ["statistics"], gpc=True))
    said, *terms = answer.headers["set-cookie"].split("; ")
    name, _, value = said.partition("=")
    form, edition, id_, seq, _, allowed = value.split(".")
    assert (name, form, seq, allowed) == ("consent", "1g", "1", "statistics")
    assert id_ == answer.said["id"] and len(edition) == 8 and len(said) <= 200
    assert terms == ["Path=/", "Max-Age=31536000", "SameSite=Lax"]


def test_the_cookie_goes_when_a_choice_is_too_old(way, house):
    (answer,) = ask(way, choice(house, action="expire"))
    assert answer.headers["set-cookie"].startswith("consent=; Path=/; Max-Age=0")


def test_the_same_event_is_recorded_once_with_the_same_answer(way, house):
    sent = choice(house, ["statistics"])
    first, second = ask(way, sent, sent)
    assert (first.status, second.status) == (201, 200)
    assert first.said == second.said
    assert Choice.objects.count() == 1


def test_a_replayed_choice_wins_nothing(way, house):
    yes = choice(house, ["statistics"])
    (first,) = ask(way, yes)
    no = choice(house, id=first.said["id"], seq=2, action="withdraw")
    ask(way, no)
    replayed, again_as_new = ask(way, yes, choice(house, ["statistics"], id=first.said["id"], seq=1))
    assert replayed.status == again_as_new.status == 409
    assert "set-cookie" not in replayed.headers | again_as_new.headers
    assert in_force(Choice.objects.get(receipt=first.said["receipt"]).person).yes == 0


def test_a_forged_id_is_refused_and_taken_away(way, house):
    (mine,) = ask(way, choice(house))
    forged = mine.said["id"][:-4] + ("AAAA" if not mine.said["id"].endswith("AAAA") else "BBBB")
    (answer,) = ask(way, choice(house, id=forged, seq=9))
    assert (answer.status, answer.said) == (403, {"why": "id"})
    assert "Max-Age=0" in answer.headers["set-cookie"]
    assert Choice.objects.count() == 1


def test_a_yes_to_what_was_never_shown_is_no_yes(way, house):
    unknown = choice(house, ["statistics"], sha="a" * 64)
    (answer,) = ask(way, unknown)
    assert (answer.status, answer.said["why"]) == (422, "shown")


def test_a_no_is_taken_whatever_was_shown(way, house):
    (answer,) = ask(way, choice(house, sha="a" * 64))
    assert answer.status == 201


WRONG: list[dict[str, Any]] = [
    {"v": 2},
    {"v": True},
    {"event": "1"},
    {"seq": 0},
    {"seq": 2**40},
    {"seq": True},
    {"sha": "A" * 64},
    {"action": "maybe"},
    {"action": []},
    {"surface": None},
    {"choices": []},
    {"choices": {"statistics": 2}},
    {"choices": {"statistics": True}},
    {"choices": {"a b": 1}},
    {"gpc": 1},
    {"at": -1},
    {"at": 1.5},
    {"path": "/" + "x" * 300},
    {"id": ""},
    {"id": 7},
    {"lang": "fi"},
    {"more": 1},
    {"site": "../.."},
]


@pytest.mark.parametrize("wrong", WRONG, ids=[json.dumps(each)[:40] for each in WRONG])
def test_what_is_not_as_the_document_says_is_refused(way, house, wrong):
    (answer,) = ask(way, choice(house, **wrong))
    assert (answer.status, answer.said) == (400, {"why": "form"})
    assert not Choice.objects.exists()


@pytest.mark.parametrize("raw", [b"", b"[", b"[" * 2000, b"null", b'"x"', b"\xff\xfe", b"NaN", b"{}"])
def test_what_is_no_choice_is_refused(way, raw):
    (answer,) = ask(way, raw)
    assert answer.status == 400


def test_a_no_that_says_yes_is_refused(way, house):
    (answer,) = ask(way, choice(house, ["statistics"], action="reject"))
    assert answer.status == 400


def test_a_purpose_with_a_vendor_left_out_is_no_yes_to_the_purpose(way, house):
    sent = choice(house, ["marketing"])
    sent["vendors"]["annonstavlan"] = 0
    (whole,) = ask(way, sent)
    sent["choices"]["marketing"] = 0
    (vendor,) = ask(way, {**sent, "allow": "skyltfonstret", "event": choice(house)["event"]})
    assert (whole.status, vendor.status) == (400, 201)


def test_a_large_body_is_refused(way, house):
    padded = json.dumps(choice(house)).encode() + b" " * 2048
    (answer,) = ask(way, padded)
    assert answer.status == 413


@pytest.mark.parametrize("origin", [None, "null", "https://evil.example", "http://localhost:8001"])
def test_a_page_of_nobody_we_know_is_refused(way, house, origin):
    (answer,) = ask(way, choice(house), origin=origin)
    assert answer.status == 403 and "access-control-allow-origin" not in answer.headers


def test_a_page_that_is_listed_may_read_the_answer(house, store):
    listed = "consent: 1\nsites:\n  norrsken: [https://www.norrsken.example]\n"
    (house.folder / "consent.yaml").write_text(listed)
    with way_in(house) as way:
        (answer,) = ask(way, choice(house), origin="https://www.norrsken.example")
        (asked,) = ask(way, b"", origin="https://www.norrsken.example", method="OPTIONS")
        (other,) = ask(way, choice(house, site="other"))
    assert answer.headers["access-control-allow-origin"] == "https://www.norrsken.example"
    assert asked.status == 204 and asked.headers["access-control-allow-methods"] == "POST"
    assert other.status == 403


@pytest.mark.parametrize(
    ("origin", "host", "status"),
    [
        ("http://127.0.0.1:8107", b"127.0.0.1:8107", 201),
        ("http://127.0.0.1:8107", b"127.0.0.1:8108", 403),
        ("http://rebound.example", b"rebound.example", 403),
        ("null", b"", 403),
    ],
)
def test_a_page_of_our_own_server_is_a_page_of_the_site(way, house, origin, host, status):
    way.hosts = frozenset({"127.0.0.1"})
    (answer,) = ask(way, choice(house), origin=origin, headers=[(b"host", host)])
    assert answer.status == status


def test_what_is_no_origin_is_told_by_line(house, store):
    (house.folder / "consent.yaml").write_text("consent: 1\nsites:\n  norrsken: [https://x.example/]\n")
    with pytest.raises(FaultsFound) as told:
        origins(house, house.folder)
    assert [(f.number, f.place.line) for f in told.value.faults] == [("C010", 3)]


def test_other_methods_are_refused(way):
    assert ask(way, b"", method="GET")[0].status == 405


def test_a_flood_of_posts_from_one_network_is_stopped(house, store):
    body = json.dumps(choice(house)).encode()
    with way_in(house, at_once=50, a_second=1) as way:
        answers = ask(way, *([body] * 20_000), peer="198.51.100.7")
        (elsewhere,) = ask(way, choice(house), peer="203.0.113.9")
    stopped = [each for each in answers if each.status == 429]
    assert len(stopped) == 19_950 and stopped[0].headers["retry-after"] == "1"
    assert elsewhere.status == 201


def test_a_proxy_that_is_ours_tells_where_it_came_from(house, store):
    with way_in(house, at_once=1, a_second=1e-9) as way:
        way.proxies = 1
        seen = [
            ask(way, choice(house), headers=[(b"x-forwarded-for", hops)])[0].status
            for hops in (b"192.0.2.1", b"192.0.2.99", b"1.2.3.4, 192.0.2.1", b"198.51.100.1")
        ]
    assert seen == [201, 429, 429, 201]


def test_what_cannot_be_recorded_is_told_and_not_acknowledged(house, store):
    with way_in(house) as way:
        other = sqlite3.connect(store, isolation_level=None)
        other.execute("DROP TABLE consent_choice")
        other.close()
        (answer,) = ask(way, choice(house))
    assert (answer.status, answer.said) == (503, {"why": "store"}) and "retry-after" in answer.headers


def test_nobody_is_let_in_before_the_policy_is_read(house, store):
    with way_in(house) as way:
        way.known = None
        assert ask(way, choice(house))[0].status == 503


def test_after_the_writer_has_stopped_nothing_is_acknowledged(house, store):
    with way_in(house) as way:
        pass
    assert ask(way, choice(house))[0].status == 503


def test_choices_that_wait_together_are_recorded_together(house, any_store):
    with way_in(house) as way:
        answers = at_once(way, [choice(house) for _ in range(300)])
    assert {each.status for each in answers} == {201}
    assert Choice.objects.count() == 300 and Stream.objects.count() == 1
    chain.seal(house)
    assert chain.verify(house) == chain.Looked(records=300, sealed=300, flaws=())


def test_the_same_event_at_two_servers_is_recorded_once(house, any_store):
    sent = [choice(house, ["statistics"]) for _ in range(40)]
    answers: list[Any] = []
    with way_in(house) as one, way_in(house) as two:
        threads = [
            threading.Thread(target=lambda w=way: answers.extend(at_once(w, sent))) for way in (one, two)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert {each.status for each in answers} <= {200, 201}
    assert Choice.objects.count() == 40
    assert len({each.said["hash"] for each in answers}) == 40
    chain.seal(house)
    assert not chain.verify(house).flaws


def _model(history: list[dict[str, Any]]) -> tuple[int, int]:
    """What holds of a history, said in another way: the highest number; of two with the same, the no."""
    last = max(each["seq"] for each in history)
    return last, min(sum(each["choices"].values()) for each in history if each["seq"] == last)


def test_in_whatever_order_they_come_what_holds_is_the_same(house, store):
    """10,000 histories of up to six choices, shuffled, some sent twice."""
    chance = random.Random(7)
    histories, sent = [], []
    kinds: list[list[str]] = [[], ["statistics"], ["marketing"], ["statistics", "marketing"]]
    templates = [choice(house, yes) for yes in kinds]
    with way_in(house) as way:
        for _ in range(10_000):
            id_ = way.writer.ids.signed(f"{chance.getrandbits(128):032x}")
            history = [
                {
                    **chance.choice(templates),
                    "id": id_,
                    "seq": chance.randint(1, 4),
                    "event": _event(chance),
                }
                for _ in range(chance.randint(1, 3))
            ]
            histories.append((way.writer.ids.read(id_), history))
            sent += history + ([chance.choice(history)] if chance.random() < 0.3 else [])
        chance.shuffle(sent)
        for start in range(0, len(sent), 4000):
            at_once(way, [json.dumps(each).encode() for each in sent[start : start + 4000]])
    rows: dict[str, list[Choice]] = {}
    for row in Choice.objects.iterator():
        rows.setdefault(row.person, []).append(row)
    for person, history in histories:
        held = in_force(person, rows[person])
        purposes = json.loads(held.body)["purposes"]
        assert (held.seq, sum(purposes.values())) == _model(history)


def _event(chance: random.Random) -> str:
    raw = f"{chance.getrandbits(128):032x}"
    return f"{raw[:8]}-{raw[8:12]}-{raw[12:16]}-{raw[16:20]}-{raw[20:]}"


# -- any byte that is changed is found ------------------------------------------------------------


@pytest.fixture
def held(house: Any, store: Path) -> Any:
    with way_in(house) as way:
        answers = ask(way, *[choice(house, ["statistics"]) for _ in range(6)])
    chain.seal(house)
    assert not chain.verify(house).flaws
    return [each.said["receipt"] for each in answers]


def _change(sql: str, *bound: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, bound)
        assert cursor.rowcount == 1


@pytest.mark.parametrize(
    "change",
    [
        "receipt = replace(receipt, substr(receipt, 1, 1), '_')",
        "person = 'f' || substr(person, 2)|| 'x'",
        "seq = seq + 1",
        "site = 'x'",
        "version = '2026-01-02'",
        "shown = 'b' || substr(shown, 2) || 'x'",
        "yes = 0",
        "at = '2026-03-05 09:30:15.124000'",
        "body = replace(body, '\"statistics\":1', '\"statistics\":0')",
        "body = body || ' '",
        "link = x'00'",
        "number = 77",
    ],
)
def test_a_choice_that_was_changed_is_found(held, house, change):
    _change(f"UPDATE consent_choice SET {change} WHERE receipt = %s", held[2])
    assert chain.verify(house).flaws


def test_a_choice_that_was_taken_out_is_found(held, house):
    _change("DELETE FROM consent_choice WHERE receipt = %s", held[2])
    assert [(f.number, f.what) for f in chain.verify(house).flaws] == [(3, "missing")]


def test_the_last_choices_cannot_be_cut_off(held, house):
    _change("DELETE FROM consent_choice WHERE receipt = %s", held[5])
    assert [(f.number, f.what) for f in chain.verify(house).flaws] == [(6, "missing")]


def test_a_whole_stream_cannot_be_taken_out(held, house):
    Choice.objects.all().delete()
    Stream.objects.all().delete()
    assert [f.what for f in chain.verify(house).flaws] == ["missing"]


def test_what_was_shown_cannot_become_something_else(held, house):
    Shown.objects.update(content='{"texts": {}}')
    assert {f.what for f in chain.verify(house).flaws} == {"shown"}


def test_a_chain_that_is_linked_anew_without_the_ledger_is_found(held, house):
    """Even whoever has the key of the chain cannot take back what the ledger has the head of."""
    _change("DELETE FROM consent_choice WHERE receipt = %s", held[0])
    key, link = chain.key_of(house.keys.ledger), chain.start(Stream.objects.get().ref)
    for number, row in enumerate(Choice.objects.order_by("number"), start=1):
        link = chain.linked(key, link, number, chain.digest(row))
        Choice.objects.filter(pk=row.pk).update(number=number, link=link)
    assert chain.verify(house).flaws


def test_the_ledger_has_one_entry_for_many_choices(held, house):
    entries = [payload for entry, payload in opened() if entry.kind == Kind.CONSENT_RECORDED]
    assert [(each["records"], each["last"]) for each in entries] == [(6, 6)]
    assert chain.seal(house) == 0 and not chain.unsealed()


def test_no_receipt_or_id_stands_in_the_ledger(held, house):
    said = str([(entry, payload) for entry, payload in opened()])
    assert not any(receipt in said for receipt in held)
    assert not any(person in said for person in Choice.objects.values_list("person", flat=True))


def test_what_is_shown_is_kept_once(held, house):
    ways = [payload for entry, payload in opened() if entry.kind == Kind.CONSENT_SHOWN]
    assert len(ways) == Shown.objects.count() == 2
    with recorded(house):
        note(Kind.CONSENT_SHOWN, "a" * 32, ways[0], at=house.now)


def test_the_origin_of_the_house_is_its_own(house):
    assert ORIGIN in origins(house, house.folder)["norrsken"]
