"""The map by itself: does it say everything, and does it hang together?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from lofte.datamap.checks.case import At, Case, Check, Way, columns_said, nearest
from lofte.datamap.document import ByIdentity, ByJson, ByOwn, ByValue, Erase, Give
from lofte.datamap.identity import STRENGTH, Strength
from lofte.datamap.paths import columns_of, joined_columns, keys_of, target_of
from lofte.fault import Fault, Place

_PASSWORD = re.compile(r"://[^/@:]*:[^/@]+@").search
_PERSONAL = frozenset(
    {
        "email",
        "epost",
        "mail",
        "mejl",
        "mailadress",
        "emailadress",
        "personnummer",
        "personnr",
        "pnr",
        "ssn",
        "phone",
        "telephone",
        "telefon",
        "telefonnummer",
        "mobil",
        "mobile",
        "msisdn",
        "fornamn",
        "förnamn",
        "efternamn",
        "firstname",
        "lastname",
        "fullname",
        "surname",
        "adress",
        "address",
        "gatuadress",
        "street",
        "postadress",
        "ip",
        "ipaddress",
        "ipadress",
        "birthdate",
        "birthday",
        "fodelsedatum",
        "födelsedatum",
    }
)
_PAIRS = frozenset(
    [("e", "post"), ("e", "mail"), ("first", "name"), ("last", "name"), ("full", "name"), ("birth", "date")]
)


def m001_a_system_has_an_id_of_its_own(case: Case) -> Iterator[Fault]:
    """Two systems may not have the same id."""
    counts = Counter(system.id for system in case.datamap.systems)
    for system in case.datamap.systems:
        if counts[system.id] > 1:
            yield Fault(
                number="M001",
                place=case.place(system, ("id",)),
                what=f"the id `{system.id}` is used by {counts[system.id]} systems",
                mend="Give each system an id of its own.",
            )


def m002_a_key_column_has_a_field(case: Case) -> Iterator[Fault]:
    """Every key column is also a field of the dataset."""
    for at in case.datasets():
        yield from _without_field(case, "M002", at, ("key",), at.dataset.key, "the key column")


def m003_a_column_that_is_read_has_a_field(case: Case) -> Iterator[Fault]:
    """Columns named by paths, conditions, anchors, order and author are fields of the dataset."""
    for at in case.datasets():
        for index, path in enumerate(at.dataset.subject):
            named: Way = ("subject", index)
            columns = (*columns_of(path), *getattr(path, "beside", ()))
            yield from _without_field(case, "M003", at, named, columns, "the column")
        named_by: list[tuple[Way, tuple[str | None, ...]]] = [
            (("where",), tuple(at.dataset.where)),
            (("order",), (at.dataset.order,)),
        ]
        named_by += [(("anchors", name), (a.column,)) for name, a in at.dataset.anchors.items()]
        named_by += [(("author",), (at.dataset.author.column,))] if at.dataset.author else []
        named_by += [(("fields", name), field.changed) for name, field in at.fields()]
        for way, columns in named_by:
            yield from _without_field(case, "M003", at, way, tuple(c for c in columns if c), "the column")


def _without_field(
    case: Case, number: str, at: At, path: Way, columns: tuple[str, ...], what: str
) -> Iterator[Fault]:
    for column in columns:
        if column not in at.dataset.fields:
            mend = nearest(column, at.dataset.fields, f"Add `{column}` under `fields`, with a decision.")
            yield case.fault(number, at, path, f"{what} `{column}` is not among the fields", mend)


def m004_a_path_points_at_a_dataset(case: Case) -> Iterator[Fault]:
    """A path, and an author, points at a dataset of the same system."""
    for at in case.datasets():
        targets: list[tuple[Way, str | None]] = [
            (("subject", i, "to"), target_of(p)) for i, p in enumerate(at.dataset.subject)
        ]
        targets += [(("author", "to"), at.dataset.author.to)] if at.dataset.author else []
        for path, target in targets:
            if target is not None and target not in at.system.datasets:
                mend = nearest(target, at.system.datasets, "Name a dataset of this system.")
                yield case.fault("M004", at, path, f"there is no dataset `{target}`", mend)


def m005_a_reference_joins_as_a_whole(case: Case) -> Iterator[Fault]:
    """A path has as many columns as the key it points at; half a key finds other people's rows."""
    for at in case.datasets():
        for index, path in enumerate(at.dataset.subject):
            target = at.system.datasets.get(target_of(path) or "")
            if target is None:
                continue
            columns, keys = joined_columns(path), keys_of(path, target)
            if len(columns) != len(keys):
                what = f"{columns_said(columns)} cannot be paired with {columns_said(keys)}"
                mend = "Name the columns in the order of the keys, all of them."
                yield case.fault("M005", at, ("subject", index), what, mend)


def m006_keys_are_fields_of_the_target(case: Case) -> Iterator[Fault]:
    """The keys a path names are fields of the dataset it points at."""
    for at in case.datasets():
        for index, path in enumerate(at.dataset.subject):
            target = at.system.datasets.get(target_of(path) or "")
            for key in keys_of(path, target) if target else ():
                if target and key not in target.fields and key not in target.key:
                    mend = nearest(key, target.fields, f"Add `{key}` to the fields of `{target_of(path)}`.")
                    what = f"`{target_of(path)}` has no field `{key}`"
                    yield case.fault("M006", at, ("subject", index), what, mend)


def m007_a_dataset_says_whose_its_rows_are(case: Case) -> Iterator[Fault]:
    """A dataset has a subject path, or says why its rows are nobody's."""
    for at in case.datasets():
        if not at.dataset.subject and at.dataset.nobody is None:
            mend = "Add a path under `subject`, or say under `nobody` why no row is anybody's."
            yield case.fault("M007", at, ("subject",), f"nothing says whose the rows of `{at.id}` are", mend)


def m008_a_chain_reaches_a_person(case: Case) -> Iterator[Fault]:
    """Following the paths from dataset to dataset ends at a person or an identity, not in a ring."""
    for system in case.datamap.systems:
        reaching = {
            id_ for id_, d in system.datasets.items() if any(target_of(path) is None for path in d.subject)
        }
        while more := {
            id_
            for id_, d in system.datasets.items()
            if id_ not in reaching and any(target_of(path) in reaching for path in d.subject)
        }:
            reaching |= more
        for id_, dataset in system.datasets.items():
            known = all(target_of(path) in system.datasets for path in dataset.subject)
            if dataset.subject and known and id_ not in reaching:
                at = At(system=system, id=id_, dataset=dataset)
                what = f"no path from `{id_}` ever reaches a person"
                mend = "Add a path to a dataset of persons (`by: own`) or to an identity."
                yield case.fault("M008", at, ("subject",), what, mend)


def m009_a_field_has_a_decision(case: Case) -> Iterator[Fault]:
    """A field is personal data of a category, or technical; one of the two."""
    for at in case.datasets():
        for name, decided in at.fields():
            if decided.technical == (decided.category is not None):
                both = "both a category and `technical`" if decided.technical else "no decision"
                mend = "Say `category: …`, or `technical: true` when it says nothing about a person."
                yield case.fault("M009", at, ("fields", name), f"the field `{name}` has {both}", mend)


def m010_what_is_withheld_has_a_reason(case: Case) -> Iterator[Fault]:
    """A field that is withheld, or shown only in part, says why (art. 12.4, 15.4)."""
    for at in case.datasets():
        for name, decided in at.fields():
            if decided.give in (Give.WITHHOLD, Give.MASK) and decided.why is None:
                mend = "Say under `why` what the person will be told."
                done = "withheld" if decided.give is Give.WITHHOLD else "masked"
                yield case.fault("M010", at, ("fields", name), f"`{name}` is {done} without a reason", mend)


def m011_a_person_can_be_told_from_another(case: Case) -> Iterator[Fault]:
    """A dataset of persons has a field with an identity that can find one."""
    for at in case.datasets():
        own = any(isinstance(path, ByOwn) for path in at.dataset.subject)
        kinds = {decided.identity for _, decided in at.fields() if decided.identity}
        if own and not any(STRENGTH[kind] is not Strength.WEAK for kind in kinds):
            mend = "Mark the field that holds e-mail, personnummer, customer number or user name."
            yield case.fault("M011", at, ("fields",), f"no field of `{at.id}` says who the person is", mend)


def m012_a_generic_value_is_one_thing(case: Case) -> Iterator[Fault]:
    """A JSON or value path says either what kind of identity it holds, or whose key."""
    for at in case.datasets():
        for index, path in enumerate(at.dataset.subject):
            if isinstance(path, ByJson | ByValue) and (path.kind is None) == (path.to is None):
                mend = "Say `kind: …` for an identity, or `to: …` for the key of another dataset."
                what = "the path must say exactly one of `kind` and `to`"
                yield case.fault("M012", at, ("subject", index), what, mend)


def m013_a_row_stands_in_one_dataset(case: Case) -> Iterator[Fault]:
    """Datasets that share a table each pick out their part with `where`."""
    for system in case.datamap.systems:
        of_table: dict[tuple[str | None, str], list[At]] = {}
        for id_, dataset in system.datasets.items():
            at = At(system=system, id=id_, dataset=dataset)
            of_table.setdefault((dataset.schema_, at.table), []).append(at)
        for (_, table), sharing in of_table.items():
            for at in sharing:
                if len(sharing) > 1 and not at.dataset.where:
                    what = f"`{at.id}` takes the whole of `{table}`, which other datasets share"
                    mend = "Say under `where` which rows belong to it."
                    yield case.fault("M013", at, ("where",), what, mend)


def m014_an_ignored_table_is_not_mapped(case: Case) -> Iterator[Fault]:
    """A table is either mapped or ignored."""
    for system in case.datamap.systems:
        mapped = {(d.schema_, d.table or id_) for id_, d in system.datasets.items()}
        for index, table in enumerate(system.ignored):
            if (table.schema_, table.table) in mapped:
                yield Fault(
                    number="M014",
                    place=case.place(system, ("ignored", index)),
                    what=f"the table `{table.table}` is both mapped and ignored",
                    mend="Take it out of one of the two.",
                )


def m015_nobody_means_nobody(case: Case) -> Iterator[Fault]:
    """A dataset that is nobody's has no subject path."""
    for at in case.datasets():
        if at.dataset.subject and at.dataset.nobody is not None:
            mend = "Take out `nobody`, or the paths."
            yield case.fault("M015", at, ("nobody",), f"`{at.id}` is nobody's and yet somebody's", mend)


def m016_a_weak_identity_only_waits(case: Case) -> Iterator[Fault]:
    """Rows are not found by telephone number or IP address alone: many share one, so such rows wait for
    review."""
    for at in case.datasets():
        for index, path in enumerate(at.dataset.subject):
            kind = path.kind if isinstance(path, ByIdentity | ByJson | ByValue) else None
            if kind and STRENGTH[kind] is Strength.WEAK:
                what = f"the rows that a path by {kind} finds are counted and wait for review; none is given"
                mend = "Add a path by a stronger identity or a reference, or take it out."
                yield case.fault("M016", at, ("subject", index), what, mend)


def m017_an_identity_is_personal(case: Case) -> Iterator[Fault]:
    """A field that holds an identity is not technical (art. 4.1)."""
    for at in case.datasets():
        for name, decided in at.fields():
            if decided.technical and decided.identity:
                what = f"`{name}` holds an identity ({decided.identity}) and is marked technical"
                mend = "Give it the category it belongs to."
                yield case.fault("M017", at, ("fields", name), what, mend)


def m018_no_password_in_the_map(case: Case) -> Iterator[Fault]:
    """The address of a system holds no password; the workspace is kept in git (art. 32)."""
    for system in case.datamap.systems:
        if _PASSWORD(system.url):
            yield Fault(
                number="M018",
                place=case.place(system, ("url",)),
                what="the address holds a password",
                mend=f"Say `url: env:{system.id.upper().replace('-', '_')}_URL` and set that variable.",
            )


def m019_a_telling_name_is_looked_at(case: Case) -> Iterator[Fault]:
    """A column named like personal data is not marked technical without thought."""
    for at in case.datasets():
        for name, decided in at.fields():
            if decided.technical and not decided.identity and _sounds_personal(name):
                what = f"`{name}` sounds like personal data and is marked technical"
                mend = "Give it a category, or rename or waive it if the name misleads."
                yield case.fault("M019", at, ("fields", name), what, mend)


def _sounds_personal(name: str) -> bool:
    spaced = re.sub(r"(?<=[a-zåäö])(?=[A-ZÅÄÖ])|[^A-Za-zÅÄÖåäö]+", " ", name)
    words = spaced.casefold().split()
    return bool(_PERSONAL.intersection(words)) or any(pair in _PAIRS for pair in pairwise(words))


def m020_what_is_kept_has_a_law(case: Case) -> Iterator[Fault]:
    """A personal field that erasure leaves says which law demands it (art. 17.3 b)."""
    for at in case.datasets():
        for name, decided in at.fields():
            if decided.category and decided.erase is Erase.KEEP and decided.law is None:
                mend = "Name the statute under `law`, or choose another way of erasing."
                what = f"`{name}` is kept at erasure without a law"
                yield case.fault("M020", at, ("fields", name), what, mend)


def m021_there_is_something_to_search(case: Case) -> Iterator[Fault]:
    """The map has at least one dataset; with none every answer would say that nothing is held (art. 15)."""
    if next(case.datasets(), None) is not None:
        return
    system = next(iter(case.datamap.systems), None)
    yield Fault(
        number="M021",
        place=case.place(system, ("datasets",)) if system else Place(path="systems"),
        what="the data map has no dataset" if system else "the data map has no system",
        mend="Describe a system and its tables in `systems/`; without them nothing would be searched.",
    )


def m022_what_is_made_coarser_says_how(case: Case) -> Iterator[Fault]:
    """A field that erasure makes coarser says how; without it the field would be emptied (art. 5.1 c)."""
    for at in case.datasets():
        for name, decided in at.fields():
            if (decided.erase is Erase.GENERALISE) != (decided.coarse is not None):
                mend = "Say both: `erase: generalise`, and `coarse: year`, `month`, `start`, `hundreds` or "
                mend += "`network`."
                said = (
                    "made coarser at erasure, but not how" if decided.coarse is None else "coarse for nothing"
                )
                yield case.fault("M022", at, ("fields", name), f"`{name}` is {said}", mend)


CHECKS: tuple[Check, ...] = (
    m001_a_system_has_an_id_of_its_own,
    m002_a_key_column_has_a_field,
    m003_a_column_that_is_read_has_a_field,
    m004_a_path_points_at_a_dataset,
    m005_a_reference_joins_as_a_whole,
    m006_keys_are_fields_of_the_target,
    m007_a_dataset_says_whose_its_rows_are,
    m008_a_chain_reaches_a_person,
    m009_a_field_has_a_decision,
    m010_what_is_withheld_has_a_reason,
    m011_a_person_can_be_told_from_another,
    m012_a_generic_value_is_one_thing,
    m013_a_row_stands_in_one_dataset,
    m014_an_ignored_table_is_not_mapped,
    m015_nobody_means_nobody,
    m016_a_weak_identity_only_waits,
    m017_an_identity_is_personal,
    m018_no_password_in_the_map,
    m019_a_telling_name_is_looked_at,
    m020_what_is_kept_has_a_law,
    m021_there_is_something_to_search,
    m022_what_is_made_coarser_says_how,
)
