"""Small drawings made by the server. Colours come from the page's stylesheet; nothing is inline."""

from __future__ import annotations

from datetime import date

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

WIDTH, BAR = 600, 14


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
