"""Telling people of a new version before it takes force (art. 13.3).

Hard rules:
- Who is told is everybody whom the change touches and whose address the data map leads to; and whoever
  subscribes. It is a notice that the law asks for, so no block for mailings stops it.
- One letter to each person, however often it is begun again: the person and the letter are written in one
  transaction, and the same person is not written twice.
- Whoever has a protected identity gets no e-mail. That they must be told in another way stays open until
  somebody has done it.
- Nothing in the ledger says who was told. That stands here under a keyed digest, and can be erased.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

from lofte.connectors.protocol import Connector, Reaching
from lofte.consent.gate import MessageClass, sieve
from lofte.datamap.document import Kind as IdentityKind
from lofte.datamap.document import System
from lofte.datamap.identity import Identity
from lofte.datamap.reached import addresses, is_own
from lofte.errors import Conflict, Refused
from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.execution.store import writing
from lofte.ledger.kinds import Kind
from lofte.mail.models import Bounced, Outgoing
from lofte.mail.post import post
from lofte.notices.classified import read_version, takes_force
from lofte.notices.letters import change_letter
from lofte.notices.models import Announcement, Posted, PublishedPolicy, Told
from lofte.notices.people import address_of, person, protected_in_cases
from lofte.notices.subscribe import subscribers
from lofte.policy.comparing import touched

Connect = Callable[[System], Connector]
Look = Callable[[str, int], None]
"""Is told which system is read, and how many letters are written."""
_BATCH = 200
_log = logging.getLogger("lofte.notices")


@dataclass(frozen=True, kw_only=True, slots=True)
class Tally:
    """How many people are to be told of a version, and how far that has come."""

    written: int = 0
    waiting: int = 0
    left: int = 0
    failed: int = 0
    """No server has taken the letter, or it came back."""
    protected: int = 0
    """They get no e-mail."""
    unreadable: int = 0
    acknowledged: int = 0


def due() -> bool:
    """Whether somebody is still to be told."""
    return Announcement.objects.filter(done_at=None).exists()


def announce(
    house: House, connect: Connect, announcement: Announcement, look: Look = lambda system, n: None
) -> None:
    """Write the letters that are not written yet; they leave in the background. Begun again after it was
    stopped, it goes on where it was. Raises Unreachable, LedgerClosed."""
    if announcement.queued_at is not None:
        return
    told = _Telling(house=house, announcement=announcement, look=look)
    told.subscribers()
    if announcement.everyone:
        told.everyone(connect)
    with writing():
        Announcement.objects.filter(pk=announcement.pk, queued_at=None).update(queued_at=house.now)
    announcement.refresh_from_db()


def settle(house: House) -> None:
    """Note that all letters of an announcement have left, or never will: the lead time runs from then. Where
    no server took a single one nobody has been told, and all are written anew."""
    for each in Announcement.objects.filter(done_at=None).exclude(queued_at=None):
        if tally(each).waiting or _begun_anew(each):
            continue
        with recorded(house):
            if not Announcement.objects.filter(pk=each.pk, done_at=None).update(done_at=house.now):
                continue
            each.refresh_from_db()
            _note_done(house, each)


def turn(house: House, connect: Connect) -> None:
    """All that is to be told, told as far as can be."""
    for each in Announcement.objects.filter(queued_at=None):
        announce(house, connect, each)
    settle(house)


def _begun_anew(announcement: Announcement) -> bool:
    """Whether every letter was given up, so that it is begun again from the beginning."""
    told = Told.objects.filter(announcement=announcement).exclude(letter=None)
    letters = Outgoing.objects.filter(ref__in=told.values("letter"))
    if not letters.exists() or letters.filter(given_up_at=None).exists():
        return False
    _log.error("version %s: no letter has left; all are written anew", announcement.published.version)
    with writing():
        told.delete()
        Announcement.objects.filter(pk=announcement.pk).update(queued_at=None, systems=[], unreadable=0)
    return True


def tally(announcement: Announcement) -> Tally:
    """How far it has come."""
    every = Told.objects.filter(announcement=announcement)
    written = every.exclude(letter=None)
    letters = Outgoing.objects.filter(ref__in=written.values("letter"))
    came_back = Bounced.objects.filter(outgoing__in=letters).count()
    given_up, gone = letters.exclude(given_up_at=None).count(), letters.exclude(sent_at=None).count()
    return Tally(
        written=written.count(),
        waiting=letters.filter(sent_at=None, given_up_at=None).count(),
        left=gone - came_back,
        failed=given_up + came_back,
        protected=every.filter(letter=None).count(),
        unreadable=announcement.unreadable,
        acknowledged=announcement.published.acknowledged.count(),
    )


def count(house: House, connect: Connect, held: PublishedPolicy | None, after: str) -> int:
    """How many addresses would be written to if this text were published now: set-wise, nothing is kept.
    Raises Unreachable."""
    if held is None:
        return 0
    groups = touched(read_version(held.text), read_version(after))
    seen: set[str] = set()
    for system in house.datamap.systems:
        for batch in _batches(_reached(house, connect, system, groups)):
            seen.update(person(house, address) for address, _ in batch if address is not None)
    return len(seen)


def posted(house: House, announcement: Announcement, *, by: str) -> Posted:
    """Record that those who get no e-mail have been written to by the Tax Agency. Raises Conflict when it is
    recorded already, Refused when nobody is."""
    if not tally(announcement).protected:
        raise Refused("everybody got an e-mail; there is no letter to post")
    with writing():
        if Posted.objects.filter(announcement=announcement).exists():
            raise Conflict("it is recorded already that these letters are posted")
        return Posted.objects.create(announcement=announcement, by=by, at=house.now)


def _note_done(house: House, announcement: Announcement) -> None:
    counted, published = tally(announcement), announcement.published
    earliest = takes_force(published)
    note(
        Kind.NOTICE_ANNOUNCED,
        published.ref,
        {
            "version": published.version,
            "written": counted.written,
            "left": counted.left,
            "failed": counted.failed,
            "protected": counted.protected,
            "unreadable": counted.unreadable,
            **({"earliest": earliest.isoformat()} if earliest else {}),
        },
        at=house.now,
        policy_version=published.version,
    )


def _reached(
    house: House, connect: Connect, system: System, groups: frozenset[str] | None
) -> Iterator[tuple[Identity | None, bool]]:
    """Every address in a system, with whether its row says that the identity is protected."""
    columns = tuple(addresses(system, house.policy, groups))
    if not columns:
        return
    connector = connect(system)
    try:
        if not isinstance(connector, Reaching):
            raise Refused(f"the connector of `{system.id}` cannot tell whom to write to; tell them by hand")
        for column in columns:
            for written, hidden in connector.addresses(column):
                found = address_of(house, written)
                if found is None or not is_own(column, found.value):
                    yield found, hidden
    finally:
        connector.close()


def _batches(
    found: Iterable[tuple[Identity | None, bool]],
) -> Iterator[list[tuple[Identity | None, bool]]]:
    left = iter(found)
    while batch := list(islice(left, _BATCH)):
        yield batch


@dataclass(kw_only=True)
class _Telling:
    """One announcement that is being made."""

    house: House
    announcement: Announcement
    look: Look
    hidden: frozenset[str] = frozenset()
    written: int = field(default=0)

    def subscribers(self) -> None:
        """Those who have asked to be told of everything; they have a way to stop it in their letter."""
        self.hidden = protected_in_cases()
        for batch in subscribers(self.house, _BATCH):
            letters = {person(self.house, each.address): each for each in batch}
            with writing():
                for known in self._new(letters):
                    each = letters[known]
                    self._write(known, each.address, stop=each.stop, language=each.language)

    def everyone(self, connect: Connect) -> None:
        """Everybody whom the change touches, one system after the other."""
        held = self._held()
        # Nobody can tell whom it touches when it is major beside another version alone: then everybody.
        groups = None if held is None else self._touched(held) or None
        self.hidden |= self._protected(connect, groups)
        for system in self.house.datamap.systems:
            if system.id not in self.announcement.systems:
                self._system(connect, system, groups)

    def _touched(self, held: PublishedPolicy) -> frozenset[str] | None:
        return touched(read_version(held.text), read_version(self.announcement.published.text))

    def _held(self) -> PublishedPolicy | None:
        return PublishedPolicy.objects.filter(version=self.announcement.published.replaces).first()

    def _protected(self, connect: Connect, groups: frozenset[str] | None) -> frozenset[str]:
        """Whoever is protected in one system is so in all."""
        found = set()
        for system in self.house.datamap.systems:
            if any(column.protected for column in addresses(system, self.house.policy, groups)):
                for address, hidden in _reached(self.house, connect, system, groups):
                    if hidden and address is not None:
                        found.add(person(self.house, address))
        return frozenset(found)

    def _system(self, connect: Connect, system: System, groups: frozenset[str] | None) -> None:
        unreadable = 0
        self.look(system.id, self.written)
        for batch in _batches(_reached(self.house, connect, system, groups)):
            people: Mapping[str, Identity] = {
                person(self.house, address): address for address, _ in batch if address is not None
            }
            unreadable += sum(1 for address, _ in batch if address is None)
            allowed = sieve(
                self.house,
                IdentityKind.EMAIL,
                [address.value for address in people.values()],
                MessageClass.NOTICE,
            )
            may = {known for known, answer in zip(people, allowed, strict=True) if answer}
            with writing():
                for known in self._new(people):
                    if known in may:
                        self._write(known, people[known])
            self.look(system.id, self.written)
        with writing():
            stands = Announcement.objects.select_for_update().get(pk=self.announcement.pk)
            if system.id not in stands.systems:
                stands.systems = [*stands.systems, system.id]
                stands.unreadable += unreadable
                stands.save(update_fields=["systems", "unreadable"])
            self.announcement.systems = stands.systems

    def _new(self, people: Iterable[str]) -> list[str]:
        """Those who are not written to yet."""
        listed = list(people)
        known = set(
            Told.objects.filter(announcement=self.announcement, person__in=listed).values_list(
                "person", flat=True
            )
        )
        return [each for each in listed if each not in known]

    def _write(self, known: str, address: Identity, *, stop: str = "", language: str = "") -> None:
        letter = None
        if known not in self.hidden:
            written = change_letter(self.house, self.announcement.published, language, stop=stop)
            headers = (
                {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
                if stop
                else None
            )
            outgoing = post(self.house, written, address.value, headers=headers)
            letter = outgoing.ref if outgoing else None
        Told.objects.create(announcement=self.announcement, person=known, letter=letter)
        self.written += 1
