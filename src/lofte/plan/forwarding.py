"""The letter to a customer in whose data somebody was found who asks about them (art. 28.3 e)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from lofte.datamap.document import DataMap
from lofte.datamap.identity import Identity
from lofte.law.rights import Right
from lofte.plan import words
from lofte.plan.recipients import KINDS
from lofte.plan.records import DatasetRef
from lofte.policy.document import Policy, Text

_ASKED = (
    "En person har den {received} bett oss om {right} (artikel {article} i dataskyddsförordningen). "
    "Vårt ärende har nummer {number}.",
    "On {received} a person asked us for {right} (Article {article} of the GDPR). Our case has the number "
    "{number}.",
)
_FOUND = (
    "I det som vi behandlar för er räkning ({dataset}) har vi hittat {rows} som rör personen. Vi har inte "
    "lämnat ut dem: det är ni som är personuppgiftsansvariga och svarar personen, inom en månad från att ni "
    "får veta det. Vi hjälper er att ta fram eller ändra uppgifterna när ni ber oss (artikel 28.3 e).",
    "In what we process on your behalf ({dataset}) we have found {rows} about the person. We have not "
    "disclosed them: you are the controller and answer the person, within one month of hearing of it. We "
    "help you find or change the data when you ask us to (Article 28(3)(e)).",
)
_KNOWN = (
    "Personen visade det här för oss. Använd det bara för att svara:",
    "The person showed us this. Use it only to answer:",
)
_TO = ("Till den som har {whose} hos oss", "To whoever has {whose} with us")


def letter(
    policy: Policy,
    datamap: DataMap,
    *,
    number: str,
    right: Right,
    received: date,
    at: DatasetRef,
    whose: str,
    rows: int,
    identities: Collection[Identity],
    on: date,
) -> Text:
    """What is written on a day to the customer that the map's column calls `whose`. Of the person's
    `identities` only those of a kind that the dataset holds are in it."""
    dataset = datamap.system(at.system).datasets[at.dataset]
    kinds = {field.identity for field in dataset.fields.values() if field.identity}
    telling = [identity for identity in sorted(identities) if identity.kind in kinds]
    company = policy.controller.legal_name or policy.meta.title.say("en")
    right_named = Text(sv=right.name_in("sv").lower(), en=right.name_in("en").lower())
    parts = [
        words.join("{company}, {day}", "{company}, {day}", company=company, day=words.say_date(on)),
        words.join(*_TO, whose=whose),
        words.join(
            *_ASKED,
            received=words.say_date(received),
            right=right_named,
            article=right.article,
            number=number,
        ),
        words.join(*_FOUND, dataset=dataset.name, rows=words.rows(rows)),
    ]
    if telling:
        parts.append(words.join(*_KNOWN))
        parts += [
            words.join("- {kind}: {value}", "- {kind}: {value}", kind=KINDS[i.kind], value=i.value)
            for i in telling
        ]
    return Text(**{language: "\n\n".join(p.say(language) for p in parts) for language in ("sv", "en")})
