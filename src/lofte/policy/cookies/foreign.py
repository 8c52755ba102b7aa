"""The configuration of another banner, read into a draft of the policy's `cookies` section.

vanilla-cookieconsent (version 3) and Klaro. What cannot be carried over is told, each by itself (C010-C016).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lofte.fault import Fault, Place, Severity
from lofte.policy.cookies.literal import Gap, Pattern, Unreadable, literal

KINDS: Mapping[str, str] = {
    "necessary": "necessary", "essential": "necessary", "required": "necessary", "security": "necessary",
    "functional": "functional", "functionality": "functional", "preferences": "functional",
    "personalization": "functional", "embed": "functional", "livechat": "functional",
    "statistics": "statistics", "analytics": "statistics", "performance": "statistics", "stats": "statistics",
    "marketing": "marketing", "ads": "marketing", "advertising": "marketing", "advertisement": "marketing",
    "targeting": "marketing", "social": "marketing",
}  # fmt: skip
"""What other tools call our kinds of cookies."""
UNKNOWN = "?"
"""Stands where a person must fill in."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """One cookie of the other tool."""

    name: str
    kind: str
    provider: str
    lifetime: str
    texts: Mapping[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """What came of it: a section to paste into policy.yaml, and what was left out."""

    tool: str
    yaml: str
    cookies: tuple[Found, ...]
    faults: tuple[Fault, ...]


def draft(source: str, file: str) -> Draft | Fault:
    """Read a configuration as JSON or JavaScript; nothing in it is run (C010 when it cannot be read)."""
    try:
        config = literal(source)
    except Unreadable as unreadable:
        return Fault(
            number="C010",
            place=Place(file=file, line=unreadable.line),
            what="no configuration can be read here",
            mend="Give the file with the object that is handed to CookieConsent.run, or the klaroConfig.",
        )
    reader = _Reader(file)
    reader.gaps(config, "")
    if isinstance(config.get("services"), list):
        return reader.draft("Klaro", config, tuple(reader.klaro(config)))
    if isinstance(config.get("categories"), dict):
        return reader.draft("vanilla-cookieconsent", config, tuple(reader.vanilla(config)))
    return Fault(
        number="C010",
        place=Place(file=file),
        what="this is the configuration of neither vanilla-cookieconsent 3 nor Klaro",
        mend="It should have `categories` or `services`.",
    )


class _Reader:
    def __init__(self, file: str) -> None:
        self.file = file
        self.faults: list[Fault] = []

    def fault(
        self,
        number: str,
        path: str,
        what: str,
        mend: str,
        line: int = 0,
        severity: Severity = Severity.WARNING,
    ) -> None:
        place = Place(file=self.file, line=line, path=path)
        self.faults.append(Fault(number=number, place=place, what=what, mend=mend, severity=severity))

    def gaps(self, value: Any, path: str) -> None:
        """Tell everything that is code and no data."""
        if isinstance(value, Gap):
            self.fault("C011", path, f"`{value.source}` is code", "It is not carried over.", value.line)
        elif isinstance(value, dict):
            for key, each in value.items():
                self.gaps(each, f"{path}.{key}" if path else key)
        elif isinstance(value, list):
            for number, each in enumerate(value):
                self.gaps(each, f"{path}[{number}]")

    def kind(self, said: Any, path: str) -> str | None:
        """Our kind of cookie for a category or purpose of theirs."""
        known = KINDS.get(str(said).lower())
        if known is None:
            self.fault(
                "C012",
                path,
                f"`{said}` is no kind that we know",
                "Its cookies are left out; add them as functional, statistics or marketing.",
                severity=Severity.ERROR,
            )
        return known

    def name(self, said: Any, path: str) -> str | None:
        """A cookie's name; a pattern becomes a beginning with a star when it is one."""
        if isinstance(said, str) and said:
            return said
        if isinstance(said, Pattern):
            begins = re.fullmatch(r"\^?((?:[\w-]|\\[._-])+?)(\.\*|\$)*\$?", said.text)
            if begins:
                plain = re.sub(r"\\(.)", r"\1", begins[1])
                return plain if said.text.endswith("$") and ".*" not in said.text else f"{plain}*"
            self.fault("C014", path, f"the name `/{said.text}/` cannot be carried over", "Write it out.")
        return None

    def prechosen(self, config: Mapping[str, Any], keys: Mapping[str, Any], path: str = "") -> None:
        """Tell settings that the law does not let a banner have; ours has no such settings."""
        for key, bad in keys.items():
            if key in config and config[key] == bad and type(config[key]) is type(bad):
                self.fault(
                    "C015",
                    f"{path}.{key}" if path else key,
                    "this chooses for the visitor, or makes it harder to say no",
                    "It is not carried over: a yes is an act, and a no is as easy (art. 4.11, 7.3).",
                )

    def klaro(self, config: Mapping[str, Any]) -> Iterator[Found]:
        """The cookies of Klaro's services."""
        self.prechosen(
            config, {"default": True, "hideDeclineAll": True, "acceptAll": False, "mustConsent": True}
        )
        words = config.get("translations")
        for number, service in enumerate(config["services"]):
            path = f"services[{number}]"
            if not isinstance(service, dict):
                continue
            self.prechosen(service, {"default": True, "optOut": True}, path)
            purposes = service.get("purposes")
            first = purposes[0] if isinstance(purposes, list) and purposes else UNKNOWN
            kind = "necessary" if service.get("required") is True else self.kind(first, f"{path}.purposes")
            if kind is None:
                continue
            key = str(service.get("name", UNKNOWN))
            texts = _texts(words, lambda said, key=key: _in(said, key, "description"))
            listed = _list(service.get("cookies"))
            for index, said in enumerate(listed):
                one = said[0] if isinstance(said, list) and said else said
                one = one.get("pattern") if isinstance(one, dict) else one
                if name := self.name(one, f"{path}.cookies[{index}]"):
                    title = service.get("title")
                    yield self.found(name, kind, title if isinstance(title, str) else key, None, texts, path)
            if not listed:
                self.fault("C016", f"{path}.cookies", f"`{key}` lists no cookies", "Add them to the table.")

    def vanilla(self, config: Mapping[str, Any]) -> Iterator[Found]:
        """The cookies of vanilla-cookieconsent's tables, and of what it clears."""
        self.prechosen(config, {"mode": "opt-out", "autoShow": False, "hideFromBots": True})
        tabled = list(self._tables(config))
        known = {(kind, name) for kind, name, *_ in tabled}
        merged: dict[tuple[str, str], tuple[Any, Any, dict[str, str]]] = {}
        for kind, name, domain, life, language, text in tabled:
            _, _, texts = merged.setdefault((kind, name), (domain, life, {}))
            if language in {"sv", "en"} and text:
                texts[language] = text
        for (kind, name), (domain, life, texts) in merged.items():
            yield self.found(name, kind, domain, life, texts, "language.translations")
        for key, category in config["categories"].items():
            path = f"categories.{key}"
            if not isinstance(category, dict):
                continue
            ours = "necessary" if category.get("readOnly") is True else self.kind(key, path)
            if ours is None:
                continue
            if ours != "necessary":
                self.prechosen(category, {"enabled": True}, path)
            for label, said, at in _cleared(category, path):
                one = self.name(said, at)
                if one and (ours, one) not in known:
                    known.add((ours, one))
                    yield self.found(one, ours, label or UNKNOWN, None, {}, at)

    def _tables(self, config: Mapping[str, Any]) -> Iterator[tuple[str, str, Any, Any, str, str]]:
        """(kind, name, provider, lifetime, language, text) of each row of each language."""
        translations = _in(config, "language", "translations")
        for language, said in translations.items() if isinstance(translations, dict) else ():
            sections = _in(said, "preferencesModal", "sections")
            for number, section in enumerate(sections if isinstance(sections, list) else []):
                rows = _in(section, "cookieTable", "body")
                if not isinstance(rows, list):
                    continue
                path = f"language.translations.{language}.preferencesModal.sections[{number}]"
                kind = self.kind(_in(section, "linkedCategory"), f"{path}.linkedCategory")
                for index, row in enumerate(rows if kind else []):
                    name = self.name(_first(row, "name", "cookie"), f"{path}.cookieTable.body[{index}]")
                    if name and kind:
                        provider = _first(row, "provider", "service", "domain")
                        life = _first(row, "expiration", "expires", "duration", "lifetime")
                        text = _first(row, "description", "desc", "purpose")
                        yield kind, name, provider, life, language, text if isinstance(text, str) else ""

    def found(
        self, name: str, kind: str, provider: Any, life: Any, texts: Mapping[str, str], path: str
    ) -> Found:
        """One cookie; what is missing is marked and told."""
        lifetime = _lifetime(life)
        if lifetime == UNKNOWN:
            self.fault(
                "C013", path, f"how long `{name}` lives is not said", "Write it as P30D, P12M or session."
            )
        known = provider if isinstance(provider, str) and provider else UNKNOWN
        if known == UNKNOWN:
            self.fault("C016", path, f"who sets `{name}` is not said", "Write the company's name.")
        return Found(name=name, kind=kind, provider=known, lifetime=lifetime, texts=texts)

    def draft(self, tool: str, config: Mapping[str, Any], cookies: tuple[Found, ...]) -> Draft:
        """The section, with a row for each cookie."""
        days = _first(config, "cookieExpiresAfterDays") or _in(config, "cookie", "expiresAfterDays")
        whole = isinstance(days, int) and not isinstance(days, bool) and 1 <= days <= 400
        name = _first(config, "cookieName", "storageName") or _in(config, "cookie", "name")
        lines = [
            "cookies:",
            "  consent: prior_opt_in",
            f"  consent_max_age: P{days}D" if whole else "  consent_max_age: P12M",
        ]
        if isinstance(name, str) and re.fullmatch(r"[A-Za-z0-9_-]{1,20}", name):
            lines.append(f"  choice: {json.dumps(name)}")
        lines.append("  table:")
        return Draft(
            tool=tool,
            yaml="\n".join([*lines, *(_row(each) for each in cookies)]) + "\n",
            cookies=cookies,
            faults=tuple(self.faults),
        )


def _row(found: Found) -> str:
    said = {"name": found.name, "purpose": found.kind, "provider": found.provider, "lifetime": found.lifetime}
    row = {**said, **({"text": dict(found.texts)} if found.texts else {})}
    return f"    - {json.dumps(row, ensure_ascii=False)}"


def _cleared(category: Mapping[str, Any], path: str) -> Iterator[tuple[str, Any, str]]:
    """(provider, name, path) of each cookie that a category or one of its services clears."""
    for index, each in enumerate(_list(_in(category, "autoClear", "cookies"))):
        yield "", _in(each, "name"), f"{path}.autoClear.cookies[{index}]"
    services = category.get("services")
    for key, service in services.items() if isinstance(services, dict) else ():
        label = _in(service, "label")
        for index, each in enumerate(_list(_in(service, "cookies"))):
            at = f"{path}.services.{key}.cookies[{index}]"
            yield label if isinstance(label, str) else key, _in(each, "name"), at


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _in(value: Any, *keys: str) -> Any:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _first(row: Any, *keys: str) -> Any:
    return next((row[k] for k in keys if isinstance(row, dict) and row.get(k)), None)


def _texts(translations: Any, pick: Any) -> dict[str, str]:
    if not isinstance(translations, dict):
        return {}
    said = {language: pick(translations.get(language)) for language in ("sv", "en")}
    return {language: text for language, text in said.items() if isinstance(text, str) and text}


_UNITS = {"d": "D", "w": "W", "v": "W", "m": "M", "y": "Y", "å": "Y"}


def _lifetime(said: Any) -> str:
    """A lifetime as people write it, as a period: "1 year", "2 år", "session"."""
    if not isinstance(said, str):
        return UNKNOWN
    if re.search(r"session", said, re.IGNORECASE):
        return "session"
    found = re.search(r"(\d{1,4})\s*(d(?:ay|ag)|w(?:eek)|veck|m(?:onth|ån)|y(?:ear)|år)", said, re.IGNORECASE)
    return f"P{found[1]}{_UNITS[found[2][0].lower()]}" if found else UNKNOWN
