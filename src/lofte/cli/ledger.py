"""`lofte ledger`: is what was noted still what was noted (art. 5.2)?"""

from __future__ import annotations

import typer

from lofte.cli.exits import Code
from lofte.cli.told import told
from lofte.cli.words import gettext as _
from lofte.cli.words import ngettext


def verify(ctx: typer.Context) -> None:
    """Read the whole ledger and follow its chain. Exit code 0: unbroken; 1: the first break."""
    from lofte.cli.screen import busy, say, say_json, sentence
    from lofte.site.store import prepare
    from lofte.site.workspace import load

    given = told(ctx)
    load(given.workspace)
    with busy(_("Following the chain"), quiet=given.json):
        prepare()
        from lofte.execution.book import count, verify, waiting
        from lofte.site.home import keys

        broken, entries, unnumbered = verify(keys().ledger), count(), waiting()
    if given.json:
        first = {"entry": broken.seq, "why": broken.why.value} if broken else None
        say_json({"entries": entries, "waiting": unnumbered, "broken": first})
    elif broken is None:
        words = ngettext("{n} entry, unbroken", "{n} entries, unbroken", entries)
        say(sentence(words.format(n=entries)))
    else:
        whys = {"number": _("an entry is missing, doubled or out of order"), "content": _("it was changed")}
        words = _("the ledger is broken at entry {entry}: {why}; put the store back from a backup")
        say(sentence(words.format(entry=broken.seq, why=whys[broken.why.value])))
    raise typer.Exit(Code.OK if broken is None else Code.FAULTS)
