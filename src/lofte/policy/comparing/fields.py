"""The fields in which two versions differ, by their paths.

- Compared is what the documents mean (`policy.digest`): order of keys, remarks and defaults do not matter.
- Things in a list that have an id (or a name) of their own are known by it: one that is taken away does not
  make all after it look changed. Other lists are one value.
- No path of a change lies within another's, so changes may be carried out in any order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from lofte.policy import keypath
from lofte.policy.document import Policy
from lofte.policy.keypath import Segment

_IDS = ("id", "name")
_ORDER = "\0order"
"""Beside the things of a list: in which order they stand. No key of a document is called so."""
_LIST_OF = "\0by"
"""Beside the things of a list: by which of their fields they are known."""


class What(StrEnum):
    """What became of a field."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"
    """The things of a list stand in another order; `before` and `after` are their ids."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """One field that differs. `before` is None when it was added, `after` when it was taken away."""

    what: What
    segments: tuple[Segment, ...]
    before: Any = None
    after: Any = None

    @property
    def path(self) -> str:
        """Where: `retention.books.keep_until`, `categories.contact.items.phone`."""
        return keypath.join(self.segments)


def differences(before: Policy, after: Policy) -> tuple[Change, ...]:
    """Every field that differs, in order of path; none when both mean the same."""
    old, new = _keyed(_plain(before)), _keyed(_plain(after))
    old, new = _alike(old, new)
    return tuple(sorted(_differing(old, new, ()), key=lambda change: (change.path, change.what)))


def apply(policy: Policy, changes: Iterable[Change]) -> Policy:
    """The policy with these changes, in whatever order they come. Raises KeyError where a change is not of
    this policy, ValidationError where what comes of it is none."""
    listed = tuple(changes)
    tree = _keyed(_plain(policy), _kept_whole(listed))
    for change in listed:
        _carry_out(tree, change)
    return Policy.model_validate(_unkeyed(tree))


def _plain(policy: Policy) -> dict[str, Any]:
    plain: dict[str, Any] = policy.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return plain


def _keyed(
    value: Any, whole: frozenset[tuple[Segment, ...]] = frozenset(), at: tuple[Segment, ...] = ()
) -> Any:
    """The same with each list of things that have ids as a mapping by id."""
    if isinstance(value, Mapping):
        return {key: _keyed(inner, whole, (*at, key)) for key, inner in value.items()}
    name = None if at in whole else _known_by(value)
    if name is None:
        return value
    keyed: dict[str, Any] = {_LIST_OF: name, _ORDER: [str(each[name]) for each in value]}
    for each in value:
        keyed[str(each[name])] = _keyed(each, whole, (*at, str(each[name])))
    return keyed


def _known_by(value: Any) -> str | None:
    """By which field the things of a list are known; None when it is no such list."""
    if not isinstance(value, list) or not value or not all(isinstance(each, Mapping) for each in value):
        return None
    for name in _IDS:
        ids = [each.get(name) for each in value]
        if all(isinstance(id_, str) for id_ in ids) and len(set(ids)) == len(ids):
            return name
    return None


def _unkeyed(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    if _LIST_OF in value:
        return [_unkeyed(value[id_]) for id_ in _in_order(value)]
    return {key: _unkeyed(inner) for key, inner in value.items()}


def _in_order(listed: Mapping[str, Any]) -> list[str]:
    """The ids: those in their order, then what was added, by name."""
    there = [id_ for id_ in listed if id_ not in (_ORDER, _LIST_OF)]
    first = [id_ for id_ in listed[_ORDER] if id_ in listed]
    return [*first, *sorted(set(there) - set(first))]


def _alike(old: Any, new: Any) -> tuple[Any, Any]:
    """Both with the same lists by id: one that only one side can be read so is a value on both sides."""
    if isinstance(old, Mapping) and isinstance(new, Mapping) and old.get(_LIST_OF) == new.get(_LIST_OF):
        pairs = {key: _alike(old[key], new[key]) for key in old if key in new}
        return (
            {key: pairs[key][0] if key in pairs else inner for key, inner in old.items()},
            {key: pairs[key][1] if key in pairs else inner for key, inner in new.items()},
        )
    return _whole(old), _whole(new)


def _whole(value: Any) -> Any:
    return _unkeyed(value) if isinstance(value, Mapping) and _LIST_OF in value else value


def _differing(old: Mapping[str, Any], new: Mapping[str, Any], at: tuple[Segment, ...]) -> Iterator[Change]:
    for key in dict.fromkeys([*old, *new]):
        if key in (_ORDER, _LIST_OF):
            continue
        here = (*at, key)
        if key not in new:
            yield Change(what=What.REMOVED, segments=here, before=_unkeyed(old[key]))
        elif key not in old:
            yield Change(what=What.ADDED, segments=here, after=_unkeyed(new[key]))
        elif isinstance(old[key], Mapping) and isinstance(new[key], Mapping):
            yield from _differing(old[key], new[key], here)
        elif old[key] != new[key]:
            yield Change(
                what=What.CHANGED, segments=here, before=_unkeyed(old[key]), after=_unkeyed(new[key])
            )
    if _ORDER in new:
        yield from _moved(old, new, at)


def _moved(old: Mapping[str, Any], new: Mapping[str, Any], at: tuple[Segment, ...]) -> Iterator[Change]:
    """That the order is another than comes of what was added and taken away."""
    expected = _in_order({**dict.fromkeys(new), _ORDER: old[_ORDER]})
    if expected != new[_ORDER]:
        yield Change(what=What.MOVED, segments=at, before=tuple(old[_ORDER]), after=tuple(new[_ORDER]))


def _kept_whole(changes: Sequence[Change]) -> frozenset[tuple[Segment, ...]]:
    """Lists that a change takes as one value."""
    return frozenset(change.segments for change in changes if change.what is not What.MOVED)


def _carry_out(tree: dict[str, Any], change: Change) -> None:
    *above, last = change.segments
    for segment in above:
        tree = tree[str(segment)]
    if change.what is What.MOVED:
        tree[str(last)][_ORDER] = list(change.after)
    elif change.what is What.REMOVED:
        del tree[str(last)]
    else:
        tree[str(last)] = change.after
