"""Looking at rows that only mention the person, and at rows of their own that name somebody else: what is
about them is given, what is about others is taken out, and what would harm others is not given (art. 15.4).

Hard rules:
- Nothing that only mentions the person is given before somebody has looked at just that row. A row of their
  own that names others waits, too; these are looked at name by name (`named`), or one by one. A row that
  says something else by then is looked at anew.
- What is decided changes no package: the answer is made anew, by a new search.
- A row lies sealed under the request's key, and goes with it. That it was looked at stands in the ledger.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from lofte.detect.names import propose
from lofte.errors import Conflict, Refused
from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.ledger.kinds import Kind
from lofte.plan.records import DatasetRef
from lofte.requests import sealing
from lofte.requests.course.move import move
from lofte.requests.course.roads import State
from lofte.requests.models import Mention, Request, Weighed
from lofte.requests.package.encode import to_json
from lofte.requests.package.spool import Said

MOST = 1000
"""Rows of one request that wait for somebody to look; of more only the number is told, until the answer is
made anew."""
LARGEST = 200_000
"""Bytes of a row that somebody can read."""
LONGEST = 2000
"""Signs that may be typed as words to take out."""
_ROW, _WORDS = "mention", "mention words"


class Verdict(StrEnum):
    """What is done with a row."""

    GIVE = "give"
    OTHERS = "others"
    """Not given: it would harm others (art. 15.4)."""
    NOT_THEIRS = "not_theirs"
    """Not given: it is about somebody else of the same name."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """A row, opened for a handler."""

    mention: Mention
    fields: Mapping[str, Any]
    names: tuple[str, ...]
    """Names in it that are proposed to be taken out."""
    own: bool
    """The row is the person's own, and not only a mention of them."""
    decided: Weighed | None
    words: tuple[str, ...]
    """What was taken out when it was decided."""
    left: int
    """Rows that nobody has decided on, this one included."""


@dataclass(kw_only=True)
class Scale:
    """What has been decided of the rows of a request, and those that a search meets."""

    house: House
    request: Request
    met: dict[tuple[str, str, str], str] = field(default_factory=dict)
    _decided: dict[tuple[str, str, str], Weighed] = field(default_factory=dict)
    _key: bytes = b""
    _waiting: int = 0

    def __post_init__(self) -> None:
        self._key = sealing.unwrap(self.house.keys.wrapping, self.request.key, self.request.ref)
        for weighed in Weighed.objects.filter(mention__request=self.request).select_related("mention"):
            known = weighed.mention
            self._decided[(known.system, known.dataset, known.digest)] = weighed

    def weigh(
        self,
        at: DatasetRef,
        given: Mapping[str, Any],
        names: Sequence[str] | None = None,
        *,
        certain: bool = False,
    ) -> Said:
        """What somebody has said of a row that would be given so; it waits when nobody has. `names` are
        proposed to be taken out (None = those that stand in it); `certain` as of `Spool`."""
        said = to_json(given)
        place = (at.system, at.dataset, _digest(self.house, self.request, at, said))
        decided = self._decided.get(place)
        if decided is not None or (self._waiting < MOST and len(said.encode()) <= LARGEST):
            if names is None:
                names = propose("\n".join(str(value) for value in given.values() if isinstance(value, str)))
            self._waiting += decided is None and place not in self.met
            self.met[place] = to_json({"own": certain, "names": list(names)})[:-1] + f',"row":{said}}}'
        if decided is None:
            return Said(give=None)
        if decided.verdict != Verdict.GIVE:
            return Said(give=False)
        return Said(give=True, words=_words(self._key, decided, self.request))

    def save(self) -> None:
        """Keep what was met for somebody to look at; what is not there any more goes. Inside the caller's
        transaction."""
        known = {(m.system, m.dataset, m.digest): m.pk for m in self.request.mentions.all()}
        gone = [pk for place, pk in known.items() if place not in self.met]
        Mention.objects.filter(pk__in=gone).delete()
        Mention.objects.bulk_create(
            Mention(
                request=self.request,
                ref=secrets.token_hex(16),
                system=system,
                dataset=dataset,
                digest=digest,
                row=sealing.seal_text(self._key, content, _ROW, self.request.ref),
                at=self.house.now,
            )
            for (system, dataset, digest), content in self.met.items()
            if (system, dataset, digest) not in known
        )


def undecided(request: Request) -> int:
    """How many rows wait for somebody to look."""
    return request.mentions.filter(weighed=None).count()


def outdated(request: Request) -> bool:
    """True when something was decided after the answer was made: it is to be made anew."""
    package = request.packages.order_by("-id").first()
    newest = Weighed.objects.filter(mention__request=request).order_by("-id").first()
    return package is not None and newest is not None and newest.at > package.made_at


def look(house: House, request: Request, ref: str = "", *, by: str) -> Shown | None:
    """The row with this id, or the first that nobody has decided on; None when there is none. That it is
    looked at is noted before it is shown. Raises Refused when the request's key is destroyed."""
    if not ref:
        first = request.mentions.filter(weighed=None).first()
        ref = first.ref if first else ""
    shown = open_row(house, request, ref)
    if shown is None:
        return None
    mention = shown.mention
    with recorded(house):
        note(
            Kind.MENTION_SHOWN,
            request.ref,
            {"system": mention.system, "dataset": mention.dataset, **({"by": by} if by else {})},
            at=house.now,
            policy_version=house.policy_version,
        )
    return shown


def open_row(house: House, request: Request, ref: str) -> Shown | None:
    """A row that has been looked at, once more, as while it is decided on; None when it is not there. Raises
    Refused when the request's key is destroyed."""
    mention = request.mentions.filter(ref=ref).first()
    if mention is None:
        return None
    return opened(request, mention, sealing.unwrap(house.keys.wrapping, request.key, request.ref))


def opened(request: Request, mention: Mention, key: bytes) -> Shown:
    """The row, opened with the request's key. Whoever shows it notes that first."""
    said: dict[str, Any] = json.loads(sealing.unseal_text(key, mention.row, _ROW, request.ref))
    decided = mention.weighed.last()
    return Shown(
        mention=mention,
        fields=said["row"],
        names=tuple(said["names"]),
        own=said["own"],
        decided=decided,
        words=_words(key, decided, request) if decided else (),
        left=undecided(request),
    )


def decide(
    house: House, request: Request, ref: str, verdict: Verdict, words: Sequence[str] = (), *, by: str
) -> Weighed:
    """Decide on a row: given with these words taken out, or not given. Raises Conflict when the answer has
    been given or the row is not there, Refused when there are too many words."""
    out = tuple(dict.fromkeys(word.strip() for word in words if word.strip()))
    if sum(map(len, out)) > LONGEST:
        raise Refused(f"the words to take out are too many; at most {LONGEST} signs")
    with recorded(house):
        stands = Request.objects.select_for_update().get(pk=request.pk)
        mention = stands.mentions.filter(ref=ref).first()
        if not still_weighed(stands) or mention is None:
            raise Conflict("this row cannot be decided on now; read the request again")
        return decided(house, stands, mention, verdict, out, by=by)


def decided(
    house: House, request: Request, mention: Mention, verdict: Verdict, words: Sequence[str], *, by: str
) -> Weighed:
    """What was decided, written down and noted, inside the caller's `recorded` transaction."""
    key = sealing.unwrap(house.keys.wrapping, request.key, request.ref)
    made = Weighed.objects.create(
        mention=mention,
        verdict=verdict,
        words=sealing.seal_text(key, json.dumps(words, ensure_ascii=False), _WORDS, request.ref),
        by=by,
        at=house.now,
    )
    note(
        Kind.MENTION_WEIGHED,
        request.ref,
        {
            "system": mention.system,
            "dataset": mention.dataset,
            "verdict": verdict.value,
            "masked": len(words),
            **({"by": by} if by else {}),
        },
        at=house.now,
        policy_version=house.policy_version,
    )
    return made


def still_weighed(request: Request) -> bool:
    """Whether its rows can be decided on: the answer waits, or what was not looked at can still be sent as a
    supplement to it."""
    return request.state == State.READY or (request.state == State.DELIVERED and bool(request.key))


def insist_made_anew(house: House, request: Request, *, by: str) -> None:
    """Send the request back to be searched, so that its answer holds what was decided; one that is answered
    stays so. Inside the caller's transaction. Raises Refused when nothing was decided since the answer was
    made."""
    if not outdated(request):
        raise Refused("nothing was decided since the answer was made; look at a row first")
    if request.state == State.DELIVERED:
        sealing.unwrap(house.keys.wrapping, request.key, request.ref)
        return
    move(house, request, State.IDENTIFIED, by=by, why="weighed")


def _digest(house: House, request: Request, at: DatasetRef, content: str) -> str:
    return sealing.keyed(house.keys.lookup, "mention", request.ref, str(at), content)


def _words(key: bytes, weighed: Weighed, request: Request) -> tuple[str, ...]:
    if not weighed.words:
        return ()
    return tuple(json.loads(sealing.unseal_text(key, weighed.words, _WORDS, request.ref)))
