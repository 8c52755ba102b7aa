"""Promises about the versions of the policy: that they are kept, and that people are told before a change
applies (art. 5.1 a, 12.1, 13.3).

Evidence: the entries of the ledger about each version, and a look at the archive and at who has been told.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from lofte.fault import Fault
from lofte.law.calendar import civil_date
from lofte.ledger.kinds import Kind
from lofte.policy import period as periods
from lofte.policy.document import Text
from lofte.proof.counting import so_many
from lofte.proof.publication import publication
from lofte.proof.records import Case, Check, Evidence, Verdict, broken, kept, unproven

_PUBLISH = Text(sv="Publicera policyn med `lofte publish`.", en="Publish the policy with `lofte publish`.")
_ANNOUNCE = Text(
    sv="Kör `lofte version announce` och låt servern skicka breven.",
    en="Run `lofte version announce`, and let the server send the letters.",
)
_REACH = Text(
    sv="Berätta för dem på ett annat sätt, och rätta adresserna.",
    en="Tell them in another way, and correct the addresses.",
)
_POST = Text(
    sv="Skicka brev genom Skatteverket och notera det på versionens sida.",
    en="Send letters by the Tax Agency, and note it on the page of the version.",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Major:
    """One major change: its publication, the telling of it, and the day from which it applies."""

    published: Evidence
    announced: Evidence | None
    applied: Evidence | None
    check: Evidence | None
    lead_time: str

    @property
    def version(self) -> str:
        return str(self.published.facts.get("version", ""))

    @property
    def applies(self) -> date | None:
        """The day on which it took force; None = it has not."""
        found = self.applied and self.applied.facts.get("day")
        return date.fromisoformat(str(found)) if found else None

    @property
    def earliest(self) -> date | None:
        """The first day on which it may, by when people were told; None = they are not."""
        lead = periods.parse(self.lead_time)
        if self.announced is None or isinstance(lead, Fault):
            return None
        return lead.after(civil_date(self.announced.at))

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        found = (self.published, self.announced, self.applied, self.check)
        return tuple(each for each in found if each is not None)


def versions_kept(case: Case) -> Verdict:
    """P140: a version is never changed once it is published, and each change has been approved."""
    published = list(case.of(Kind.POLICY_PUBLISHED))
    digests: dict[str, set[str]] = {}
    for entry in published:
        digests.setdefault(str(entry.facts.get("version")), set()).add(str(entry.facts.get("digest")))
    twice = sorted(version for version, found in digests.items() if len(found) > 1)
    check = case.last(Check.VERSIONS)
    changed = check.count("changed") if check else None
    if twice or changed:
        names = ", ".join(twice)
        return broken(
            Text(
                sv=f"En publicerad version har ändrats efteråt. {names}".strip(),
                en=f"A published version was changed afterwards. {names}".strip(),
            ),
            Text(
                sv="Lägg tillbaka texten från en säkerhetskopia, och ge ändringen en ny version.",
                en="Put the text back from a backup, and give the change a version of its own.",
            ),
            *published,
            *([check] if check else []),
        )
    if publication(case) is None:
        return _unpublished()
    if check is None:
        return _unlooked(*published)
    return kept(
        f"{so_many(len(digests), 'version är publicerad', 'versioner är publicerade')}, "
        "och ingen har ändrats sedan dess.",
        f"{so_many(len(digests), 'version is', 'versions are')} published, and none has been changed since.",
        *published,
        check,
    )


def told_before(case: Case) -> Verdict:
    """P141: a major change is told by e-mail or on the site, in time, to everybody whom it touches."""
    return _told(case) or _all_told(case, "med e-post och på webbplatsen", "by e-mail and on the site")


def told_in_portal(case: Case) -> Verdict:
    """P142: a major change is told in the portal; some say there that they have read of it."""
    found = _told(case)
    if found is not None:
        return found
    read = list(case.of(Kind.NOTICE_READ))
    sv = f"i portalen, där {len(read)} har sagt att de har läst"
    return _all_told(case, sv, f"in the portal, where {len(read)} have said that they have read of it")


def told_on_site(case: Case) -> Verdict:
    """P143: a new version is published on the site; and may be told by private messages."""
    found = _told(case)
    if found is not None:
        return found
    majors = tuple(_majors(case))
    if majors and "message" in case.policy.changes.notify:
        # Löfte hands out no letters in a message system of the company's own.
        return unproven(
            Text(
                sv="Ändringen är berättad på webbplatsen. Att den är berättad i meddelanden kan inte visas.",
                en="The change is told on the site. That it was told in messages, too, cannot be shown.",
            ),
            Text(
                sv="Skriv till kunderna i meddelandesystemet, och spara att det är gjort.",
                en="Write to the customers in the message system, and keep that it was done.",
            ),
            *(evidence for each in majors for evidence in each.evidence),
        )
    return _all_told(case, "på webbplatsen", "on the site")


def archive_open(case: Case) -> Verdict:
    """P144: every version that was published can be read, with what was changed in it."""
    published = list(case.of(Kind.POLICY_PUBLISHED))
    check = case.last(Check.VERSIONS)
    if publication(case) is None:
        return _unpublished()
    if check is None:
        return _unlooked(*published)
    versions = {str(entry.facts.get("version")) for entry in published}
    there, unreadable = check.count("versions") or 0, check.count("unreadable") or 0
    if there < len(versions) or unreadable:
        missing = len(versions) - there + unreadable
        return broken(
            Text(
                sv=f"{missing} publicerade versioner kan inte läsas i arkivet.",
                en=f"{missing} published versions cannot be read in the archive.",
            ),
            Text(sv="Lägg tillbaka dem från en säkerhetskopia.", en="Put them back from a backup."),
            *published,
            check,
        )
    return kept(
        f"Varje version finns i arkivet ({there}), med vad som ändrats i den.",
        f"Every version is in the archive ({there}), with what was changed in it.",
        *published,
        check,
    )


def _told(case: Case) -> Verdict | None:
    """What is wrong or not shown of the telling of any major change; None when nothing is."""
    if publication(case) is None:
        return _unpublished()
    found = list(_majors(case))
    for look in (_too_soon, _not_reached, _under_way):
        for each in found:
            verdict = look(each)
            if verdict is not None:
                return verdict
    return None


def _too_soon(major: _Major) -> Verdict | None:
    """It applies, and people were not told, or not in time."""
    if major.applies is None:
        return None
    if major.earliest is None:
        return broken(
            Text(
                sv=f"Version {major.version} är en större ändring och gäller, men ingen har fått veta det.",
                en=f"Version {major.version} is a major change and applies, but nobody was told.",
            ),
            _ANNOUNCE,
            *major.evidence,
        )
    if major.applies < major.earliest:
        return broken(
            Text(
                sv=f"Version {major.version} började gälla {major.applies}, men fick gälla först "
                f"{major.earliest}.",
                en=f"Version {major.version} took force on {major.applies}, but might not before "
                f"{major.earliest}.",
            ),
            Text(
                sv="Låt den förra versionen gälla till dess, och berätta vad som hände.",
                en="Let the version before it apply until then, and tell what happened.",
            ),
            *major.evidence,
        )
    return None


def _not_reached(major: _Major) -> Verdict | None:
    """Somebody was not told: no server took the letter, it came back, or they get none by e-mail."""
    failed = _count(major, "failed")
    hidden = 0 if _count(major, "posted") else _count(major, "protected")
    if not failed and not hidden:
        return None
    who = failed + hidden
    said = Text(
        sv=f"{who} av dem som version {major.version} rör har inte fått veta det: brev som inte kom fram "
        f"{failed}, personer med skyddade personuppgifter {hidden}.",
        en=f"{who} of those whom version {major.version} touches were not told: letters that did not arrive "
        f"{failed}, people with a protected identity {hidden}.",
    )
    mend = _REACH if failed else _POST
    if major.applies is None:
        return unproven(said, mend, *major.evidence)
    return broken(said, mend, *major.evidence)


def _under_way(major: _Major) -> Verdict | None:
    """It does not apply yet, and not everybody is told."""
    if major.announced is not None:
        return None
    return unproven(
        Text(
            sv=f"Version {major.version} gäller inte än, och alla har inte fått veta det.",
            en=f"Version {major.version} does not apply yet, and not everybody is told.",
        ),
        _ANNOUNCE,
        *major.evidence,
    )


def _all_told(case: Case, sv: str, en: str) -> Verdict:
    found = list(_majors(case))
    if not found:
        entry = publication(case)
        assert entry is not None
        return kept(
            "Ingen större ändring har gjorts sedan policyn först publicerades.",
            "No major change was made since the policy was first published.",
            entry,
        )
    told = sum(_count(each, "left") for each in found)
    return kept(
        f"{so_many(len(found), 'större ändring är berättad', 'större ändringar är berättade')} {sv}, i tid. "
        f"{told} brev har gått fram.",
        f"{so_many(len(found), 'major change is', 'major changes are')} told {en}, in time. "
        f"{told} letters have arrived.",
        *(evidence for each in found for evidence in each.evidence),
    )


def _majors(case: Case) -> Iterator[_Major]:
    for entry in case.of(Kind.POLICY_PUBLISHED):
        if not entry.count("major"):
            continue
        check = _about(case, Check.ANNOUNCED, entry.object)
        lead = check.facts.get("lead_time") if check else None
        yield _Major(
            published=entry,
            announced=_about(case, Kind.NOTICE_ANNOUNCED, entry.object),
            applied=_about(case, Kind.POLICY_IN_FORCE, entry.object),
            check=check,
            lead_time=str(lead or case.policy.changes.lead_time),
        )


def _about(case: Case, kind: str, object_: str) -> Evidence | None:
    """The first of this kind about one version; of looks, the last."""
    found = [each for each in case.of(kind) if each.object == object_]
    return (found[-1] if kind == Check.ANNOUNCED else found[0]) if found else None


def _count(major: _Major, name: str) -> int:
    """A count by the newest look, else as it was when the telling ended."""
    for each in (major.check, major.announced):
        found = each.count(name) if each else None
        if found is not None:
            return found
    return 0


def _unpublished() -> Verdict:
    return unproven(
        Text(sv="Just den här policyn är inte publicerad.", en="Exactly this policy has not been published."),
        _PUBLISH,
    )


def _unlooked(*evidence: Evidence) -> Verdict:
    return unproven(
        Text(sv="Ingen har tittat i arkivet.", en="Nobody has looked into the archive."),
        Text(sv="Kör `lofte prove`.", en="Run `lofte prove`."),
        *evidence,
    )
