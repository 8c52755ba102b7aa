"""Cookies, changes, versions and languages: how the policy is told (art. 12-13; LEK 9 kap. 28 §)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from lofte.fault import Fault, Severity
from lofte.policy import period as periods
from lofte.policy.checks.rule import Finding, found, rule
from lofte.policy.document import Policy, Text
from lofte.policy.keypath import Segment
from lofte.policy.period import Period

LONGEST_CONSENT = Period(months=12)
VERSION = r"20\d{2}-?[01]\d(-?[0-3]\d)?([.-]\d{1,3})?|v?\d{1,4}(\.\d{1,3}){0,2}[a-z]?"
"""How a version may be written; the ledger's own form, which this room may not reach."""
_LANGUAGE = {"sv": "Swedish", "en": "English"}


@rule("P180", "LEK 9 kap. 28 §")
def cookies_wait_for_consent(policy: Policy) -> Iterator[Finding]:
    """Cookies that are not necessary wait for consent."""
    cookies = policy.cookies
    if cookies is None or cookies.consent == "prior_opt_in" or cookies.table == "scanned":
        if cookies and cookies.consent == "none_needed":
            what = "nothing is asked, though it is not known which cookies there are"
            yield found(("cookies", "consent"), what, "list the cookies, or write `prior_opt_in`")
        return
    for index, cookie in enumerate(cookies.table):
        if cookie.purpose != "necessary":
            what = f"the cookie `{cookie.name}` ({cookie.purpose}) is set without consent"
            yield found(("cookies", "table", index, "purpose"), what, "write `consent: prior_opt_in`")


@rule("P181", "art. 4.11, 7.3")
def refusing_is_as_easy(policy: Policy) -> Iterator[Finding]:
    """Refusing cookies is as easy as accepting them."""
    cookies = policy.cookies
    if cookies and cookies.consent == "prior_opt_in" and not cookies.refuse_as_easy:
        what = "refusing cookies is not as easy as accepting them"
        yield found(("cookies", "refuse_as_easy"), what, "write `true`, and show both choices alike")


@rule("P182", "art. 7.1; EDPB 05/2020", Severity.WARNING)
def consent_is_renewed(policy: Policy) -> Iterator[Finding]:
    """Consent to cookies is asked for again within twelve months."""
    if policy.cookies is None:
        return
    text, path = policy.cookies.consent_max_age, ("cookies", "consent_max_age")
    period = periods.parse(text)
    if isinstance(period, Fault):
        yield found(path, period.what, period.mend)
    elif period.longer_than(LONGEST_CONSENT):
        yield found(path, f"consent is taken for given for `{text}`", f"write `{LONGEST_CONSENT}` or less")


@rule("P190", "art. 5.1 a")
def force_comes_after_text(policy: Policy) -> Iterator[Finding]:
    """A version takes force no earlier than it was written."""
    meta = policy.meta
    if meta.updated and meta.effective_from < meta.updated:
        what = f"the version takes force on {meta.effective_from}, before it was updated on {meta.updated}"
        yield found(("meta", "effective_from"), what, "write a later day")


@rule("P191", "art. 13.3, 5.1 a")
def changes_are_told_in_time(policy: Policy) -> Iterator[Finding]:
    """Major changes are told, so many days before they take force."""
    lead = periods.parse(policy.changes.lead_time)
    if isinstance(lead, Fault):
        yield found(("changes", "lead_time"), lead.what, lead.mend)
    elif policy.changes.major and not lead:
        what = "major changes take force at once"
        yield found(("changes", "lead_time"), what, "write how long before they are told, such as `P30D`")
    if policy.changes.major and not policy.changes.notify:
        what = "nothing says how major changes are told"
        yield found(("changes", "notify"), what, "add `notify: [email, website]`")


@rule("P192", "art. 12.1")
def texts_speak_every_language(policy: Policy) -> Iterator[Finding]:
    """Every text is there in every language the policy declares."""
    for path, text in texts_of(policy, ()):
        if path[0] == "texts":
            continue  # own words may stand in one language, and the house's in the other
        for language in policy.meta.languages:
            if not getattr(text, language):
                what = f"the {_LANGUAGE[language]} text is missing"
                yield found(
                    (*path, language), what, f"add `{language}`, or take the language from `meta.languages`"
                )


@rule("P193", "art. 12.1")
def record_language_is_declared(policy: Policy) -> Iterator[Finding]:
    """The language that decides is one of those the policy declares."""
    if policy.meta.record_language not in policy.meta.languages:
        what = f"`{policy.meta.record_language}` decides, but is not among the languages"
        yield found(("meta", "record_language"), what, "add it to `languages`, or choose one of them")


def texts_of(part: Any, path: tuple[Segment, ...]) -> Iterator[tuple[tuple[Segment, ...], Text]]:
    """Every text of the document with its path, in the order of the document."""
    if isinstance(part, Text):
        yield path, part
    elif isinstance(part, BaseModel):
        for name, field in type(part).model_fields.items():
            yield from texts_of(getattr(part, name), (*path, field.alias or name))
    elif isinstance(part, dict):
        for key, value in part.items():
            yield from texts_of(value, (*path, key))
    elif isinstance(part, tuple):
        for index, value in enumerate(part):
            yield from texts_of(value, (*path, index))


@rule("P194", "art. 5.2")
def version_can_be_noted(policy: Policy) -> Iterator[Finding]:
    """The version is written so that the ledger can note it: as 2026-01-31 or as 4.1."""
    version = policy.meta.version
    if not re.fullmatch(VERSION, version, re.ASCII):
        what = f"the ledger cannot note the version `{version}`"
        mend = "write a day, such as `2026-01-31`, or a number, such as `4.1`"
        yield found(("meta", "version"), what, mend)


CHECKS = (
    cookies_wait_for_consent,
    refusing_is_as_easy,
    consent_is_renewed,
    force_comes_after_text,
    changes_are_told_in_time,
    texts_speak_every_language,
    record_language_is_declared,
    version_can_be_noted,
)
