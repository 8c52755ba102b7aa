"""Why something is kept, as a handler reads it: the statute, the hold or the purpose by its name."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from lofte.console.names import Names
from lofte.console.since import LIFTED
from lofte.console.words import Words
from lofte.law.articles import cite
from lofte.plan.words import statute

_SAID: Mapping[str, Words] = {
    "legal_obligation": lazy("A law wants it kept"),
    "legal_claim": lazy("A legal claim"),
    "active_contract": lazy("A contract that runs"),
    "incident": lazy("An incident that is being looked into"),
    "restriction": lazy("The person has had the processing restricted"),
    "shared": lazy("The row is another person's too"),
    "referenced": lazy("What is kept points at it"),
    "mention": lazy("The row only mentions the person"),
    "in_doubt": lazy("Somebody must say whether the row is the person's still"),
    LIFTED: lazy("A hold that kept it is lifted; it waits for its day"),
    "changed_hands": lazy("The row is somebody else's by now"),
}


def why_kept(ground: str, article: str, called: Names) -> str:
    """The reasons in one line, with the article."""
    reasons = [_one(each, called) for each in ground.split(", ") if each]
    said = "; ".join(dict.fromkeys(reasons)) or _("Nothing needs to be taken from it")
    return f"{said} ({cited(article)})" if article else said


def cited(article: str) -> str:
    """The article as people write it."""
    return cite(article, _language())


def _one(ground: str, called: Names) -> str:
    if ground in _SAID:
        return str(_SAID[ground])
    law = statute(ground)
    return law.say(_language()) if law is not None else called.purpose(ground)


def _language() -> str:
    return "en" if get_language() == "en" else "sv"
