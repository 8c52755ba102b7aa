"""Who is told that data were rectified, erased or restricted, and in which words (art. 19).

- Who got the data is decided as the answer to a request for access decides it (`plan.sharing`).
- Who surely got them is told whom it is about, by the kinds of identity that stood in what they
  got and no others. Who may have got them is asked to come back to us: telling them whom it is
  about would be a disclosure of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from lofte.datamap.document import ByIdentity, ByJson, ByValue, DataMap, Dataset, Kind
from lofte.datamap.identity import Identity
from lofte.datamap.terms import kept_by
from lofte.law.rights import Right
from lofte.plan import words
from lofte.plan.sharing import Receiver, receivers
from lofte.policy.document import Policy, Text

ARTICLE = "19"
RIGHTS = (Right.RECTIFICATION, Right.ERASURE, Right.RESTRICTION)
"""What a recipient is told of."""
LIFTED = "restriction_lifted"
"""And that a restriction, of which it was told, has ended."""
At = tuple[str, str]
"""System and dataset."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Got:
    """A recipient, and how many touched rows it has of each dataset."""

    receiver: Receiver
    rows: Mapping[At, int]


Receivers = dict[At, tuple[Receiver, ...]]
"""Who got rows of a dataset, or may have: found out once for a policy and a map."""
_LAST: list[tuple[Policy, DataMap, Receivers]] = []
"""What has been found out for the last ones: a policy and a map in force are never changed."""


def actual(
    policy: Policy, datamap: DataMap, touched: Mapping[At, int], receivers_: Receivers | None = None
) -> tuple[Got, ...]:
    """Who is to be told when so many rows of these datasets were touched, in policy order. Whoever
    would get data only by a law or in a dispute is not among them. `receivers_` is what has been found
    out for others, and is added to."""
    return _actual(policy, datamap, touched, _known(policy, datamap) if receivers_ is None else receivers_)


def actual_each(
    policy: Policy, datamap: DataMap, touched: Sequence[Mapping[At, int]]
) -> tuple[tuple[Got, ...], ...]:
    """As `actual`, for many persons; who got rows of a dataset is found out once."""
    by_dataset = _known(policy, datamap)
    return tuple(_actual(policy, datamap, each, by_dataset) for each in touched)


def _known(policy: Policy, datamap: DataMap) -> Receivers:
    for of, by, known in _LAST:
        if of is policy and by is datamap:
            return known
    known = {}
    _LAST[:] = [(policy, datamap, known)]
    return known


def _actual(
    policy: Policy, datamap: DataMap, touched: Mapping[At, int], by_dataset: Receivers
) -> tuple[Got, ...]:
    found: dict[str, tuple[Receiver, dict[At, int]]] = {}
    for at, rows in touched.items():
        if not rows:
            continue
        if at not in by_dataset:
            by_dataset[at] = _got(policy, datamap.system(at[0]).datasets[at[1]])
        for receiver in by_dataset[at]:
            found.setdefault(receiver.id, (receiver, {}))[1][at] = rows
    return tuple(Got(receiver=found[id_][0], rows=found[id_][1]) for id_ in policy.recipients if id_ in found)


def _got(policy: Policy, dataset: Dataset) -> tuple[Receiver, ...]:
    """Who got rows of a dataset, or may have."""
    if dataset.role == "processor":
        return ()
    held = frozenset(f.category for f in dataset.fields.values() if f.category)
    return tuple(r for r in receivers(policy, [(dataset, held)], kept_by(policy, dataset)) if r.got)


def surely(datamap: DataMap, recipient: str, datasets: Iterable[At]) -> bool:
    """Whether the map itself says that the recipient gets rows of one of these datasets."""
    return any(recipient in datamap.system(s).datasets[d].recipients for s, d in datasets)


def knowable(datamap: DataMap, recipient: str, datasets: Iterable[At]) -> frozenset[Kind]:
    """The kinds of identity that stand in the rows that the recipient surely got."""
    kinds: set[Kind] = set()
    for system, id_ in datasets:
        dataset = datamap.system(system).datasets[id_]
        if recipient not in dataset.recipients:
            continue
        kinds |= {f.identity for f in dataset.fields.values() if f.identity is not None}
        for path in dataset.subject:
            if isinstance(path, ByIdentity | ByJson | ByValue) and path.kind is not None:
                kinds.add(path.kind)
    return frozenset(kinds)


def letter(
    policy: Policy,
    datamap: DataMap,
    *,
    recipient: str,
    right: str,
    number: str,
    datasets: Collection[At],
    identities: Collection[Identity],
    on: date,
) -> Text:
    """What is written to a recipient on a day, about the request with this number: of a right, or
    `LIFTED`. Of the person's `identities` only those of a kind that the recipient got are in it."""
    known = policy.recipients[recipient]
    kinds = knowable(datamap, recipient, datasets)
    telling = sorted(i for i in identities if i.kind in kinds)
    company = policy.controller.legal_name or policy.meta.title.say("en")
    contact = policy.controller.contact.email or policy.controller.contact.url or ""
    parts = [
        words.join("{company}, {day}", "{company}, {day}", company=company, day=words.say_date(on)),
        words.join("Till {to}", "To {to}", to=known.name or known.text or recipient),
        words.join(*_WHAT[right], company=company, number=number),
        _SURE if surely(datamap, recipient, datasets) else _PERHAPS,
        _lines(datamap.system(s).datasets[d].name for s, d in sorted(datasets)),
        *_whom(telling),
        _INSTRUCTED[right] if known.role == "processor" else _ASKED[right],
        words.join(*_ANSWER, number=number, contact=f" {contact}" if contact else ""),
    ]
    return Text(**{language: "\n\n".join(p.say(language) for p in parts) for language in ("sv", "en")})


def _whom(telling: Collection[Identity]) -> tuple[Text, ...]:
    if not telling:
        return (_ASK_US,)
    listed = _lines(words.join("{kind}: {value}", "{kind}: {value}", kind=KINDS[i.kind], value=i.value)
                    for i in telling)  # fmt: skip
    return (_KNOWN_BY, listed, _ONLY_FOR_THIS)


def _lines(texts: Iterable[Text]) -> Text:
    told = list(texts)
    return Text(**{lang: "\n".join(f"- {t.say(lang)}" for t in told) for lang in ("sv", "en")})


KINDS: Mapping[Kind, Text] = {
    Kind.EMAIL: Text(sv="e-postadress", en="e-mail address"),
    Kind.PERSONNUMMER: Text(sv="personnummer", en="personal identity number"),
    Kind.CUSTOMER_NO: Text(sv="kundnummer", en="customer number"),
    Kind.USER_NAME: Text(sv="användarnamn", en="user name"),
    Kind.PHONE: Text(sv="telefonnummer", en="telephone number"),
    Kind.IP: Text(sv="IP-adress", en="IP address"),
}
"""What people call each kind of identity."""

_WHAT: Mapping[str, tuple[str, str]] = {
    Right.ERASURE: (
        "{company} har på en persons begäran raderat personuppgifter (artikel 17 i dataskyddsförordningen). "
        "Vi ska underrätta den som har fått dem (artikel 19). Ärendet har nummer {number}.",
        "{company} has erased personal data at a person's request (Article 17 of the GDPR). We must tell "
        "those who got them (Article 19). The number of the case is {number}.",
    ),
    Right.RECTIFICATION: (
        "{company} har på en persons begäran rättat personuppgifter (artikel 16 i dataskyddsförordningen). "
        "Vi ska underrätta den som har fått dem (artikel 19). Ärendet har nummer {number}.",
        "{company} has rectified personal data at a person's request (Article 16 of the GDPR). We must tell "
        "those who got them (Article 19). The number of the case is {number}.",
    ),
    Right.RESTRICTION: (
        "{company} har på en persons begäran begränsat behandlingen av personuppgifter (artikel 18 i "
        "dataskyddsförordningen). Vi ska underrätta den som har fått dem (artikel 19). Ärendet har nummer "
        "{number}.",
        "{company} has restricted the processing of personal data at a person's request (Article 18 of the "
        "GDPR). We must tell those who got them (Article 19). The number of the case is {number}.",
    ),
    LIFTED: (
        "{company} har hävt begränsningen av behandlingen av personuppgifter som vi tidigare har underrättat "
        "er om (artiklarna 18 och 19 i dataskyddsförordningen). Ärendet har nummer {number}.",
        "{company} has lifted the restriction of the processing of personal data that we told you of before "
        "(Articles 18 and 19 of the GDPR). The number of the case is {number}.",
    ),
}
_SURE = Text(sv="Ni har fått uppgifter av oss ur:", en="You got data from us out of:")
_PERHAPS = Text(sv="Ni kan ha fått uppgifter av oss ur:", en="You may have got data from us out of:")
_KNOWN_BY = Text(sv="Personen känns igen på:", en="The person is known by:")
_ONLY_FOR_THIS = Text(
    sv="Använd det bara för att hitta uppgifterna, och spara det inte sedan.",
    en="Use this only to find the data, and do not keep it afterwards.",
)
_ASK_US = Text(
    sv="Hör av er, så talar vi om vem det gäller när vi vet att ni har fått uppgifterna.",
    en="Contact us, and we tell you whom it is about when we know that you have the data.",
)
_INSTRUCTED: Mapping[str, Text] = {
    Right.ERASURE: Text(
        sv="Ni behandlar uppgifterna för vår räkning. Radera dem, också kopior och länkar (artikel 28.3 a).",
        en="You process the data on our behalf. Erase them, and copies of and links to them "
        "(Article 28(3)(a)).",
    ),
    Right.RECTIFICATION: Text(
        sv="Ni behandlar uppgifterna för vår räkning. Hämta de rätta uppgifterna hos oss och byt ut dem ni "
        "har (artikel 28.3 a).",
        en="You process the data on our behalf. Get the right data from us and replace what you have "
        "(Article 28(3)(a)).",
    ),
    Right.RESTRICTION: Text(
        sv="Ni behandlar uppgifterna för vår räkning. Lagra dem bara, och använd dem inte till något annat, "
        "tills vi hör av oss (artikel 28.3 a).",
        en="You process the data on our behalf. Only store them, and use them for nothing else, until we "
        "tell you (Article 28(3)(a)).",
    ),
    LIFTED: Text(
        sv="Ni behandlar uppgifterna för vår räkning. Ni får behandla dem som före begränsningen "
        "(artikel 28.3 a).",
        en="You process the data on our behalf. You may process them as before the restriction "
        "(Article 28(3)(a)).",
    ),
}
_ASKED: Mapping[str, Text] = {
    Right.ERASURE: Text(
        sv="Radera dem hos er också, om ni inte har en egen rättslig grund att behålla dem.",
        en="Erase them too, unless you have a legal ground of your own to keep them.",
    ),
    Right.RECTIFICATION: Text(
        sv="Rätta dem hos er också. Vi lämnar de rätta uppgifterna när ni hör av er.",
        en="Rectify them too. We give you the right data when you contact us.",
    ),
    Right.RESTRICTION: Text(
        sv="Personen har begärt att uppgifterna bara lagras tills frågan om dem är avgjord. Pröva om det "
        "gäller hos er också.",
        en="The person has asked that the data are only stored until the question about them is settled. "
        "Judge whether it is so with you too.",
    ),
    LIFTED: Text(
        sv="Frågan är avgjord hos oss. Pröva om begränsningen kan upphöra hos er också.",
        en="The question is settled with us. Judge whether the restriction can end with you too.",
    ),
}
_ANSWER = (
    "Svara när det är gjort, eller varför det inte går, och ange nummer {number}.{contact}",
    "Answer when it is done, or why it cannot be, and give number {number}.{contact}",
)
