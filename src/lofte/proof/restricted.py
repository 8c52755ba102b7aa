"""Promises about restriction, judged from what each restriction left in the ledger (art. 18).

* That nobody else has used the data is shown by looking: a restriction at which nobody has looked for
  two days proves nothing.
* A breach is over when the rows say again what they said, or somebody has looked and said why they may
  stand. One that only ended with the restriction was never mended.
* The order of the ledger is the number of the entry, never the time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from lofte.ledger.kinds import Kind
from lofte.plan.restriction import Told
from lofte.policy.document import RightTerms, Text
from lofte.proof.counting import so_many
from lofte.proof.records import Case, Evidence, Verdict, broken, kept, unproven

FRESH = timedelta(days=2)
_RESTRICTION = "restriction"
_MENDED = ("mended", "settled", "grown")
_STOPPED = (Kind.STATUS_INTENDED, Kind.MOVE_INTENDED, Kind.WATCH_BEGUN)
_BACK = (Kind.STATUS_PUT_BACK, Kind.ROWS_MOVED_BACK)
NOBODY_ASKED = Text(sv="Ingen behandling är begränsad än.", en="No processing has been restricted yet.")


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """What the ledger tells of one restriction, from when it was placed to when it was lifted."""

    placed: Evidence
    entries: tuple[Evidence, ...]

    def of(self, *kinds: str) -> tuple[Evidence, ...]:
        """The entries of any of these kinds, in order."""
        return tuple(e for e in self.entries if e.kind in kinds)

    @property
    def lifted(self) -> Evidence | None:
        """That it has ended."""
        return next(iter(self.of(Kind.RESTRICTION_LIFTED)), None)

    def told(self, what: Told) -> Evidence | None:
        """That the person has been told."""
        return next((e for e in self.of(Kind.NOTICE_TOLD) if e.facts.get("notice") == what), None)

    def to_tell(self, what: Told) -> bool:
        """Whether the person is to be told."""
        return any(e.facts.get("notice") == what for e in self.of(Kind.NOTICE_QUEUED))

    @property
    def unmended(self) -> tuple[Evidence, ...]:
        """Breaches that nobody has mended or settled."""
        open_: dict[tuple[object, object], Evidence] = {}
        for entry in self.of(Kind.RESTRICTION_BREACHED, Kind.BREACH_ENDED):
            at = (entry.facts.get("system"), entry.facts.get("dataset"))
            if entry.kind == Kind.RESTRICTION_BREACHED:
                open_[at] = entry
            elif entry.facts.get("how") in _MENDED:
                open_.pop(at, None)
        return tuple(open_.values())

    def looked(self, case: Case) -> bool:
        """Whether somebody has looked lately, or did while it held."""
        looks = self.of(Kind.WATCH_BEGUN, Kind.RESTRICTION_LOOKED)
        return bool(looks) and (self.lifted is not None or case.now - looks[-1].at <= FRESH)


def held(case: Case) -> Iterator[Held]:
    """Each restriction, in the order they were placed."""
    for placed in case.of(Kind.RESTRICTION_PLACED):
        about = tuple(e for e in case.evidence if e.object == placed.object)
        yield Held(placed=placed, entries=about)


def only_stored(case: Case) -> Verdict:
    """P105: restricted data are stored and not used; who tries is stopped by the gate and noted, and who
    writes there all the same is found (art. 18.1, 18.2)."""
    every = list(held(case))
    if not every:
        return unproven(NOBODY_ASKED)
    breaches = [breach for each in every for breach in each.unmended]
    if breaches:
        count = len(breaches)
        return broken(
            Text(
                sv=f"Någon annan har skrivit i begränsade rader i {count} datamängder.",
                en=f"Somebody else has written to restricted rows in {count} datasets.",
            ),
            Text(
                sv="Stoppa programmet som skriver där: `lofte restriction watch` säger var.",
                en="Stop the program that writes there: `lofte restriction watch` says where.",
            ),
            *breaches,
        )
    unseen = [each for each in every if not each.looked(case) and _has_stopped(each)]
    if unseen:
        return unproven(
            Text(
                sv=f"Ingen har på två dygn sett efter i systemen om begränsningarna följs ({len(unseen)}).",
                en=f"For two days nobody has looked whether the restrictions are obeyed ({len(unseen)}).",
            ),
            Text(sv="Kör `lofte restriction watch`.", en="Run `lofte restriction watch`."),
            *(each.placed for each in unseen),
        )
    refused = [e for e in case.of(Kind.GATE_REFUSED) if e.facts.get("why") == _RESTRICTION]
    used = list(case.of(Kind.RESTRICTION_USED))
    stops = sum(e.count("refused") or 0 for e in refused)
    return kept(
        f"{so_many(len(every), 'begränsning', 'begränsningar')}, inget öppet intrång. "
        f"Grinden har sagt nej {stops} gånger och släppt igenom {len(used)} användningar som lagen tillåter.",
        f"{so_many(len(every), 'restriction', 'restrictions')}, no open breach. "
        f"The gate has said no {stops} times and let through {len(used)} uses that the law allows.",
        *(e for each in every for e in (each.placed, *each.of(Kind.RESTRICTION_LOOKED, Kind.WATCH_BEGUN))),
        *refused,
        *used,
    )


def service_stopped(case: Case) -> Verdict:
    """P106: the service stops when the person has been told that it does, and not before (art. 18.3)."""
    every = list(held(case))
    if not every:
        return unproven(NOBODY_ASKED)
    tells = "stop" in _terms(case).tell_before
    early = [each for each in every if tells and _stopped_untold(each)]
    if early:
        return broken(
            Text(
                sv=f"{len(early)} av {len(every)} begränsningar stoppade tjänsten innan personen visste det.",
                en=f"{len(early)} of {len(every)} restrictions stopped the service before the person knew.",
            ),
            Text(
                sv="Underrätta dem nu: `lofte restriction told --what stop`.",
                en="Tell them now: `lofte restriction told --what stop`.",
            ),
            *(each.placed for each in early),
        )
    stopped = [each for each in every if not tells or each.told(Told.STOP)]
    if not stopped:
        return unproven(
            Text(
                sv=f"{so_many(len(every), 'person', 'personer')} ska underrättas; tjänsten går tills dess.",
                en=f"{so_many(len(every), 'person is', 'persons are')} to be told; "
                "the service goes on until then.",
            ),
            Text(sv="Underrätta dem: `lofte restriction list`.", en="Tell them: `lofte restriction list`."),
            *(each.placed for each in every),
        )
    return kept(
        f"{len(stopped)} av {len(every)} begränsningar har stoppat tjänsten, ingen före beskedet.",
        f"{len(stopped)} of {len(every)} restrictions have stopped the service, none before the person knew.",
        *(each.told(Told.STOP) or each.placed for each in stopped),
        *(entry for each in stopped for entry in each.of(*_STOPPED)),
    )


def lifted_as_promised(case: Case) -> Verdict:
    """P107: it lasts until the data are corrected or what was disputed is settled, and the person is told
    before it ends (art. 18.3)."""
    every = list(held(case))
    if not every:
        return unproven(NOBODY_ASKED)
    faulty = [each for each in every if _wrongly_ended(each, case)]
    if faulty:
        return broken(
            Text(
                sv=f"{len(faulty)} av {len(every)} begränsningar upphörde på annat sätt än vi har lovat.",
                en=f"{len(faulty)} of {len(every)} restrictions ended otherwise than we have promised.",
            ),
            Text(
                sv="Underrätta personerna nu, och återställ det som släpptes för tidigt.",
                en="Tell the persons now, and restore what was let go too early.",
            ),
            *(e for each in faulty for e in (each.placed, each.lifted) if e),
        )
    ended = [each for each in every if each.lifted]
    if not ended:
        return unproven(
            Text(
                sv=f"{so_many(len(every), 'begränsning', 'begränsningar')} gäller, ingen har upphört än.",
                en=f"{so_many(len(every), 'restriction holds', 'restrictions hold')}, none has ended yet.",
            ),
            None,
            *(each.placed for each in every),
        )
    return kept(
        f"{so_many(len(ended), 'begränsning', 'begränsningar')} har upphört, "
        "var och en efter besked till personen.",
        f"{so_many(len(ended), 'restriction has', 'restrictions have')} ended, "
        "each when the person had been told.",
        *(e for each in ended for e in (each.told(Told.RELEASE), each.lifted) if e),
    )


def _has_stopped(each: Held) -> bool:
    """Whether anything has stopped but what goes on until the person is told."""
    return each.told(Told.STOP) is not None or not each.to_tell(Told.STOP)


def _stopped_untold(each: Held) -> bool:
    told = each.told(Told.STOP)
    acts = each.of(*_STOPPED)
    return bool(acts) and (told is None or _number(acts[0]) < _number(told))


def _wrongly_ended(each: Held, case: Case) -> bool:
    """Lifted for no reason the policy gives, without telling first; or let go while it held."""
    lifted, told = each.lifted, each.told(Told.RELEASE)
    back = each.of(*_BACK)
    if lifted is None:
        # Another restriction of the same person may still hold; what comes back comes at the very end.
        return bool(back)
    promised = _terms(case).release or ("corrected", "established")
    known = told is not None and _number(told) < _number(lifted)
    early = bool(back) and _number(back[0]) < _number(lifted)
    return not known or early or lifted.facts.get("outcome") not in promised


def _number(entry: Evidence) -> int:
    return entry.entry or 0


def _terms(case: Case) -> RightTerms:
    return case.policy.rights.restriction or RightTerms()
