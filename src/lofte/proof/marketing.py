"""Promises about what is sent and to whom, judged from what people said no to and what the gate refused
(art. 6.1 f, 21; 19-21 §§ marknadsföringslagen).

* A yes of the gate leaves nothing. That it is asked is seen when it has said no.
* An objection that nobody has decided in a month is a promise broken: the person waits for an answer.
"""

from __future__ import annotations

from datetime import timedelta

from lofte.ledger.kinds import Kind
from lofte.policy.document import Text
from lofte.proof.consented import waits_for_yes
from lofte.proof.records import Case, Check, Evidence, Verdict, broken, kept, unproven
from lofte.proof.rights import marketing_forbidden

MONTH = timedelta(days=31)
_WEIGHED = "21.1"
_ASK = Text(
    sv="Sila varje utskick: `lofte gate sieve`, eller fråga POST /api/v1/gate/send.",
    en="Sieve each mailing: `lofte gate sieve`, or ask POST /api/v1/gate/send.",
)


def interest_weighed(case: Case) -> Verdict:
    """P040: what rests on our interest has been weighed, and whoever objects is heard (art. 6.1 f, 21.1)."""
    resting = {id_: p for id_, p in case.policy.purposes.items() if p.legal_basis == "6.1.f"}
    unweighed = [id_ for id_, p in resting.items() if p.interest is None or p.interest.assessment is None]
    decided = {e.object for e in case.of(Kind.OBJECTION_DECIDED)}
    said = [e for e in case.of(Kind.OBJECTION_RECORDED) if e.facts.get("article") == _WEIGHED]
    waiting = [e for e in said if e.object not in decided and case.now - e.at > MONTH]
    if waiting:
        return broken(
            Text(
                sv=f"{len(waiting)} invändningar har väntat mer än en månad på att prövas.",
                en=f"{len(waiting)} objections have waited more than a month to be weighed.",
            ),
            Text(sv="Pröva dem: `lofte objection`.", en="Weigh them: `lofte objection`."),
            *waiting,
        )
    published = case.last(Kind.POLICY_PUBLISHED)
    if unweighed or published is None:
        return unproven(
            Text(
                sv=f"{len(unweighed)} av {len(resting)} ändamål saknar en namngiven intresseavvägning.",
                en=f"{len(unweighed)} of {len(resting)} purposes name no assessment of the interest.",
            ),
            Text(
                sv="Skriv avvägningen, namnge den i `interest.assessment` och publicera.",
                en="Write the assessment, name it in `interest.assessment`, and publish.",
            ),
            *said,
        )
    return kept(
        f"{len(resting)} ändamål har var sin intresseavvägning; {len(said)} invändningar är hörda i tid.",
        f"{len(resting)} purposes have an assessment each; {len(said)} objections were heard in time.",
        published,
        *said,
    )


def messages_sorted(case: Case) -> Verdict:
    """P054-P056: service messages are about the service, and advertising goes only where it is promised."""
    asked = _sieved(case)
    if not asked:
        return unproven(
            Text(
                sv="Grinden har inte sagt nej till något utskick, så inget visar att den tillfrågas.",
                en="The gate has refused no mailing, so nothing shows that it is asked.",
            ),
            _ASK,
        )
    return _stopped(asked)


def only_the_willing(case: Case) -> Verdict:
    """P057, P058: advertising goes to nobody who has said no (art. 21.3; 19 § marknadsföringslagen)."""
    obeyed = marketing_forbidden(case)
    if obeyed.mend is not None:
        return obeyed
    asked = _sieved(case)
    if not asked:
        return unproven(
            Text(
                sv="De som sagt nej är spärrade, men inget visar att utskicken silas.",
                en="Those who said no are suppressed, but nothing shows that mailings are sieved.",
            ),
            _ASK,
            *obeyed.evidence,
        )
    return _stopped(asked, *obeyed.evidence)


def asked_for_and_stopped(case: Case) -> Verdict:
    """P059: nobody gets the newsletter without asking for it, and whoever stops it gets no more."""
    asked = waits_for_yes(case)
    return asked if asked.mend is not None else only_the_willing(case)


def nobody_elses_advertising(case: Case) -> Verdict:
    """P060: nobody else gets data for advertising of their own, unless the person has expressly said yes."""
    checked = case.last(Check.MAP)
    if checked is None or not checked.count("live"):
        return unproven(
            Text(
                sv="Ingen har jämfört datakartan med de levande systemen.",
                en="Nobody has compared the data map with the live systems.",
            ),
            Text(sv="Kör `lofte prove` utan --offline.", en="Run `lofte prove` without --offline."),
        )
    theirs = [
        id_
        for id_, purpose in case.policy.purposes.items()
        if purpose.marketing is not None
        and purpose.legal_basis != "6.1.a"
        and any(
            case.policy.recipients[each].role in ("controller", "joint_controller")
            for each in purpose.recipients
            if each in case.policy.recipients
        )
    ]
    if theirs or checked.count("errors"):
        return broken(
            Text(
                sv="Någon annan som själv bestämmer får uppgifter för reklam, utan att det vilar på ett ja.",
                en="Somebody else who decides for themselves gets data for advertising, and not on a yes.",
            ),
            Text(sv="Låt ändamålet vila på samtycke (6.1.a).", en="Let the purpose rest on consent (6.1.a)."),
            checked,
        )
    return kept(
        "Inget ändamål för reklam ger uppgifter till någon som själv bestämmer, utom efter ett ja.",
        "No purpose of advertising gives data to somebody who decides for themselves, but on a yes.",
        checked,
    )


def _sieved(case: Case) -> list[Evidence]:
    return [e for e in case.of(Kind.GATE_REFUSED) if e.facts.get("gate") == "send"]


def _stopped(asked: list[Evidence], *more: Evidence) -> Verdict:
    refused = sum(e.count("refused") or 0 for e in asked)
    return kept(
        f"Grinden har tillfrågats och stoppat {refused} brev som inte fick gå.",
        f"The gate has been asked, and has stopped {refused} letters that were not to go.",
        *asked,
        *more,
    )
