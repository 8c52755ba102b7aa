"""The tree: its roots and proofs, against the definitions of RFC 9162 written down once more."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lofte.ledger import tree
from lofte.ledger.tree import Frontier

# The leaves and roots that certificate transparency tests with (RFC 6962 test vectors).
VECTORS = [b"", b"\x00", b"\x10", b"\x20\x21", b"\x30\x31", b"\x40\x41\x42\x43", bytes(range(0x50, 0x58)),
           bytes(range(0x60, 0x70))]  # fmt: skip
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def defined(leaves: list[bytes]) -> bytes:
    """MTH as section 2.1.1 defines it, over leaf hashes."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + defined(leaves[:k]) + defined(leaves[k:])).digest()


def hashes(n: int) -> list[bytes]:
    return [tree.leaf_hash(f"entry {i}".encode()) for i in range(n)]


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_are_those_of_the_known_vectors(size):
    leaves = [tree.leaf_hash(data) for data in VECTORS[:size]]
    assert tree.root_of(leaves).hex() == ROOTS[size - 1]


def test_no_leaves_have_the_root_of_nothing():
    assert tree.root_of([]) == defined([]) == Frontier().root


@given(st.integers(1, 300), st.integers(0, 300))
def test_a_tree_that_grows_in_turns_is_the_tree_made_at_once(first, then):
    leaves = hashes(first + then)
    grown = Frontier().grown(leaves[:first]).grown(leaves[first:])
    assert grown.root == defined(leaves) and grown.size == first + then
    assert len(grown.hashes) == (first + then).bit_count()


@given(st.integers(1, 200), st.data())
def test_every_leaf_is_shown_to_be_in_the_tree_and_no_other(size, data):
    leaves = hashes(size)
    index = data.draw(st.integers(0, size - 1))
    path, root = tree.inclusion(leaves, index), tree.root_of(leaves)
    assert tree.includes(root, size, index, leaves[index], path)
    assert not tree.includes(root, size, index, tree.leaf_hash(b"another"), path)
    assert not tree.includes(bytes(32), size, index, leaves[index], path)
    for other in {(index + 1) % size, size - 1 - index} - {index}:
        assert not tree.includes(root, size, other, leaves[index], path)
    for at in range(len(path)):
        changed = (*path[:at], bytes(32), *path[at + 1 :])
        assert not tree.includes(root, size, index, leaves[index], changed)
    assert not tree.includes(root, size, index, leaves[index], (*path, bytes(32)))


@given(st.integers(1, 200), st.data())
def test_an_older_tree_is_shown_to_be_a_beginning_and_a_rewritten_one_is_not(size, data):
    leaves = hashes(size)
    before = data.draw(st.integers(1, size))
    path, old, new = tree.consistency(leaves, before), tree.root_of(leaves[:before]), tree.root_of(leaves)
    assert tree.follows(old, before, new, size, path)
    rewritten = [*leaves]
    rewritten[data.draw(st.integers(0, before - 1))] = tree.leaf_hash(b"rewritten")
    assert not tree.follows(old, before, tree.root_of(rewritten), size, tree.consistency(rewritten, before))
    assert not tree.follows(old, before, new, size, (*path, bytes(32)))
    for at in range(len(path)):
        assert not tree.follows(old, before, new, size, (*path[:at], bytes(32), *path[at + 1 :]))


@pytest.mark.parametrize("index", [-1, 5])
def test_a_leaf_that_is_not_there_has_no_proof(index):
    with pytest.raises(IndexError):
        tree.inclusion(hashes(5), index)
    assert not tree.includes(tree.root_of(hashes(5)), 5, index, hashes(5)[0], ())


@pytest.mark.parametrize("before", [0, 6])
def test_a_tree_that_cannot_be_a_beginning_has_no_proof(before):
    with pytest.raises(IndexError):
        tree.consistency(hashes(5), before)
    assert not tree.follows(bytes(32), before, tree.root_of(hashes(5)), 5, ())
