"""The registers of art. 28 and 30, and policy and data map as files for others."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from lofte.accounts.roles import Permission
from lofte.console.allowed import acting, allowed, at_work
from lofte.datamap.exchange.sheets import Sheet
from lofte.errors import FaultsFound
from lofte.registers import exporting
from lofte.registers.book import heading
from lofte.registers.exporting import FORMATS, Material


@require_safe
@allowed(Permission.SEE_LEDGER)
def page(request: HttpRequest) -> HttpResponse:
    """The registers to read, what is missing in them, and every file."""
    material = _material(get_language() or "sv")
    found = exporting.registers(material)
    formats = [
        (each, each.name.say(material.language), each.about.say(material.language), _possible(each, material))
        for each in FORMATS.values()
    ]
    return render(
        request,
        "console/registers.html",
        {
            "here": "registers",
            "sheets": [_shown(sheet) for sheet in found],
            "gaps": sum(sheet.gaps for sheet in found),
            "formats": formats,
            "version": material.policy.meta.version,
        },
    )


@require_safe
@allowed(Permission.SEE_LEDGER)
@acting("registers")
def file(request: HttpRequest, format_: str, language: str) -> HttpResponseBase:
    """One file, made now."""
    chosen = FORMATS.get(format_)
    if chosen is None:
        raise Http404
    material = _material(language)
    answer = HttpResponse(chosen.make(material), content_type=chosen.media_type)
    answer["Content-Disposition"] = f'attachment; filename="{chosen.file(material)}"'
    return answer


def _shown(sheet: Sheet) -> dict[str, Any]:
    """A register as its card shows it; version and origin stand once, above them all."""
    names = [heading(column) for column in sheet.columns]
    return {
        "sheet": sheet,
        "about": sheet.about[:-2],
        "rows": [
            (row[0].text.split("\n")[0], list(zip(names, row, strict=True)), sum(c.missing for c in row))
            for row in sheet.rows
        ],
    }


def _material(language: str) -> Material:
    open_ = at_work()
    return Material(
        policy=open_.house.policy,
        datamap=open_.house.datamap,
        processors=getattr(open_, "processors", None),
        language="en" if language == "en" else "sv",
        made_at=open_.house.now,
    )


def _possible(format_: exporting.Format, material: Material) -> bool:
    """Whether the policy has anything for it: a site without cookies has no banner."""
    if format_.id != "cookies":
        return True
    try:
        format_.make(material)
    except FaultsFound:
        return False
    return True
