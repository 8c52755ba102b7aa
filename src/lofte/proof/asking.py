"""Promises about asking: the ways that are told are open, and everybody may ask (art. 12.2, 13.1 a)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from lofte.datamap.catalogue import Catalogue
from lofte.datamap.checks.case import NOWHERE
from lofte.datamap.checks.case import Case as Judged
from lofte.datamap.document import DataMap, Dataset
from lofte.law.rights import Right
from lofte.ledger.kinds import Kind
from lofte.policy.document import Policy, Text
from lofte.policy.notice.words import CHANNELS
from lofte.proof.course import courses
from lofte.proof.publication import publication
from lofte.proof.records import Case, Check, Evidence, Verdict, broken, kept, unproven

UNREAD = timedelta(days=30)
"""A message that nobody has looked at for so long is past any answer within a month (art. 12.3)."""
EVERYBODY = (Right.ACCESS, Right.RECTIFICATION, Right.ERASURE, Right.RESTRICTION, Right.OBJECTION)
"""The rights that everybody is to be told of, whatever the grounds (art. 13.2 b)."""
_WAITS = frozenset({"held", "suggested"})


def counted(
    policy: Policy, datamap: DataMap, catalogues: Mapping[str, Catalogue], at: datetime
) -> tuple[Evidence, ...]:
    """For each group of people that the company answers for: the live datasets in which they are found."""
    judged = Judged(policy=policy, datamap=datamap, catalogues=catalogues, places=NOWHERE)
    live = [found.dataset for found, _, _ in judged.live() if found.dataset.subject]
    ours = dict.fromkeys(group for role in policy.roles if role.as_ == "controller" for group in role.for_)
    return tuple(
        Evidence(
            kind=Check.GROUP,
            at=at,
            policy_version=policy.meta.version,
            facts={"subjects": group, "datasets": sum(group in _groups(policy, d) for d in live)},
        )
        for group in ours
    )


def _groups(policy: Policy, dataset: Dataset) -> frozenset[str]:
    """Whose data these are: the group it names, else those of its purposes."""
    if dataset.subjects:
        return frozenset({dataset.subjects})
    purposes = (policy.purposes[p] for p in dataset.purposes if p in policy.purposes)
    return frozenset(group for purpose in purposes for group in purpose.subjects)


# -- the promises -------------------------------------------------------------------------------------------


def ways_to_ask_open(case: Case) -> Verdict:
    """P114: whoever wants something asks in the ways that are told, and is heard."""
    told = [getattr(case.policy.rights, right.key) for right in Right]
    return _open(case, dict.fromkeys(channel for terms in told if terms for channel in terms.channels))


def ways_to_write_open(case: Case) -> Verdict:
    """P145: the company is reached in the ways that are told."""
    return _open(case, dict.fromkeys(case.policy.controller.contact.channels))


def _open(case: Case, channels: Mapping[str, None]) -> Verdict:
    if unread := tuple(_unread(case)):
        return broken(
            Text(
                sv=f"{len(unread)} meddelanden har legat i mer än {UNREAD.days} dagar osedda.",
                en=f"{len(unread)} messages have lain for more than {UNREAD.days} days unseen.",
            ),
            Text(sv="Gå igenom dem i inkorgen.", en="Go through them in the inbox."),
            *unread,
        )
    doors = {str(e.facts.get("channel")): e for e in case.of(Check.DOOR)}
    heard = [e for e in case.of(Kind.REQUEST_RECEIVED) if e.facts.get("channel") in channels]
    by = {str(e.facts["channel"]) for e in heard}
    shut = [c for c in channels if c not in by and not (c in doors and doors[c].count("open"))]
    evidence = (*(e for c, e in doors.items() if c in channels), *heard)
    if shut or not channels:
        return unproven(
            Text(
                sv=f"Inget visar att den blir hörd som hör av sig {_ways(shut, 'sv')}.",
                en=f"Nothing shows that anybody is heard who gets in touch {_ways(shut, 'en')}.",
            ),
            Text(
                sv="Koppla på brevlådan (intake.yaml) och de program som tar emot ärenden.",
                en="Connect the mailbox (intake.yaml) and the programs that take in cases.",
            ),
            *evidence,
        )
    return kept(
        f"{len(channels)} av {len(channels)} vägar är öppna; {len(heard)} begäranden har kommit på dem.",
        f"{len(channels)} of {len(channels)} ways are open; {len(heard)} requests have come by them.",
        *evidence,
    )


def _ways(channels: Iterable[str], language: str) -> str:
    return ", ".join(CHANNELS[channel].say(language) for channel in channels)


def _unread(case: Case) -> Iterator[Evidence]:
    seen = {e.object for e in case.of(Kind.MAIL_SETTLED)}
    for e in case.of(Kind.MAIL_TAKEN):
        if e.facts.get("outcome") in _WAITS and e.object not in seen and case.now - e.at > UNREAD:
            yield e


def open_to_everybody(case: Case) -> Verdict:
    """P115: the rights are everybody's whose data are held, not only customers' (art. 12.2, 15-21)."""
    untold = [right for right in EVERYBODY if getattr(case.policy.rights, right.key) is None]
    if untold:
        sv, en = (", ".join(right.name_in(language) for right in untold) for language in ("sv", "en"))
        return broken(
            Text(sv=f"Policyn berättar inte om: {sv}.", en=f"The policy does not tell of: {en}."),
            Text(sv="Lägg till dem under `rights`.", en="Add them under `rights`."),
        )
    groups = {e.facts.get("subjects"): e for e in case.of(Check.GROUP)}
    lost = [str(id_) for id_, e in groups.items() if not e.count("datasets")]
    if not groups or lost:
        names = ", ".join(lost)
        return unproven(
            Text(
                sv=f"Det är inte visat att alla grupper kan hittas i systemen: {names}.",
                en=f"It is not shown that all groups can be found in the systems: {names}.",
            ),
            Text(
                sv="Ange `subjects` för datamängderna i datakartan.",
                en="State `subjects` of the datasets in the data map.",
            ),
            *groups.values(),
        )
    answered = [c for c in courses(case, tuple(Right)) if c.ended]
    if not answered:
        return unproven(
            Text(sv="Ingen har fått svar på en begäran än.", en="Nobody's request has been answered yet."),
            None,
            *groups.values(),
        )
    return kept(
        f"Alla {len(groups)} grupper kan hittas i systemen, och {len(answered)} begäranden har fått svar.",
        f"All {len(groups)} groups can be found in the systems, and {len(answered)} requests were answered.",
        *groups.values(),
        *(c.ended for c in answered if c.ended),
    )


def others_sites_named(case: Case) -> Verdict:
    """P152: that linked sites have rules of their own is told, and whoever wants to comment can."""
    contact = case.policy.controller.contact
    if "linked_sites" not in case.policy.assurances or not (contact.email or contact.phone or contact.url):
        return broken(
            Text(
                sv="Texten säger inte vad som gäller för länkar, eller vart man kan höra av sig.",
                en="The text does not say what applies to links, or where to write.",
            ),
            Text(
                sv="Ange `linked_sites` och hur ni nås i policyn.",
                en="State `linked_sites` and how you are reached in the policy.",
            ),
        )
    entry = publication(case)
    if entry is None:
        return unproven(
            Text(
                sv="Just den här policyn är inte publicerad.",
                en="Exactly this policy has not been published.",
            ),
            Text(sv="Publicera policyn med `lofte publish`.", en="Publish the policy with `lofte publish`."),
        )
    return kept(
        "Texten säger vad som gäller för andras webbplatser, och hur man hör av sig.",
        "The text says what applies to the websites of others, and how to get in touch.",
        entry,
    )


# -- by oneself ---------------------------------------------------------------------------------------------


def own_data_shown(case: Case) -> Verdict:
    """P100: who has shown who they are sees their own data on their own page (art. 15)."""
    shown = tuple(case.of(Kind.OWN_DATA_SHOWN))
    if unknown := [e for e in shown if not e.count("level")]:
        return broken(
            Text(
                sv=f"{len(unknown)} gånger visades uppgifter för någon som inte visat vem den är.",
                en=f"{len(unknown)} times data were shown to somebody who had not shown who they are.",
            ),
            Text(sv="Utred det som en incident.", en="Investigate it as an incident."),
            *unknown,
        )
    if not shown:
        return unproven(
            Text(
                sv="Ingen har öppnat sin egen sida än.", en="Nobody has opened a page of their own data yet."
            ),
            None,
        )
    return kept(
        f"{len(shown)} gånger har någon sett sina egna uppgifter på sin sida.",
        f"{len(shown)} times somebody has seen their own data on their page.",
        *shown,
    )


def corrected_by_portal(case: Case) -> Verdict:
    """P102: what is changed by way of the portal is changed in every system (art. 16)."""
    asked = [c for c in courses(case, (Right.RECTIFICATION,)) if c.received.facts.get("channel") == "portal"]
    done = [c for c in asked if c.granted]
    half = [
        c for c in done if len(c.of(Kind.RECTIFICATION_DONE)) < _systems(c.first(Kind.RECTIFICATION_INTENDED))
    ]
    if half:
        return broken(
            Text(
                sv=f"{len(half)} av {len(done)} ändringar är inte gjorda i alla system.",
                en=f"{len(half)} of {len(done)} changes are not done in all systems.",
            ),
            Text(sv="Gör om dem: `lofte request rectify`.", en="Do them again: `lofte request rectify`."),
            *(e for c in half for e in c.entries),
        )
    left = [e for c in done for e in c.of(Kind.RECTIFICATION_DONE) if e.count("left")]
    if not done or left:
        return unproven(
            Text(
                sv="Ingen ändring genom portalen är visad hel än.",
                en="No change by way of the portal is shown to be whole yet.",
            ),
            None,
            *left,
        )
    return kept(
        f"{len(done)} av {len(done)} ändringar genom portalen är gjorda i alla system.",
        f"{len(done)} of {len(done)} changes by way of the portal are done in all systems.",
        *(e for c in done for e in c.of(Kind.RECTIFICATION_DONE)),
    )


def _systems(intended: Evidence | None) -> int:
    """How many systems were to be changed; at least one, for a change that was never intended is none."""
    return max((intended.count("systems") or 0) if intended else 1, 1)
