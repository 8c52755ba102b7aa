"""A company with customers in a database, a version in force, and one that is coming."""

from __future__ import annotations

import dataclasses
import json
import re
import sqlite3
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from lofte.connectors.registry import open_system
from lofte.datamap.document import DataMap, System
from lofte.execution.house import House
from lofte.mail.send import send_due
from lofte.mail.way import Way
from lofte.notices.announce import settle, turn
from lofte.notices.models import PublishedPolicy
from lofte.notices.publish import publish
from lofte.policy.document import Policy

WAY = Way(address="dataskydd@norrsken.example")
CHANGES = {
    "major": [
        "new_purpose",
        "new_category",
        "new_recipient",
        "new_country",
        "longer_retention",
        "weaker_right",
    ],
    "notify": ["email", "website", "portal"],
    "lead_time": "P30D",
}
LONGER = {"contract": {"keep_until": "contract.end + P24M", "action": "delete"}}
SYSTEM = {
    "system": 1,
    "id": "shop",
    "name": {"sv": "Butiken", "en": "The shop"},
    "url": "sqlite:///shop.sqlite",
    "datasets": {
        "customers": {
            "name": {"sv": "Kunder", "en": "Customers"},
            "key": "id",
            "subjects": "customers",
            "subject": [{"by": "own"}],
            "fields": {
                "id": {"technical": True},
                "email": {"category": "contact", "identity": "email"},
                "hidden": {"technical": True, "protected": True},
            },
        },
        "orders": {
            "name": {"sv": "Beställningar", "en": "Orders"},
            "key": "id",
            "subjects": "customers",
            "subject": [{"by": "identity", "column": "buyer", "kind": "email"}],
            "fields": {"id": {"technical": True}, "buyer": {"category": "contact", "identity": "email"}},
        },
        "visitors": {
            "name": {"sv": "Kundens besökare", "en": "Visitors of a customer"},
            "key": "id",
            "role": "processor",
            "subject": [{"by": "identity", "column": "email", "kind": "email"}],
            "fields": {"id": {"technical": True}, "email": {"category": "contact", "identity": "email"}},
        },
    },
}


def shop(folder: Path, customers: Sequence[tuple[str, int]], orders: Sequence[str] = ()) -> None:
    """The database: customers with whether their identity is protected, and addresses of buyers."""
    with sqlite3.connect(folder / "shop.sqlite") as db:
        db.execute("create table customers (id integer primary key, email text, hidden integer)")
        db.execute("create table orders (id integer primary key, buyer text)")
        db.execute("create table visitors (id integer primary key, email text)")
        db.executemany("insert into customers (email, hidden) values (?, ?)", customers)
        db.executemany("insert into orders (buyer) values (?)", [(each,) for each in orders])
        db.execute("insert into visitors (email) values ('visitor@elsewhere.example')")
    db.close()


def with_(house: House, **changes: Any) -> House:
    """The house with another policy; `meta` is laid over its own."""
    plain = house.policy.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    meta = {**plain["meta"], **changes.pop("meta", {})}
    return dataclasses.replace(house, policy=Policy.model_validate({**plain, "meta": meta, **changes}))


def written(house: House) -> str:
    """Its policy as a file: JSON is YAML, too."""
    return json.dumps(house.policy.model_dump(mode="json", by_alias=True, exclude_defaults=True))


def company(house: House, folder: Path) -> House:
    """With a rule for changes and the shop as its system; its first version is published."""
    shopkeeping = DataMap(systems=(System.model_validate(SYSTEM),))
    house = dataclasses.replace(with_(house, changes=CHANGES), datamap=shopkeeping)
    publish(house, written(house))
    return house


def coming(house: House, *, days: int = 31, **changes: Any) -> tuple[House, PublishedPolicy]:
    """A version that keeps data longer, published today; it takes force so many days from now."""
    day = house.today + timedelta(days=days)
    meta = {"version": day.isoformat(), "effective_from": day.isoformat()}
    if "title" in changes:
        meta["title"] = changes.pop("title")
        changes["dpo"] = {}
    new = with_(house, meta=meta, **(changes or {"retention": LONGER}))
    return new, publish(house, written(new), policy=new.policy)


def told(house: House, folder: Path) -> None:
    """Everybody is written to, and the letters leave."""
    turn(house, lambda system: open_system(system, folder))
    while send_due(house, WAY):
        pass
    settle(house)


def letters(house: House) -> list[str]:
    """The letters that have left, as text."""
    import email
    import email.policy

    found = sorted((house.folder / "outbox").glob("*"))
    several = [one for each in found for one in re.split(rb"\n-{79}\n", each.read_bytes()) if one.strip()]
    read = [email.message_from_bytes(each, policy=email.policy.default) for each in several]
    return [f"To: {each['To']}\nSubject: {each['Subject']}\n\n{each.get_content()}" for each in read]
