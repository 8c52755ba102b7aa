"""The letter that tells a person that a request is refused, and what they can do about it (art. 12.4)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from lofte.law.rights import Right
from lofte.plan import words
from lofte.plan.standing import complaint
from lofte.policy.document import Policy, Text

VERSION = 1
REASONS: Mapping[str, Text] = {
    "unidentified": Text(
        sv="Vi kan inte ta reda på vem som frågar, så vi kan inte lämna ut eller ändra något (artikel 12.2 "
        "och 12.6). Kan du visa vem du är, så gör vi det du ber om.",
        en="We cannot find out who is asking, so we can neither give nor change anything (Article 12(2) and "
        "12(6)). If you can show who you are, we do what you ask.",
    ),
    "unfounded": Text(
        sv="Begäran är uppenbart ogrundad (artikel 12.5).",
        en="The request is manifestly unfounded (Article 12(5)).",
    ),
    "excessive": Text(
        sv="Begäran är orimlig, eftersom den upprepar vad vi nyss har besvarat (artikel 12.5).",
        en="The request is excessive, for it repeats what we have just answered (Article 12(5)).",
    ),
    "not_controller": Text(
        sv="Vi behandlar uppgifterna för någon annans räkning, och det är de som svarar för dem (artikel "
        "28.3 e). Vi lämnar din begäran vidare till dem.",
        en="We process the data on somebody else's behalf, and they answer for them (Article 28(3)(e)). We "
        "pass your request on to them.",
    ),
}
"""By the ground of the decision."""


BEGUN = Text(
    sv="Det hade då redan börjat, och en del av dina uppgifter är raderade.",
    en="By then it had begun already, and some of your data are erased.",
)


def letter(
    policy: Policy,
    *,
    number: str,
    right: Right,
    received: date,
    ground: str,
    why: str = "",
    begun: bool = False,
) -> Text:
    """That it is refused, why, and where to complain. `why` are the handler's own words, where they add
    any: whoever refuses as unfounded or excessive shows that it is so (art. 12.5). `begun`: an erasure had
    been carried out in part."""
    where = complaint(policy)
    reason = REASONS[ground]
    if why:
        reason = words.join("{reason} {why}", "{reason} {why}", reason=reason, why=why)
    if begun:
        reason = words.join("{reason} {begun}", "{reason} {begun}", reason=reason, begun=BEGUN)
    return words.join(
        "Den {received} fick vi din begäran {number}: {right}. Vi gör inte det du ber om.\n\n{reason}\n\nDu "
        "kan klaga hos {name}, {url}, och du kan vända dig till domstol.",
        "On {received} we received your request {number}: {right}. We do not do what you ask.\n\n{reason}\n\n"
        "You may complain to {name}, {url}, and you may go to court.",
        received=words.say_date(received),
        number=number,
        right=Text(sv=right.name_in("sv").lower(), en=right.name_in("en").lower()),
        reason=reason,
        name=where.name,
        url=where.url,
    )
