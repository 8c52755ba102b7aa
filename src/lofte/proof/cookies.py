"""Promises about cookies and the website, judged by the last look at it (LEK 9 kap. 28 §; art. 7.3).

Evidence: `site.scanned`, what `lofte scan` counted on the site of exactly this policy.

* A look older than a month says nothing of today, and one without a yes says nothing of what a yes sets.
* What was found wrong breaks the promises that say the opposite, and no others.
"""

from __future__ import annotations

from datetime import timedelta

from lofte.ledger.kinds import Kind
from lofte.policy.digest import digest
from lofte.policy.document import Text
from lofte.proof.records import Case, Evidence, Verdict, broken, kept, unproven

FRESH = timedelta(days=31)
"""An older look says nothing of today."""
_LOOK = Text(
    sv="Kör `lofte scan` med webbplatsens adress.", en="Run `lofte scan` with the address of the site."
)
_MEND = Text(
    sv="Rätta det som `lofte scan` visar, och kör det igen.",
    en="Mend what `lofte scan` shows, and run it again.",
)
_WITHOUT_YES, _WITH_WITHDRAWAL = 2, 4
"""So many states have been looked at: before and after a no; all four."""
_WRONG: dict[str, Text] = {
    "c101": Text(
        sv="{n} kakor eller lagrade namn saknas i tabellen", en="{n} stored names are not in the table"
    ),
    "c103": Text(
        sv="{n} kakor lever längre än tabellen säger", en="{n} cookies live longer than the table says"
    ),
    "c104": Text(sv="{n} kakor sätts innan någon har sagt ja", en="{n} cookies are set before a yes"),
    "c105": Text(sv="{n} andra tillfrågas innan någon har sagt ja", en="{n} others are asked before a yes"),
    "c106": Text(sv="{n} kakor sätts trots ett nej", en="{n} cookies are set in spite of a no"),
    "c107": Text(sv="{n} andra tillfrågas trots ett nej", en="{n} others are asked in spite of a no"),
    "c108": Text(
        sv="{n} som webbplatsen hämtar från redovisas inte", en="{n} whom the site asks are not told of"
    ),
    "c109": Text(sv="{n} formulär redovisas inte", en="{n} forms are not told of"),
    "c110": Text(sv="{n} fält i formulär redovisas inte", en="{n} fields of forms are not told of"),
    "c111": Text(sv="ingen fråga om samtycke hittades", en="nothing that asks for a yes was found"),
    "c112": Text(sv="det är svårare att säga nej än ja", en="it is harder to say no than yes"),
    "c113": Text(sv="{n} sidor saknar väg till inställningarna", en="{n} pages have no way to the settings"),
    "c114": Text(
        sv="{n} kakor blir kvar när ett ja tas tillbaka", en="{n} cookies stay when a yes is taken back"
    ),
    "c115": Text(sv="{n} sidor fungerar inte efter ett nej", en="{n} pages do not work after a no"),
    "c116": Text(
        sv="{n} kakor som brukar spåra kallas nödvändiga",
        en="{n} cookies that usually track are called necessary",
    ),
}
_TOLD = ("c101", "c103", "c108")
_WAITS = ("c104", "c105", "c106", "c107", "c111", "c116")
_FREE = ("c112", "c113", "c114")


def all_told(case: Case) -> Verdict:
    """P123: each cookie stands in the table, for its purpose and no longer than it says."""
    return _judged(
        case,
        (*_TOLD, "c116"),
        "Allt som lagras står i tabellen, och lever inte längre.",
        "All that is stored stands in the table, and lives no longer.",
    )


def waits_for_yes(case: Case) -> Verdict:
    """P124: nothing that is not necessary is stored or asked for before a yes, or after a no."""
    return _judged(
        case,
        _WAITS,
        "Inget som inte är nödvändigt sätts eller hämtas före ett ja eller efter ett nej.",
        "Nothing that is not necessary is set or fetched before a yes or after a no.",
    )


def choice_is_free(case: Case) -> Verdict:
    """P125: a yes is asked for first, a no is as easy, and either can be changed on every page."""
    return _judged(
        case,
        (*_WAITS, *_FREE),
        "Frågan ställs först, nej är lika lätt som ja, och valet kan ändras på varje sida.",
        "It is asked first, a no is as easy as a yes, and the choice can be changed on every page.",
        states=_WITH_WITHDRAWAL,
    )


def works_without_yes(case: Case) -> Verdict:
    """P126: it is as easy to say no, and the site works all the same."""
    return _judged(
        case,
        ("c106", "c107", "c111", "c112", "c115"),
        "Att säga nej är lika lätt, och sidorna svarar som förut efter ett nej.",
        "Saying no is as easy, and the pages answer as before after a no.",
    )


def tool_asks(case: Case) -> Verdict:
    """P127: the tool that is named handles the choice: the look has found what asks, and it works."""
    return _judged(
        case,
        ("c104", "c106", "c111"),
        "Det som frågar finns på webbplatsen, och valet följs.",
        "What asks is on the site, and the choice is obeyed.",
    )


def taken_back(case: Case) -> Verdict:
    """P128, P131: the choice can be changed on every page, and then what is not necessary is removed."""
    return _judged(
        case,
        ("c111", "c113", "c114"),
        "Varje sida har en väg till valet, och ett nej efter ett ja tar bort kakorna.",
        "Every page has a way to the choice, and a no after a yes removes the cookies.",
        states=_WITH_WITHDRAWAL,
    )


def counts_visits(case: Case) -> Verdict:
    """P020, P129: what counts visits is stored only after a yes, as the table tells."""
    return _of_kind(case, "statistics", "kakor för statistik", "cookies for statistics")


def advertises(case: Case) -> Verdict:
    """P130: what is for advertising is stored only after a yes, as the table tells."""
    return _of_kind(case, "marketing", "kakor för marknadsföring", "cookies for marketing")


def remembers_choices(case: Case) -> Verdict:
    """P132: what makes the site easier or counts visits does so after a yes, and has been seen to."""
    kind = "functional" if _rows(case, "functional") else "statistics"
    return _of_kind(case, kind, "kakor för funktion", "cookies for functions")


def both_lifetimes(case: Case) -> Verdict:
    """P133: some cookies end with the visit and some stay, each as long as the table says."""
    return _judged(
        case,
        ("c101", "c103"),
        "Kakor som slutar med besöket och kakor som finns kvar har setts, och ingen lever längre än den ska.",
        "Cookies that end with the visit and cookies that stay were seen, and none lives too long.",
        seen=("seen_session", "seen_lasting"),
    )


def _of_kind(case: Case, kind: str, sv: str, en: str) -> Verdict:
    return _judged(
        case,
        (*_TOLD, *_WAITS),
        f"De {sv} som redovisas har setts, först efter ett ja.",
        f"The {en} that are told of were seen, and only after a yes.",
        seen=(f"seen_{kind}",),
    )


def _judged(
    case: Case,
    wrong: tuple[str, ...],
    sv: str,
    en: str,
    *,
    seen: tuple[str, ...] = (),
    states: int = _WITHOUT_YES,
) -> Verdict:
    last = _last(case)
    if last is None:
        return unproven(
            Text(
                sv="Ingen har granskat webbplatsen mot den här policyn den senaste månaden.",
                en="Nobody has looked at the site beside this policy in the last month.",
            ),
            _LOOK,
        )
    found = [(_WRONG[key], count) for key in wrong if (count := last.count(key) or 0)]
    if found:
        return broken(
            Text(
                sv="; ".join((t.sv or "").format(n=n) for t, n in found).capitalize() + ".",
                en="; ".join((t.en or "").format(n=n) for t, n in found).capitalize() + ".",
            ),
            _MEND,
            last,
        )
    if (last.count("states") or 0) < _needed(case, states) or any(not last.count(key) for key in seen):
        return unproven(
            Text(
                sv="Granskningen såg inget fel, men kunde inte se allt som löftet handlar om.",
                en="The look saw nothing wrong, but could not see all that the promise is about.",
            ),
            _LOOK,
            last,
        )
    pages = last.count("pages") or 0
    return kept(f"{sv} {pages} sidor granskades.", f"{en} {pages} pages were looked at.", last)


def _needed(case: Case, states: int) -> int:
    """How many states there are to look at: one, where no yes is asked for."""
    terms = case.policy.cookies
    return states if terms is not None and terms.consent == "prior_opt_in" else 1


def _rows(case: Case, kind: str) -> bool:
    terms = case.policy.cookies
    table = terms.table if terms and isinstance(terms.table, tuple) else ()
    return any(each.purpose == kind for each in table)


def _last(case: Case) -> Evidence | None:
    version = digest(case.policy)
    looks = [each for each in case.of(Kind.SITE_SCANNED) if each.facts.get("digest") == version]
    return looks[-1] if looks and case.now - looks[-1].at <= FRESH else None
