"""Whether more is done with people's data than before: purposes, kinds of data, recipients, countries.

Data that get a purpose, a recipient or a country that *they* did not have get a new one, even where the
policy knew it for other data (art. 13.3).
"""

from __future__ import annotations

from collections.abc import Iterator

from lofte.policy.comparing.found import Found
from lofte.policy.document import Policy, Recipient


def new_purposes(before: Policy, after: Policy) -> Iterator[Found]:
    """Purposes that were not there, and those that take in more kinds of data or more people."""
    for id_, purpose in after.purposes.items():
        was = before.purposes.get(id_)
        if was is None:
            yield Found(path=("purposes", id_), sv="nytt ändamål", en="new purpose")
            continue
        if added := [c for c in purpose.categories if c not in was.categories and c in before.categories]:
            names = ", ".join(added)
            yield Found(
                path=("purposes", id_, "categories"),
                sv=f"ändamålet är nytt för {names}",
                en=f"the purpose is new for {names}",
            )
        if set(purpose.subjects) - set(was.subjects):
            yield Found(
                path=("purposes", id_, "subjects"),
                sv="ändamålet är nytt för en grupp människor",
                en="the purpose is new for a group of people",
            )


def new_categories(before: Policy, after: Policy) -> Iterator[Found]:
    """Kinds of data that were not there, and those that turned sensitive."""
    for id_, category in after.categories.items():
        was = before.categories.get(id_)
        if was is None:
            yield Found(path=("categories", id_), sv="nytt slags uppgifter", en="new kind of data")
            continue
        known = {item.id for item in was.items}
        for item in category.items:
            if item.id not in known:
                yield Found(
                    path=("categories", id_, "items", item.id), sv="ny uppgift", en="new piece of data"
                )
        if category.special and category.special != was.special:
            yield Found(path=("categories", id_, "special"), sv="känsligt slag", en="sensitive kind")


def new_recipients(before: Policy, after: Policy) -> Iterator[Found]:
    """Recipients that were not there, are somebody else now, or get data that they did not get."""
    for id_, recipient in after.recipients.items():
        was = before.recipients.get(id_)
        if was is None:
            yield Found(path=("recipients", id_), sv="ny mottagare", en="new recipient")
        else:
            yield from _another(id_, was, recipient)
    for id_, purpose in after.purposes.items():
        if id_ in before.purposes:
            added = set(purpose.recipients) - set(before.purposes[id_].recipients)
            if added & set(before.recipients):
                yield Found(
                    path=("purposes", id_, "recipients"),
                    sv="mottagaren är ny för ändamålet",
                    en="the recipient is new for the purpose",
                )


def _another(id_: str, was: Recipient, now: Recipient) -> Iterator[Found]:
    at = ("recipients", id_)
    if now.name and now.name != was.name:
        yield Found(path=(*at, "name"), sv="en annan mottagare", en="another recipient")
    if now.role != was.role:
        yield Found(
            path=(*at, "role"), sv="mottagaren har en annan roll", en="the recipient has another role"
        )
    if set(now.categories) - set(was.categories):
        yield Found(path=(*at, "categories"), sv="får fler uppgifter", en="gets more data")
    if set(now.kinds) - set(was.kinds):
        yield Found(path=(*at, "kinds"), sv="fler slags mottagare", en="more kinds of recipients")


def new_countries(before: Policy, after: Policy) -> Iterator[Found]:
    """Countries that data did not go to, and a promise to stay in the EEA that is given up."""
    known = {country for each in before.recipients.values() for country in each.country}
    for id_, recipient in after.recipients.items():
        was = before.recipients.get(id_)
        if new := sorted(set(recipient.country) - (set(was.country) if was else known)):
            yield Found(
                path=("recipients", id_, "country"),
                sv=f"nytt land: {', '.join(new)}",
                en=f"new country: {', '.join(new)}",
            )
    if before.transfers.default == "eea_only" and after.transfers.default != "eea_only":
        yield Found(
            path=("transfers", "default"), sv="stannar inte inom EES", en="does not stay within the EEA"
        )
    if set(after.transfers.exceptions) - set(before.transfers.exceptions):
        yield Found(
            path=("transfers", "exceptions"),
            sv="ett nytt undantag från att stanna inom EES",
            en="a new exception from staying within the EEA",
        )
