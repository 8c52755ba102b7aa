"""Taking in what somebody asks in one breath: several rights, and their own words (art. 12.2-12.3)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from lofte.datamap import asking
from lofte.datamap.identity import Identity
from lofte.errors import Refused
from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.law.rights import Right
from lofte.ledger.kinds import Kind
from lofte.plan.scope import Item, asked, items
from lofte.requests import sealing
from lofte.requests.course.before import open_wish
from lofte.requests.course.receive import HARMLESS, open_case, received
from lofte.requests.models import Case, Message, NumberSeries, Request

OLDEST = timedelta(days=366)
"""What is said to have come before is a slip of the pen, or is written down by hand."""
MOST_WORDS = 20_000
"""Letters of the person's own that are kept."""
_SAID = "message"


def take(
    house: House,
    *,
    rights: Sequence[Right | Item],
    identities: Sequence[Identity],
    channel: str,
    language: str = "sv",
    words: str = "",
    by: str = "",
    received_at: datetime | None = None,
) -> Case:
    """Write down what somebody asks: a case with a request for each right and how far it is asked, and
    their words, sealed.
    What the same person has asked before and is not answered about is linked, not doubled; asks
    somebody for nothing new, it is the earlier case. Raises NotIdentified when what was shown cannot
    find a person, Refused."""
    at = received_at or house.now
    every = judged(house, rights)
    insist_askable(house, [item.right for item in every], identities)
    insist_recent(house, at)
    if len(words) > MOST_WORDS:
        raise Refused(f"the words are longer than {MOST_WORDS} letters; keep what is asked, and cut the rest")
    with recorded(house):
        return taken(
            house,
            items=every,
            identities=identities,
            channel=channel,
            language=language,
            words=words,
            by=by,
            at=at,
        )


def judged(house: House, rights: Sequence[Right | Item]) -> tuple[Item, ...]:
    """Each item once, with the categories that we have. Raises Refused for one that we have not."""
    return items(
        Item(each.right, asked(house.policy, house.datamap, each.right, each.scope)) for each in items(rights)
    )


def insist_recent(house: House, at: datetime) -> None:
    """Raises Refused for a moment that is to come, or is long ago."""
    if at > house.now:
        raise Refused("a request cannot be received tomorrow; give the day when it came")
    if at < house.now - OLDEST:
        raise Refused("that is more than a year ago; look at the day when it came")


def insist_askable(house: House, rights: Sequence[Right], identities: Sequence[Identity]) -> None:
    """Raises Refused when nothing is asked or nobody named, NotIdentified as `take`."""
    if not rights:
        raise Refused("nothing is asked; choose at least one right")
    if not identities:
        raise Refused("a request needs something to find the person by; give at least one identity")
    if not HARMLESS.issuperset(rights):
        asking.insist(house.datamap, identities)


def taken(
    house: House,
    *,
    items: Sequence[Item],
    identities: Sequence[Identity],
    channel: str,
    language: str,
    words: str,
    by: str,
    at: datetime,
) -> Case:
    """As `take`, inside the caller's `recorded` transaction, of what has been judged."""
    _one_after_the_other(at.year)
    before = {item: open_wish(house, item.right, identities, item.scope) for item in items}
    new = [item for item, there in before.items() if there is None]
    again = list({there.pk: there for there in before.values() if there is not None}.values())
    case = open_case(channel=channel, language=language, by=by, at=at) if new or not again[0].case else None
    opened = [
        received(
            house,
            right=item.right,
            identities=identities,
            channel=channel,
            language=language,
            by=by,
            at=at,
            case=case,
            scope=item.scope,
        )
        for item in new
    ]
    for request in again:
        if request.case is None:  # it was taken in before cases were kept
            request.case = case
            request.save(update_fields=["case"])
        told = {"channel": channel, **({"by": by} if by else {})}
        note(Kind.REQUEST_REPEATED, request.ref, told, at=house.now, policy_version=house.policy_version)
    for request in (*opened, *again):
        say(house, request, words, channel=channel, by=by)
    found = case or again[0].case
    assert found is not None
    return found


def say(house: House, request: Request, words: str, *, channel: str, by: str = "") -> None:
    """Keep what the person said in a request, sealed under its own key: each request is forgotten by
    itself. Nothing when they said nothing. Inside the caller's transaction."""
    if not words.strip():
        return
    key = sealing.unwrap(house.keys.wrapping, request.key, request.ref)
    Message.objects.create(
        request=request,
        channel=channel,
        words=sealing.seal_text(key, words.strip(), _SAID, request.ref),
        by=by,
        at=house.now,
    )


def said(house: House, message: Message) -> str:
    """The words of a message, opened. Raises Refused when its request is over."""
    request = message.request
    key = sealing.unwrap(house.keys.wrapping, request.key, request.ref)
    return sealing.unseal_text(key, bytes(message.words), _SAID, request.ref)


def _one_after_the_other(year: int) -> None:
    """Two who ask the same at once: the second waits, and finds the first."""
    NumberSeries.objects.get_or_create(year=year)
    NumberSeries.objects.select_for_update().get(year=year)
