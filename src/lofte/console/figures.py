"""How fast requests are answered, as pages and files: shares, days and counts of nobody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django import forms
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_safe

from lofte.accounts.roles import Permission
from lofte.console import words
from lofte.console.allowed import allowed, handler
from lofte.console.drawing import column, share_bar, stacked_bar, swatch
from lofte.console.sheets import Cell, sheet
from lofte.console.worklist import chosen, wanted
from lofte.requests.course.statistics import Figures, Part, Statistics, counted, statistics

LONGEST = 10
"""Years that a period may have."""


class Period(forms.Form):
    """From which day until which."""

    since = forms.DateField(
        label=lazy("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label=lazy("Until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def clean(self) -> dict[str, date] | None:
        """A period that has a length, and not too much of it."""
        cleaned = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last day comes before the first."))
        elif since and until and until.year - since.year > LONGEST:
            self.add_error("since", _("At most ten years at a time."))
        return cleaned


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A line of a table."""

    name: str
    figures: Figures
    bar: SafeString


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """A month in the chart."""

    name: str
    bar: SafeString


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """A table of figures."""

    key: str
    title: str
    first: str
    rows: tuple[Row, ...]
    columns: tuple[Column, ...] = ()


LOOKS = (("calm", lazy("In time")), ("late", lazy("Late")), ("pause", lazy("Not due yet")))


@require_safe
@allowed(Permission.SEE_FIGURES)
def page(request: HttpRequest) -> HttpResponseBase:
    """The figures of a period, and how old what is open is."""
    today = timezone.localdate()
    since, until, form = _period(request, today)
    found = statistics(since, until, today)
    most = max(found.ages)
    context = {
        "here": "statistics",
        "form": form,
        "figures": found,
        "groups": _groups(found),
        "looks": [(swatch(look), name) for look, name in LOOKS],
        "ages": [(words.AGES[n], count, share_bar(count, most)) for n, count in enumerate(found.ages)],
        "open": sum(found.ages),
        "period": f"since={since}&until={until}",
        "usual": _usual(today),
        "whole": stacked_bar(_parts(found.all), _("How the requests of the period were answered")),
        "may_list": handler(request).may(Permission.SEE_REQUESTS),
    }
    return render(request, "console/statistics.html", context)


@require_safe
@allowed(Permission.SEE_FIGURES)
def statistics_file(request: HttpRequest) -> HttpResponseBase:
    """The figures of a period, for a spreadsheet."""
    today = timezone.localdate()
    since, until, _form = _period(request, today)
    found = statistics(since, until, today)

    def headings() -> Sequence[str]:
        return (
            _("Part"), _("Which"), _("Received"), _("In time"), _("Late"), _("Not due yet"),
            _("In time, %"), _("Median, days"), _("Nine of ten within, days"),
        )  # fmt: skip

    def rows() -> Iterable[Sequence[Cell]]:
        yield (_("All"), "", *_cells(found.all))
        for group in _groups(found):
            for row in group.rows:
                yield (group.title, row.name, *_cells(row.figures))
        for name, count in zip(words.AGES, found.ages, strict=True):
            yield (_("Open now, by age"), str(name), count, *(None,) * 6)

    return sheet(f"statistik-{since}-{until}.csv", headings, rows)


@require_safe
@allowed(Permission.SEE_REQUESTS)
def requests_file(request: HttpRequest) -> HttpResponseBase:
    """The list as it is looked at, without its pages, for a spreadsheet."""
    today = timezone.localdate()
    asked = chosen(wanted(request.GET), handler(request), today)

    def headings() -> Sequence[str]:
        return (
            _("Number"), _("Right"), _("Article"), _("Channel"), _("State"), _("Received"),
            _("Answer due"), _("Answered"), _("Days"),
        )  # fmt: skip

    def rows() -> Iterable[Sequence[Cell]]:
        for each in counted(asked, today):
            right, article = words.right_called(each.right)
            state = str(words.state_face(each.state, each.right).name)
            channel = words.called(words.CHANNELS, each.channel)
            days = (each.received.isoformat(), each.due.isoformat())
            yield (
                each.number, right, article, channel, state, *days,
                each.answered.isoformat() if each.answered else None, each.days,
            )  # fmt: skip

    return sheet(f"begaranden-{today}.csv", headings, rows)


def _period(request: HttpRequest, today: date) -> tuple[date, date, Period]:
    """What is asked for; the last twelve months when nothing is, or when it cannot be read."""
    usual = {"since": _year_back(today), "until": today}
    form = Period(request.GET or None, initial=usual)
    if request.GET and form.is_valid():
        return form.cleaned_data["since"], form.cleaned_data["until"], form
    return usual["since"], usual["until"], form


def _year_back(today: date) -> date:
    """The first day of the month eleven months ago: twelve months, this one too."""
    month = today.month % 12 + 1
    return date(today.year if month == 1 else today.year - 1, month, 1)


def _usual(today: date) -> list[tuple[str, str]]:
    """Periods that are often wanted."""
    quarter = date(today.year, 3 * ((today.month - 1) // 3) + 1, 1)
    last = today.year - 1
    return [
        (_("Twelve months"), f"since={_year_back(today)}&until={today}"),
        (_("This quarter"), f"since={quarter}&until={today}"),
        (_("This year"), f"since={date(today.year, 1, 1)}&until={today}"),
        (_("Last year"), f"since={date(last, 1, 1)}&until={date(last, 12, 31)}"),
    ]


def _groups(found: Statistics) -> tuple[Group, ...]:
    rights = {value: words.right_called(value)[0] for value in words.RIGHTS}
    channels = {value: str(name) for value, name in words.CHANNELS.items()}
    months = {part.name: _month(part.name) for part in found.by_month}
    most = max((part.figures.received for part in found.by_month), default=0)
    columns = tuple(
        Column(name=_month(part.name, short=True), bar=column(_parts(part.figures), most))
        for part in found.by_month
    )
    return (
        Group(
            key="month", title=_("By month"), first=_("Month"), rows=_rows(found.by_month, months),
            columns=columns if len(columns) <= 24 else (),
        ),
        Group(key="right", title=_("By right"), first=_("Right"), rows=_rows(found.by_right, rights)),
        Group(
            key="channel", title=_("By channel"), first=_("Channel"), rows=_rows(found.by_channel, channels)
        ),
    )  # fmt: skip


def _rows(parts: Sequence[Part], names: Mapping[str, str]) -> tuple[Row, ...]:
    most = max((part.figures.received for part in parts), default=0)
    return tuple(
        Row(
            name=names.get(part.name, part.name),
            figures=part.figures,
            bar=stacked_bar(_parts(part.figures), of=most),
        )
        for part in parts
    )


def _parts(figures: Figures) -> Sequence[tuple[str, int]]:
    return (("calm", figures.in_time), ("late", figures.late), ("pause", figures.waiting))


def _month(name: str, *, short: bool = False) -> str:
    abbreviated = "M" if get_language() == "en" else "b"  # in Swedish months have no capital
    return date_format(date.fromisoformat(f"{name}-01"), abbreviated if short else "F Y")


def _cells(figures: Figures) -> Sequence[Cell]:
    return (
        figures.received, figures.in_time, figures.late, figures.waiting, figures.in_time_percent,
        figures.median, figures.ninetieth,
    )  # fmt: skip
