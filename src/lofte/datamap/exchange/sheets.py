"""The registers of art. 30 as tables: what we do as controller, and what we do for others.

Made from policy, data map and the register of processors. A cell that should say something and cannot is
marked as missing; none is left blank.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from lofte.datamap.document import DataMap, Dataset, System
from lofte.law.adequacy import inside_eea
from lofte.law.bases import BASES
from lofte.policy.document import Language, Policy, Purpose, Recipient, Text
from lofte.policy.exchange.derived import NEVER, header, said
from lofte.policy.notice.words import MEASURES, SAFEGUARDS, listed, named, statute
from lofte.policy.processors import Processor
from lofte.policy.retention_words import say

MISSING = Text(sv="SAKNAS", en="MISSING")
_NONE = Text(sv="inga", en="none")
_ACTIONS = {
    "delete": Text(sv="raderas sedan", en="then deleted"),
    "anonymise": Text(sv="avidentifieras sedan", en="then de-identified"),
    "restrict": Text(sv="spärras sedan", en="then restricted"),
    "suppress": Text(sv="sedan sparas bara en spärr", en="then only a block is kept"),
    "next": Text(sv="sedan gäller nästa regel", en="then the next rule applies"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """What stands in a cell, and whether it should have said something else."""

    text: str
    missing: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """A column: its heading, the point of the law that asks for it, and how wide it is in letters."""

    name: str
    article: str
    width: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """One register."""

    id: str
    title: str
    about: tuple[tuple[str, Cell], ...]
    """What is told once, above the table: who, and of which version."""
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    empty: str = ""
    """What is said when there are no rows."""

    @property
    def gaps(self) -> int:
        """How many cells are missing."""
        told = [cell for _, cell in self.about] + [cell for row in self.rows for cell in row]
        return sum(cell.missing for cell in told)


def sheets(
    policy: Policy, datamap: DataMap, processors: dict[str, Processor] | None, language: Language
) -> tuple[Sheet, ...]:
    """The registers of controller (art. 30.1) and processor (30.2), and the processors that we use (28)."""
    maker = _Maker(policy, datamap, processors or {}, language)
    return (maker.controller(), maker.processor(), maker.processors())


class _Maker:
    """Makes the sheets in one language."""

    def __init__(
        self, policy: Policy, datamap: DataMap, register: dict[str, Processor], language: Language
    ) -> None:
        self.policy, self.datamap, self.register, self.language = policy, datamap, register, language

    def controller(self) -> Sheet:
        """Art. 30.1: a row for each purpose."""
        return Sheet(
            id="art30-1",
            title=self._t("Register som personuppgiftsansvarig", "Register as controller"),
            about=self._who("30.1 a"),
            columns=(
                self._column("Ändamål", "Purpose", "30.1 b", 28),
                self._column("Rättslig grund", "Legal basis", "6", 26),
                self._column("Registrerade", "Persons", "30.1 c", 24),
                self._column("Uppgifter", "Personal data", "30.1 c", 36),
                self._column("Mottagare", "Recipients", "30.1 d", 36),
                self._column("Överföring utanför EES", "Transfer outside the EEA", "30.1 e", 30),
                self._column("Tid till radering", "Time until erasure", "30.1 f", 38),
                self._column("Säkerhet", "Security", "30.1 g", 34),
                self._column("Var", "Where", "30.1", 24),
            ),
            rows=tuple(self._purpose(id_, each) for id_, each in self.policy.purposes.items()),
        )

    def processor(self) -> Sheet:
        """Art. 30.2: a row for each dataset that is processed for others, and each such role."""
        return Sheet(
            id="art30-2",
            title=self._t("Register som personuppgiftsbiträde", "Register as processor"),
            about=self._who("30.2 a"),
            columns=(
                self._column("För vem", "For whom", "30.2 a", 34),
                self._column("Behandling", "Processing", "30.2 b", 40),
                self._column("Uppgifter", "Personal data", "30.2 b", 36),
                self._column("Avtal", "Agreement", "28.3", 26),
                self._column("Överföring utanför EES", "Transfer outside the EEA", "30.2 c", 30),
                self._column("Säkerhet", "Security", "30.2 d", 34),
                self._column("Var", "Where", "30.2", 24),
            ),
            rows=tuple(self._for_others()),
            empty=self._t(
                "Vi behandlar inga uppgifter för någon annans räkning.",
                "We process no data on anybody else's behalf.",
            ),
        )

    def processors(self) -> Sheet:
        """Art. 28: who works for us, and on what terms."""
        return Sheet(
            id="art28",
            title=self._t("Våra personuppgiftsbiträden", "Our processors"),
            about=self._version(),
            columns=(
                self._column("Biträde", "Processor", "28", 30),
                self._column("Tjänst", "Service", "28.3", 34),
                self._column("Land", "Country", "44", 12),
                self._column("Kontakt", "Contact", "28", 30),
                self._column("Avtal", "Agreement", "28.3", 30),
                self._column("Anlitar i sin tur", "Engages in turn", "28.2", 36),
            ),
            rows=tuple(self._worker(id_, each) for id_, each in self._workers()),
            empty=self._t("Inget biträde anlitas.", "No processor is used."),
        )

    # -- rows -----------------------------------------------------------------------------------------

    def _purpose(self, id_: str, purpose: Purpose) -> tuple[Cell, ...]:
        policy, language = self.policy, self.language
        recipients = [(r, policy.recipients[r]) for r in purpose.recipients if r in policy.recipients]
        return (
            self._cell([said(purpose.name, id_, language), *self._words(purpose.text)]),
            self._cell(self._grounds(purpose)),
            self._cell(
                said(policy.subjects[s].name, s, language) for s in purpose.subjects if s in policy.subjects
            ),
            self._cell(self._category(c) for c in purpose.categories if c in policy.categories),
            self._cell((self._recipient(r, each) for r, each in recipients), none=not purpose.recipients),
            self._abroad(recipients),
            self._cell(self._rule(r) for r in purpose.retention if r in policy.retention),
            self._security(),
            self._cell(self._places(lambda d: d.role == "controller" and id_ in d.purposes)),
        )

    def _for_others(self) -> Iterator[tuple[Cell, ...]]:
        for system in self.datamap.systems:
            for key, dataset in system.datasets.items():
                if dataset.role == "processor":
                    yield self._row_for_others(system, key, dataset)
        mapped = any(d.role == "processor" for s in self.datamap.systems for d in s.datasets.values())
        for role in self.policy.roles if not mapped else ():
            if role.as_ == "processor":
                whom = [said(self._subject(s), s, self.language) for s in role.for_]
                agreement = self._cell([self._document(role.agreement)] if role.agreement else [])
                yield (self._cell([]), self._cell(whom), self._cell([]), agreement,
                       self._abroad([]), self._security(), self._cell([]))  # fmt: skip

    def _row_for_others(self, system: System, key: str, dataset: Dataset) -> tuple[Cell, ...]:
        kinds = dict.fromkeys(f.category for f in dataset.fields.values() if f.category)
        role = next((r for r in self.policy.roles if r.as_ == "processor"), None)
        whose = dataset.whose and self._t(
            f"varje kund: kolumnen {dataset.whose} i {system.id}.{key} säger vilken",
            f"each customer: the column {dataset.whose} of {system.id}.{key} says which",
        )
        recipients = [
            (r, self.policy.recipients[r]) for r in dataset.recipients if r in self.policy.recipients
        ]
        return (
            self._cell([whose] if whose else []),
            self._cell([said(dataset.name, key, self.language), *self._words(dataset.text)]),
            self._cell(self._category(c) for c in kinds if c in self.policy.categories),
            self._cell([self._document(role.agreement)] if role and role.agreement else []),
            self._abroad(recipients),
            self._security(),
            self._cell([said(system.name, system.id, self.language)]),
        )

    def _workers(self) -> Iterator[tuple[str, Processor | None]]:
        """Every processor of the register, and those that the policy names and the register lacks."""
        yield from self.register.items()
        named_ = (
            r.register_ for r in self.policy.recipients.values() if r.role == "processor" and r.register_
        )
        for id_ in dict.fromkeys(named_):
            if id_ not in self.register and id_ != "processors":
                yield id_, None

    def _worker(self, id_: str, worker: Processor | None) -> tuple[Cell, ...]:
        if worker is None:
            return (self._cell([id_]), *(self._cell([]) for _ in range(5)))
        subs = worker.sub_processors
        return (
            self._cell([worker.name]),
            self._cell([worker.service.say(self.language)]),
            self._cell([worker.country]),
            self._cell([worker.contact] if worker.contact else []),
            self._agreement(worker),
            self._cell(subs or [], none=subs == ()),
        )

    def _agreement(self, worker: Processor) -> Cell:
        found = worker.agreement
        if found is None:
            return self._cell([])
        told = [self._t(f"undertecknat {found.signed}", f"signed {found.signed}")]
        if found.ends:
            told.append(self._t(f"till och med {found.ends}", f"until {found.ends}"))
        if found.lacks:
            lacks = ", ".join(found.lacks)
            told.append(f"{MISSING.say(self.language)}: {lacks}")
        return Cell(text="\n".join(told), missing=bool(found.lacks))

    # -- cells ----------------------------------------------------------------------------------------

    def _who(self, article: str) -> tuple[tuple[str, Cell], ...]:
        who, dpo = self.policy.controller, self.policy.dpo
        contact = [w for w in (who.contact.address, who.contact.email, who.contact.phone) if w]
        officer = [w for w in (dpo.name, dpo.email, dpo.phone) if w]
        if dpo.designated == "no":
            officer = [self._t("inget är utsett", "none is designated")]
        no_one = who.representative or self._t("ingen behövs inom EU", "none needed within the EU")
        joint = [said(r.text, i, self.language) for i, r in self.policy.recipients.items()
                 if r.role == "joint_controller"]  # fmt: skip
        return (
            (self._t(f"Namn ({article})", f"Name ({article})"), self._cell([who.legal_name or ""])),
            (self._t("Organisationsnummer", "Registration number"), self._cell([who.org_no or ""])),
            (self._t("Kontakt", "Contact"), self._cell(contact)),
            (self._t("Gemensamt ansvariga", "Joint controllers"), self._cell(joint, none=not joint)),
            (self._t("Företrädare", "Representative"), self._cell([no_one])),
            (self._t("Dataskyddsombud", "Data protection officer"), self._cell(officer)),
            *self._version(),
        )

    def _version(self) -> tuple[tuple[str, Cell], ...]:
        head = header(self.policy, self.language)
        version = f"{head['version']} ({head['effective_from']}), {head['digest']}"
        return (
            (self._t("Policyns version", "Version of the policy"), Cell(text=version)),
            (self._t("Så är den gjord", "How it is made"), Cell(text=NEVER.say(self.language))),
        )

    def _grounds(self, purpose: Purpose) -> Iterator[str]:
        basis = BASES[purpose.legal_basis]
        yield f"{basis.name.say(self.language)} ({basis.cite(self.language)})"
        yield from (statute(law, self.language) for law in purpose.law)
        if purpose.interest:
            yield purpose.interest.text.say(self.language)

    def _category(self, id_: str) -> str:
        category = self.policy.categories[id_]
        items = [said(item.name, item.id, self.language) for item in category.items]
        name = said(category.name, id_, self.language)
        if category.special:
            name += self._t(
                f" (känsliga, artikel {category.special})", f" (special, Article {category.special})"
            )
        return f"{name}: {', '.join(items)}" if items else name

    def _recipient(self, id_: str, recipient: Recipient) -> str:
        name = recipient.name or (
            self.register[recipient.register_].name if recipient.register_ in self.register else ""
        )
        words = said(recipient.text, id_, self.language)
        return f"{name} ({words})" if name else words

    def _abroad(self, recipients: Iterable[tuple[str, Recipient]]) -> Cell:
        told, lacking = [], False
        for id_, recipient in recipients:
            outside = [country for country in recipient.country if not inside_eea(country)]
            if outside:
                guard = recipient.safeguard
                tool = named(SAFEGUARDS, guard.kind, self.language) if guard else MISSING.say(self.language)
                ref = f" ({guard.ref})" if guard and guard.ref else ""
                told.append(f"{', '.join(outside)}, {self._recipient(id_, recipient)}: {tool}{ref}")
                lacking = lacking or guard is None
        return Cell(text="\n".join(told) or _NONE.say(self.language), missing=lacking)

    def _rule(self, id_: str) -> str:
        rule = self.policy.retention[id_]
        then = _ACTIONS[rule.action].say(self.language)
        return f"{said(rule.name, id_, self.language)}: {say(rule.keep_until, self.language)}; {then}"

    def _security(self) -> Cell:
        told = [named(MEASURES, id_, self.language) for id_ in self.policy.security.measures]
        return Cell(text=listed(told, self.language)) if told else self._cell([])

    def _places(self, mine: Callable[[Dataset], bool]) -> Iterator[str]:
        for system in self.datamap.systems:
            if any(mine(dataset) for dataset in system.datasets.values()):
                yield f"{said(system.name, system.id, self.language)} ({system.country})"

    def _subject(self, id_: str) -> Text | None:
        return self.policy.subjects[id_].name if id_ in self.policy.subjects else None

    def _document(self, id_: str) -> str:
        found = next((d for d in self.policy.documents if d.id == id_), None)
        return said(found.title if found else None, id_, self.language)

    def _words(self, text: Text | None) -> list[str]:
        return [text.say(self.language)] if text else []

    def _cell(self, lines: Iterable[str], *, none: bool = False) -> Cell:
        text = "\n".join(line for line in lines if line)
        if text:
            return Cell(text=text)
        return Cell(text=(_NONE if none else MISSING).say(self.language), missing=not none)

    def _column(self, sv: str, en: str, article: str, width: int) -> Column:
        return Column(name=self._t(sv, en), article=article, width=width)

    def _t(self, sv: str, en: str) -> str:
        return sv if self.language == "sv" else en
