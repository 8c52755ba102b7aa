"""Promises that the published text itself keeps or breaks (art. 12-14, 77).

Evidence: the entry that published exactly this policy, by digest.
"""

from __future__ import annotations

from lofte.ledger.kinds import Kind
from lofte.policy.digest import digest
from lofte.policy.document import Text
from lofte.policy.notice.records import Notice
from lofte.policy.notice.words import day
from lofte.proof.records import Case, Evidence, Finding, Verdict, broken, kept, unproven

FOUR_THINGS = ("collected", "used", "stored", "shared")

_PUBLISH = Text(sv="Publicera policyn med `lofte publish`.", en="Publish the policy with `lofte publish`.")


def four_things_told(case: Case) -> Verdict:
    """P001: the text tells what is collected, used, stored and shared."""
    for language, text in case.texts.items():
        said = {s.id for s in text.sections if any(s.lines())}
        missing = [thing for thing in FOUR_THINGS if thing not in said]
        if missing:
            names = ", ".join(missing)
            return broken(
                Text(sv=f"Texten saknar: {names} ({language}).", en=f"The text lacks: {names} ({language})."),
                Text(sv="Skriv in det som saknas i policyn.", en="Write what is missing into the policy."),
            )
    return _published(
        case,
        "Texten berättar vad som samlas in, används, lagras och delas, på varje språk.",
        "The text tells what is collected, used, stored and shared, in each language.",
    )


def controller_named(case: Case) -> Verdict:
    """P002: name, number and address of the controller are in the published text (art. 13.1 a)."""
    who = case.policy.controller
    named = (who.legal_name, who.org_no, who.contact.address or who.contact.email)
    return _shown(case, named, "Företagets namn, nummer och adress", "The company's name, number and address")


def contact_shown(case: Case) -> Verdict:
    """P146, P148: contact details are in the text (art. 13.1 a)."""
    who = case.policy.controller.contact
    ways = tuple(way for way in (who.email, who.phone, who.address) if way)
    return _shown(case, ways or (None,), "Kontaktuppgifterna", "The contact details")


def officer_shown(case: Case) -> Verdict:
    """P147: the data protection officer can be reached (art. 13.1 b)."""
    return _shown(case, (case.policy.dpo.email,), "Dataskyddsombudets adress", "The officer's address")


def complaint_shown(case: Case) -> Verdict:
    """P149, P150: the text, and each refusal, links to the authority (art. 13.2 d, 77)."""
    verdict = _shown(case, (case.policy.authority.url,), "Myndighetens länk", "The authority's link")
    refused = tuple(case.of(Kind.REQUEST_REFUSED))
    if verdict.finding is not Finding.KEPT or not refused:
        return verdict
    return unproven(
        Text(
            sv=f"Texten visar hur man klagar. Att {len(refused)} avslag också gjorde det kan inte visas än.",
            en=f"The text shows how to complain. That {len(refused)} refusals did too cannot be shown yet.",
        ),
        None,
        *verdict.evidence,
        *refused,
    )


def in_force_from(case: Case) -> Verdict:
    """P005: the text applies from a stated day, and that day gives exactly one version."""
    meta = case.policy.meta
    published = list(case.of(Kind.POLICY_PUBLISHED))
    same_day = {
        str(e.facts.get("version"))
        for e in published
        if e.facts.get("effective_from") == str(meta.effective_from)
    }
    if len(same_day) > 1:
        names = ", ".join(sorted(same_day))
        return broken(
            Text(
                sv=f"Flera versioner gäller från samma dag: {names}.",
                en=f"Several versions apply from the same day: {names}.",
            ),
            Text(
                sv="Publicera en ny version med en egen dag.",
                en="Publish a new version with a day of its own.",
            ),
            *published,
        )
    if meta.effective_from > case.today:
        return unproven(
            Text(sv="Versionen gäller inte än.", en="The version does not apply yet."), None, *published
        )
    return _dated(case, day(meta.effective_from, "sv"), day(meta.effective_from, "en"))


def updated_shown(case: Case) -> Verdict:
    """P006: the text shows when it was last updated, from the version's own record."""
    when = case.policy.meta.updated
    if when is None:
        return _lacks("Uppdateringsdagen", "The day of updating")
    return _dated(case, day(when, "sv"), day(when, "en"))


def _dated(case: Case, sv: str, en: str) -> Verdict:
    for language, text in case.texts.items():
        if (sv if language == "sv" else en) not in _all(text):
            return _lacks(f"Dagen {sv}", f"The day {en}")
    return _published(
        case, f"Texten visar {sv}, hämtat ur versionen.", f"The text shows {en}, from the version."
    )


def _shown(case: Case, wanted: tuple[str | None, ...], sv: str, en: str) -> Verdict:
    texts = [_all(text) for text in case.texts.values()]
    if not all(value and all(value in text for text in texts) for value in wanted):
        return _lacks(sv, en)
    return _published(case, f"{sv} står i texten på varje språk.", f"{en}: in the text, in each language.")


def _all(text: Notice) -> str:
    return "\n".join(line.text for line in text.lines())


def _lacks(sv: str, en: str) -> Verdict:
    return broken(
        Text(sv=f"{sv} saknas i texten.", en=f"{en}: missing from the text."),
        Text(sv="Fyll i det i policyn och publicera.", en="Fill it in in the policy and publish."),
    )


def _published(case: Case, sv: str, en: str) -> Verdict:
    """Kept, if exactly this policy was published."""
    entry = publication(case)
    if entry is None:
        return unproven(
            Text(
                sv=f"{sv} Men just den här policyn är inte publicerad.",
                en=f"{en} But exactly this policy has not been published.",
            ),
            _PUBLISH,
        )
    return kept(sv, en, entry)


def publication(case: Case) -> Evidence | None:
    """The entry that published exactly this policy, or None."""
    content = digest(case.policy)
    for entry in reversed(list(case.of(Kind.POLICY_PUBLISHED))):
        if entry.facts.get("digest") == content:
            return entry
    return None
