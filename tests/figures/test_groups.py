"""Which figures may leave: no group that is too small, nor anything that gives one away."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lofte.plan.figures import ROUNDED, NotAnonymous, persons, table

PEOPLE = st.sets(st.integers(0, 60), min_size=1, max_size=40)
GROUPS = st.dictionaries(
    st.tuples(st.sampled_from(["a", "b", "c", "d", "e", "f", None]), st.sampled_from(["x", "y"])),
    PEOPLE,
    max_size=8,
)


def of(groups):
    return {said: {"email": frozenset(found)} for said, found in groups.items()}


def sizes(*counts):
    """Groups of that many persons, no person in two of them."""
    return of({(str(n),): range(1000 * n, 1000 * n + count) for n, count in enumerate(counts)})


@given(GROUPS, st.integers(2, 25))
def test_every_group_that_is_told_has_enough_persons_and_no_other_is_named(groups, k):
    try:
        made = table(of(groups), k)
    except NotAnonymous:
        return
    told = {said for said, _ in made.rows}
    small = {said for said, found in groups.items() if len(found) < k}
    assert not told & small
    assert len(told) + made.together == len(groups)
    rest = [found for said, found in groups.items() if said not in told]
    assert not rest or len(set.union(*rest)) >= k
    assert made.smallest >= k
    assert made.smallest == min(
        [len(groups[said]) for said in told] + ([len(set.union(*rest))] if rest else [])
    )


@given(GROUPS, st.integers(2, 25))
def test_counts_are_whole_fives_and_never_more_than_there_are(groups, k):
    try:
        made = table(of(groups), k)
    except NotAnonymous:
        return
    for said, count in made.rows:
        assert count % ROUNDED == 0 and len(groups[said]) - ROUNDED < count <= len(groups[said])
    assert made.others % ROUNDED == 0


def test_one_person_more_or_less_is_mostly_not_seen():
    assert table(sizes(12, 33), 5) == table(sizes(13, 33), 5).__class__(
        rows=((("0",), 10), (("1",), 30)), others=0, together=0, smallest=12
    )


def test_a_small_group_takes_the_smallest_of_the_others_with_it():
    made = table(sizes(2, 10, 20, 30), 5)
    assert [said for said, _ in made.rows] == [("2",), ("3",)]
    assert (made.together, made.others) == (2, 10)


def test_small_groups_that_are_enough_together_take_nobody_with_them():
    made = table(sizes(4, 3, 20), 5)
    assert (made.rows, made.together, made.others) == (((("2",), 20),), 2, 5)


@pytest.mark.parametrize("counts", [(), (50,), (4,), (4, 3), (3, 50), (4, 0)])
def test_what_would_tell_of_one_group_alone_does_not_leave(counts):
    with pytest.raises(NotAnonymous):
        table(sizes(*counts), 5)


def test_a_person_who_is_known_in_two_ways_is_one():
    assert persons({"email": {1, 2}, "phone": {8, 9}}) == 2
