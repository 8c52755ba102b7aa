"""What the policy in force asks a visitor of this site."""

from __future__ import annotations

from functools import lru_cache

from django.http import Http404
from django.utils import timezone

from lofte.fault import Fault
from lofte.notices.publish import in_force
from lofte.policy.cookies import Shown, shown
from lofte.policy.document import Language, Policy
from lofte.policy.reading import read


@lru_cache(maxsize=8)
def _read(text: str, language: Language) -> tuple[Policy, Shown] | None:
    policy = read(text, "policy.yaml", Policy).document
    told = shown(policy, language) if policy else None
    return None if policy is None or told is None or isinstance(told, Fault) else (policy, told)


def asked(language: str) -> tuple[Policy, Shown]:
    """The policy in force and what it shows, in Swedish or English. Raises Http404 when it asks nothing."""
    published = in_force(timezone.localdate())
    found = _read(published.text, "en" if language == "en" else "sv") if published else None
    if found is None:
        raise Http404("the policy in force asks for no consent to cookies")
    return found
