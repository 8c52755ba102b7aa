"""The reference page of the packs of the law, made from `lofte.law.packs`."""

from __future__ import annotations

from lofte.law.adequacy import DECISIONS
from lofte.law.packs import PACKS, Pack
from lofte.law.statutes import STATUTES


def law_page() -> str:
    """Every pack, its values, and the decisions and statutes that it holds."""
    rows = "\n".join(_row(pack) for pack in PACKS.values())
    values = "\n".join(
        f"| `{key}` | `{each.value}` | {each.says.en} | `{pack.id}` | {_by(each.used_by)} |"
        for pack in PACKS.values()
        for key, each in pack.values.items()
    )
    unchecked = "\n".join(
        f"- `{pack.id}`: {', '.join(f'`{rule}`' for rule in pack.unchecked)}"
        for pack in PACKS.values()
        if pack.unchecked
    )
    decisions = "\n".join(
        f"| {d.country} | {d.valid_from} | {d.valid_to or ''} | {d.scope.en if d.scope else ''} |"
        for d in DECISIONS.values()
    )
    statutes = "\n".join(
        f"| `{s.id}` | {s.name.en} | {s.demands.en} | {s.valid_from} | {s.source} | {_holder(s.id)} |"
        for s in STATUTES.values()
    )
    return _PAGE.format(rows=rows, values=values, unchecked=unchecked, decisions=decisions, statutes=statutes)


def _row(pack: Pack) -> str:
    state = "on" if pack.on else "off"
    since = pack.valid_from or "no law"
    return (
        f"| `{pack.id}` | {pack.scope.en} | {state} | {since} | {pack.checked_on} "
        f"| {pack.stale_after} days | {pack.source} |"
    )


def _by(module: str) -> str:
    return f"`{module}`" if module else "nothing in Löfte yet"


def _holder(statute: str) -> str:
    return next(f"`{pack.id}`" for pack in PACKS.values() if statute in pack.rules)


_PAGE = """# The law, as packs of rules

What Löfte reckons by is data with a source and a day: the day somebody last compared it with its source.
`lofte law` lists the packs and their age. When a pack has not been looked at for as long as its line says,
`lofte check` warns (P146); the rules are used all the same. Every proof is judged by named packs, and P013 is
kept only while all of them are fresh.

This page is made from the code by `python -m scripts.reference`; a test compares them.

| pack | what it decides | | law since | checked | look again after | source |
|---|---|---|---|---|---|---|
{rows}

## Turn a pack on

A pack that is off changes nothing. `law.yaml` in the workspace turns it on by name:

```yaml
law: 1
on: [digital-omnibus]
```

A name that is no pack is P147. What a pack changes when it is on are its values below, and nothing else;
those that nothing in Löfte reckons by yet are data for whoever reads them (`lofte law --json`). Löfte has no
register of incidents yet, so no deadline of 72 or 96 hours runs.

## Values

| value | | meaning | pack | reckoned by |
|---|---|---|---|---|
{values}

## Written down without the act beside it

These rules come from general knowledge and secondary sources. Look them up before you lean on them.

{unchecked}

## Decisions of adequacy

| country | from | to | reach |
|---|---|---|---|
{decisions}

## Statutes

| id | name | what it demands | from | act | pack |
|---|---|---|---|---|---|
{statutes}
"""
