"""The letter that a new version comes, in plain words: from when, and what is changed."""

from __future__ import annotations

from lofte.execution.house import House
from lofte.mail.letters import Letter, letter
from lofte.notices.classified import Why, read_version, reasons, takes_force
from lofte.notices.models import PublishedPolicy
from lofte.policy import keypath
from lofte.policy.document import Policy
from lofte.policy.notice.words import capital, day

_MOST = 12
"""Changes that are named one by one; the rest are read on the site."""


def change_letter(house: House, published: PublishedPolicy, language: str = "", *, stop: str = "") -> Letter:
    """The letter, in the language of the policy unless another is given. `stop` is where whoever subscribes
    says that they want no more."""
    policy = read_version(published.text)
    spoken = language if language in policy.meta.languages else policy.meta.record_language
    facts = {
        "version": published.version,
        "day": day(takes_force(published) or published.effective_from, spoken),
        "what": what_changes(published, spoken),
        "read": f"{house.url}/policy/versions/{published.replaces}..{published.version}",
    }
    if stop:
        return letter(house, "policy_news", spoken, stop=stop, **facts)
    return letter(house, "policy_changes", spoken, **facts)


def what_changes(published: PublishedPolicy, language: str) -> str:
    """What is changed, a line for each; for a minor change, that it is small."""
    found = reasons(published)
    if not found:
        return "Det är små ändringar." if language == "sv" else "The changes are small."
    policy = read_version(published.text)
    lines = list(dict.fromkeys(f"- {in_words(policy, each, language)}" for each in found))
    if len(lines) > _MOST:
        more = len(lines) - _MOST
        lines = [*lines[:_MOST], f"- och {more} till" if language == "sv" else f"- and {more} more"]
    return "\n".join(lines)


def in_words(policy: Policy, why: Why, language: str) -> str:
    """One reason: what it is about, by the name that people read, and what is changed."""
    about = _named(policy, why.path, language)
    what = capital(why.what.say(language))
    return f"{about}: {why.what.say(language)}" if about else what


_RIGHTS = {
    "access": ("Registerutdrag", "Access"),
    "rectification": ("Rättelse", "Rectification"),
    "erasure": ("Radering", "Erasure"),
    "restriction": ("Begränsning", "Restriction"),
    "portability": ("Dataportabilitet", "Portability"),
    "objection": ("Invändning", "Objection"),
    "withdraw_consent": ("Återkallat samtycke", "Withdrawn consent"),
    "human_review": ("Mänsklig omprövning", "Human review"),
    "defaults": ("Alla rättigheter", "All rights"),
}
_OTHERS = {
    "cookies": ("Kakor", "Cookies"),
    "changes": ("Hur ändringar berättas", "How changes are told"),
    "transfers": ("Länder utanför EES", "Countries outside the EEA"),
}


def _named(policy: Policy, path: str, language: str) -> str:
    """What people call the thing at this path; empty when it has no name."""
    kind, *rest = map(str, keypath.split(path))
    sv = language == "sv"
    if kind == "rights" and rest:
        return _RIGHTS.get(rest[0], ("", ""))[0 if sv else 1]
    if kind in _OTHERS:
        return _OTHERS[kind][0 if sv else 1]
    thing = getattr(policy, kind, {}).get(rest[0]) if rest and kind in _NAMED else None
    if kind == "retention" and thing is not None and not thing.name:
        thing = next((each for each in policy.purposes.values() if rest[0] in each.retention), None)
    name = getattr(thing, "name", None)
    said = name if isinstance(name, str) else name.say(language) if name else ""
    text = getattr(thing, "text", None)
    return capital(said or (text.say(language) if text else ""))


_NAMED = frozenset({"purposes", "categories", "recipients", "retention", "automated_decisions"})
