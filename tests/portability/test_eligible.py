"""What may be taken along: given or observed, on consent or contract, by machine (art. 20.1)."""

from __future__ import annotations

import copy

import pytest

from lofte.datamap.document import DataMap, System
from lofte.plan.portability import Origin, narrowed, plan, terms
from lofte.plan.records import DatasetRef, Subject
from lofte.policy.document import Policy
from tests.plan.specimen import ON

TEXT = {"sv": "T", "en": "T"}
POLICY = {
    "policy": 1,
    "meta": {"id": "p", "title": TEXT, "version": "1", "effective_from": ON},
    "controller": {},
    "authority": {"id": "imy", "name": TEXT, "url": "https://imy.example"},
    "categories": {"contact": {"name": TEXT}, "usage": {"name": TEXT}, "health": {"name": TEXT}},
    "sources": {
        "you": {"categories": ["contact"], "dpv": "DataSubjectDataSource"},
        "machines": {"categories": ["usage"], "automatic": True},
        "agency": {"categories": ["contact"], "third_party": True},
        "staff": {"categories": ["contact"], "dpv": "DataControllerDataSource"},
        "unmarked": {"categories": ["health"]},
    },
    "purposes": {
        "deliver": {"categories": ["contact", "usage"], "legal_basis": "6.1.b"},
        "security": {"categories": ["usage"], "legal_basis": "6.1.f"},
        "books": {"categories": ["contact"], "legal_basis": "6.1.c"},
        "news": {"categories": ["contact"], "legal_basis": "MFL-19-2"},
        "diet": {"categories": ["health"], "legal_basis": "9.2.a"},
    },
}
AT = DatasetRef(system="s", dataset="d")


def made(source="you", purposes=("deliver",), category="contact", policy=POLICY, connector="sql", **dataset):
    system = {
        "system": 1,
        "id": "s",
        "name": TEXT,
        "url": "x",
        "connector": connector,
        "datasets": {
            "d": {
                "name": TEXT,
                "key": "id",
                "subject": [{"by": "own"}],
                "purposes": list(purposes),
                **({"source": source} if source else {}),
                "fields": {
                    "id": {"technical": True},
                    "flag": {"technical": True},
                    "it": {"category": category},
                    "hidden": {"category": category, "give": "withhold"},
                },
                **dataset,
            }
        },
    }
    return Policy.model_validate(policy), DataMap(systems=(System.model_validate(system),))


def goes(**given):
    found = terms(*made(**given)).get(AT, {})
    return set(found)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, True),
        ({"source": "machines", "category": "usage"}, True),
        ({"source": "unmarked"}, True),
        ({"source": "agency"}, False),
        ({"source": "staff"}, False),
        ({"purposes": ("books",)}, False),
        ({"purposes": ("news",)}, False),
        ({"purposes": ("security",), "category": "usage"}, False),
        ({"purposes": ("security", "deliver"), "category": "usage"}, True),
        ({"purposes": ("diet",), "category": "health", "source": "unmarked"}, True),
        ({"purposes": ("diet",)}, False),
        ({"role": "processor"}, False),
        ({"connector": "person"}, False),
        ({"source": None, "category": "usage"}, True),
        ({"source": None}, False),
    ],
    ids=str,
)
def test_a_field_goes_along_only_on_every_condition_of_the_article(given, expected):
    assert goes(**given) == ({"id", "it"} if expected else set())


def test_a_field_s_own_source_weighs_more_than_its_dataset_s():
    policy, datamap = made(
        fields={
            "id": {"technical": True},
            "it": {"category": "contact"},
            "score": {"category": "contact", "source": "staff"},
        }
    )
    assert set(terms(policy, datamap)[AT]) == {"id", "it"}


def test_a_policy_that_names_fewer_grounds_takes_nobodys_right_away():
    less = copy.deepcopy(POLICY) | {"rights": {"portability": {"bases": ["6.1.a"]}}}
    assert goes(policy=less) == {"id", "it"}


def test_what_more_the_policy_promises_is_kept():
    more = copy.deepcopy(POLICY) | {"rights": {"portability": {"bases": ["6.1.b", "6.1.f"]}}}
    given = {"purposes": ("security",), "category": "usage", "source": "machines"}
    assert goes(policy=more, **given) == {"id", "it"}


def test_each_field_says_by_what_right_it_goes():
    term = terms(*made())[AT]["it"]
    assert (term.purposes, term.bases, term.origin) == (("deliver",), ("6.1.b",), Origin.PROVIDED)


def test_the_plan_says_of_every_field_that_stays_why():
    policy, datamap = made()
    made_plan = plan(policy, datamap, [Subject(ref="r", identities=())], ON)
    assert made_plan.steps[0].given == ("id", "it")
    assert {k.ground: k.fields for k in made_plan.kept} == {"technical": ("flag",), "20.4": ("hidden",)}


def test_who_reads_by_the_narrowed_map_is_given_nothing_else():
    policy, datamap = made()
    fields = narrowed(datamap, terms(policy, datamap)).systems[0].datasets["d"].fields
    assert {n for n, f in fields.items() if f.give != "withhold"} == {"id", "it"}
