"""What a person does by themselves in the portal: asks, and wishes for a code.

Hard rules:
- The same is done for known and unknown, in the time of the page: nothing is looked up in any system, and
  no earlier wish is looked for. That the same was asked before comes out when somebody has shown who they
  are, and not sooner.
- The answer goes to the address that was typed, and says nothing of whether we know it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lofte.datamap.identity import Identity
from lofte.execution.book import recorded
from lofte.execution.house import House
from lofte.execution.store import writing
from lofte.law.calendar import civil_date
from lofte.law.rights import Right
from lofte.law.wording import Wording
from lofte.mail.letters import letter
from lofte.mail.post import post, recipient_digest
from lofte.plan.scope import Item, items, said
from lofte.plan.words import say_date
from lofte.requests import sealing
from lofte.requests.course.receive import open_case, received
from lofte.requests.course.take import insist_askable, judged, say
from lofte.requests.door.identify import NEEDED, Level
from lofte.requests.door.knock import What, knocked
from lofte.requests.door.protected import protected
from lofte.requests.models import Agent, Case, Request

MOST_LETTERS = 3
"""Acknowledgements a day to one address."""
_AGENT = "agent"
_LINE = Wording(
    sv="  {number}  {name} (artikel {article} i dataskyddsförordningen)\n    Du får svar senast den {due}.",
    en="  {number}  {name} (Article {article} of the GDPR)\n    You will have an answer by {due}.",
)
_PART = Wording(sv="\n    Bara en del: {what}.", en="\n    A part only: {what}.")
_PROOF = Wording(
    sv="Vad som händer nu: innan vi lämnar ut eller ändrar något behöver vi veta att det är du. Har vi "
    "en adress till dig sedan tidigare kommer en kod dit inom en minut; skriv den på sidan där du frågade. "
    "Kommer ingen kod frågar vi på ett annat sätt. Skicka ingen kopia av legitimation.",
    en="What happens now: before we disclose or change anything we need to know that it is you. If we had "
    "an address of yours before, a code comes there within a minute; type it on the page where you asked. "
    "If no code comes, we ask in another way. Do not send a copy of an identity document.",
)
_NO_PROOF = Wording(
    sv="Vad som händer nu: vi ser till att det blir gjort. Du behöver inte visa vem du är.",
    en="What happens now: we see to it. You do not have to show who you are.",
)

_FOR_ANOTHER = Wording(sv="Frågar åt någon annan:", en="Asks for somebody else:")


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """What somebody asks, as they wrote it."""

    rights: tuple[Right | Item, ...]
    identities: tuple[Identity, ...]
    address: str
    """Where the acknowledgement goes; canonical."""
    language: str
    words: str = ""
    agent: str = ""
    """Who asks on the person's behalf, and why they may."""
    protected: bool = False
    """The person has a protected identity, they say."""


def ask(house: House, wish: Wish, *, network: str, claim: str) -> Case:
    """Write down what is asked, with a request for each right, and acknowledge it; to somebody with a
    protected identity goes neither letter nor code. Raises NotIdentified
    when what was shown can find nobody, Refused, TooOften."""
    every = judged(house, wish.rights)
    rights = [item.right for item in every]
    insist_askable(house, rights, wish.identities)
    address = _knocks_with(house, wish)
    with recorded(house):
        knocked(house, What.ASK, network=network, claim=claim, address=address)
        case = open_case(channel="portal", language=wish.language, by="", at=house.now)
        requests = [_received(house, wish, item, case) for item in every]
        if wish.agent:
            _for_another(house, case, requests, wish)
        if wish.protected:
            protected(house, case)
            return case
        _acknowledge(house, wish, requests)
        if needs_proof(rights):
            knocked(
                house, What.CODE, network=network, claim=claim, address=address, number=requests[0].number
            )
    return case


def _knocks_with(house: House, wish: Wish) -> str:
    """The digest that these knocks are counted by: of the address, else of what else was shown."""
    if wish.address:
        return recipient_digest(house, wish.address)
    return sealing.lookup(house.keys.lookup, wish.identities[0])


def wish_for_code(house: House, *, number: str, address: str, network: str, claim: str) -> None:
    """Wish for a code to the contacts that we had, of the case that number and address fit. The worker
    sees whether they fit anything. Raises TooOften."""
    with writing():
        knocked(
            house,
            What.CODE,
            network=network,
            claim=claim,
            address=recipient_digest(house, address),
            number=number,
        )


def needs_proof(rights: Sequence[Right | Item]) -> bool:
    """Whether any of these is granted only to whom we know."""
    return any(NEEDED[item.right] > Level.NOTHING for item in items(rights))


def agent_of(house: House, case: Case) -> str:
    """Who asks on the person's behalf; empty when they ask for themselves."""
    agent = Agent.objects.filter(case=case).select_related("request").first()
    if agent is None:
        return ""
    key = sealing.unwrap(house.keys.wrapping, agent.request.key, agent.request.ref)
    return sealing.unseal_text(key, agent.words, _AGENT, agent.request.ref)


def _received(house: House, wish: Wish, item: Item, case: Case) -> Request:
    request = received(
        house,
        right=item.right,
        scope=item.scope,
        identities=wish.identities,
        channel="portal",
        language=wish.language,
        by="",
        at=house.now,
        case=case,
    )
    say(house, request, wish.words, channel="portal")
    return request


def _for_another(house: House, case: Case, requests: Sequence[Request], wish: Wish) -> None:
    """Who asks for whom is told to whoever reads any of it: nothing of it is done unread."""
    first = requests[0]
    key = sealing.unwrap(house.keys.wrapping, first.key, first.ref)
    Agent.objects.create(
        case=case,
        request=first,
        words=sealing.seal_text(key, wish.agent, _AGENT, first.ref),
        at=house.now,
    )
    for request in requests:
        words = f"{_FOR_ANOTHER.say(wish.language)}\n{wish.agent}"
        say(house, request, words, channel="portal")


def _acknowledge(house: House, wish: Wish, requests: Sequence[Request]) -> None:
    proof = _PROOF if needs_proof(wish.rights) else _NO_PROOF
    said = letter(
        house,
        "received",
        wish.language,
        number=requests[0].number,
        day=say_date(civil_date(house.now)).say(wish.language),
        requests="\n".join(_line(house, each, wish.language) for each in requests),
        next=proof.say(wish.language),
    )
    post(house, said, wish.address, about=requests[0], most_a_day=MOST_LETTERS)


def _line(house: House, request: Request, language: str) -> str:
    right = Right(request.right)
    return _LINE.say(language).format(
        number=request.number,
        name=right.name_in(language),
        article=right.article,
        due=say_date(request.due_on).say(language),
    ) + _far(house, request, language)


def _far(house: House, request: Request, language: str) -> str:
    """How far it is asked, where that is not everything."""
    if not request.scope:
        return ""
    return _PART.say(language).format(what=said(house.policy, request.scope).say(language))
