"""Forms, sources and shown texts: what is asked for is told there, and every column has a told source.

Evidence: what the policy's forms and sources say, beside the data map (`counted`); and how many times each
text was shown in the version in force (`notices.presented`). A field of a page that nobody has declared under
`forms` is not seen here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from lofte.datamap.document import DataMap, FieldMap
from lofte.ledger.kinds import Value
from lofte.policy import reading_ease
from lofte.policy.digest import digest
from lofte.policy.document import Policy, Text
from lofte.proof.publication import publication
from lofte.proof.records import Case, Check, Evidence, Verdict, broken, kept, unproven

_EMBED = Text(
    sv="Sätt in texten vid formuläret: `lofte snippet`.", en="Put the text at the form: `lofte snippet`."
)
_DECLARE = Text(
    sv="Skriv under `fields` vad formuläret frågar efter.", en="Write under `fields` what the form asks for."
)


def counted(policy: Policy, datamap: DataMap, now: datetime) -> Iterator[Evidence]:
    """Forms and sources beside the columns of the map. Names are ids of the policy, never anybody's data."""
    columns = [(field, source) for field, source in _columns(datamap) if field.category]
    held = {field.category for field, _ in columns}
    items = {field.item for field, _ in columns if field.item}
    sourced = {category for source in policy.sources.values() for category in source.categories}
    facts: dict[str, Value] = {
        "columns": len(columns),
        "unsourced": _named(id_ for id_ in policy.categories if id_ not in sourced),
        "strange_sources": _named(source for _, source in columns if source and source not in policy.sources),
        "idle_sources": _named(
            id_ for id_, s in policy.sources.items() if s.automatic and not held & set(s.categories)
        ),
        "fields": sum(len(form.fields) for form in policy.forms.values()),
        "undeclared": _named(id_ for id_, form in policy.forms.items() if not form.fields),
        "unheld": _named(
            f"{id_}: {item}"
            for id_, form in policy.forms.items()
            for item in form.fields
            if item not in items
        ),
    }
    yield Evidence(kind=Check.SOURCES, at=now, policy_version=policy.meta.version, facts=facts)


def every_source_told(case: Case) -> Verdict:
    """P015: every kind of data has a source that is told, and no column names another (art. 14.2 f)."""
    check = case.last(Check.SOURCES)
    if check is None:
        return _not_looked()
    for fact, sv, en in (
        ("unsourced", "Utan källa i policyn", "Without a source in the policy"),
        (
            "strange_sources",
            "Kolumner med en källa som inte är berättad",
            "Columns with a source that is not told",
        ),
    ):
        if names := check.facts[fact]:
            return broken(
                Text(sv=f"{sv}: {names}.", en=f"{en}: {names}."),
                Text(sv="Skriv in källan under `sources`.", en="Write the source under `sources`."),
                check,
            )
    n = check.count("columns") or 0
    return kept(
        f"{n} kolumner har en källa som är berättad.", f"{n} columns have a source that is told.", check
    )


def collectors_held(case: Case) -> Verdict:
    """P016, P017: each automatic source stands in the map, with a period, and no table is outside the map."""
    check, seen = case.last(Check.SOURCES), case.last(Check.MAP)
    if check is None:
        return _not_looked()
    if names := check.facts["idle_sources"]:
        return broken(
            Text(sv=f"Inget i kartan kommer från: {names}.", en=f"Nothing in the map comes from: {names}."),
            Text(sv="Kartlägg loggarna, eller ta bort källan.", en="Map the logs, or take the source out."),
            check,
        )
    if bare := _without_period(case.policy):
        return broken(
            Text(sv=f"Samlas in utan tid: {bare}.", en=f"Collected without a period: {bare}."),
            Text(sv="Ange tiden under `retention`.", en="Name the period under `retention`."),
            check,
        )
    if seen is None or not seen.count("live"):
        return unproven(
            Text(
                sv="Källorna finns i kartan. Att inget annat samlas in är inte prövat mot systemen.",
                en="The sources are in the map. That nothing else is collected has not been checked against "
                "the systems.",
            ),
            Text(sv="Kör `lofte check` mot systemen.", en="Run `lofte check` against the systems."),
            check,
        )
    if gaps := seen.count("gaps"):
        return broken(
            Text(sv=f"{gaps} ställen står utanför kartan.", en=f"{gaps} places are outside the map."),
            Text(sv="Rätta det som `lofte check` visar.", en="Mend what `lofte check` shows."),
            seen,
        )
    return kept(
        "Varje källa finns i kartan, med en tid.", "Each source is in the map, with a period.", check, seen
    )


def fields_mapped(case: Case) -> Verdict:
    """P018: what each form asks for is declared, and held where the map says (art. 13)."""
    check = case.last(Check.SOURCES)
    if check is None:
        return _not_looked()
    if names := check.facts["unheld"]:
        return broken(
            Text(
                sv=f"Frågas efter men finns inte i kartan: {names}.",
                en=f"Asked for, not in the map: {names}.",
            ),
            Text(sv="Kartlägg kolumnen, eller sluta fråga.", en="Map the column, or stop asking."),
            check,
        )
    if names := check.facts["undeclared"]:
        return unproven(
            Text(
                sv=f"Det är inte angivet vilka uppgifter dessa formulär frågar efter: {names}.",
                en=f"It is not declared which data these forms ask for: {names}.",
            ),
            _DECLARE,
            check,
        )
    n = check.count("fields") or 0
    return kept(
        f"{n} uppgifter i formulären finns i kartan.", f"{n} items of the forms stand in the map.", check
    )


def forms_have_rules(case: Case) -> Verdict:
    """P019: each form has purposes of its own, with ground and period, that use all it asks for."""
    policy = case.policy
    for id_, form in policy.forms.items():
        used = [policy.purposes[p] for p in form.purposes if p in policy.purposes]
        covered = {category for purpose in used for category in purpose.categories}
        outside = _named(category for category in form.categories if category not in covered)
        if not used or outside or any(not purpose.retention for purpose in used):
            which = f"{id_}: {outside}" if outside else id_
            return broken(
                Text(
                    sv=f"Formuläret saknar ändamål eller tid: {which}.",
                    en=f"The form lacks purpose or period: {which}.",
                ),
                Text(sv="Ange ändamålet under `forms`.", en="Name the purpose under `forms`."),
            )
    entry, n = publication(case), len(policy.forms)
    sv, en = f"{n} formulär har ändamål, grund och tid.", f"{n} forms have purpose, ground and period."
    return kept(sv, en, entry) if entry else unproven(Text(sv=sv, en=en))


def period_told_at_collection(case: Case) -> Verdict:
    """P138: at each form stands how long its data stay, in the version in force (art. 13.2 a)."""
    rules = forms_have_rules(case)
    if rules.mend is not None:
        return rules
    shown = _shown(case)
    never = _named(id_ for id_ in case.policy.forms if id_ not in shown)
    if never:
        return unproven(
            Text(
                sv=f"Texten har inte visats vid dessa formulär i den version som gäller: {never}.",
                en=f"The text has not been shown at these forms in the version in force: {never}.",
            ),
            _EMBED,
            *shown.values(),
        )
    times = sum(each.count("times") or 0 for each in shown.values())
    return kept(
        f"Tiden har visats vid varje formulär, {times} gånger.",
        f"The period has been shown at each form, {times} times.",
        *shown.values(),
    )


def can_be_read(case: Case) -> Verdict:
    """P007: the text is plain in each language, and is shown to whoever wants to read it (art. 12.1)."""
    eases = [reading_ease.of_notice(text) for text in case.texts.values()]
    for ease in eases:
        if ease.hard:
            told = f"{ease.measure} {ease.value}, {ease.language}"
            return broken(
                Text(sv=f"Texten är svår att läsa ({told}).", en=f"The text is hard to read ({told})."),
                Text(sv="Skriv kortare meningar.", en="Write shorter sentences."),
            )
    told = ", ".join(f"{ease.measure} {ease.value} ({ease.language})" for ease in eases)
    shown = [each for each in _presented(case) if not each.facts["form"]]
    if not shown:
        return unproven(
            Text(
                sv=f"Texten går att läsa: {told}. Den har inte visats för någon än.",
                en=f"The text can be read: {told}. It has not been shown to anybody yet.",
            )
        )
    times = sum(each.count("times") or 0 for each in shown)
    return kept(
        f"Texten går att läsa: {told}. Den har visats {times} gånger.",
        f"The text can be read: {told}. It has been shown {times} times.",
        *shown,
    )


def _presented(case: Case) -> Iterator[Evidence]:
    """What was shown of exactly this policy."""
    version = digest(case.policy)
    return (each for each in case.of(Check.PRESENTED) if each.facts.get("digest") == version)


def _shown(case: Case) -> dict[str, Evidence]:
    return {
        str(each.facts["form"]): each for each in _presented(case) if each.facts["form"] in case.policy.forms
    }


def _not_looked() -> Verdict:
    return unproven(
        Text(sv="Formulär och källor är inte prövade.", en="Forms and sources have not been checked."),
        Text(sv="Kör `lofte prove`.", en="Run `lofte prove`."),
    )


def _without_period(policy: Policy) -> str:
    """Categories that come by themselves and that some purpose keeps without a period."""
    own = {c for source in policy.sources.values() if source.automatic for c in source.categories}
    return _named(
        category
        for category in sorted(own)
        for purpose in policy.purposes.values()
        if category in purpose.categories and not purpose.retention
    )


def _columns(datamap: DataMap) -> Iterator[tuple[FieldMap, str | None]]:
    """Each column, and the source of its own or that of its table."""
    return (
        (field, field.source or dataset.source)
        for system in datamap.systems
        for dataset in system.datasets.values()
        for field in dataset.fields.values()
    )


def _named(ids: Iterable[str | None]) -> str:
    return ", ".join(dict.fromkeys(id_ for id_ in ids if id_))
