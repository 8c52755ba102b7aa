"""What an erasure would come to, on the screen: rows by dataset and step, who is near, and the letter."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from lofte.cli.words import gettext as _
from lofte.cli.words import ngettext

if TYPE_CHECKING:
    from lofte.execution.house import House
    from lofte.requests.erasure.preview import Line, Near, Preview


def show(seen: Preview, house: House, language: str) -> None:
    """All of it, system by system, and the letter last."""
    from lofte.cli.screen import out, say, sentence

    for system in house.datamap.systems:
        if system.id in seen.digests:
            _system(seen, house, system.id, language)
    _warnings(seen, language)
    for layer in seen.layers:
        out().print(f"{layer.system}: {layer.say().say(language)}", markup=False, style="dim")
    letter = seen.letter.get(language)
    if seen.silent:
        out().print(sentence(_("the letter cannot be shown before every system answers")), style="bold")
    elif not seen.rows_gone + seen.rows_changed + seen.rows_kept:
        out().print(sentence(_("nobody was found in any system")), style="bold")
    if letter:
        out().print(sentence(_("the letter that will go out:")), style="bold")
        say(letter)


def plain(seen: Preview) -> dict[str, Any]:
    """The same for a machine."""
    return {
        "systems": [
            {
                "system": system,
                "digest": digest,
                "lines": [_line(line) for line in seen.lines if line.system == system],
                "near": [_near(near) for near in seen.near if near.system == system],
            }
            for system, digest in seen.digests.items()
        ],
        "rows": {"gone": seen.rows_gone, "changed": seen.rows_changed, "kept": seen.rows_kept},
        "silent": list(seen.silent),
        "ambiguous": seen.ambiguous,
        "too_wide": [
            {
                "system": w.system,
                "dataset": w.dataset or None,
                "rows": w.rows,
                "of": w.of or None,
                "cap": w.cap,
            }
            for w in seen.too_wide
        ],
        "layers": [
            {
                "system": layer.system,
                "layer": layer.below.value,
                "until": layer.until.isoformat() if layer.until else None,
                "declared": layer.declared,
            }
            for layer in seen.layers
        ],
        "letter": dict(seen.letter),
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "dataset": line.dataset,
        "verb": line.verb.value,
        "ground": line.ground,
        "article": line.article,
        "until": line.until.isoformat() if line.until else None,
        "rows": line.rows,
    }


def _near(near: Near) -> dict[str, Any]:
    return {"dataset": near.dataset, "why": near.why.value, "verb": near.verb.value, "rows": near.rows}


def _system(seen: Preview, house: House, system: str, language: str) -> None:
    from lofte.cli import table
    from lofte.cli.screen import out, sentence
    from lofte.cli.table import Column
    from lofte.plan.letter_why import named

    verbs = {"delete": _("erase"), "change": _("minimise"), "unlink": _("cut loose"), "keep": _("keep")}
    columns = (
        Column(heading=_("Dataset")),
        Column(heading=_("What"), folds=True, least=1),
        Column(heading=_("Step")),
        Column(heading=_("Rows"), number=True),
        Column(heading=_("Ground"), folds=True, unless_empty=True),
        Column(heading=_("Until"), unless_empty=True),
    )
    datasets = house.datamap.system(system).datasets
    mine = [line for line in seen.lines if line.system == system]
    counts: Counter[tuple[str, str, str, str]] = Counter()
    for line in mine:
        verb, until = (
            verbs.get(line.verb.value, line.verb.value),
            line.until.isoformat() if line.until else "",
        )
        ground = named(house.policy, line.ground or line.article).say(language)
        counts[line.dataset, verb, ground, until] += line.rows
    rows = [
        (dataset, datasets[dataset].name.say(language), verb, str(n), ground, until)
        for (dataset, verb, ground, until), n in counts.items()
    ]
    table.show(columns, rows)
    for near in seen.near:
        if near.system == system:
            words = ngettext(
                "{dataset}: {rows} row is somebody else's too ({why}): {step}",
                "{dataset}: {rows} rows are somebody else's too ({why}): {step}",
                near.rows,
            )
            values = {"dataset": near.dataset, "rows": near.rows, "why": _why()[near.why.value]}
            said = words.format(**values, step=verbs.get(near.verb.value, near.verb.value))
            out().print(sentence(said), markup=False)
    goes = sum(line.rows for line in mine if line.verb.value == "delete")
    words = ngettext(
        "{system}: {rows} row would be erased. Nothing was done and nothing noted",
        "{system}: {rows} rows would be erased. Nothing was done and nothing noted",
        goes,
    )
    out().print(sentence(words.format(system=system, rows=goes)), style="bold")
    out().print(sentence(_("digest of this plan: {digest}").format(digest=seen.digests[system])), style="dim")


def _why() -> dict[str, str]:
    return {
        "shared": _("shared row"),
        "mention": _("only mentions the person"),
        "same_identity": _("found only by an identity that another person has too"),
    }


def _warnings(seen: Preview, language: str) -> None:
    from lofte.cli.screen import err, sentence

    for system in seen.silent:
        words = _("{system} does not answer; what is in it is not shown")
        err().print(sentence(words.format(system=system)), style="yellow")
    if seen.ambiguous:
        words = _("more than one person answers to this identity; ask for another, as a customer number")
        err().print(sentence(words), style="yellow")
    for wide in seen.too_wide:
        err().print(wide.say().say(language), style="yellow", markup=False)
    if seen.wide:
        words = _("it is not carried out unless an approver lets it through with --wide and a reason")
        err().print(sentence(words), style="yellow")
