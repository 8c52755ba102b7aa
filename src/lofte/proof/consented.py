"""Promises about consent, judged from what people said yes and no to, and from what the gate refused
(art. 4.11, 6.1 a, 7).

* That somebody may say yes proves nothing: there must be yeses, each with the words that were read.
* A purpose on consent is shown to wait for a yes when the gate is asked, and has refused who had given none.
* What visitors chose counts as long as every choice stands as it was recorded: nothing is gone or changed.
"""

from __future__ import annotations

from lofte.law.rights import Right
from lofte.ledger.kinds import Kind
from lofte.policy.document import Text
from lofte.proof.course import courses
from lofte.proof.records import Case, Check, Evidence, Verdict, broken, kept, unproven

_ASK = Text(
    sv="Fråga grinden före varje användning: `lofte gate`, eller GET /api/v1/may.",
    en="Ask the gate before each use: `lofte gate`, or GET /api/v1/may.",
)
_NOBODY = Text(sv="Inget samtycke är antecknat än.", en="No consent has been recorded yet.")
_NOS = ("no_consent", "withdrawal")


def never_assumed(case: Case) -> Verdict:
    """P008: nobody says yes by reading or using something; each yes is an act, to words (art. 4.11, 7.2)."""
    return _sound(case) or unproven(_NOBODY)


def waits_for_yes(case: Case) -> Verdict:
    """P049, P063, P151: what rests on consent is done for those who said yes, and for nobody else."""
    sound = _sound(case)
    if sound is None or sound.mend is not None:
        return sound or unproven(_NOBODY)
    given, refused = list(case.of(Kind.CONSENT_GIVEN)), _refused(case)
    if not given or not refused:
        return unproven(
            Text(
                sv=f"{len(given)} ja är antecknade, men grinden har inte stoppat någon som saknar ett.",
                en=f"{len(given)} yeses are recorded, but the gate has refused nobody who had given none.",
            ),
            _ASK,
            *given,
        )
    stopped = sum(e.count("refused") or 0 for e in refused)
    return kept(
        f"{len(given)} ja är antecknade. Grinden har stoppat {stopped} användningar som inget ja täckte.",
        f"{len(given)} yeses are recorded. The gate has stopped {stopped} uses that no yes covered.",
        *given,
        *refused,
    )


def decided_on_ground(case: Case) -> Verdict:
    """P041: an automated decision is made on the ground that is told: contract, law, or an express yes
    (art. 22.2)."""
    told = {id_: each for id_, each in case.policy.automated_decisions.items() if each.exists and each.art22}
    if not told:
        return unproven(Text(sv="Inga sådana beslut redovisas.", en="No such decisions are told."))
    asking = [id_ for id_, each in told.items() if each.basis == "explicit_consent"]
    if asking:
        return waits_for_yes(case)
    checked = case.last(Check.MAP)
    grounds = {
        case.policy.purposes[id_].legal_basis
        for each in told.values()
        for id_ in each.purposes
        if id_ in case.policy.purposes
    }
    if checked is None or not checked.count("live") or not grounds:
        return unproven(
            Text(
                sv="Besluten vilar på avtal eller lag, men inget ändamål i de levande systemen visar det.",
                en="The decisions rest on contract or law, but no purpose in the live systems shows it.",
            ),
            Text(
                sv="Ange `purposes` för varje beslut och kör `lofte prove` mot systemen.",
                en="Name the `purposes` of each decision, and run `lofte prove` against the systems.",
            ),
        )
    wrong = grounds - {"6.1.b", "6.1.c"}
    if wrong or checked.count("errors"):
        return broken(
            Text(
                sv="Ett beslut vilar på en annan grund än den som redovisas.",
                en="A decision rests on another ground than the one that is told.",
            ),
            Text(sv="Rätta ändamålets rättsliga grund.", en="Correct the legal basis of the purpose."),
            checked,
        )
    return kept(
        "Varje automatiskt beslut hör till ändamål som vilar på avtal eller lag, och kartan stämmer.",
        "Each automated decision belongs to purposes on contract or law, and the map agrees.",
        checked,
    )


def asked_before_others(case: Case) -> Verdict:
    """P009: nobody gets data but those who are told; a recipient on consent needs a yes."""
    checked = case.last(Check.MAP)
    if checked is None or not checked.count("live"):
        return unproven(
            Text(
                sv="Ingen har jämfört datakartan med de levande systemen.",
                en="Nobody has compared the data map with the live systems.",
            ),
            Text(sv="Kör `lofte prove` utan --offline.", en="Run `lofte prove` without --offline."),
        )
    if checked.count("errors"):
        return broken(
            Text(
                sv=f"Datakartan har {checked.count('errors')} fel: vilka som får uppgifter är inte säkert.",
                en=f"The data map has {checked.count('errors')} errors, so who gets data is not certain.",
            ),
            Text(sv="Rätta felen: `lofte check`.", en="Mend the errors: `lofte check`."),
            checked,
        )
    if any(each.ground == "consent" for each in case.policy.recipients.values()):
        return waits_for_yes(case)
    return kept(
        "Varje system och mottagare i datakartan står i policyn; ingen mottagare vilar på ett samtycke.",
        "Each system and recipient of the data map stands in the policy; none rests on a consent.",
        checked,
    )


def taken_back_as_easily(case: Case) -> Verdict:
    """P113: a yes is taken back at any time, and that stops it at once (art. 7.3)."""
    asked = list(courses(case, (Right.WITHDRAWAL,)))
    done = list(case.of(Kind.WITHDRAWAL_RECORDED))
    late = [c for c in asked if c.late(case.today)]
    if late:
        return broken(
            Text(
                sv=f"{len(late)} av {len(asked)} som tagit tillbaka sitt ja fick vänta för länge.",
                en=f"{len(late)} of {len(asked)} who took back their yes waited too long.",
            ),
            Text(sv="Gör det nu: `lofte request list`.", en="Do it now: `lofte request list`."),
            *(c.received for c in late),
        )
    if not done:
        return unproven(Text(sv="Ingen har tagit tillbaka ett ja än.", en="Nobody has taken back a yes yet."))
    return kept(
        f"{len(done)} återkallelser gäller sedan de kom.",
        f"{len(done)} withdrawals hold since they came.",
        *done,
    )


def _sound(case: Case) -> Verdict | None:
    """Whether each yes is to words, and each choice of a visitor as it was recorded; None where nobody has
    chosen. One with a mend is broken."""
    given = list(case.of(Kind.CONSENT_GIVEN))
    chosen, checked = list(case.of(Kind.CONSENT_RECORDED)), case.last(Check.CHOICES)
    wordless = [e for e in given if not e.facts.get("text")]
    if wordless:
        return broken(
            Text(
                sv=f"{len(wordless)} ja saknar de ord som personen läste.",
                en=f"{len(wordless)} yeses lack the words that the person read.",
            ),
            Text(sv="Fråga dem på nytt.", en="Ask them anew."),
            *wordless,
        )
    if checked is not None and checked.count("flaws"):
        return broken(
            Text(
                sv=f"{checked.count('flaws')} val om kakor är ändrade eller borta.",
                en=f"{checked.count('flaws')} choices about cookies are changed or gone.",
            ),
            Text(
                sv="Kör `lofte consent verify` och lägg tillbaka lagret från säkerhetskopian.",
                en="Run `lofte consent verify`, and put the store back from the backup.",
            ),
            checked,
        )
    if not given and not (chosen and checked is not None):
        return None
    seen: tuple[Evidence, ...] = (*given, *chosen, *((checked,) if checked else ()))
    records = checked.count("records") or 0 if checked else 0
    return kept(
        f"{len(given)} ja och {records} val om kakor är antecknade, vart och ett med det som personen läste.",
        f"{len(given)} yeses and {records} choices about cookies are recorded, each with what was read.",
        *seen,
    )


def _refused(case: Case) -> list[Evidence]:
    return [e for e in case.of(Kind.GATE_REFUSED) if e.facts.get("why") in _NOS]
