"""The chain finds every tampering that does not cut the tail, and a re-hashing without the key."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lofte.errors import Refused
from lofte.ledger import chain, tree
from lofte.ledger.chain import Break, Why
from lofte.ledger.entry import Entry, canonical, commit, instant, opens, payload_bytes
from lofte.ledger.kinds import Kind

KEY = b"k" * 32
START = datetime(2026, 1, 1, tzinfo=UTC)


def entry(n: int) -> Entry:
    return Entry(
        seq=0,
        at=START + timedelta(seconds=n),
        kind=Kind.STEP_DONE,
        object=f"{n:032x}",
        policy_version="1",
        commitment=hashlib.sha256(str(n).encode()).digest(),
    )


def ledger(length: int, key: bytes = KEY) -> list[Entry]:
    entries: list[Entry] = []
    for n in range(length):
        entries.append(chain.linked(entry(n), key, entries[-1] if entries else None))
    return entries


lengths = st.integers(min_value=2, max_value=30)


@st.composite
def ledger_and_place(draw):
    entries = ledger(draw(lengths))
    return entries, draw(st.integers(min_value=0, max_value=len(entries) - 1))


@given(lengths)
def test_an_untouched_ledger_holds(length):
    assert chain.verify(ledger(length), KEY) is None


@given(
    ledger_and_place(),
    st.sampled_from(["kind", "object", "policy_version", "commitment", "mac", "at"]),
)
def test_an_edited_field_is_found_where_it_stands(where, field):
    entries, i = where
    other = {
        "kind": Kind.STEP_FAILED,
        "object": "f" * 32,
        "policy_version": "2",
        "commitment": b"\x01" * 32,
        "mac": b"\x01" * 32,
        "at": entries[i].at + timedelta(microseconds=1),
    }
    entries[i] = replace(entries[i], **{field: other[field]})
    assert chain.verify(entries, KEY) == Break(seq=i + 1, why=Why.CONTENT)


@given(ledger_and_place())
def test_a_deleted_entry_is_found(where):
    entries, i = where
    if i == len(entries) - 1:
        i = 0  # a cut tail takes a checkpoint
    del entries[i]
    assert chain.verify(entries, KEY) == Break(seq=i + 1, why=Why.NUMBER)


@given(ledger_and_place())
def test_a_deleted_entry_is_found_after_renumbering(where):
    entries, i = where
    if i == len(entries) - 1:
        i = 0
    del entries[i]
    renumbered = [replace(e, seq=n) for n, e in enumerate(entries, start=1)]
    assert chain.verify(renumbered, KEY) == Break(seq=i + 1, why=Why.CONTENT)


@given(ledger_and_place())
def test_an_inserted_entry_is_found(where):
    entries, i = where
    entries.insert(i, chain.linked(entry(99), b"guess" * 6, entries[i - 1] if i else None))
    assert chain.verify(entries, KEY) == Break(seq=i + 1, why=Why.CONTENT)


@given(ledger_and_place())
def test_two_swapped_entries_are_found(where):
    entries, i = where
    j = (i + 1) % len(entries)
    entries[i], entries[j] = entries[j], entries[i]
    assert chain.verify(entries, KEY) == Break(seq=min(i, j) + 1, why=Why.NUMBER)


@given(ledger_and_place())
def test_a_doubled_entry_is_found(where):
    entries, i = where
    entries.insert(i, entries[i])
    assert chain.verify(entries, KEY) == Break(seq=i + 2, why=Why.NUMBER)


@given(ledger_and_place())
def test_a_rewriting_without_the_key_is_found(where):
    entries, i = where
    forged = entries[:i]
    for e in entries[i:]:
        forged.append(chain.linked(replace(e, policy_version="x"), b"g" * 32, forged[-1] if forged else None))
    assert chain.verify(forged, KEY) == Break(seq=i + 1, why=Why.CONTENT)


def test_a_rest_is_verified_after_an_entry_that_is_trusted():
    entries = ledger(10)
    assert chain.verify(entries[4:], KEY, after=entries[3]) is None
    assert chain.verify(entries[4:], KEY) == Break(seq=1, why=Why.NUMBER)


def test_the_same_moment_in_another_zone_is_the_same_entry():
    there = entry(1).at.astimezone(timezone(timedelta(hours=2)))
    assert canonical(replace(entry(1), at=there)) == canonical(entry(1))


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(Refused):
        instant(datetime(2026, 1, 1))


def test_a_payload_opens_its_commitment_only_with_its_key():
    payload = payload_bytes({"rows": 3, "step": "read"})
    noted = replace(entry(1), commitment=commit(KEY, payload))
    assert opens(noted, KEY, payload)
    assert not opens(noted, b"x" * 32, payload)
    assert not opens(noted, KEY, payload_bytes({"rows": 4, "step": "read"}))


def test_leaf_and_node_hashes_are_those_of_rfc_6962():
    # Known answers: the empty leaf, and the tree of two leaves from the certificate transparency vectors.
    assert tree.leaf_hash(b"").hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    pair = tree.node_hash(tree.leaf_hash(b""), tree.leaf_hash(b"\x00"))
    assert pair.hex() == "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"


def test_a_leaf_does_not_depend_on_the_key():
    assert tree.leaf(ledger(3)[2]) == tree.leaf(ledger(3, key=b"z" * 32)[2])
