"""How two versions read beside each other: each change with the sentences that it makes read otherwise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from lofte.policy import keypath
from lofte.policy.comparing.fields import Change, differences
from lofte.policy.document import Language, Policy
from lofte.policy.notice import notice


@dataclass(frozen=True, kw_only=True, slots=True)
class Read:
    """What is said of one field, before and after; nothing on one side when nothing is said there."""

    language: Language
    path: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Changed:
    """A field that differs, and what people read of it."""

    change: Change
    read: tuple[Read, ...]

    def spoken(self, language: str) -> tuple[Read, ...]:
        """What is read in this language."""
        return tuple(each for each in self.read if each.language == language)


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """Everything in which two versions differ."""

    changed: tuple[Changed, ...]
    also: tuple[Read, ...]
    """Sentences that read otherwise because of a change in another field, such as a list of names."""

    def read(self, language: str) -> tuple[Read, ...]:
        """Every sentence that reads otherwise in this language, once, in order of reading."""
        every = [each for changed in self.changed for each in changed.read] + list(self.also)
        return tuple(dict.fromkeys(each for each in every if each.language == language))

    def spoken(self, language: str) -> tuple[Read, ...]:
        """As `read`; in a language that is not there, in one that is."""
        return self.read(language) or self.read("en" if language == "sv" else "sv")

    def __bool__(self) -> bool:
        return bool(self.changed)


def compare(before: Policy, after: Policy) -> Comparison:
    """Everything in which they differ, by field and by sentence, in each language that either speaks."""
    languages = dict.fromkeys([*after.meta.languages, *before.meta.languages])
    read = [each for language in languages for each in _otherwise(before, after, language)]
    changed = tuple(
        Changed(change=change, read=tuple(each for each in read if _of(each, change)))
        for change in differences(before, after)
    )
    told = {each for one in changed for each in one.read}
    return Comparison(changed=changed, also=tuple(each for each in read if each not in told))


def _of(read: Read, change: Change) -> bool:
    """Whether the sentence is made of the field, of something in it, or of what it stands in."""
    said, path = tuple(map(str, keypath.split(read.path))), tuple(map(str, change.segments))
    shorter = min(len(said), len(path))
    return said[:shorter] == path[:shorter]


def _otherwise(before: Policy, after: Policy, language: Language) -> list[Read]:
    old, new = _said(before, language), _said(after, language)
    found = []
    for path in dict.fromkeys([*new, *old]):
        gone, come = (
            _without(old.get(path, ()), new.get(path, ())),
            _without(new.get(path, ()), old.get(path, ())),
        )
        if gone or come:
            found.append(Read(language=language, path=path, before=gone, after=come))
    return found


def _said(policy: Policy, language: Language) -> dict[str, tuple[str, ...]]:
    """What is said at each path, in order of reading; nothing in a language that it does not speak."""
    said: dict[str, tuple[str, ...]] = {}
    if language in policy.meta.languages:
        for line in notice(policy, language).lines():
            said[line.path] = (*said.get(line.path, ()), line.text)
    return said


def _without(these: Iterable[str], those: Iterable[str]) -> tuple[str, ...]:
    """These but for those, each as often as it stands; said once."""
    left = Counter(these) - Counter(those)
    return tuple(left)
