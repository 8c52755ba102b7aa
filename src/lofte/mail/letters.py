"""A letter, written from its template and the facts.

Hard rules (CWE-1336):
- A template has words and placeholders, no expressions. Facts are put in once, as they are: what looks
  like a placeholder in a fact stays as it is written.
- A fact that the template does not name, or that is missing, is an error before anything is sent.
- What a fact holds cannot begin a new header: a subject is one line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lofte.errors import Broken
from lofte.execution.house import House
from lofte.mail.templates import PLACE, TEMPLATES

_BREAKS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Letter:
    """A letter's words, and which template in which version they were written from."""

    template: str
    version: int
    language: str
    subject: str
    body: str


def letter(house: House, name: str, language: str, /, **facts: str) -> Letter:
    """The letter `name` in `language` (`sv` or `en`). The company's name, where to complain and the
    portal's address are known to each template. Raises Broken when the facts are not those that it names."""
    template = TEMPLATES[name]
    known = {**_of_the_house(house, language), **facts}
    wanted = template.places
    if set(facts) - wanted or wanted - set(known):
        odd = sorted((set(facts) - wanted) | (wanted - set(known)))
        raise Broken(f"the letter {name} is not written with these facts: {', '.join(odd)}")
    subject = _BREAKS.sub(" ", _filled(template.subject.say(language), known)).strip()
    return Letter(
        template=name,
        version=template.version,
        language=language,
        subject=subject,
        body=_filled(template.body.say(language), known).strip() + "\n",
    )


def _filled(words: str, facts: dict[str, str]) -> str:
    return PLACE.sub(lambda match: facts[match[1]], words)


def _of_the_house(house: House, language: str) -> dict[str, str]:
    policy = house.policy
    return {
        "company": policy.controller.trade_name or policy.controller.legal_name or "",
        "authority": policy.authority.name.say(language),
        "authority_url": policy.authority.url or "",
        "portal": house.url,
    }
