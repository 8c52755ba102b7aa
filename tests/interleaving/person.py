"""A shop and a help desk that both know Anna, and her rights as somebody carries them out."""

from __future__ import annotations

import copy
import json
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from lofte.connectors.sql.connector import SqlConnector, open_sql
from lofte.consent.enforce import enforce
from lofte.consent.models import Notice, Objection, Restriction, Withdrawal
from lofte.consent.object import object_to
from lofte.consent.restrict import restrict, tell
from lofte.consent.withdraw import withdraw
from lofte.datamap.document import DataMap, Kind, System
from lofte.datamap.identity import Identity
from lofte.execution.house import House
from lofte.execution.models import PersonLock
from lofte.law.rights import Right
from lofte.plan.rectify import Correction
from lofte.plan.restriction import Ground
from lofte.policy.document import Policy
from lofte.requests.answer import review
from lofte.requests.answer.fulfil import fulfil_access
from lofte.requests.answer.grant import grant
from lofte.requests.answer.portable import fulfil_portability
from lofte.requests.answer.rectify import rectify
from lofte.requests.course.receive import identities_of, receive
from lofte.requests.door.identify import Level, identify
from lofte.requests.erasure.erase import erase
from lofte.requests.models import Request
from tests.conftest import POLICY

EMAIL = Identity(kind=Kind.EMAIL, value="anna@kund.example")
NUMBER = Identity(kind=Kind.CUSTOMER_NO, value="K20451")
BERTIL = "b" * 32
SYSTEMS = ("desk", "shop")
"""In the order in which they are worked with."""
_TEXT = {"sv": "T", "en": "T"}
_TECHNICAL = {"technical": True}
_ROWS = [
    {"id": 1, "customer_no": "K20451", "email": "anna@kund.example", "name": "Ana", "state": "on"},
    {"id": 2, "customer_no": "K20452", "email": "eva@kund.example", "name": "Ana", "state": "on"},
]


def policy() -> Policy:
    plain = copy.deepcopy(POLICY)
    plain["categories"]["contact"]["items"] = [{"id": "email"}, {"id": "name"}, {"id": "number"}]
    contact = {"categories": ["contact"], "retention": ["contract"], "subjects": ["customers"]}
    plain["purposes"] |= {
        "newsletter": {**contact, "legal_basis": "MFL-19-2", "marketing": {"similar_own_services": True}},
        "photos": {**contact, "legal_basis": "6.1.a"},
    }
    plain["communication"] = {"marketing": ["email"]}
    plain["automated_decisions"] = {
        "credit": {
            "exists": True, "art22": True, "basis": "contract",
            "logic": _TEXT, "effects": _TEXT, "name": _TEXT,
        },
    }  # fmt: skip
    plain["rights"] |= {
        "portability": {"formats": ["json"]},
        "restriction": {
            "effect": "stops_service", "tell_before": ["stop", "release"],
            "release": ["corrected", "established"],
        },
        "human_review": {"channels": ["email"], "for": ["credit"]},
    }  # fmt: skip
    return Policy.model_validate(plain)


def system(id_: str) -> System:
    return System.model_validate(
        {
            "system": 1,
            "id": id_,
            "name": _TEXT,
            "url": "x",
            "datasets": {
                "persons": {
                    "name": _TEXT,
                    "key": "id",
                    "subjects": "customers",
                    "purposes": ["deliver"],
                    "subject": [{"by": "own"}],
                    "restrict": {"column": "state", "value": "stopped"},
                    "fields": {
                        "id": _TECHNICAL,
                        "customer_no": {"category": "contact", "item": "number", "identity": "customer_no"},
                        "email": {"category": "contact", "item": "email", "identity": "email"},
                        "name": {"category": "contact", "item": "name"},
                        "state": _TECHNICAL,
                    },
                }
            },
        }
    )


def datamap() -> DataMap:
    return DataMap(systems=tuple(system(id_) for id_ in SYSTEMS))


def fill(url: str) -> None:
    engine = sa.create_engine(url)
    metadata = sa.MetaData()
    columns = (sa.Column(name, sa.String(80)) for name in ("customer_no", "email", "name", "state"))
    table = sa.Table("persons", metadata, sa.Column("id", sa.Integer, primary_key=True), *columns)
    metadata.create_all(engine)
    with engine.begin() as db:
        db.execute(sa.insert(table), _ROWS)
    engine.dispose()


def persons(url: str) -> dict[int, tuple[str, str]]:
    """By number: the name, and what the status column says."""
    engine = sa.create_engine(url)
    with engine.connect() as db:
        found = {
            row[0]: (row[1], row[2]) for row in db.execute(sa.text("select id, name, state from persons"))
        }
    engine.dispose()
    return found


class KilledError(BaseException):
    """The process is gone."""


@dataclass(kw_only=True)
class Watched:
    """Lets something happen when a piece of work has come to a certain point."""

    urls: dict[str, str]
    before_first: Callable[[], None] | None = None
    between: Callable[[], None] | None = None
    """Before the second system is acted on, or read."""
    after_first: Callable[[], None] | None = None
    """When what was done with the first is lasting, and nobody has been told."""
    acts: bool = True
    """What counts is acting; else it is reading."""
    _done: list[str] = field(default_factory=list)

    def connect(self, system: System) -> Any:
        self._once("before_first")
        return _Hooked(self, system.id, open_sql(system, self.urls[system.id]))

    def begin(self, id_: str) -> None:
        if self._done and id_ not in self._done:
            self._once("between")

    def end(self, id_: str) -> None:
        first = not self._done
        self._done.append(id_)
        if first:
            self._once("after_first")

    def _once(self, name: str) -> None:
        happen = getattr(self, name)
        if happen is not None:
            setattr(self, name, None)
            happen()


class _Hooked:
    """A connector that says when it is at work."""

    def __init__(self, watched: Watched, id_: str, real: SqlConnector) -> None:
        self._watched, self._id, self._real = watched, id_, real
        self.close, self.left, self.catalogue = real.close, real.left, real.catalogue

    def session(self) -> Any:
        return self._at_work(self._real.session, counts=not self._watched.acts)

    def acting(self) -> Any:
        return self._at_work(self._real.acting, counts=self._watched.acts)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    @contextmanager
    def _at_work(self, open_: Callable[[], Any], *, counts: bool) -> Iterator[Any]:
        if counts:
            self._watched.begin(self._id)
        with open_() as session:
            yield session
        if counts:
            self._watched.end(self._id)


ACTS = {Right.ERASURE, Right.RECTIFICATION, Right.RESTRICTION}
"""These change rows; the others only read, or touch no system."""
SAYS_NO = {Right.OBJECTION, Right.WITHDRAWAL, Right.RESTRICTION}
"""These hold as soon as they are recorded, whoever is at work."""


def asks(house: House, right: Right, shown: Identity) -> Request:
    request = receive(house, right=right, identities=[shown], channel="email", by=BERTIL)
    return identify(house, request, method="BankID", level=Level.PROVEN, by=BERTIL)


def carry_out(house: House, request: Request, connect: Callable[[System], Any], out: Path) -> Any:
    """What a handler does for a request, from where it stands. Again, it goes on."""
    shown = identities_of(house, request)
    match Right(request.right):
        case Right.ACCESS:
            return _given(fulfil_access(house, request, connect, out, by=BERTIL).path)
        case Right.PORTABILITY:
            return _given(fulfil_portability(house, request, connect, out, by=BERTIL).path)
        case Right.ERASURE:
            return erase(house, [request], connect, by=BERTIL, grounds=["17.1.d"])
        case Right.RECTIFICATION:
            right = Correction(category="contact", item="name", was="Ana", now="Anna")
            return rectify(house, request, right, connect, by=BERTIL)
        case Right.RESTRICTION:
            return _restrict(house, request, connect)
        case Right.OBJECTION:
            object_to(house, shown, connect=connect, by=BERTIL, request=request.ref)
            return grant(house, request, by=BERTIL)
        case Right.WITHDRAWAL:
            withdraw(house, shown, connect=connect, by=BERTIL, request=request.ref)
            return grant(house, request, by=BERTIL)
        case Right.HUMAN_REVIEW:
            return review.ask(house, request, "credit", by=BERTIL)


def _restrict(house: House, request: Request, connect: Callable[[System], Any]) -> None:
    shown = identities_of(house, request)
    held = restrict(house, shown, Ground.ACCURACY, connect=connect, by=BERTIL, request=request.ref)
    for notice in Notice.objects.filter(about=held.ref, told=None):
        tell(house, notice, channel="email", by=BERTIL)
    enforce(house, held, shown, connect)


def _given(package: Path) -> list[str]:
    """The names that stand in the package, one for each system."""
    with zipfile.ZipFile(package) as opened:
        name = next(name for name in opened.namelist() if name in ("data.json", "portable.json"))
        text = json.dumps(json.loads(opened.read(name)))
    return [name for name in ("Ana", "Anna") for _ in range(text.count(f'"{name}"'))]


def recorded(request: Request) -> bool:
    """Whether a no is on record."""
    kinds = {Right.OBJECTION: Objection, Right.WITHDRAWAL: Withdrawal, Right.RESTRICTION: Restriction}
    return kinds[Right(request.right)].objects.filter(request=request.ref).exists()


@contextmanager
def killed(connect: Watched) -> Iterator[None]:
    """What happens inside is cut off where `connect` says. A process that is killed gives nothing back:
    the locks that unwinding took away are there again."""
    left: list[PersonLock] = []

    def cut() -> None:
        left.extend(PersonLock.objects.all())
        raise KilledError

    connect.after_first = cut
    try:
        yield
    except KilledError:
        PersonLock.objects.bulk_create(left, ignore_conflicts=True)
