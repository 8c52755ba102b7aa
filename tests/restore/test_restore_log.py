"""What was erased can be undone for fourteen days, and by nobody after."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lofte.errors import Broken, Refused
from lofte.execution import restore_log, vault
from lofte.execution.exactly import pack, unpack
from lofte.execution.restore_log import Taken

REQUEST, OTHER = "a" * 32, "b" * 32
COLUMNS = ("id", "email")
ANNA = (1, "anna@kund.example")


def keep(house, *rows, request=REQUEST, step="erase", **more):
    restore_log.keep(house, request, step, "shop", "customer", COLUMNS, rows, **more)


def kept(house, request=REQUEST):
    return [row for each in restore_log.rows(house, request) for row in each.rows]


# --- what comes back ---

zones = st.one_of(
    st.none(),
    st.just(UTC),
    st.sampled_from([ZoneInfo("Europe/Stockholm"), ZoneInfo("America/St_Johns")]),
    st.integers(-86_399, 86_399).map(lambda s: timezone(timedelta(seconds=s))),
)
plain = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.decimals(allow_nan=False),
    st.text(st.characters(exclude_categories=())),
    st.binary(),
    st.dates(),
    st.datetimes(timezones=zones),
    st.times(timezones=zones),
    st.timedeltas(),
    st.uuids(),
    st.ip_addresses(),
)
values = st.recursive(
    plain, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.tuples(inner), max_leaves=8
)


def same(one, other):
    """Equal, of the same type all the way down, and written the same (1E+3 is not 1000, -0.0 not 0.0)."""
    if type(one) is not type(other):
        return False
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return list(one) == list(other) and all(same(one[k], other[k]) for k in one)
    if isinstance(one, datetime | time):
        return (repr(one.replace(tzinfo=None)), one.fold, one.utcoffset()) == (
            repr(other.replace(tzinfo=None)),
            other.fold,
            other.utcoffset(),
        )
    return repr(one) == repr(other)


@settings(max_examples=60)
@given(rows=st.lists(st.tuples(values, values), max_size=5))
def test_every_value_comes_back_as_it_was(rows):
    columns, back = unpack(pack(COLUMNS, rows))
    assert columns == COLUMNS
    assert same(tuple(rows), back)


@pytest.mark.parametrize(
    "value",
    [float("nan"), float("inf"), -0.0, Decimal("1E+3"), Decimal("-0.00"), Decimal("NaN"), 2**80,
     "\ud83d\ude00",
     "\x00", True, date(1, 1, 1), UUID(int=0), {"a": [1, {"b": None}]}, datetime(2026, 10, 25, 2, 30, fold=1,
     tzinfo=ZoneInfo("Europe/Stockholm"))],
)  # fmt: skip
def test_awkward_values_come_back_as_they_were(value):
    ((_, ((back,),))) = unpack(pack(["a"], [(value,)]))
    assert same(value, back)


def test_what_would_not_come_back_exactly_is_refused_before_anything_is_erased(house):
    with pytest.raises(Refused, match="nothing is erased"):
        keep(house, (1, object()))
    assert kept(house) == []


def test_many_rows_are_kept_in_order(house):
    many = [(n, f"anna{n}@kund.example") for n in range(1201)]
    keep(house, *many)
    assert kept(house) == many


def test_one_request_does_not_see_what_was_kept_for_another(house):
    keep(house, ANNA)
    keep(house, (2, "eva@kund.example"), request=OTHER)
    assert kept(house) == [ANNA]


def test_rows_of_many_requests_are_kept_at_once_each_under_its_own_key(house, clock):
    refs = [f"{n:032x}" for n in range(50)]
    mails = {ref: [(n, f"{ref}@kund.example")] for n, ref in enumerate(refs)}
    orders = {ref: [(n,)] for n, ref in enumerate(refs)}
    for dataset, columns, rows in (("customer", COLUMNS, mails), ("order", ("id",), orders)):
        taken = Taken(dataset=dataset, columns=columns, changes=(), rows=rows)
        restore_log.keep_many(house, "erase", "shop", [taken])
    assert len(list((house.folder / "restore").iterdir())) == 1
    for n, ref in enumerate(refs):
        assert kept(house, ref) == [(n, f"{ref}@kund.example"), (n,)]
    assert len({vault.living(house, ref)[0].value for ref in refs}) == 50
    restore_log.shred(house, refs[0])
    assert kept(house, refs[0]) == []
    assert kept(house, refs[1]) == [(1, f"{refs[1]}@kund.example"), (1,)]
    keep(house, ANNA, request=refs[1])
    assert kept(house, refs[1])[-1] == ANNA
    clock.go(days=14)
    assert restore_log.shred_due(house) == 49
    assert list((house.folder / "restore").iterdir()) == []


# --- where it lies ---


def everything(folder):
    return b"".join(file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file())


def test_nothing_that_was_kept_stands_in_clear_on_the_disk(house):
    keep(house, ANNA)
    bytes_ = everything(house.folder)
    for word in (b"anna", b"customer", b"email", b"shop"):
        assert word not in bytes_


def test_the_files_are_closed_to_others(house):
    keep(house, ANNA)
    for file in house.folder.rglob("*"):
        assert file.stat().st_mode & 0o077 == 0


def test_the_key_of_a_request_does_not_stand_in_clear_in_the_vault(house):
    keep(house, ANNA)
    (key,) = vault.living(house, REQUEST)
    assert key.value not in everything(house.folder)


# --- the window ---


def test_after_fourteen_days_no_remaining_key_opens_any_copy(house, clock):
    keep(house, ANNA)
    (dead,) = vault.living(house, REQUEST)
    (file,) = (house.folder / "restore").glob("*.log")
    copy = file.read_bytes()
    sealed = copy[8 + 16 : -16]
    clock.go(days=10)
    keep(house, (2, "eva@kund.example"), request=OTHER)
    clock.go(days=4)
    assert restore_log.shred_due(house) == 1
    left = everything(house.folder)
    assert dead.value not in left
    assert kept(house) == []
    # All that is left on the disk, as a key, at every place: none of it opens the copy.
    bound = f"lofte/1/restore/{dead.id}/{REQUEST}/0".encode()
    house_keys = [house.keys.ledger, house.keys.wrapping, house.keys.lookup]
    living = [key.value for key in vault.living(house, OTHER)]
    windows = {left[at : at + 32] for at in range(len(left) - 31)}
    tried = 0
    for key in [*house_keys, *living, *windows]:
        tried += 1
        with pytest.raises(InvalidTag):
            AESGCM(key).decrypt(sealed[:12], sealed[12:], bound)
    assert tried > 500
    AESGCM(dead.value).decrypt(sealed[:12], sealed[12:], bound)  # the trial itself is sound


def test_the_wrapped_key_is_gone_from_the_vault_file_too(house, clock):
    keep(house, ANNA)
    before = {file.name: file.read_bytes() for file in house.folder.glob("keys-vault*")}
    (dead,) = vault.living(house, REQUEST)
    assert dead.id.encode() in before["keys-vault.sqlite3"]
    clock.go(days=14)
    restore_log.shred_due(house)
    assert dead.id.encode() not in everything(house.folder)


def test_the_file_goes_with_its_key(house, clock):
    keep(house, ANNA)
    clock.go(days=14)
    restore_log.shred_due(house)
    assert list((house.folder / "restore").iterdir()) == []


def test_a_day_before_it_is_still_there(house, clock):
    keep(house, ANNA)
    clock.go(days=13, hours=23)
    assert restore_log.shred_due(house) == 0
    assert kept(house) == [ANNA]


def test_what_is_out_of_time_is_not_read_even_before_the_shredding(house, clock):
    keep(house, ANNA)
    clock.go(days=14)
    assert kept(house) == []


def test_what_is_erased_later_in_the_same_case_has_a_window_of_its_own(house, clock):
    keep(house, ANNA)
    clock.go(days=10)
    keep(house, (3, "sen@kund.example"), step="deferred")
    clock.go(days=5)
    restore_log.shred_due(house)
    assert kept(house) == [(3, "sen@kund.example")]


def test_one_request_can_be_shredded_before_its_time(house):
    keep(house, ANNA)
    keep(house, (2, "eva@kund.example"), request=OTHER)
    assert restore_log.shred(house, REQUEST) == 1
    assert (kept(house), kept(house, OTHER)) == ([], [(2, "eva@kund.example")])


# --- stopped in the middle ---


def test_a_torn_end_is_cut_off_by_the_next_writer(house):
    keep(house, ANNA)
    (file,) = (house.folder / "restore").glob("*.log")
    whole = file.read_bytes()
    keep(house, (2, "torn@kund.example"))
    both = file.read_bytes()
    for size in [*range(len(whole), len(whole) + 20), *range(len(whole) + 20, len(both), 11), len(both) - 1]:
        file.write_bytes(both[:size])
        assert kept(house) == [ANNA]
        keep(house, (3, "ny@kund.example"))
        assert kept(house) == [ANNA, (3, "ny@kund.example")]


def test_a_row_that_was_changed_on_the_disk_is_never_put_back(house):
    keep(house, ANNA)
    keep(house, (2, "eva@kund.example"))
    (file,) = (house.folder / "restore").glob("*.log")
    bytes_ = bytearray(file.read_bytes())
    bytes_[40] ^= 1
    file.write_bytes(bytes_)
    with pytest.raises(Broken, match="changed"):
        kept(house)


def test_a_disk_that_takes_nothing_stops_the_erasure(house, monkeypatch):
    import os

    keep(house, ANNA)

    def full(handle):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(Refused, match="see to the disk"):
            keep(house, (2, "eva@kund.example"))
    assert kept(house) == [ANNA]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
@given(rows=st.lists(st.tuples(plain, plain), min_size=1, max_size=4))
def test_what_is_kept_is_read_back(house, rows):
    before = len(kept(house))
    keep(house, *rows)
    assert same(kept(house)[before:], rows)
