"""The company's own words: are they readable, and do they hold what they stand for (art. 12.1, 5.1 a)?"""

from __future__ import annotations

from collections.abc import Iterator

from lofte.fault import Severity
from lofte.policy import reading_ease
from lofte.policy.checks.rule import Finding, found, rule
from lofte.policy.checks.telling import texts_of
from lofte.policy.complaints import nearest, one_of
from lofte.policy.document import Policy
from lofte.policy.notice import generated
from lofte.policy.notice.own_words import added, addressed, lost
from lofte.policy.notice.records import Sentence


@rule("P195", "art. 12.1", Severity.WARNING)
def texts_can_be_read(policy: Policy) -> Iterator[Finding]:
    """No text of the company's own is hard to read: LIX over 55, or Flesch under 30; from twenty words."""
    for path, text in texts_of(policy, ()):
        for language in policy.meta.languages:
            ease = reading_ease.ease([getattr(text, language) or ""], language)
            if ease.hard:
                what = f"the text is hard to read: {ease.measure} {ease.value}"
                yield found((*path, language), what, "use shorter sentences, and shorter and commoner words")


@rule("P196", "art. 5.1 a, 12.1")
def own_words_have_a_sentence(policy: Policy) -> Iterator[Finding]:
    """What is said in one's own words under `texts` is a sentence of the notice."""
    if not policy.texts:
        return
    known = _said(policy)
    for address, text in policy.texts.items():
        if not (text.sv or text.en):
            yield found(("texts", address), "there are no words here", "write `sv` or `en`, or take it out")
        if address not in known:
            what = f"the notice has no sentence `{address}`"
            yield found(("texts", address), what, _which(address, tuple(known)))


@rule("P197", "art. 5.1 a, 13.1-2")
def own_words_hold_the_facts(policy: Policy) -> Iterator[Finding]:
    """Own words hold every figure, period, name and address of the sentence they stand for, and add none."""
    if not policy.texts:
        return
    for address, said in _said(policy).items():
        for language, sentence in said.items():
            own = getattr(policy.texts.get(address), language, None)
            if not own:
                continue
            path = ("texts", address, language)
            if missing := lost(policy, sentence, own, language):
                names = ", ".join(f"`{each}`" for each in missing)
                yield found(path, f"the sentence says {names}, and these words do not", "write that, too")
            if more := added(sentence, own):
                names = ", ".join(f"`{each}`" for each in more)
                what = f"these words say {names}, and the policy does not"
                yield found(path, what, "take it out, or change the field that the sentence is made from")


@rule("P185", "art. 5.1 c, 13")
def forms_ask_for_what_they_tell(policy: Policy) -> Iterator[Finding]:
    """What a form asks for is an item of one of its categories."""
    for id_, form in policy.forms.items():
        known = {
            item.id for c in form.categories if c in policy.categories for item in policy.categories[c].items
        }
        for number, item in enumerate(form.fields):
            if item not in known:
                what = f"the form `{id_}` asks for `{item}`, which is in none of its categories"
                yield found(("forms", id_, "fields", number), what, "add the category, or stop asking for it")


def _said(policy: Policy) -> dict[str, dict[reading_ease.Language, Sentence]]:
    """Every sentence that can be said in own words, by address and language."""
    said: dict[str, dict[reading_ease.Language, Sentence]] = {}
    for language in policy.meta.languages:
        for _, sentence, address in addressed(generated(policy, language)):
            said.setdefault(address, {})[language] = sentence
    return said


def _which(address: str, known: tuple[str, ...]) -> str:
    alike = [each for each in known if each.partition("/")[2].partition("#")[0] == address]
    alike += [each for each in known if each.rpartition("#")[0] == address]
    if alike:
        return f"several sentences are made from this field: write {one_of(alike)}"
    close = nearest(address, known)
    return f"did you mean `{close}`?" if close else "write the `data-path` that the sentence has on the page"


CHECKS = (
    texts_can_be_read,
    own_words_have_a_sentence,
    own_words_hold_the_facts,
    forms_ask_for_what_they_tell,
)
