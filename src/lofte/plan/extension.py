"""The letter that tells a person that the answer takes longer (art. 12.3)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from lofte.law.clock import Because
from lofte.law.rights import Right
from lofte.plan import words
from lofte.plan.standing import complaint
from lofte.policy.document import Policy, Text

VERSION = 1
BECAUSE: Mapping[Because, Text] = {
    Because.COMPLEX: Text(sv="den är komplicerad", en="it is complex"),
    Because.MANY: Text(sv="vi har fått många begäranden", en="we have received many requests"),
}


def letter(
    policy: Policy, *, number: str, right: Right, received: date, due: date, because: Because, why: str
) -> Text:
    """That it takes longer, why, until when, and where to complain. `why` are the handler's words, in
    the person's language."""
    where = complaint(policy)
    return words.join(
        "Den {received} fick vi din begäran {number}: {right}. Vi behöver mer tid för att "
        "svara, eftersom {because}: {why}\n\nDu får vårt svar senast den {due} (artikel 12.3). Du kan klaga "
        "hos {name}, {url}, och du kan vända dig till domstol.",
        "On {received} we received your request {number}: {right}. We need more time to answer, because "
        "{because}: {why}\n\nYou will have our answer by {due} (Article 12(3)). You may complain to {name}, "
        "{url}, and you may go to court.",
        received=words.say_date(received),
        number=number,
        right=Text(sv=right.name_in("sv").lower(), en=right.name_in("en").lower()),
        because=BECAUSE[because],
        why=why,
        due=words.say_date(due),
        name=where.name,
        url=where.url,
    )
