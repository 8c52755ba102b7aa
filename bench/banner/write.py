"""The page of the numbers, and its chart: `docs/explanation/how-light-the-banner-is.md` and `.svg`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs" / "explanation"
Found = Mapping[str, Mapping[str, Mapping[str, float]]]
NAMES = {"lofte": "**Löfte**", "none": "no banner"}

_HEAD = """# How light the banner is

`make bench-banner` writes this page. It loads one page with each banner in turn, in headless Chromium, and
takes the median of {rounds} loads: cold cache, a fresh browser context, every file compressed with brotli 11,
each banner put in as its own documentation says. *first* is from navigation to the first frame in which a
button of the banner is seen, *after* is that minus the first contentful paint, *block* is the time of long
tasks beyond 50 ms. All in milliseconds.

This run was made on a machine that did other work beside it (load {load:.1f}), so only the ratios mean
anything, and the small ones not much. `cpu4` is a processor four times slower; `mobile` is that with 150 ms
and 1.6 Mbit/s.

![When each banner is first seen](how-light-the-banner-is.svg)
"""


def write(found: Found, weights: Mapping[str, int], rounds: int, load: float) -> None:
    """Write both files."""
    parts = [_HEAD.format(rounds=rounds, load=load), "| | bytes | x Löfte |\n|---|---|---|\n"]
    parts[-1] += "".join(
        f"| {NAMES.get(name, name)} | {size:,} | {size / weights['lofte']:.1f} |\n"
        for name, size in sorted(weights.items(), key=lambda each: each[1])
    )
    parts[-1] += "\nJavaScript and CSS that the page fetches for the banner, brotli 11.\n"
    parts += [_table(profile, each) for profile, each in found.items()]
    (DOCS / "how-light-the-banner-is.md").write_text("\n".join(parts), encoding="utf-8")
    (DOCS / "how-light-the-banner-is.svg").write_text(_chart(found), encoding="utf-8")


def _table(profile: str, found: Mapping[str, Mapping[str, float]]) -> str:
    ours = found["lofte"]["first"]
    rows = "".join(
        f"| {NAMES.get(name, name)} | {one['first']:.0f} | {one['after']:.0f} | {one['block']:.0f} | "
        f"{one['cls']:.4f} | {one['third']:.0f} | {ours / one['first'] if one['first'] else 0:.2f} |\n"
        for name, one in found.items()
        if name != "none"
    )
    head = "| | first | after | block | CLS | third-party requests | Löfte's first / its |\n"
    head += "|---|---|---|---|---|---|---|\n"
    return f"## {profile}\n\n{head}{rows}"


def _chart(found: Found) -> str:
    """Bars for each profile, one under the other."""
    names = [name for name in next(iter(found.values())) if name != "none"]
    longest = max(one["first"] for each in found.values() for name, one in each.items() if name != "none")
    row, left, width = 22, 170, 640
    height = len(found) * (row * len(names) + 40) + 10
    made = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        'font-family="system-ui, sans-serif" font-size="13" role="img" '
        'aria-label="When each banner is first seen, in milliseconds">',
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
    ]
    top = 24
    for profile, each in found.items():
        made.append(f'<text x="8" y="{top}" font-weight="600" fill="#1b2a2f">{profile}</text>')
        for name in names:
            top += row
            long = (width - left - 70) * each[name]["first"] / longest
            fill = "#1f6f5c" if name == "lofte" else "#9aa8ad"
            label = "Löfte" if name == "lofte" else name
            made.append(f'<text x="{left - 8}" y="{top}" text-anchor="end" fill="#1b2a2f">{label}</text>')
            made.append(
                f'<rect x="{left}" y="{top - 12}" width="{long:.0f}" height="14" rx="2" fill="{fill}"/>'
            )
            made.append(
                f'<text x="{left + long + 6:.0f}" y="{top}" fill="#1b2a2f">'
                f"{each[name]['first']:.0f} ms</text>"
            )
        top += 40
    return "\n".join([*made, "</svg>"]) + "\n"
