"""Small drawings made by the server. Colours come from the page's stylesheet; nothing is inline."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

WIDTH, BAR = 600, 14
LEAST, GAP = 8, 2


def time_bar(
    *, start: date, due: date, at: date, tone: str, label: str, goals: tuple[date, ...] = ()
) -> SafeString:
    """The time from receipt to deadline, how much is gone, and our own goals as ticks."""
    whole = max((due - start).days, 1)

    def place(day: date) -> int:
        return round(WIDTH * min(max((day - start).days / whole, 0), 1))

    ticks = format_html_join(
        "", '<path class="now" d="M{} 1v20" stroke-dasharray="3 3"/>', ((place(goal),) for goal in goals)
    )
    return format_html(
        '<svg class="drawing" viewBox="0 0 {} 22" role="img" aria-label="{}" preserveAspectRatio="none">'
        '<rect class="ground" y="4" width="{}" height="{}" rx="7"/>'
        '<rect class="{}" y="4" width="{}" height="{}" rx="7"/>{}</svg>',
        WIDTH, label, WIDTH, BAR, tone, max(place(at), BAR), BAR, ticks,
    )  # fmt: skip


def share_bar(part: int, whole: int) -> SafeString:
    """A bar for one number in a list. The number itself stands beside it, so this one is silent."""
    width = 0 if not part else max(round(100 * part / max(whole, 1), 1), 1.5)
    return format_html(
        '<svg class="meter" viewBox="0 0 100 10" preserveAspectRatio="none"'
        ' aria-hidden="true" focusable="false"><rect class="ground" width="100" height="10"/>'
        '<rect class="bar" width="{}" height="10"/></svg>',
        width,
    )


def stacked_bar(parts: Sequence[tuple[str, int]], label: str = "", of: int = 0) -> SafeString:
    """How much each part is, side by side: (look, amount); `of` is what fills the width, when that is
    more than all of them. What is there at all is seen. Without a label it is silent: the numbers
    stand beside it."""
    there = [(look, amount) for look, amount in parts if amount]
    whole = max(of, sum(amount for _, amount in there), 1)
    spare, height = WIDTH - LEAST * len(there), BAR if label else 2 * BAR
    at, pieces = 0.0, []
    for look, amount in there:
        width = LEAST + spare * amount / whole
        pieces.append((look, round(at, 1), round(width - GAP, 1), height))
        at += width
    said = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    return format_html(
        '<svg class="drawing" viewBox="0 0 {} {}" {} preserveAspectRatio="none">{}</svg>',
        WIDTH, height, said,
        format_html_join("", '<rect class="{}" x="{}" width="{}" height="{}"/>', pieces),
    )  # fmt: skip


def swatch(look: str) -> SafeString:
    """The colour of a part of a bar, before its word."""
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">'
        '<g class="drawing"><rect class="{}" x="3" y="5" width="15" height="15" rx="3"/></g></svg>',
        look,
    )


def column(parts: Sequence[tuple[str, int]], of: int) -> SafeString:
    """A standing bar, parts upon each other from the bottom; `of` is as high as the drawing. Its numbers
    stand in a table beside it, so it is silent."""
    high, at, pieces = 120.0, 120.0, []
    for look, amount in parts:
        if amount:
            height = max(high * amount / max(of, 1), 2.0)
            at -= height
            pieces.append((look, round(max(at, 0), 1), round(height, 1)))
    return format_html(
        '<svg class="drawing" viewBox="0 0 40 120" preserveAspectRatio="none" aria-hidden="true"'
        ' focusable="false"><rect class="ground" width="40" height="120"/>{}</svg>',
        format_html_join("", '<rect class="{}" y="{}" width="40" height="{}"/>', pieces),
    )


def spare_line(points: Sequence[tuple[date, int]], label: str) -> SafeString | str:
    """A line over days of how many days were left; below the dashed line there were none. Of fewer than
    two days there is no line."""
    if len(points) < 2:
        return ""
    wide, high = 160.0, 40.0
    first, whole = points[0][0], max((points[-1][0] - points[0][0]).days, 1)
    top, bottom = max(7, *(left for _, left in points)), min(0, *(left for _, left in points))

    def place(day: date, left: int) -> str:
        across = 4 + (wide - 8) * (day - first).days / whole
        return f"{across:.1f} {4 + (high - 8) * (top - left) / (top - bottom):.1f}"

    line = " ".join(place(day, left) for day, left in points)
    end_x, end_y = place(*points[-1]).split()
    nought = place(first, 0).split()[1]
    return format_html(
        '<svg class="drawing curve" viewBox="0 0 {} {}" role="img" aria-label="{}">'
        '<path class="nought" d="M0 {}H{}"/><polyline points="{}"/>'
        '<circle class="{}" cx="{}" cy="{}" r="3"/></svg>',
        int(wide), int(high), f"{label}: {points[0][1]} → {points[-1][1]}",
        nought, int(wide), line, "late" if points[-1][1] < 0 else "calm", end_x, end_y,
    )  # fmt: skip
