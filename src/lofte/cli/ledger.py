"""`lofte ledger`: is what was noted still what was noted, and how does somebody else know (art. 5.2)?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lofte.cli.exits import Code
from lofte.cli.told import told
from lofte.cli.words import gettext as _
from lofte.cli.words import ngettext

if TYPE_CHECKING:
    from lofte.execution.house import House


def verify(
    ctx: typer.Context,
    against: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help=_("A signed checkpoint that was kept outside, as in a letter.")),
    ] = None,
) -> None:
    """Read the whole ledger: follow its chain, and see that it begins with every checkpoint that was
    signed. Exit code 0: it holds; 1: the first place where it does not."""
    from lofte.cli.screen import say, say_json, sentence

    given = told(ctx)
    with _opened(ctx, _("Following the chain")) as house:
        from lofte.execution import checkpoints
        from lofte.execution.book import count, verify, waiting

        outside = _outside(house, against)
        broken, entries, unnumbered = verify(house.keys.ledger), count(), waiting()
        unlike = checkpoints.verify(house)
        if unlike is None and outside is not None and not checkpoints.begins_with(house, outside):
            unlike = outside
    if given.json:
        first = {"entry": broken.seq, "why": broken.why.value} if broken else None
        size = unlike.size if unlike else None
        say_json({"entries": entries, "waiting": unnumbered, "broken": first, "unlike_checkpoint": size})
    elif broken is not None:
        whys = {"number": _("an entry is missing, doubled or out of order"), "content": _("it was changed")}
        words = _("the ledger is broken at entry {entry}: {why}; put the store back from a backup")
        say(sentence(words.format(entry=broken.seq, why=whys[broken.why.value])))
    elif unlike is not None:
        words = _(
            "the chain is unbroken, but the ledger does not begin with the {n} entries that were signed: its "
            "end was cut off, or it was written anew; put the store back from a backup"
        )
        say(sentence(words.format(n=unlike.size)))
    else:
        words = ngettext("{n} entry, unbroken", "{n} entries, unbroken", entries)
        say(sentence(words.format(n=entries)))
    raise typer.Exit(Code.OK if broken is None and unlike is None else Code.FAULTS)


def checkpoint(ctx: typer.Context) -> None:
    """Sign the ledger as it is now, and print the checkpoint and the key that checks it. Hand out the key
    before it is needed."""
    from lofte.cli.screen import out, say_json

    given = told(ctx)
    with _opened(ctx, _("Following the chain")) as house:
        from lofte.execution import checkpoints

        held = checkpoints.make(house) or checkpoints.latest(house)
        key = checkpoints.key_line(house)
    if given.json:
        say_json({"checkpoint": held.note if held else None, "key": key})
        return
    screen = out()
    if held is not None:
        screen.print(held.note, markup=False, highlight=False, soft_wrap=True)
    screen.print(f"{_('Key')}: {key}", markup=False, highlight=False, soft_wrap=True)


def export(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help=_("A folder that is not there yet."))],
) -> None:
    """Write the whole ledger as files that anybody can check with `lofte-verify` (C2SP tlog-tiles). They hold
    random ids, kinds, times and commitments: nothing about anybody."""
    from lofte.cli.screen import say, say_json, sentence
    from lofte.errors import Refused

    given = told(ctx)
    if folder.exists() and any(folder.iterdir()):
        raise Refused(f"{folder} is there already and not empty; name a new folder")
    with _opened(ctx, _("Writing the ledger")) as house:
        from lofte.execution import book, checkpoints
        from lofte.ledger import tree
        from lofte.ledger.entry import canonical
        from lofte.ledger.tiles import tiles

        held = checkpoints.make(house) or checkpoints.latest(house)
        if held is None:
            raise Refused("the ledger is empty; there is nothing to hand out yet")
        size = held.checkpoint.size
        entries = [canonical(entry) for entry in book.entries() if entry.seq <= size]
        for name, content in tiles(entries, [tree.leaf_hash(entry) for entry in entries]):
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        (folder / "checkpoint").write_text(held.note, encoding="utf-8")
        key = checkpoints.key_line(house)
    if given.json:
        say_json({"entries": size, "key": key})
        return
    words = ngettext("{n} entry is written to {folder}", "{n} entries are written to {folder}", size)
    say(sentence(words.format(n=size, folder=folder)))
    say(f"lofte-verify {folder} --key '{key}'")


def accept_cut(ctx: typer.Context) -> None:
    """The end of the ledger is lost and there is no better backup: go on with what is left. It is noted, and
    the checkpoints so far are laid aside as evidence."""
    from lofte.cli.screen import say, say_json, sentence

    given = told(ctx)
    with _opened(ctx, _("Following the chain")) as house:
        from lofte.cli.working import signing
        from lofte.execution.checkpoints import accept_cut

        lost = accept_cut(house, by=signing(given.by) if given.by else "")
    if given.json:
        say_json({"lost": lost})
    elif lost:
        words = ngettext("{n} entry is lost; it is noted", "{n} entries are lost; it is noted", lost)
        say(sentence(words.format(n=lost)))
    else:
        say(sentence(_("nothing is lost: the ledger reaches as far as was signed")))


@contextmanager
def _opened(ctx: typer.Context, what: str) -> Iterator[House]:
    from lofte.cli.screen import busy
    from lofte.site.store import prepare
    from lofte.site.workspace import load, open_house

    given = told(ctx)
    workspace = load(given.workspace)
    with busy(what, quiet=given.json):
        prepare()
        yield open_house(workspace)


def _outside(house: House, path: Path | None) -> Any:
    """The checkpoint in this file, in a letter or by itself. Raises Refused, Broken."""
    if path is None:
        return None
    from lofte.errors import Refused
    from lofte.execution import checkpoints
    from lofte.ledger.checkpoint import found_in, opened

    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"{path} cannot be read; name a file with a checkpoint in it") from error
    key = checkpoints.key_line(house)
    return opened(found_in(text, key), key)
