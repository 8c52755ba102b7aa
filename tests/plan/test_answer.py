"""Promises of the answer: computed for this person, from what was found (art. 15.1 a-h, 15.2)."""

from __future__ import annotations

from copy import deepcopy
from datetime import date

import pytest

from lofte.plan.answer import Answer, NothingSearched, answer
from lofte.plan.period import fiscal_year_end, overdue, say
from lofte.plan.records import Anchored, DatasetRef, Tally
from lofte.policy.document import Policy
from tests.plan.specimen import ON, POLICY, datamap, policy


def at(dataset: str) -> DatasetRef:
    return DatasetRef(system="shop", dataset=dataset)


INVOICES = Tally(
    at=at("invoice"),
    rows=3,
    first=date(2019, 2, 1),
    last=date(2025, 3, 5),
    fields=frozenset({"number", "issued", "amount"}),
    anchors={"fiscal_year.end": Anchored(last=date(2025, 3, 5))},
)
CUSTOMER = Tally(
    at=at("customer"),
    rows=1,
    fields=frozenset({"number", "name", "email", "personnummer"}),
    anchors={"contract.end": Anchored(last=None, open=1)},
    masked={"personnummer": 1},
)


def told(*tallies: Tally, on: date = ON, **changes: object) -> Answer:
    return answer(Policy.model_validate(POLICY | changes), datamap(), tallies, on)


def ids(lines) -> list[str]:
    return [line.id for line in lines]


def test_only_purposes_with_found_data_are_told_each_with_its_ground() -> None:
    found = told(INVOICES)
    assert ids(found.purposes) == ["books"]
    assert "artikel 6.1 c" in found.purposes[0].ground.say("sv")
    assert "bokföringslagen" in found.purposes[0].laws[0].say("sv")


def test_only_categories_that_hold_something_are_told_with_source_and_period() -> None:
    found = told(CUSTOMER)
    assert ids(found.categories) == ["identity", "national_id", "contact"]
    assert [s.say("sv") for s in found.categories[0].sources] == ["dig själv"]


def test_an_accounting_row_is_kept_through_the_seventh_year_after_the_financial_year() -> None:
    (line,) = told(INVOICES).datasets
    assert line.until == date(2032, 12, 31)
    (period,) = line.periods
    assert say(period).say("sv") == "till och med 31 december 2032"
    assert say(period).say("en") == "through 31 December 2032"
    assert "bokföringslagen" in period.law.say("sv")


@pytest.mark.parametrize(
    ("issued", "until"),
    [(date(2025, 4, 30), date(2032, 12, 31)), (date(2025, 5, 1), date(2033, 12, 31))],
)
def test_a_broken_financial_year_counts_to_the_calendar_year_it_ends_in(issued: date, until: date) -> None:
    tally = Tally(at=at("invoice"), rows=1, anchors={"fiscal_year.end": Anchored(last=issued)})
    controller = POLICY["controller"] | {"fiscal_year_end": "04-30"}
    assert told(tally, controller=controller).datasets[0].until == until


@pytest.mark.parametrize(
    ("day", "end"),
    [
        (date(2024, 2, 29), date(2024, 2, 29)),
        (date(2025, 2, 28), date(2025, 2, 28)),
        (date(2025, 3, 1), date(2026, 2, 28)),
    ],
)
def test_a_financial_year_may_end_on_the_last_of_february(day: date, end: date) -> None:
    assert fiscal_year_end(day, "02-29") == end


def test_a_financial_year_that_outlasts_the_calendar_ends_with_it():
    assert fiscal_year_end(date(9999, 7, 1), "06-30") == date.max
    assert fiscal_year_end(date(9999, 6, 30), "06-30") == date(9999, 6, 30)


def test_a_contract_that_runs_has_no_day_but_the_rule_in_words() -> None:
    (line,) = told(CUSTOMER).datasets
    assert line.until is None
    assert say(line.periods[0]).say("sv") == "i tre månader efter att avtalet har upphört"


def test_a_period_that_has_ended_is_said_to_have_ended() -> None:
    ended = Tally(at=at("customer"), rows=1, anchors={"contract.end": Anchored(last=date(2026, 1, 31))})
    (line,) = told(ended).datasets
    assert say(line.periods[0]).say("sv") == "tiden gick ut den 30 april 2026; uppgifterna ska gallras"


def test_the_recipients_are_named_and_only_those_that_were_concerned() -> None:
    found = told(CUSTOMER)
    assert [(r.name.say("sv"), r.got) for r in found.receivers] == [
        ("Budet AB", True),
        ("Cloudberry Inc.", True),
    ]
    may = told(INVOICES).receivers
    assert [(r.id, r.got) for r in may] == [("authorities", False)]


def test_a_transfer_is_told_with_its_safeguard_and_how_to_see_it() -> None:
    (transfer,) = told(CUSTOMER).transfers
    assert (transfer.to.say("sv"), transfer.countries, transfer.ref) == (
        "Cloudberry Inc.",
        ("US",),
        "2021/914",
    )
    assert transfer.copy is not None
    assert told(INVOICES).transfers == ()


def test_the_rights_follow_the_grounds_that_were_found() -> None:
    assert [r.article for r in told(INVOICES).rights] == ["16", "17", "18"]
    assert [r.article for r in told(CUSTOMER).rights] == ["16", "17", "18", "20"]


def test_the_complaint_goes_to_the_authority_also_when_nothing_is_found() -> None:
    assert told(Tally(at=at("customer"))).complaint.url == "https://www.imy.se/"


def test_what_is_withheld_and_masked_is_told_with_the_reason() -> None:
    found = told(CUSTOMER)
    assert [(h.fields[0].say("sv"), h.why.say("sv")[:10]) for h in found.withheld] == [
        ("Lösenord", "Ett avtryc")
    ]
    assert [h.fields[0].say("sv") for h in found.masked] == ["Personnummer"]


def test_data_we_process_for_others_are_not_ours_to_tell_of_but_whom_to_ask_is() -> None:
    found = told(Tally(at=at("visitor"), rows=2))
    assert not found.found and found.rows == 0
    assert [f.dataset.say("sv") for f in found.forwarded] == ["Besökare på kunders webbplatser"]
    assert found.categories == () and found.purposes == ()


def test_rows_that_wait_or_may_be_anothers_are_told_and_nothing_is_denied() -> None:
    found = told(Tally(at=at("message"), waiting=2, shared=1))
    assert (found.waiting[0].rows, found.shared[0].rows) == (2, 1)
    assert "inga uppgifter" not in found.summary.say("sv")


def test_we_hold_nothing_is_a_full_answer() -> None:
    found = told(*(Tally(at=at(d)) for d in ("customer", "invoice", "message", "visitor")))
    assert not found.found
    assert found.summary.say("sv").startswith("Nej, vi har inga uppgifter om dig. Vi har letat i alla 4")
    assert found.rights and found.complaint


def test_decisions_by_machine_are_told_with_their_logic() -> None:
    (decision,) = told(CUSTOMER).decisions
    assert decision.logic.say("sv") == "Låser efter fel."


def test_a_row_without_a_date_of_its_own_ends_with_the_row_it_points_at() -> None:
    system = datamap().systems[0]
    invoice = system.datasets["invoice"]
    line = invoice.model_copy(
        update={"anchors": {}, "subject": (invoice.subject[0].model_copy(update={"to": "invoice"}),)}
    )
    world = datamap().model_copy(
        update={"systems": (system.model_copy(update={"datasets": {**system.datasets, "line": line}}),)}
    )
    tally = Tally(at=at("line"), rows=2, fields=frozenset({"amount"}))
    found = answer(policy(), world, [tally, INVOICES], ON)
    assert {d.until for d in found.datasets} == {date(2032, 12, 31)}


@pytest.mark.parametrize("end", ["", "."])
def test_an_interest_that_ends_its_own_sentence_has_one_full_stop(end: str) -> None:
    text = {"sv": f"att hjälpa dig{end}", "en": f"to help you{end}"}
    changed = deepcopy(POLICY["purposes"])
    changed["support"]["interest"]["text"] = text
    ground = (
        told(Tally(at=at("message"), rows=1, fields=frozenset({"body"})), purposes=changed).purposes[0].ground
    )
    assert ground.say("sv").endswith("Intresset: att hjälpa dig.")
    assert ground.say("en").endswith("The interest: to help you.")


def tickets(**days: int) -> Tally:
    dated = {date.fromisoformat(day.strip("_").replace("_", "-")): n for day, n in days.items()}
    anchors = {"ticket.closed": Anchored(last=max(dated), days=dated)}
    return Tally(at=at("message"), rows=sum(days.values()), fields=frozenset({"body"}), anchors=anchors)


def test_rows_with_ends_of_their_own_are_told_by_the_newest_and_the_oldest() -> None:
    (period,) = told(tickets(_2025_01_10=2, _2026_03_01=1)).datasets[0].periods
    assert say(period).say("en") == (
        "through 1 March 2028 for the newest row and through 10 January 2027 for the oldest"
    )
    assert overdue(period) is None


def test_rows_past_their_time_are_counted_and_said_to_go() -> None:
    (period,) = told(tickets(_2020_01_10=2, _2026_03_01=1)).datasets[0].periods
    late = overdue(period)
    assert late is not None
    assert late.say("sv") == "2 rader har passerat sin tid och ska gallras"
    assert late.say("en") == "2 rows are past their time and are to be deleted"


def test_a_rule_with_a_day_is_told_beside_one_that_still_runs() -> None:
    system = datamap().systems[0]
    both = system.datasets["invoice"].model_copy(update={"purposes": ("deliver", "books")})
    running = Tally(
        at=at("invoice"),
        rows=1,
        fields=frozenset({"amount"}),
        anchors={**CUSTOMER.anchors, **INVOICES.anchors},
    )
    world = _with(
        both.model_copy(
            update={
                "anchors": {
                    **both.anchors,
                    "contract.end": both.anchors["fiscal_year.end"].model_copy(update={"fiscal_year": False}),
                }
            }
        )
    )
    periods = answer(policy(), world, [running], ON).datasets[0].periods
    assert [(p.rule, p.until) for p in periods] == [("after_end", None), ("accounting", date(2032, 12, 31))]


def test_a_dataset_that_names_its_rules_follows_no_other() -> None:
    both = (
        datamap()
        .systems[0]
        .datasets["invoice"]
        .model_copy(update={"purposes": ("deliver", "books"), "retention": ("accounting",)})
    )
    periods = answer(policy(), _with(both), [INVOICES], ON).datasets[0].periods
    assert [p.rule for p in periods] == ["accounting"]


def _with(invoice):
    system = datamap().systems[0]
    changed = system.model_copy(update={"datasets": {**system.datasets, "invoice": invoice}})
    return datamap().model_copy(update={"systems": (changed,)})


def test_masking_is_told_only_where_something_was_dotted() -> None:
    clean = Tally(at=at("message"), rows=1, fields=frozenset({"sender", "body"}))
    assert told(clean).masked == ()
    dotted = Tally(at=at("message"), rows=1, fields=frozenset({"sender", "body"}), masked={"body": 1})
    assert [[f.say("sv") for f in held.fields] for held in told(dotted).masked] == [["Text"]]


def test_without_a_search_there_is_no_answer_at_all() -> None:
    with pytest.raises(NothingSearched):
        told()


def test_nobody_is_said_to_have_got_data_that_only_may_have() -> None:
    assert {r.when.say("en")[:17] for r in told(CUSTOMER).receivers if r.when} == {"May have received"}


def test_a_derogation_has_no_paper_to_get_a_copy_of() -> None:
    changed = deepcopy(POLICY["recipients"])
    changed["cloud"]["safeguard"] = {"kind": "derogation", "ref": "49.1.b", "copy": "on_request"}
    (transfer,) = told(CUSTOMER, recipients=changed).transfers
    assert transfer.copy is None
