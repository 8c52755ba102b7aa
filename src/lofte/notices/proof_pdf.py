"""A proof as a tagged PDF (PDF/UA-1), for those who want paper or keep files."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from lofte.execution import paper
from lofte.notices import proof_page as told
from lofte.notices.proof_page import Document, speak
from lofte.proof.areas import AREAS
from lofte.proof.records import Finding
from lofte.proof.report import shown
from lofte.proof.report_words import FINDINGS, MEANS, PROBLEMS, word


def pdf(document: Document, language: str) -> bytes:
    """The PDF of this proof, in one language."""
    made_at = datetime.fromisoformat(document["made_at"])
    return paper.pdf(__package__, "proof.typ", _view(document, language), made_at)


def _view(document: Document, language: str) -> dict[str, Any]:
    def say(name: str) -> str:
        return word(name, language)

    areas = list(told.by_area(document))
    return {
        "language": language,
        "title": f"{say('title')}: {document['company']['name']}, {document['on']}",
        "author": document["company"]["name"],
        "footer": f"{say('title')} · {document['policy']['version']} · {document['on']}",
        "facts": told.facts(document, language),
        "remarks": told.remarks(document, language),
        "short_heads": [say("finding"), say("count"), say("means")],
        "short": [
            [name.say(language), str(document["counts"][finding.value]), MEANS[finding].say(language)]
            for finding, name in FINDINGS.items()
        ],
        "area_heads": [say("area"), *(name.say(language) for name in FINDINGS.values())],
        "areas": [_counted(area, promises, language) for area, promises in areas],
        "erasure_title": say("erasure"),
        "erasure": [_problem(n, each, language) for n, each in enumerate(document["erasure"], 1)],
        "chapters": [
            {"title": AREAS[area].say(language), "promises": [_promise(each, language) for each in promises]}
            for area, promises in areas
        ],
        "checks_title": say("checks"),
        "checks_lead": say("checks_then" if document["past"] else "checks_lead"),
        "check_heads": ["#", say("asked"), say("counted"), say("when")],
        "checks": [_check(each, language) for each in document["checks"]],
        "signed_title": say("signed"),
        "ties": told.ties(document, language),
        "signed_lead": say("signed_lead" if document["ledger"]["checkpoint"] else "unsigned"),
        "signed": _notes(document, language),
        **{name: say(name) for name in ("lead", "page", "in_short", "mend", "erasure_lead")},
    }


def _counted(area: str, promises: list[Mapping[str, Any]], language: str) -> list[str]:
    found = [shown(promise) for promise in promises]
    return [AREAS[area].say(language), *(str(found.count(finding)) for finding in FINDINGS)]


def _promise(promise: Mapping[str, Any], language: str) -> dict[str, Any]:
    finding = shown(promise)
    notes = [f"{word('field', language)}: {promise['field']}"]
    if promise["newest"]:
        notes.append(f"{word('age', language)}: {told.moment(promise['newest'], language)}")
    if promise["entries"]:
        notes.append(f"{word('evidence', language)}: {word('entries', language)} {told.entries(promise)}")
    if promise["checks"]:
        notes.append(f"{word('looked_now', language)}: {', '.join(map(str, promise['checks']))}")
    return {
        "sentence": speak(promise["sentence"], language),
        "finding": finding.value,
        "called": FINDINGS[finding].say(language),
        "place": " · ".join(filter(None, (promise["promise"], told.law(promise["article"], language)))),
        "reason": speak(promise["reason"], language),
        "mend": speak(promise["mend"], language),
        "notes": [" · ".join(notes[:2]), *notes[2:]],
    }


def _problem(n: int, each: Mapping[str, Any], language: str) -> dict[str, Any]:
    finding = Finding(each["finding"])
    made = ", ".join(one["promise"] for one in each["promises"])
    notes = [f"{word('promises', language)}: {made}"] if made else []
    if each["reference"] != "report":
        notes.append(word("secondary", language))
    return {
        "sentence": f"{n}. {speak(each['title'], language)}",
        "finding": finding.value,
        "called": PROBLEMS[finding].say(language),
        "place": speak(each["asks"], language),
        "reason": speak(each["reason"], language),
        "mend": "",
        "notes": notes,
    }


def _check(check: Mapping[str, Any], language: str) -> list[str]:
    return [
        str(check["n"]),
        speak(check["asked"], language),
        speak(check["counted"], language),
        told.moment(check["at"], language),
    ]


def _notes(document: Document, language: str) -> list[list[str]]:
    ledger = document["ledger"]
    if not ledger["checkpoint"]:
        return []
    notes = (
        ("checkpoint", ledger["checkpoint"]),
        ("key", ledger["key"]),
        ("signature", document["signature"]),
    )
    return [[word(name, language), note.rstrip()] for name, note in notes if note]
