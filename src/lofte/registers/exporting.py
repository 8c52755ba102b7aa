"""Everything that is exported, by name: made from policy, data map and register, and never edited."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from lofte.datamap.document import DataMap
from lofte.datamap.exchange.fides import fides
from lofte.datamap.exchange.sheets import Sheet, sheets
from lofte.errors import FaultsFound
from lofte.fault import Fault
from lofte.policy.cookies.shown import shown
from lofte.policy.document import Language, Policy, Text
from lofte.policy.exchange.derived import header
from lofte.policy.exchange.dpv import dpv
from lofte.policy.exchange.tilt import tilt
from lofte.policy.processors import Processor


@dataclass(frozen=True, kw_only=True, slots=True)
class Material:
    """What exports are made from."""

    policy: Policy
    datamap: DataMap
    processors: Mapping[str, Processor] | None
    language: Language
    made_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Format:
    """One format: what it is called, what it is for, and how it is made."""

    id: str
    name: Text
    about: Text
    suffix: str
    media_type: str
    make: Callable[[Material], bytes]
    """Raises FaultsFound where the policy has nothing for this format."""

    @property
    def is_text(self) -> bool:
        """Whether a person at a terminal can read it."""
        return self.suffix not in ("xlsx", "pdf")

    def file(self, material: Material) -> str:
        """The name of the file: which policy and version, in which language."""
        meta = material.policy.meta
        return f"{meta.id}-{meta.version}-{self.id}-{material.language}.{self.suffix}"


def told(format_: str, material: Material) -> tuple[tuple[str, str], ...]:
    """What a format made us fill in or widen: where, and what of it."""
    language = material.language
    if format_ == "tilt":
        filled = tilt(material.policy, language).placeholders
        return tuple((each.path, each.why.say(language)) for each in filled)
    notes = {
        "dpv": lambda: dpv(material.policy, language).notes,
        "fideslang": lambda: fides(material.policy, material.datamap, language).notes,
    }.get(format_, tuple)()
    return tuple((each.path, f"{each.ours} > {each.theirs}") for each in notes)


def registers(material: Material) -> tuple[Sheet, ...]:
    """The registers of art. 28 and 30."""
    register = dict(material.processors) if material.processors is not None else None
    return sheets(material.policy, material.datamap, register, material.language)


def _author(material: Material) -> str:
    who = material.policy.controller
    return who.legal_name or who.trade_name or material.policy.meta.id


def _json(document: object) -> bytes:
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def _tilt(material: Material) -> bytes:
    return _json(tilt(material.policy, material.language).document)


def _dpv(material: Material) -> bytes:
    return _json(dpv(material.policy, material.language).document)


def _fides(material: Material) -> bytes:
    return fides(material.policy, material.datamap, material.language).text.encode()


def _book(material: Material) -> bytes:
    from lofte.registers.book import workbook

    return workbook(registers(material), material.language, material.made_at, _author(material))


def _paper(material: Material) -> bytes:
    from lofte.registers.paper import pdf

    return pdf(registers(material), material.language, material.made_at, _author(material))


def _cookies(material: Material) -> bytes:
    found = shown(material.policy, material.language)
    if isinstance(found, Fault):
        raise FaultsFound([found])
    return _json({**found.config(), "lofte": header(material.policy, material.language)})


_ART30 = Text(sv="Register enligt artikel 30", en="Records under Article 30")

FORMATS: Mapping[str, Format] = {
    each.id: each
    for each in (
        Format(
            id="art30",
            name=Text(sv=f"{_ART30.sv}, kalkylblad", en=f"{_ART30.en}, spreadsheet"),
            about=Text(
                sv="Register som ansvarig och som biträde, och era biträden, i tre blad.",
                en="Records as controller and as processor, and your processors, on three sheets.",
            ),
            suffix="xlsx",
            media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            make=_book,
        ),
        Format(
            id="art30-pdf",
            name=Text(sv=f"{_ART30.sv}, PDF", en=f"{_ART30.en}, PDF"),
            about=Text(
                sv="Samma register att läsa, skriva ut och lämna till tillsynsmyndigheten.",
                en="The same records to read, print and hand to the authority.",
            ),
            suffix="pdf",
            media_type="application/pdf",
            make=_paper,
        ),
        Format(
            id="tilt",
            name=Text(sv="TILT", en="TILT"),
            about=Text(
                sv="Informationen enligt artikel 13 och 14 som JSON, för program som jämför policyer.",
                en="The information of Articles 13 and 14 as JSON, for programs that compare policies.",
            ),
            suffix="json",
            media_type="application/json",
            make=_tilt,
        ),
        Format(
            id="dpv",
            name=Text(sv="DPV", en="DPV"),
            about=Text(
                sv="Policyn som JSON-LD, i ord från W3C Data Privacy Vocabulary.",
                en="The policy as JSON-LD, in the words of the W3C Data Privacy Vocabulary.",
            ),
            suffix="jsonld",
            media_type="application/ld+json",
            make=_dpv,
        ),
        Format(
            id="fideslang",
            name=Text(sv="Fideslang", en="Fideslang"),
            about=Text(
                sv="System, datamängder och regler som YAML, för Fides.",
                en="Systems, datasets and rules as YAML, for Fides.",
            ),
            suffix="yml",
            media_type="application/yaml",
            make=_fides,
        ),
        Format(
            id="cookies",
            name=Text(sv="Kakor", en="Cookies"),
            about=Text(
                sv="Det som kakbannern visar, som JSON: ändamål, leverantörer och tider.",
                en="What the cookie banner shows, as JSON: purposes, vendors and times.",
            ),
            suffix="json",
            media_type="application/json",
            make=_cookies,
        ),
    )
}
"""Every format, by its name."""
