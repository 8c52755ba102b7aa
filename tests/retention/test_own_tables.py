"""Löfte's own tables have an answer each: what they hold, how long, and what lets it go."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session

from lofte.mail.models import Outgoing
from lofte.retention import own
from lofte.retention.own import OWN, Holds


def test_every_table_has_an_answer_and_no_answer_is_without_a_table():
    labels = {model._meta.label for model in apps.get_models()}
    assert labels - set(OWN) == set(), "say in `retention.own` what it holds and how long"
    assert set(OWN) - labels == set(), "there is no such table any more"


@pytest.mark.parametrize("label", sorted({o.by for o in OWN.values() if o.by}))
def test_what_lets_go_is_there(label):
    module, _, name = label.rpartition(".")
    assert callable(getattr(import_module(module), name))


def test_what_is_sealed_for_a_time_says_what_ends_it():
    assert not [label for label, answer in OWN.items() if answer.holds is Holds.SEALED and not answer.by]


def test_a_table_that_seals_says_so():
    sealing = {
        model._meta.label
        for model in apps.get_models()
        for field in model._meta.fields
        if field.get_internal_type() == "BinaryField" and field.name in {"sealed", "words", "raw", "why"}
    }
    assert not [label for label in sealing if OWN[label].holds is Holds.NOTHING]


def test_a_session_goes_when_it_has_ended(store, clock):
    for name, ends in (("old", -1), ("new", 1)):
        Session.objects.create(
            session_key=name, session_data="x", expire_date=clock() + timedelta(minutes=ends)
        )
    assert own.forget(clock()) == 1
    assert list(Session.objects.values_list("session_key", flat=True)) == ["new"]


def test_after_a_year_nothing_says_where_a_letter_went(store, clock):
    for name, sent in (
        ("a", clock() - timedelta(days=366)),
        ("b", clock() - timedelta(days=364)),
        ("c", None),
    ):
        Outgoing.objects.create(
            ref=name * 32, template="code", version=1, language="sv", recipient=name, sha256="0" * 64,
            key=b"", sealed=b"", queued_at=clock() - timedelta(days=400), not_before=clock(), sent_at=sent,
        )  # fmt: skip
    assert own.forget(clock()) == 1
    assert sorted(Outgoing.objects.values_list("recipient", flat=True)) == ["", "b", "c"]
    assert own.forget(clock()) == 0


def test_what_is_many_goes_part_by_part(store, clock, monkeypatch):
    monkeypatch.setattr(own, "TOGETHER", 2)
    past = clock() - timedelta(minutes=1)
    Session.objects.bulk_create(
        [Session(session_key=str(n), session_data="x", expire_date=past) for n in range(5)]
    )
    assert [own.forget(clock()) for _ in range(4)] == [2, 2, 1, 0]
