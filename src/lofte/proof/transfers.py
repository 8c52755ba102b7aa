"""Promises about where data are: in the EEA, or outside it with what the law demands there (art. 44-49).

Judged on the day of the proof by the dated table of adequacy decisions: a decision that has fallen breaks the
promise without a word of the policy being changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from lofte.datamap.document import DataMap
from lofte.law.adequacy import certified, inside_eea, outdated, safeguarded
from lofte.ledger.kinds import Value
from lofte.policy.document import Policy, Recipient, Text
from lofte.policy.processors import ProcessorRegister
from lofte.proof.records import Case, Check, Evidence, Finding, Verdict, broken, kept, lacking, unproven

ASSESSMENT = Text(
    sv="register över överföringar, med prövningen av skyddet i landet och åtgärderna",
    en="the register of transfers, with the assessment of the protection there and the measures",
)
_UNSEEN = Text(
    sv="Det är inte sett efter var uppgifterna finns.", en="Nobody has looked at where the data are."
)
_OLD = Text(
    sv="Tabellen över beslut om adekvat skydd är för gammal för att lita på.",
    en="The table of adequacy decisions is too old to be trusted.",
)
_TELL = Text(
    sv="Flytta uppgifterna, eller berätta om mottagaren och landet i policyn.",
    en="Move the data, or tell of the recipient and the country in the policy.",
)


def counted(
    policy: Policy, datamap: DataMap, register: ProcessorRegister | None, at: datetime
) -> tuple[Evidence, ...]:
    """Where each recipient, processor and system is, and whether people are told."""
    return tuple(
        Evidence(kind=Check.PLACE, at=at, policy_version=policy.meta.version, facts=facts)
        for facts in _places(policy, datamap, register)
    )


def _places(
    policy: Policy, datamap: DataMap, register: ProcessorRegister | None
) -> Iterator[dict[str, Value]]:
    exceptions = set(policy.transfers.exceptions)
    told: dict[str, set[str]] = {}
    for id_, recipient in policy.recipients.items():
        told.setdefault(recipient.register_ or id_, set()).update(recipient.country)
        for country in recipient.country:
            said = policy.transfers.default == "allowed" or id_ in exceptions
            yield _place(id_, "recipient", country, said)
    everywhere = {c for id_ in exceptions if id_ in policy.recipients for c in policy.recipients[id_].country}
    for key, processor in (register.listed if register else {}).items():
        yield _place(key, "processor", processor.country, processor.country in told.get(key, set()))
    for system in datamap.systems:
        yield _place(system.id, "system", system.country, system.country in everywhere)


def _place(place: str, what: str, country: str, told: bool) -> dict[str, Value]:
    inside = inside_eea(country)
    return {"place": place, "what": what, "country": country, "eea": int(inside), "told": int(inside or told)}


# -- the promises -------------------------------------------------------------------------------------------


def within_the_eea(case: Case) -> Verdict:
    """P087: data are in the EEA, but for what is told (art. 44)."""
    checks = _newest(case)
    if not checks:
        return unproven(_UNSEEN)
    if untold := [e for e in checks if not e.count("told")]:
        names = ", ".join(sorted({f"{case.called(e.facts['place'])} ({e.facts['country']})" for e in untold}))
        return broken(
            Text(
                sv=f"Utanför EES utan att policyn säger det: {names}.",
                en=f"Outside the EEA without the policy saying so: {names}.",
            ),
            _TELL,
            *untold,
        )
    outside = sorted({case.called(e.facts["place"]) for e in checks if not e.count("eea")})
    names = ", ".join(outside).removesuffix(".")
    sv, en = (f" {word}: {names}." for word in ("Utanför EES", "Outside the EEA"))
    return kept(
        f"{len(checks)} mottagare, biträden och system är sedda, och alla är där det berättas."
        + (sv if outside else ""),
        f"{len(checks)} recipients, processors and systems were looked at, and all are where it is told."
        + (en if outside else ""),
        *checks,
    )


def with_a_valid_tool(case: Case) -> Verdict:
    """P088: whoever gets data outside the EEA has a safeguard that stands today (art. 45, 46, 49)."""
    day = case.today
    named = _recipients(case)
    bare = [id_ for id_, recipient in named.items() if not _safe(recipient, day)]
    if bare:
        names = ", ".join(map(case.called, bare))
        return broken(
            Text(
                sv=f"Utanför EES utan skydd som gäller i dag: {names}.",
                en=f"Outside the EEA without a safeguard that stands today: {names}.",
            ),
            Text(
                sv="Avtala om standardklausuler, eller sluta lämna ut uppgifterna.",
                en="Agree on standard clauses, or stop handing over the data.",
            ),
            *_of(case, named),
        )
    checks = _of(case, named)
    if not checks:
        return unproven(_UNSEEN)
    decided = [r for r in named.values() if r.safeguard and r.safeguard.kind in ("adequacy", "dpf")]
    if decided and outdated(day):
        return unproven(
            _OLD, Text(sv="Se efter i tabellen: `lofte law`.", en="Look at the table: `lofte law`."), *checks
        )
    sv, en = (_tools(case, named, language) for language in ("sv", "en"))
    return kept(
        f"Alla utanför EES har ett skydd som gäller i dag ({sv}).",
        f"All outside the EEA have a safeguard that stands today ({en}).",
        *checks,
    )


def with_equal_protection(case: Case) -> Verdict:
    """P089: what is agreed gives protection like that of the EEA; that each case was assessed is recorded
    nowhere yet (art. 46.1)."""
    tool = with_a_valid_tool(case)
    if tool.finding is not Finding.KEPT:
        return tool
    unsaid = [
        id_
        for id_, r in _recipients(case).items()
        if r.safeguard and r.safeguard.kind == "scc" and not (r.safeguard.ref and r.safeguard.module)
    ]
    if unsaid:
        names = ", ".join(map(case.called, unsaid))
        return broken(
            Text(
                sv=f"Det står inte vilka standardklausuler som gäller för: {names}.",
                en=f"It is not said which standard clauses apply to: {names}.",
            ),
            Text(sv="Ange `ref` och `module`.", en="State `ref` and `module`."),
            *tool.evidence,
        )
    return lacking(ASSESSMENT, tool.reason, *tool.evidence)


_TOOLS = {
    "adequacy": Text(sv="beslut om adekvat skydd", en="adequacy decision"),
    "dpf": Text(sv="Data Privacy Framework", en="Data Privacy Framework"),
    "scc": Text(sv="standardklausuler", en="standard clauses"),
    "bcr": Text(sv="bindande företagsregler", en="binding corporate rules"),
    "derogation": Text(sv="undantag i särskilda fall", en="derogation for specific cases"),
}


def _tools(case: Case, named: dict[str, Recipient], language: str) -> str:
    guards = ((id_, recipient.safeguard) for id_, recipient in named.items())
    return ", ".join(
        f"{case.called(id_)}: {_TOOLS[guard.kind].say(language)}" for id_, guard in guards if guard
    )


def _safe(recipient: Recipient, day: date) -> bool:
    guard = recipient.safeguard
    for country in recipient.country:
        if inside_eea(country):
            continue
        if guard is None:
            return False
        if guard.kind == "adequacy" and not safeguarded(country, day):
            return False
        if guard.kind == "dpf" and not certified(country, day):
            return False
    return True


def _recipients(case: Case) -> dict[str, Recipient]:
    """The recipients outside the EEA that the promise stands on; one on none stands on all."""
    outside = {
        id_: recipient
        for id_, recipient in case.policy.recipients.items()
        if any(not inside_eea(country) for country in recipient.country)
    }
    named = {path.split(".")[1] for path in case.promise.paths if path.startswith("recipients.")}
    return {id_: r for id_, r in outside.items() if id_ in named} or outside


def _newest(case: Case) -> tuple[Evidence, ...]:
    return tuple({(e.facts["place"], e.facts["what"], e.facts["country"]): e for e in _last(case)}.values())


def _last(case: Case) -> tuple[Evidence, ...]:
    """The places of the newest look; those of an older one may have moved."""
    found = tuple(case.of(Check.PLACE))
    return tuple(e for e in found if e.at == found[-1].at)


def _of(case: Case, named: dict[str, Recipient]) -> tuple[Evidence, ...]:
    return tuple(e for e in _newest(case) if e.facts["place"] in named and e.facts["what"] == "recipient")
