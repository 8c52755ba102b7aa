"""A version is published once, never with an open error, and the one that took force last holds."""

from __future__ import annotations

import dataclasses
from datetime import date

import pytest

from lofte.errors import Conflict, FaultsFound
from lofte.execution import book
from lofte.fault import Fault, Place, Severity
from lofte.notices.models import PublishedPolicy
from lofte.notices.publish import in_force, publish
from lofte.policy.document import Policy

TEXT = "policy: 1\r\nmeta: {}\r\n\r\n"
FAULT = Fault(
    number="P999", place=Place(file="policy.yaml", path="purposes.deliver"), what="wrong", mend="mend it"
)


def with_(house, **changes):
    plain = house.policy.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    meta = {**plain["meta"], **changes.pop("meta", {})}
    return dataclasses.replace(house, policy=Policy.model_validate({**plain, "meta": meta, **changes}))


def test_publishing_puts_a_version_in_force_and_notes_it(any_store, house):
    published = publish(house, TEXT)
    assert published.text == "policy: 1\nmeta: {}\n"
    assert in_force(date(2026, 1, 1)) == published
    [entry] = book.entries()
    assert (entry.kind, entry.object) == ("policy.published", published.ref)
    assert entry.policy_version == "2026-01-01"


def test_publishing_the_same_again_changes_nothing(store, house):
    assert publish(house, TEXT) == publish(house, "# a remark\n" + TEXT)
    assert len(list(book.entries())) == 1


def test_a_version_never_gets_another_content(store, house):
    publish(house, TEXT)
    other = with_(house, dpo={"designated": "no"})
    with pytest.raises(Conflict):
        publish(other, TEXT)
    assert PublishedPolicy.objects.count() == 1


def test_an_open_error_stops_publishing(store, house):
    with pytest.raises(FaultsFound) as found:
        publish(house, TEXT, [FAULT])
    assert found.value.faults == (FAULT,)
    assert in_force(date(2027, 1, 1)) is None


def test_a_warning_does_not_stop_publishing(store, house):
    assert publish(house, TEXT, [dataclasses.replace(FAULT, severity=Severity.WARNING)])


@pytest.mark.parametrize(("path", "covers"), [(None, True), ("purposes.deliver", True), ("dpo", False)])
def test_a_waiver_covers_the_fault_it_names(store, house, path, covers):
    house = with_(house, waivers=[{"fault": "P999", "path": path, "reason": "mended next week"}])
    if covers:
        assert publish(house, TEXT, [FAULT])
    else:
        with pytest.raises(FaultsFound):
            publish(house, TEXT, [FAULT])


def test_a_version_holds_from_its_day(store, house):
    first = publish(house, TEXT)
    second = publish(with_(house, meta={"version": "2026-07-01", "effective_from": "2026-07-01"}), TEXT)
    assert in_force(date(2025, 12, 31)) is None
    assert in_force(date(2026, 6, 30)) == first
    assert in_force(date(2026, 7, 1)) == second
