"""Reference pages made from the code: `python -m scripts.reference` writes them to docs/reference."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterable, Iterator
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from lofte.datamap.document import Give, System, When
from lofte.datamap.document import Kind as IdentityKind
from lofte.datamap.identity import STRENGTH
from lofte.law.statutes import STATUTES
from lofte.ledger.forms import Form
from lofte.ledger.kinds import Kind
from lofte.ledger.payloads import ALLOWED
from lofte.policy.document import Policy
from lofte.policy.retention_words import ANCHORS, say
from scripts import meanings
from scripts.law_page import law_page

FOLDER = Path(__file__).parents[1] / "docs" / "reference"
MADE = "This page is made from the code by `python -m scripts.reference`; a test compares them."


def pages() -> dict[str, str]:
    """Every page, by file name."""
    return {
        "policy.md": policy_page(),
        "datamap.md": datamap_page(),
        "law.md": law_page(),
        "ledger.md": ledger_page(),
    }


def policy_page() -> str:
    """The policy document, section by section, the retention language, and the statutes."""
    known = "\n".join(_statute(law) for law in STATUTES.values())
    anchors = "\n".join(_anchor(name) for name in ANCHORS)
    sections = "".join(_sections(Policy, meanings.POLICY))
    return f"{_POLICY}\n{sections}{_RETENTION}\n{anchors}\n{_STATUTES}\n{known}\n"


def datamap_page() -> str:
    """A file of the data map, section by section."""
    kinds = "\n".join(f"| `{kind}` | {STRENGTH[kind]} |" for kind in IdentityKind)
    giving = "\n".join(f"| `{give}` | {meanings.GIVE[give]} |" for give in Give)
    sections = "".join(_sections(System, meanings.DATAMAP))
    return f"{_DATAMAP}\n{sections}{_CONDITIONS}\n{giving}\n\n{_IDENTITIES}\n{kinds}\n"


def ledger_page() -> str:
    """What may be noted, and in which form."""
    kinds = "\n".join(f"| `{kind}` | {_keys(kind)} |" for kind in Kind)
    forms = "\n".join(f"| {form.name.lower()} | `{_cell(form.value)}` |" for form in Form)
    return f"{_LEDGER}\n{kinds}\n\n{_FORMS}\n{forms}\n"


def fields(root: type[BaseModel]) -> Iterator[tuple[type[BaseModel], str, FieldInfo]]:
    """Every field of every model below `root`, by the name it has in the YAML."""
    for model in _models(root):
        for name, field in model.model_fields.items():
            yield model, field.alias or name, field


def meaning(model: type[BaseModel], name: str, field: FieldInfo, known: dict[str, str]) -> str:
    """What the field means: as the model says, else as `meanings` does."""
    said = field.description or known.get(f"{model.__name__}.{name}", "")
    return _cell(" ".join(said.split()))


# -- sections -------------------------------------------------------------------------------------


def _sections(root: type[BaseModel], known: dict[str, str]) -> Iterator[str]:
    for model in _models(root):
        says = " ".join((model.__doc__ or "").split())
        head = f"\n## {model.__name__}\n\n{says}\n\n| field | type | default | meaning |\n|---|---|---|---|\n"
        rows = (
            f"| `{name}` | {_annotated(field.annotation, field.metadata)} | {_default(field)} "
            f"| {meaning(model, name, field, known)} |\n"
            for owner, name, field in fields(root)
            if owner is model
        )
        yield head + "".join(rows)


def _models(root: type[BaseModel]) -> list[type[BaseModel]]:
    """The models, each before those it is the first to use."""
    found: list[type[BaseModel]] = []

    def visit(model: type[BaseModel]) -> None:
        if model in found:
            return
        found.append(model)
        for field in model.model_fields.values():
            for below in _parts(field.annotation):
                visit(below)

    visit(root)
    return found


def _parts(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in typing.get_args(annotation):
        yield from _parts(argument)


# -- cells ----------------------------------------------------------------------------------------

_PLAIN = {str: "text", int: "number", float: "number", bool: "yes or no", date: "date"}


def _type(annotation: Any) -> str:
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        return _annotated(arguments[0], arguments[1:])
    if origin is typing.Literal:
        return ", ".join(f"`{_cell(str(value))}`" for value in arguments)
    if origin in (typing.Union, types.UnionType):
        named = [_type(a) for a in arguments if a is not types.NoneType]
        return " or ".join(dict.fromkeys(named))
    if origin is tuple:
        return f"list of: {_type(arguments[0])}"
    if annotation == When:
        return "[conditions](#conditions)"
    if origin is dict:
        return f"by name: {_type(arguments[1])}"
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return f"[{annotation.__name__}](#{annotation.__name__.lower()})"
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return ", ".join(f"`{member.value}`" for member in annotation)
    return _PLAIN.get(annotation, "anything")


def _annotated(inner: Any, marks: Iterable[Any]) -> str:
    for mark in marks:
        if getattr(mark, "pattern", None) == r"^[a-z][a-z0-9_-]*$":
            return "id"
    return _type(inner)


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    value = field.get_default(call_default_factory=True)
    if value is None or value in ((), {}) or isinstance(value, BaseModel):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(f"`{one}`" for one in value)
    return f"`{value}`"


def _keys(kind: Kind) -> str:
    return ", ".join(f"`{key}` ({form.name.lower()})" for key, form in ALLOWED[kind].items())


def _anchor(name: str) -> str:
    rule = f"{name} + P1Y"
    return f"| `{name}` | {say(rule, 'en')} | {say(rule, 'sv')} |"


def _statute(law: Any) -> str:
    keeps = f"`{law.keep}`" if law.keep else ""
    return f"| `{law.id}` | {_cell(law.name.en)} | {keeps} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


_POLICY = f"""# The policy document

`policy.yaml` is one YAML 1.2 document in UTF-8, at most 1 MiB, 32 levels deep, with at most 50,000 keys and
values, without aliases, anchors and tags. An unknown key is a fault that names the nearest known one. `lofte
schema policy` prints the same as a JSON Schema for editors. What the checks demand of the content is in
[faults-policy.md](faults-policy.md); how to write one is in
[write-a-policy.md](../how-to/write-a-policy.md).

An *id* is small letters, digits, `_` and `-`, and begins with a letter. *By name* is a mapping from ids, or
from names of your own choice. An empty default means that there is none. *text* is a string; [Text](#text) is
`{{sv: …, en: …}}`.

{MADE}"""

_RETENTION = """
## The retention language

    expression = anchor [ "+" period ]
    anchor     = entity.event | "year_end(" entity.event ")"

A period is written in ISO 8601 with years, months, weeks and days: `P7Y`, `P3M`, `P1Y6M`, `P90D`. The
last day counts: what is kept until a day may go the day after. While the anchor of a row is not known, its
end is not known. `year_end` is 31 December of the anchor's year. The data map says under `anchors` which
column holds the day. Any name will do as an anchor; these are told in words of their own, the others by
their name.

| anchor | `+ P1Y` in English | in Swedish |
|---|---|---|"""

_STATUTES = """
## Statutes

Ids that `law` may name; with another one the check says P113.

| id | statute | keeps at least |
|---|---|---|"""

_DATAMAP = f"""# The data map

One YAML file per system below `systems/`, under the same limits as the [policy](policy.md). `lofte schema
system` prints the JSON Schema. What the checks demand is in [faults-map.md](faults-map.md); how to choose a
subject path is in [map-a-database.md](../how-to/map-a-database.md).

Names of tables and columns are written exactly as the database spells them: capitals, blanks and å ä ö
included. A list of names may be written as one name when it has one.

What the map says of erasure (`erase`, `replace_with`, `coarse`, `shared`, `beside`, `triggers`) is read and
checked; no erasure is carried out yet.

{MADE}"""

_CONDITIONS = """
## Conditions

`where` and `when` map columns of the row itself to what must stand in them. All must hold.

| value | holds when |
|---|---|
| a text, number, yes or no | the column equals it, byte for byte |
| a list | the column equals one of them |
| `null` | the column is null |
| `not null` | the column is not null |

## Giving

| `give` | in the answer |
|---|---|"""

_IDENTITIES = """A row of a thread (`author`) that another person wrote keeps its place in the answer; its
free text, its identities and its writer's name are dots.

## Identities

What each strength does is told in [how a person is found](../explanation/how-a-person-is-found.md).

| kind | strength |
|---|---|"""

_LEDGER = f"""# The ledger

What may be noted. An entry is a number in sequence, a moment, a kind, the random id of what it is about, the
version of the policy, and a commitment: HMAC-SHA256 over the payload, with a key of that record's own. Each
entry is chained to the one before with a keyed MAC. Payloads hold only the keys below, each in its form;
anything else is refused, so no name, address, personal number or sentence can get in.

{MADE}

| kind | payload |
|---|---|"""

_FORMS = """## Forms

A value matches its pattern as a whole; a count is a whole number from 0.

| form | pattern |
|---|---|"""


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for file, text in pages().items():
        (FOLDER / file).write_text(text, encoding="utf-8")
