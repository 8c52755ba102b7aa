"""What the acknowledgement says, in Swedish and English (art. 12.1-12.3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lofte.execution.house import House
from lofte.law.calendar import civil_date
from lofte.law.rights import Right
from lofte.law.wording import Wording
from lofte.plan.words import say_date
from lofte.requests.course.receive import HARMLESS
from lofte.requests.models import Request

_SUBJECT = Wording(sv="Vi har tagit emot din begäran {number}", en="We have received your request {number}")
_TOP = Wording(
    sv="Hej!\n\nVi fick ditt mejl den {day} och har tagit emot det som en begäran:",
    en="Hello,\n\nWe received your e-mail on {day} and have taken it as a request:",
)
_ONE = Wording(
    sv="  {number}  {name} (artikel {article} i dataskyddsförordningen)\n    Du får svar senast den {due}.",
    en="  {number}  {name} (Article {article} of the GDPR)\n    You will have an answer by {due}.",
)
_PROOF = Wording(
    sv="Vad som händer nu: innan vi lämnar ut eller ändrar något behöver vi veta att det är du. Vi frågar "
    "på ett sätt som vi redan har sedan tidigare. Skicka ingen kopia av legitimation, och inga uppgifter som "
    "vi inte har bett om. Om vi behöver mer tid får du veta det, och varför, före den dagen.",
    en="What happens now: before we disclose or change anything we need to know that it is you. We will ask "
    "in a way that we already have. Do not send a copy of an identity document, or anything that we have not "
    "asked for. If we need more time, you will be told so, and why, before that day.",
)
_NO_PROOF = Wording(
    sv="Vad som händer nu: vi ser till att det blir gjort. Du behöver inte visa vem du är.",
    en="What happens now: we see to it. You do not have to show who you are.",
)
_END = Wording(
    sv="Vill du lägga till något, eller ta tillbaka din begäran? Svara på det här mejlet. En "
    "handläggare läser varje svar; till dess fortsätter din begäran. Det är gratis."
    "\n\nDu får det här mejlet vare sig vi har uppgifter om dig eller inte. Har du inte skrivit till oss kan "
    "du bortse från det.\n\nÄr du inte nöjd kan du klaga hos {authority}: {url}",
    en="Would you like to add something, or take your request back? Answer this e-mail. A handler "
    "reads every answer; until then your request goes on. It costs nothing."
    "\n\nYou get this e-mail whether or not we hold data about you. If you have not written to us, you may "
    "disregard it.\n\nIf you are not content, you may complain to {authority}: {url}",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """A letter's words."""

    subject: str
    body: str


def letter(house: House, requests: Sequence[Request], received_at: datetime) -> Said:
    """The acknowledgement of these requests, in the language of the first."""
    language, policy = requests[0].language, house.policy
    listed = "\n".join(
        _ONE.say(language).format(
            number=each.number,
            name=Right(each.right).name_in(language),
            article=Right(each.right).article,
            due=say_date(each.due_on).say(language),
        )
        for each in requests
    )
    proof = _NO_PROOF if all(Right(each.right) in HARMLESS for each in requests) else _PROOF
    end = _END.say(language).format(
        authority=policy.authority.name.say(language),
        url=policy.authority.url,
    )
    top = _TOP.say(language).format(day=say_date(civil_date(received_at)).say(language))
    who = policy.controller.legal_name or policy.controller.trade_name or ""
    return Said(
        subject=_SUBJECT.say(language).format(number=requests[0].number),
        body="\n\n".join([top, listed, proof.say(language), end, who]).rstrip() + "\n",
    )
