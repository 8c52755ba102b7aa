"""Promises about decisions: each has its reasons, and analyses decide nothing (art. 12.4, 22)."""

from __future__ import annotations

from lofte.ledger.kinds import Kind
from lofte.policy.document import Text
from lofte.proof.publication import publication
from lofte.proof.records import Case, Verdict, broken, kept, lacking, unproven

EFFECT = Text(sv="prov av att analyser inte rör någon", en="the test that analyses affect nobody")
_CHANGED = frozenset({"changed", "annulled"})


def decided_one_by_one(case: Case) -> Verdict:
    """P117: each no has its ground and article and somebody who gave it (art. 12.4)."""
    refused = tuple(case.of(Kind.REQUEST_REFUSED))
    if bare := [e for e in refused if not (e.facts.get("ground") and e.facts.get("article"))]:
        return broken(
            Text(
                sv=f"{len(bare)} av {len(refused)} avslag saknar skäl eller lagrum.",
                en=f"{len(bare)} of {len(refused)} refusals lack a ground or an article.",
            ),
            Text(
                sv="Pröva begäran igen, och svara med skäl.", en="Judge the request again, and give reasons."
            ),
            *bare,
        )
    if not refused:
        return unproven(Text(sv="Ingen begäran har avslagits än.", en="No request has been refused yet."))
    if nameless := [e for e in refused if not e.facts.get("by")]:
        return unproven(
            Text(
                sv=f"Vid {len(nameless)} av {len(refused)} avslag står inte vem som bestämt.",
                en=f"With {len(nameless)} of {len(refused)} refusals it is not said who decided.",
            ),
            Text(
                sv="Låt en handläggare avslå i ärendehanteringen.", en="Let a handler refuse in the console."
            ),
            *refused,
        )
    return kept(
        f"{len(refused)} av {len(refused)} avslag har skäl, lagrum och någon som har bestämt.",
        f"{len(refused)} of {len(refused)} refusals have a ground, an article and somebody who decided.",
        *refused,
    )


def analyses_decide_nothing(case: Case) -> Verdict:
    """P122: an analysis that is told to affect nobody serves no decision that does (art. 22.1)."""
    decisions = case.policy.automated_decisions
    named = {path.split(".")[1] for path in case.promise.paths if path.startswith("automated_decisions.")}
    analyses = {id_: d for id_, d in decisions.items() if not d.art22 and (id_ in named or not named)}
    deciding = {purpose for d in decisions.values() if d.art22 for purpose in d.purposes}
    mixed = [id_ for id_, d in analyses.items() if deciding & set(d.purposes)]
    if mixed:
        names = ", ".join(mixed)
        return broken(
            Text(
                sv=f"Tjänar samma ändamål som ett beslut som påverkar någon: {names}.",
                en=f"Serves the same purpose as a decision that affects somebody: {names}.",
            ),
            Text(
                sv="Skilj ändamålen åt, eller ange analysen som ett beslut.",
                en="Keep the purposes apart, or state the analysis as a decision.",
            ),
        )
    undone = [
        e
        for e in case.of(Kind.REVIEW_DECIDED)
        if e.facts.get("decision") in analyses and e.facts.get("outcome") in _CHANGED
    ]
    if undone:
        return broken(
            Text(
                sv=f"{len(undone)} gånger ändrade en människa det som analysen hade lett till.",
                en=f"{len(undone)} times a person changed what the analysis had led to.",
            ),
            Text(
                sv="Ange analysen som ett automatiserat beslut.",
                en="State the analysis as an automated decision.",
            ),
            *undone,
        )
    entry = publication(case)
    seen = Text(
        sv="Analyserna är redovisade med logik och följder, och delar inget ändamål med ett beslut.",
        en="The analyses are told with logic and effects, and share no purpose with a decision.",
    )
    return lacking(EFFECT, seen, *([entry] if entry else []))
