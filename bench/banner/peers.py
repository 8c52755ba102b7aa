"""The same page with each banner, embedded as its own documentation says, all with two optional purposes.

The peers come from npm into `build/bench-banner`, by the lock beside this; nothing of them is kept here.
"""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lofte.banner.built import built, config
from lofte.policy.cookies import Shown

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "build" / "bench-banner"
SETUPS = Path(__file__).parent / "setups"


@dataclass(frozen=True, kw_only=True)
class Banner:
    """One banner on its page: what stands in the head and at the end of the body, and what is seen of it."""

    name: str
    head: str = ""
    end: str = ""
    seen: str = ""
    files: Mapping[str, bytes] = field(default_factory=dict)
    """Address -> content of what it loads."""


def setup(name: str) -> str:
    """How a peer is told its two purposes."""
    return (SETUPS / f"{name}.js").read_text(encoding="utf-8")


def fetch() -> None:
    """Install the peers, and bundle the one that is a React component."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        (FOLDER / name).write_bytes((Path(__file__).parent / name).read_bytes())
    if not (FOLDER / "node_modules" / "klaro").is_dir():
        subprocess.run(
            ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"], cwd=FOLDER, check=True
        )
    (FOLDER / "c15t.js").write_bytes((SETUPS / "c15t.js").read_bytes())
    subprocess.run(
        ["node_modules/.bin/esbuild", "c15t.js", "--bundle", "--minify", "--format=iife", 
         "--outfile=out/c15t.js",
         '--define:process.env.NODE_ENV="production"', "--log-level=error"], cwd=FOLDER, check=True,
    )  # fmt: skip


def banners(told: Shown) -> tuple[Banner, ...]:
    """All of them; the first is a page without any."""
    read = lambda path: (FOLDER / "node_modules" / path).read_bytes()  # noqa: E731
    tarte = {
        f"/t/{name}": read(f"tarteaucitronjs/{name}")
        for name in ("tarteaucitron.min.js", "tarteaucitron.services.min.js", "lang/tarteaucitron.en.min.js",
                     "css/tarteaucitron.min.css")
    }  # fmt: skip
    return (
        Banner(name="none"),
        Banner(
            name="lofte",
            head=f'<script type="application/json" id="consent-config">{config(told, post="")}</script>'
            '<script async fetchpriority="high" src="/consent.js"></script>',
            seen="[data-lofte=banner] button",
            files={"/consent.js": built("consent.js").content},
        ),
        Banner(
            name="klaro",
            head=f'<script>{setup("klaro")}</script><script defer src="/klaro.js"></script>',
            seen=".klaro .cookie-notice button, .klaro .cookie-modal-notice button",
            files={"/klaro.js": read("klaro/dist/klaro.js")},
        ),
        Banner(
            name="vanilla-cookieconsent",
            head='<link rel="stylesheet" href="/v.css"><script defer src="/v.js"></script>'
            '<script defer src="/v-run.js"></script>',
            seen="#cc-main .cm__btn",
            files={
                "/v.css": read("vanilla-cookieconsent/dist/cookieconsent.css"),
                "/v.js": read("vanilla-cookieconsent/dist/cookieconsent.umd.js"),
                "/v-run.js": setup("vanilla").encode(),
            },
        ),
        Banner(
            name="c15t",
            head='<link rel="stylesheet" href="/c.css"><script defer src="/c.js"></script>',
            end='<div id="app"></div>',
            seen="#app button, [data-testid*=consent-banner] button, [role=dialog] button",
            files={
                "/c.js": (FOLDER / "out/c15t.js").read_bytes(),
                "/c.css": read("@c15t/react/dist/styles.css"),
            },
        ),
        Banner(
            name="orejime",
            head=f'<link rel="stylesheet" href="/o.css"><script>{setup("orejime")}</script>',
            end='<script src="/o.js"></script>',
            seen=".orejime-Banner button, [class*=orejime-] button",
            files={
                "/o.css": read("orejime/dist/orejime-standard.css"),
                "/o.js": read("orejime/dist/orejime-standard-en.js"),
            },
        ),
        Banner(
            name="tarteaucitron",
            head=f'<script src="/t/tarteaucitron.min.js"></script><script>{setup("tarteaucitron")}</script>',
            seen="#tarteaucitronAlertBig button",
            files=tarte,
        ),
    )
