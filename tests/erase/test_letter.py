"""The letter says what was done, what is left, why and until when, and it is kept with the request."""

from __future__ import annotations

import dataclasses

import pytest

from lofte.datamap.document import Backups, DataMap
from lofte.errors import Conflict
from lofte.execution import book
from lofte.plan.layers import Below
from lofte.requests.erasure.erase import erase
from lofte.requests.erasure.letter import letter
from lofte.requests.erasure.outcome import outcome
from lofte.requests.erasure.preview import preview
from tests.erase.conftest import BERTIL, asks, customer

OPEN, CLOSED = 2, 32
KEPT, WHY = ("Det här har vi kvar", "This we keep"), ("Varför", "Why")


def names(said):
    """The datasets of which something is left, as the letter has them."""
    (kept,) = [part for part in said.split("\n\n") if part.startswith(KEPT)]
    return [line.partition(":")[0] for line in kept.splitlines()[1:]]


def test_the_letter_that_goes_out_keeps_what_the_one_that_was_shown_kept(fjordhem, world, store, connect):
    request = asks(fjordhem, customer(world, CLOSED))
    shown = preview(fjordhem, request, connect).letter
    erase(fjordhem, [request], connect, by=BERTIL)
    for language in ("sv", "en"):
        then, now = shown[language].split("\n\n"), letter(fjordhem, request, language).split("\n\n")
        assert [p for p in then if p.startswith(WHY)] == [p for p in now if p.startswith(WHY)]
        assert names(shown[language]) == names(letter(fjordhem, request, language))
        assert then[-4:] == now[-4:] and then[:3] == now[:3]


def test_it_says_the_law_the_days_and_where_to_complain(fjordhem, world, store, connect):
    request = asks(fjordhem, customer(world, CLOSED))
    erase(fjordhem, [request], connect)
    said = letter(fjordhem, request, "sv")
    for words in (
        request.number,
        "bokföringslagen (1999:1078)",
        "artikel 17.3 b",
        "till och med den 31 december 2031",
        "av sig självt",
        "Integritetsskyddsmyndigheten",
        "artikel 79",
        "artikel 19",
    ):
        assert words in said, words
    assert "ångra" not in said and "lofte undo" not in said


def test_what_had_nothing_left_to_take_is_told_as_kept(fjordhem, world, store, connect):
    """The payments of a closed account hold nothing but what the law wants."""
    request = asks(fjordhem, customer(world, CLOSED))
    erase(fjordhem, [request], connect)
    paragraph = next(p for p in letter(fjordhem, request, "sv").split("\n\n") if p.startswith(KEPT))
    (payments,) = [line for line in paragraph.splitlines() if line.startswith("- Betalningar: ")]
    assert "enligt lag" in payments and "utan det" not in payments


def test_what_may_remain_beneath_the_rows_is_kept_with_the_case(fjordhem, world, store, connect):
    (system,) = fjordhem.datamap.systems
    declared = system.model_copy(update={"backups": Backups(keep="P30D", log="P7D", replicas="P0D")})
    house = dataclasses.replace(fjordhem, datamap=DataMap(systems=(declared,)))
    request = asks(house, customer(world, CLOSED))
    shown = preview(house, request, connect).layers
    erase(house, [request], connect)
    (erased, _) = outcome(house, request)
    assert erased.state == "done" and erased.layers == shown
    days = {layer.below: layer.days for layer in shown}
    assert days[Below.BACKUPS] == 30 and days[Below.RESTORE_LOG] == 14 and Below.REPLICAS not in days
    assert "20 december 2026" in letter(house, request, "sv")
    (done,) = [payload for entry, payload in book.opened() if entry.kind == "erasure.done"]
    assert done["layers"] == len(shown) and done["layer_days"] == 30


def test_what_nobody_has_declared_is_said_not_to_be(fjordhem, world, store, connect):
    layers = preview(fjordhem, asks(fjordhem, customer(world, CLOSED)), connect).layers
    backups = next(layer for layer in layers if layer.below is Below.BACKUPS)
    assert not backups.declared and "inte angivet" in backups.say().say("sv")


def test_before_all_is_done_there_is_no_letter(fjordhem, world, store, connect):
    with pytest.raises(Conflict, match="no letter"):
        letter(fjordhem, asks(fjordhem, customer(world, CLOSED)))


def test_the_letter_lies_sealed(fjordhem, world, store, connect):
    request = asks(fjordhem, customer(world, CLOSED))
    erase(fjordhem, [request], connect)
    assert [b"IMY" in bytes(each.words) for each in request.letters.all()] == [False, False]


def test_where_law_and_contract_keep_the_letter_that_goes_out_has_both_ends(fjordhem, world, store, connect):
    """The payments of an account that is open."""
    request = asks(fjordhem, customer(world, OPEN))
    erase(fjordhem, [request], connect)
    kept = next(p for p in letter(fjordhem, request, "sv").split("\n\n") if p.startswith(KEPT))
    (payments,) = [line for line in kept.splitlines() if line.startswith("- Betalningar: ")]
    law, contract = payments.index("31 december 2033"), payments.index("så länge det behövs")
    assert "enligt lag" in payments and law < contract
