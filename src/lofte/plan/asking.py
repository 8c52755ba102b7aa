"""The letter that asks a person for what we wait for: who they are (art. 12.6), or what they mean (recital
63).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from lofte.law.clock import Waits
from lofte.law.rights import Right
from lofte.plan import words
from lofte.plan.standing import complaint
from lofte.policy.document import Policy, Text

VERSION = 1
ASKED: Mapping[Waits, Text] = {
    Waits.IDENTITY: Text(
        sv="Innan vi gör det du ber om behöver vi veta att det är du (artikel 12.6). Vi ber dig om det här:",
        en="Before we do what you ask we need to know that it is you (Article 12(6)). We ask you for this:",
    ),
    Waits.SCOPE: Text(
        sv="Vi behandlar många uppgifter om dig, och vill gärna veta vad du är ute efter (skäl 63). Vi "
        "ber dig svara på det här:",
        en="We process much data about you, and would like to know what you are after (recital 63). We "
        "ask you to answer this:",
    ),
}


def letter(policy: Policy, *, number: str, right: Right, received: date, waits: Waits, why: str) -> Text:
    """What is asked, that the time stands still meanwhile, and where to complain. `why` are the handler's
    words, in the person's language."""
    where = complaint(policy)
    return words.join(
        "Den {received} fick vi din begäran {number}: {right}. {asked}\n\n{why}\n\nTiden för vårt svar står "
        "still tills du har svarat. Skicka aldrig en kopia av en id-handling om vi inte har bett om den. "
        "Du kan klaga hos {name}, {url}.",
        "On {received} we received your request {number}: {right}. {asked}\n\n{why}\n\nThe time for our "
        "answer stands still until you have answered. Never send a copy of an identity document unless we "
        "have asked for it. You may complain to {name}, {url}.",
        received=words.say_date(received),
        number=number,
        right=Text(sv=right.name_in("sv").lower(), en=right.name_in("en").lower()),
        asked=ASKED[waits],
        why=why,
        name=where.name,
        url=where.url,
    )
