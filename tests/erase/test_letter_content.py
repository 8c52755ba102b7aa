"""What stands in the letter after an erasure: each thing once, each reason once, the latest day last."""

from __future__ import annotations

from datetime import date

import pytest

from lofte.datamap.document import DataMap
from lofte.plan.layers import Below, Layer
from lofte.plan.letter import erasure
from lofte.plan.preview import Line
from lofte.plan.records import Verb
from tests.erase.conftest import NOW

LAW, NEED = "BFL-7-2", "payment_collection"
KEPT = {"sv": "Det här har vi kvar", "en": "This we keep"}
WHY = {"sv": "Varför", "en": "Why"}
D31, D33 = date(2031, 12, 31), date(2033, 12, 31)


def line(dataset, verb, rows=1, ground="", until=None, law_until=None, article="17.3.b"):
    return Line(
        system="hosting", dataset=dataset, verb=verb, ground=ground, article=article,
        until=until, rows=rows, law_until=law_until,
    )  # fmt: skip


@pytest.fixture
def written(policy, hosting):
    def write(*lines, layers=()):
        return erasure(policy, DataMap(systems=(hosting,)), lines, NOW.date(), layers=layers)

    return write


def part(letter, heading):
    (found,) = [each for each in letter.split("\n\n") if each.startswith(heading)]
    return [each.removeprefix("- ") for each in found.splitlines()[1:]]


@pytest.mark.parametrize("language", ["sv", "en"])
def test_a_dataset_stands_once_with_all_that_became_of_it(written, hosting, language):
    letter = written(
        line("invoices", Verb.DELETE, 3),
        line("invoices", Verb.CHANGE, 2, LAW, D31, D31),
        line("invoices", Verb.KEEP, 1, LAW, D33, D33),
        line("services", Verb.KEEP, 1, "deliver"),
        line("login_history", Verb.DELETE, 5),
    )[language]
    name = hosting.datasets["invoices"].name.say(language)
    (said,) = [each for each in letter.splitlines() if each.startswith(f"- {name}:")]
    for words in {"sv": ("3 rader raderade", "utan det som"), "en": ("3 rows erased", "without what")}[
        language
    ]:
        assert words in said


@pytest.mark.parametrize("language", ["sv", "en"])
def test_each_reason_is_explained_once(written, language):
    letter = written(
        line("customers", Verb.KEEP, 1, "deliver, register_domains"),
        line("services", Verb.KEEP, 2, "deliver"),
        line("invoices", Verb.KEEP, 1, LAW, D31, D31),
        line("payments", Verb.KEEP, 1, f"{LAW}, {NEED}", None, D31),
    )[language]
    assert len(part(letter, KEPT[language])) == 4
    law, needed = part(letter, WHY[language])
    assert letter.count({"sv": "bokföringslagen", "en": "Bookkeeping Act"}[language]) == 1 and law
    assert needed.count({"sv": "artikel 6.1 b", "en": "Article 6(1)(b)"}[language]) == 1


def test_where_law_and_contract_keep_both_ends_are_said_the_latest_last(written):
    both = f"{LAW}, {NEED}"
    open_, later, law = (
        part(written(line("payments", Verb.KEEP, 1, both, until, law_until))["sv"], KEPT["sv"])[0]
        for until, law_until in ((None, D31), (D33, D31), (D33, D33))
    )
    assert open_.index("31 december 2031") < open_.index("Ta betalt") < open_.index("så länge det behövs")
    assert later.index("31 december 2031") < later.index("31 december 2033")
    assert law.index("Ta betalt") < law.index("enligt lag till och med den 31 december 2033")


def test_rows_of_two_days_are_told_from_the_oldest_to_the_newest(written):
    (said,) = part(
        written(line("invoices", Verb.KEEP, 1, LAW, D33, D33), line("invoices", Verb.KEEP, 2, LAW, D31, D31))[
            "en"
        ],
        KEPT["en"],
    )
    assert "3 rows by law" in said
    assert said.index("oldest through 31 December 2031") < said.index("newest through 31 December 2033")


@pytest.mark.parametrize("language", ["sv", "en"])
def test_of_a_row_that_was_changed_it_is_not_said_that_it_was_left_alone(written, language):
    letter = written(line("tickets", Verb.CHANGE, 1, "shared", article="15.4"))[language]
    assert "inte rört" not in letter and "not touched" not in letter
    (said,) = part(letter, KEPT[language])
    assert {"sv": "hör till någon annan", "en": "somebody else's too"}[language] in said


def test_a_row_cut_loose_is_gone_for_the_person(written):
    letter = written(line("tickets", Verb.UNLINK, 1, "shared", article="15.4"))["sv"]
    assert "pekar på dig" in letter and KEPT["sv"] not in letter and WHY["sv"] not in letter


def test_each_layer_is_said_once_with_its_last_day_in_any_system(written):
    layers = [
        Layer(system="hosting", below=Below.BACKUPS, until=D31, declared=True),
        Layer(system="billing", below=Below.BACKUPS, until=D33, declared=True),
        Layer(system="hosting", below=Below.LOG),
        Layer(system="hosting", below=Below.RESTORE_LOG, until=date(2026, 12, 4), declared=True),
    ]
    said = part(written(line("customers", Verb.DELETE), layers=layers)["sv"], "Det raderade kan ligga kvar")
    backups, log, ours = said
    assert "till och med den 31 december 2033" in backups and "2031" not in backups
    assert "inte kan ange" in log and "4 december 2026" in ours


def test_what_is_kept_leaves_the_person_their_rights(written):
    kept = written(line("invoices", Verb.KEEP, 1, LAW, D31, D31))["en"]
    assert "Articles 15, 16 and 18" in kept and "Article 77" in kept and "Article 79" in kept
    assert "Article 77" not in written(line("invoices", Verb.DELETE))["en"]


def test_a_hold_is_told_with_the_day_it_is_looked_at_again(written):
    letter = written(line("customers", Verb.KEEP, 1, "legal_claim", D31, article="17.3.e"))["en"]
    (said,) = part(letter, KEPT["en"])
    (why,) = part(letter, WHY["en"])
    assert said.endswith("for a legal claim") and "By 31 December 2031" in why


def test_only_what_may_be_objected_to_is_said_to_be(written, policy):
    weighed = next(id_ for id_, each in policy.purposes.items() if each.legal_basis == "6.1.f")
    assert "Article 21" in written(line("change_log", Verb.KEEP, 1, weighed))["en"]
    assert "Article 21" not in written(line("services", Verb.KEEP, 1, "deliver"))["en"]
