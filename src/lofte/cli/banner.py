"""`lofte banner`: the banner as files for a site of one's own, and the way over from another banner."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lofte.cli.told import Told, told
from lofte.cli.words import gettext as _

if TYPE_CHECKING:
    from lofte.policy.cookies import Shown
    from lofte.policy.document import Policy


def commands() -> typer.Typer:
    """The commands, as one group."""
    banners = typer.Typer(
        help=_("Ask visitors of a website about cookies (LEK 9 kap. 28 §)."), no_args_is_help=True
    )
    banners.command("build", help=_("Write the banner, its configuration and a plain page as files."))(build)
    banners.command("tag", help=_("Print what is pasted into the pages of a site that Löfte serves."))(tag)
    banners.command(
        "import", help=_("Draft the cookie table from the configuration of vanilla-cookieconsent or Klaro.")
    )(import_)
    return banners


def build(
    ctx: typer.Context,
    out: Annotated[Path, typer.Option("-o", "--out", metavar="DIR", help=_("The folder to write to."))],
    base: Annotated[
        str, typer.Option(metavar="PATH", help=_("Where the folder will be on the site."))
    ] = "/privacy",
    record: Annotated[
        str,
        typer.Option(metavar="URL", help=_("Where Löfte records choices; without it nothing is recorded.")),
    ] = "",
) -> None:
    """Write the banner's files. A folder that has them is written over."""
    from lofte.banner.build import written
    from lofte.cli.screen import say, say_json, sentence
    from lofte.errors import Refused

    given = told(ctx)
    policy, shown = _shown(given)
    try:
        out.mkdir(parents=True, exist_ok=True)
        made = written(policy, shown, base=base.rstrip("/"), record=record)
        for name, content in made.items():
            (out / name).write_bytes(content)
    except OSError as error:
        raise Refused(f"{out} cannot be written ({error.strerror}); choose another folder") from error
    if given.json:
        say_json({"folder": str(out), "made": sorted(made)})
        return
    say(sentence(_("made {files}").format(files=", ".join(sorted(made)))))
    say(_("Paste what tag.sv.html (or tag.en.html) says first in the head of every page."))


def tag(
    ctx: typer.Context,
    base: Annotated[
        str, typer.Option(metavar="URL", help=_("Where Löfte answers /privacy, as the site sees it."))
    ] = "/privacy",
) -> None:
    """Print the tags, in the language of the command."""
    from lofte.banner.built import tag as made
    from lofte.cli.screen import out, say_json

    given = told(ctx)
    base = base.rstrip("/")
    _policy, shown = _shown(given)
    one = shown["en" if given.language == "en" else "sv"]
    pasted = made(one, base=base, post=f"{base}/consent", page=f"{base}/cookies")
    if given.json:
        say_json({"tag": pasted, "vendors": dict(one.vendors), "sha": one.sha, "edition": one.edition})
        return
    out().print(pasted, soft_wrap=True, markup=False, highlight=False)


def import_(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=_("The configuration: .js or .json."))],
) -> None:
    """Print a draft of the cookies section; what could not be carried over is told beside it."""
    from lofte.cli.exits import Code
    from lofte.cli.screen import err, out, plain, say_json, show_faults
    from lofte.errors import Refused
    from lofte.fault import Fault, errors
    from lofte.policy.cookies.foreign import draft

    given = told(ctx)
    try:
        source = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(
            f"{file} cannot be read as text; give the configuration as a .js or .json file"
        ) from error
    found = draft(source, file.name)
    faults = (found,) if isinstance(found, Fault) else found.faults
    section = "" if isinstance(found, Fault) else found.yaml
    if given.json:
        say_json({"draft": section, "faults": [plain(fault) for fault in faults]})
    else:
        if section:
            out().print(section, end="", soft_wrap=True, markup=False, highlight=False)
        show_faults(faults, err())
    if errors(faults):
        raise typer.Exit(Code.FAULTS)


def _shown(given: Told) -> tuple[Policy, dict[str, Shown]]:
    """What the policy of the workspace shows, in both languages. Raises Refused and FaultsFound."""
    from lofte.errors import FaultsFound, Refused
    from lofte.fault import Fault, errors
    from lofte.policy.cookies import shown
    from lofte.site.workspace import load

    workspace = load(given.workspace)
    policy = workspace.policy
    if policy is None:
        raise FaultsFound(errors(workspace.faults))
    made: dict[str, Shown] = {}
    for language in ("sv", "en"):
        one = shown(policy, "en" if language == "en" else "sv")
        if isinstance(one, Fault):
            raise Refused(f"{one.number} {one.what}; {one.mend[0].lower()}{one.mend[1:]}")
        made[language] = one
    return policy, made
