"""How the notice tells periods, from the same retention rules that run (art. 13.2 a)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lofte.fault import Fault
from lofte.policy import period
from lofte.policy.document import Language, Policy, Purpose, RetentionRule, Text
from lofte.policy.notice.records import Voice
from lofte.policy.notice.words import capital
from lofte.policy.retention_words import say, say_period

_AFTER: Mapping[str, Text] = {
    "delete": Text(sv="Sedan raderas de.", en="Then they are erased."),
    "anonymise": Text(
        sv="Sedan tas allt bort som pekar på dig.", en="Then everything that points to you is removed."
    ),
    "restrict": Text(sv="Sedan får de bara lagras.", en="Then they may only be stored."),
    "suppress": Text(
        sv="Sedan finns bara en kontrollsumma av adressen kvar, så att du inte får fler utskick.",
        en="Then only a checksum of the address remains, so that you get no more mailings.",
    ),
    "next": Text(sv="", en=""),
}


def span(text: str, language: Language) -> str:
    """An ISO 8601 period in words; what is no period stands as it was written."""
    read = period.parse(text)
    return text if isinstance(read, Fault) else say_period(read, language)


def last_rules(policy: Policy, purpose: Purpose) -> Iterator[tuple[str, RetentionRule]]:
    """The rules that end a purpose's storage: those that do not hand on to the next."""
    for id_ in purpose.retention:
        rule = policy.retention.get(id_)
        if rule and rule.action != "next":
            yield id_, rule


def told(voice: Voice, rule: RetentionRule) -> str:
    """One rule as told: until when, and what happens then."""
    kept = say(rule.keep_until, voice.language)
    first = voice.words(f"Vi sparar uppgifterna {kept}.", f"We keep the data {kept}.")
    return f"{first} {_AFTER[rule.action].say(voice.language)}".strip()


def in_cell(voice: Voice, purpose: Purpose) -> str:
    """All of a purpose's periods, as one cell of a table."""
    rules = list(last_rules(voice.policy, purpose))
    said = [(voice.of(rule.name, id_), capital(say(rule.keep_until, voice.language))) for id_, rule in rules]
    if len(said) == 1:
        return f"{said[0][1]}."
    return " ".join(f"{name}: {kept[:1].lower()}{kept[1:]}." for name, kept in said)


def restricted(voice: Voice, expression: str) -> str:
    """From when data kept for this purpose are used for no other."""
    until = say(expression, voice.language)
    return voice.words(
        f"För andra ändamål används de bara {until}.", f"For other purposes they are used only {until}."
    )
