"""The data map as a document: systems, datasets, fields, and how a row belongs to a person.

One YAML file per system (`systems/*.yaml`). No table and no column without a decision.
Everything that makes a row somebody's is a *subject path*; a row belongs to a person when
any of its dataset's paths leads to that person.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StringConstraints

from lofte.policy.document import Id, LawId, Part, Text

Name = Annotated[str, Field(min_length=1, max_length=128)]
"""A name of the foreign system as it stands there: any letters, blanks, capitals."""

Names = Annotated[
    tuple[Name, ...],
    BeforeValidator(
        lambda v: [v] if isinstance(v, str) else v, json_schema_input_type=tuple[Name, ...] | Name
    ),
]


Span = Annotated[str, StringConstraints(pattern=r"^P\d{1,5}[YMWD]$")]
"""A period of one unit: `P30D`, `P13M`."""


class Kind(StrEnum):
    """A kind of identity. See `datamap.identity` for strength and canonical form."""

    EMAIL = "email"
    PERSONNUMMER = "personnummer"
    CUSTOMER_NO = "customer_no"
    USER_NAME = "user_name"
    PHONE = "phone"
    IP = "ip"


class Give(StrEnum):
    """What an access plan does with a field."""

    GIVE = "give"
    MASK = "mask"
    """Shown as dots, except the last four characters; `why` says the reason."""
    MASK_OTHERS = "mask_others"
    """A value that is another person's identity is shown as dots; in free text, each such identity."""
    WITHHOLD = "withhold"
    """Not given; `why` says the reason (a password hash, a trade secret)."""


class Erase(StrEnum):
    """What an erasure plan does with a field."""

    ERASE = "erase"
    NULL = "null"
    REPLACE = "replace"
    GENERALISE = "generalise"
    KEEP = "keep"


class Coarse(StrEnum):
    """How a value is made coarser, so that it says less and still counts."""

    YEAR = "year"
    """A date becomes 1 January of its year."""
    MONTH = "month"
    """A date becomes the first of its month."""
    START = "start"
    """A text keeps its first two characters (a postcode: the region)."""
    HUNDREDS = "hundreds"
    """A number is rounded down to whole hundreds."""
    NETWORK = "network"
    """An IP address keeps its first 24 bits (IPv6: 48)."""


Scalar = str | int | float | bool | None
When = dict[Name, Scalar | tuple[Scalar, ...]]
"""Conditions on the row's own columns; all must hold. A list means any of; null means is null.
The string `not null` means is not null."""


class ByOwn(Part):
    """The row is a person; the identity columns say who."""

    by: Literal["own"]


class ByReference(Part):
    """The row points at a row of another dataset, and is whoever's that row is.

    Columns are paired by position with `keys`, or with the key of `to`; a composite
    reference joins as a whole.
    """

    by: Literal["reference"]
    columns: Names
    to: Id
    keys: Names = ()
    when: When = Field(default_factory=dict)
    beside: Names = ()
    """Columns that tell more of the same person (the name beside the e-mail); they go when the
    row is cut loose from that person."""


class ByIdentity(Part):
    """The row carries an identity of the person (e-mail only, personnummer only)."""

    by: Literal["identity"]
    column: Name
    kind: Kind
    when: When = Field(default_factory=dict)
    beside: Names = ()
    """Columns that tell more of the same person (the name beside the e-mail); they go when the
    row is cut loose from that person."""


class ByPolymorphic(Part):
    """The row points at one of several datasets; `type` is the column that says which."""

    by: Literal["polymorphic"]
    type: Name
    is_: Annotated[str | int, Field(alias="is")]
    columns: Names
    to: Id
    keys: Names = ()
    when: When = Field(default_factory=dict)
    beside: Names = ()
    """Columns that tell more of the same person (the name beside the e-mail); they go when the
    row is cut loose from that person."""


class ByJson(Part):
    """A value inside a JSON column is an identity, or the key of a row of `to`."""

    by: Literal["json"]
    column: Name
    at: tuple[str | int, ...]
    kind: Kind | None = None
    to: Id | None = None
    when: When = Field(default_factory=dict)
    beside: Names = ()
    """Columns that tell more of the same person (the name beside the e-mail); they go when the
    row is cut loose from that person."""


class ByValue(Part):
    """A generic value column holds an identity when the row's other columns say so."""

    by: Literal["value"]
    column: Name
    when: When
    kind: Kind | None = None
    to: Id | None = None
    beside: Names = ()
    """Columns that tell more of the same person (the name beside the e-mail); they go when the
    row is cut loose from that person."""


class ByMention(Part):
    """Free text that mentions an identity of the person. A mention alone is not ownership:
    such rows wait for review (art. 15.4) unless `certain` is true."""

    by: Literal["mention"]
    columns: Names
    kinds: tuple[Kind, ...] = (Kind.EMAIL, Kind.PERSONNUMMER)
    certain: bool = False
    when: When = Field(default_factory=dict)


Path = Annotated[
    ByOwn | ByReference | ByIdentity | ByPolymorphic | ByJson | ByValue | ByMention,
    Field(discriminator="by"),
]


class Unit(StrEnum):
    """How a raw value is read by people."""

    ORE = "ore"
    YES_NO = "yes_no"
    BYTES = "bytes"


class FieldMap(Part):
    """The decision about one column.

    Either `category` (personal data of a category of the policy), or `technical: true`
    (keys, flags and amounts that say nothing by themselves but are part of the row).
    """

    category: Id | None = None
    item: Id | None = None
    technical: bool = False
    identity: Kind | None = None
    changed: Names = ()
    """The columns that say when an address or a number for telephone was last changed, and when its row
    was made; the latest of those that are not empty counts. One that is new proves nobody, and one whose
    age nobody can tell is never the second of two proofs (art. 12.6)."""
    protected: bool = False
    """The column says that the person's identity is protected, by anything but empty, zero or no: from the
    search that finds it on, nothing goes to a contact of theirs."""
    correct: bool = False
    """The person corrects it by themselves in the portal (art. 16). Nothing that somebody is known or
    reached by."""
    label: Text | None = None
    give: Give = Give.GIVE
    why: Text | None = None
    erase: Erase | None = None
    """What becomes of the field when its row stays; nothing said = emptied."""
    replace_with: str | int | float | bool | None = None
    """With `erase: replace`: the new value; `{key}` in a text stands for the row's key. In free
    text that only mentions a person: what stands in the place of the identity."""
    coarse: Coarse | None = None
    """With `erase: generalise`: how."""
    law: LawId | None = None
    source: Id | None = None
    codes: dict[str, Text] = Field(default_factory=dict)
    unit: Unit | None = None
    text: bool = False
    """Free text: people write anything here."""
    file: bool = False
    """Names a file that is kept elsewhere; a package holds its name and says how to get the file."""


class Anchor(Part):
    """Which column holds the date of a retention anchor; `fiscal_year` = end of the financial
    year that the date falls in."""

    column: Name
    fiscal_year: bool = False


def _anchor(value: Any) -> Any:
    return {"column": value} if isinstance(value, str) else value


class Author(Part):
    """Who wrote a row of a thread. What another person wrote is masked, not dropped (art. 15.4);
    `house` lists the company's own people, as whole values or `@domain`."""

    column: Name
    kind: Kind | None = None
    to: Id | None = None
    house: tuple[str | int, ...] = ()


class Trigger(Part):
    """A trigger that fires when rows are erased, and why that is right."""

    name: Name
    why: str | None = None


def _trigger(value: Any) -> Any:
    return {"name": value} if isinstance(value, str) else value


class Restrict(Part):
    """How a restriction shows in the system itself (art. 18, recital 67): either what a column of
    the row says while it holds, and the system's own programs look there before they use the row;
    or a locked copy that the rows are moved to, where these programs find nothing."""

    column: Name | None = None
    value: Scalar = None
    copy_: Annotated[Name | None, Field(alias="copy")] = None
    """A table in the same schema with the same columns, that nobody but Löfte may read or write."""


class Dataset(Part):
    """A table, or the part of it that `where` picks out."""

    table: Name | None = None
    schema_: Annotated[Name | None, Field(alias="schema")] = None
    name: Text
    text: Text | None = None
    key: Names
    where: When = Field(default_factory=dict)
    role: Literal["controller", "processor"] = "controller"
    whose: Name | None = None
    """Where the company is only processor: the column that says which customer the rows are processed for,
    and who is to answer (art. 28.3 e)."""
    subjects: Id | None = None
    purposes: tuple[Id, ...] = ()
    retention: tuple[Id, ...] = ()
    """Which rules of its purposes these rows follow; nothing said = all of them."""
    source: Id | None = None
    subject: tuple[Path, ...] = ()
    nobody: Text | None = None
    """Why no row of this dataset is anybody's, when `subject` is empty."""
    author: Author | None = None
    shared: Literal["delete", "unlink", "keep"] | None = None
    anchors: dict[str, Annotated[Anchor, BeforeValidator(_anchor, json_schema_input_type=Anchor | Name)]] = (
        Field(default_factory=dict)
    )
    triggers: tuple[
        Annotated[Trigger, BeforeValidator(_trigger, json_schema_input_type=Trigger | Name)], ...
    ] = ()
    """Triggers of the table that may fire when its rows are erased; any other stops the plan."""
    restrict: Restrict | None = None
    """How a restriction shows in the row (art. 18)."""
    recipients: tuple[Id, ...] = ()
    """Recipients that actually got rows of this dataset (art. 15.1 c)."""
    order: Name | None = None
    """The column by which a person wants to read the rows (usually a date)."""
    fields: dict[Name, FieldMap]


class IgnoredTable(Part):
    """A table that holds no personal data, and why."""

    table: Name
    schema_: Annotated[Name | None, Field(alias="schema")] = None
    why: str


class Backups(Part):
    """How long what is erased may remain beside the rows, as whoever runs the system has declared it.
    `P0D` = there is none."""

    keep: Span | None = None
    """How long a backup is kept, the longest of them."""
    log: Span | None = None
    """How long the database's log (WAL archive, binlog) is kept."""
    replicas: Span | None = None
    """How long a replica may lag behind."""


class System(Part):
    """One foreign system: a database, a mailbox, a log folder."""

    system: Literal[1]
    id: Id
    name: Text
    connector: Id = "sql"
    url: str
    """SQLAlchemy URL, or `env:NAME` to read it from the environment. Relative SQLite paths
    are relative to the workspace."""
    country: str = "SE"
    schemas: tuple[Name, ...] = ()
    """Schemas whose tables all need a decision (default: the connection's own schema)."""
    backups: Backups | None = None
    """Where else erased rows may remain, and for how long."""
    datasets: dict[Id, Dataset]
    ignored: tuple[IgnoredTable, ...] = ()


class DataMap(Part):
    """All systems of the workspace. Dataset ids are unique within a system."""

    systems: tuple[System, ...] = ()

    def system(self, id_: str) -> System:
        """The system with this id. Raises KeyError."""
        for system in self.systems:
            if system.id == id_:
                return system
        raise KeyError(id_)
