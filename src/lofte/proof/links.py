"""Whether the addresses in the text lead somewhere (art. 12.1).

Evidence: the last look at exactly this policy.
"""

from __future__ import annotations

from datetime import timedelta

from lofte.ledger.kinds import Kind
from lofte.policy.digest import digest
from lofte.policy.document import Text
from lofte.proof.records import Case, Verdict, broken, kept, unproven

FRESH = timedelta(days=31)
"""An older look says nothing of today."""
_LOOK = Text(sv="Kör `lofte check --links`.", en="Run `lofte check --links`.")


def links_alive(case: Case) -> Verdict:
    """P039: no address in the text leads nowhere."""
    version = digest(case.policy)
    looks = [each for each in case.of(Kind.LINKS_CHECKED) if each.facts.get("digest") == version]
    last = looks[-1] if looks else None
    if last is None or case.now - last.at > FRESH:
        return unproven(
            Text(
                sv="Ingen har prövat länkarna i texten den senaste månaden.",
                en="Nobody has tried the links of the text in the last month.",
            ),
            _LOOK,
            *([last] if last else []),
        )
    dead, checked = last.count("dead") or 0, last.count("checked") or 0
    if dead:
        return broken(
            Text(
                sv=f"{dead} av {checked} länkar leder ingenstans.",
                en=f"{dead} of {checked} links lead nowhere.",
            ),
            Text(
                sv="Rätta adresserna som `lofte check --links` visar.",
                en="Mend what `lofte check --links` shows.",
            ),
            last,
        )
    return kept(f"Alla {checked} länkar svarar.", f"All {checked} links answer.", last)


def documents_linked(case: Case) -> Verdict:
    """P004: each document that goes with the text has a version and an address that answers."""
    bare = ", ".join(d.id for d in case.policy.documents if not (d.version and d.url))
    if bare:
        return broken(
            Text(sv=f"Utan version eller adress: {bare}.", en=f"Without version or address: {bare}."),
            Text(
                sv="Fyll i `version` och `url` under `documents`.",
                en="Fill in `version` and `url` under `documents`.",
            ),
        )
    return links_alive(case)
