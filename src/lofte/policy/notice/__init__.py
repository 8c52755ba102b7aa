"""The notice people read, rendered from the policy (art. 12-14).

* Everything is said from the document or from the law: a number, a name or a period is never
  typed twice, so what people are told cannot differ from what runs.
* The short version comes first, then everything; the right to object has a section of its own
  (art. 21.4).
* The text has no markup. A face escapes it and marks it up.
"""

from __future__ import annotations

from collections.abc import Callable

from lofte.policy.document import Language, Policy
from lofte.policy.notice import assured, data, giving, overview, practice, purposes, remedies, rights
from lofte.policy.notice.own_words import in_own_words
from lofte.policy.notice.records import Notice, Row, Section, Sentence, Table, Voice

__all__ = ["Notice", "Row", "Section", "Sentence", "Table", "generated", "notice"]

SECTIONS: tuple[Callable[[Voice], tuple[Section, ...]], ...] = (
    data.short,
    data.controller,
    data.collected,
    purposes.used,
    giving.must_give,
    purposes.shared,
    purposes.transfers,
    purposes.stored,
    overview.by_category,
    practice.security,
    assured.assurances,
    rights.rights,
    remedies.objection,
    remedies.withdrawal,
    remedies.automated,
    remedies.complaint,
    practice.messages,
    practice.cookies,
    practice.changes,
    practice.documents,
    practice.contact,
)
"""In order of reading."""


def notice(policy: Policy, language: Language) -> Notice:
    """The whole notice in one language, in the company's own words where it has some (`policy.texts`)."""
    meta = policy.meta
    return Notice(
        language=language,
        title=meta.title.say(language),
        version=meta.version,
        effective_from=meta.effective_from,
        updated=meta.updated,
        sections=in_own_words(generated(policy, language), policy.texts, language),
    )


def generated(policy: Policy, language: Language) -> tuple[Section, ...]:
    """The sections in the house's words, whatever the company says instead."""
    voice = Voice(policy=policy, language=language)
    return tuple(section for make in SECTIONS for section in make(voice))
