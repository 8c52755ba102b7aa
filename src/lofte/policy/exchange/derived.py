"""What every exported file says of where it comes from, and what its format made us fill in."""

from __future__ import annotations

from dataclasses import dataclass

from lofte.policy.digest import digest
from lofte.policy.document import Language, Policy, Text

NEVER = Text(
    sv="Gjord av policyn med lofte export. Ändra aldrig här; ändra policyn och exportera igen.",
    en="Made from the policy by lofte export. Never edit it here; change the policy and export again.",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Placeholder:
    """A field that a format demands and the policy has nothing for: where, and why."""

    path: str
    why: Text


@dataclass(frozen=True, kw_only=True, slots=True)
class Note:
    """A word of ours for which the other vocabulary has only a wider one."""

    path: str
    ours: str
    theirs: str


def header(policy: Policy, language: Language) -> dict[str, str]:
    """Name, version and digest of the policy, and that nobody edits the file."""
    return {
        "derived": NEVER.say(language),
        "policy": policy.meta.id,
        "version": policy.meta.version,
        "effective_from": policy.meta.effective_from.isoformat(),
        "digest": f"sha256:{digest(policy)}",
    }


def said(text: Text | None, id_: str, language: Language) -> str:
    """The words of something, else its id made readable."""
    found = text.say(language) if text else ""
    return found or id_.replace("_", " ").replace("-", " ")
