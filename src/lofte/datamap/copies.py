"""The locked copies that restricted rows are moved to, as datasets of their own (art. 18).

Hard rules:
- A copy is read, rectified and erased like the dataset it is a copy of: the person keeps all rights.
- Whatever refers to rows that may be moved refers to the copy too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lofte.datamap.document import Dataset, Path, System
from lofte.datamap.paths import keys_of, target_of
from lofte.policy.document import Text

_SAID = {"sv": "begränsade", "en": "restricted"}


def copy_id(dataset: str) -> str:
    """What the dataset of the copy is called."""
    return f"{dataset}_restricted"


def copies(system: System) -> Mapping[str, str]:
    """The copies among the datasets of a system: copy -> the dataset it is a copy of."""
    return {
        copy_id(id_): id_
        for id_, dataset in system.datasets.items()
        if _copied(dataset) and system.datasets.get(copy_id(id_)) == _copy(dataset)
    }


def twins(system: System) -> Mapping[str, str]:
    """Where else a row may stand while its person is restricted: dataset -> its copy, and the other way."""
    there = copies(system)
    return {**there, **{id_: copy for copy, id_ in there.items()}}


def with_copies(system: System) -> System:
    """The system with a dataset for every copy. What is wrong with a copy is for the checks to say;
    one that is, is left out."""
    made = {
        id_: d for id_, d in system.datasets.items() if _copied(d) and copy_id(id_) not in system.datasets
    }
    if not made:
        return system
    datasets: dict[str, Dataset] = {}
    for id_, dataset in system.datasets.items():
        paths = (*dataset.subject, *_to_copies(dataset, id_, made))
        datasets[id_] = dataset.model_copy(update={"subject": paths})
        if id_ in made:
            datasets[copy_id(id_)] = _copy(datasets[id_])
    return system.model_copy(update={"datasets": datasets})


def as_written(system: System) -> Mapping[str, Dataset]:
    """The datasets without the paths that lead to copies."""
    made = copies(system)
    if not made:
        return system.datasets
    return {
        id_: dataset.model_copy(
            update={"subject": tuple(path for path in dataset.subject if target_of(path) not in made)}
        )
        for id_, dataset in system.datasets.items()
    }


def refers_to_itself(id_: str, dataset: Dataset) -> bool:
    """Whether rows of the dataset are somebody's over rows of the same dataset."""
    return any(target_of(path) == id_ for path in dataset.subject)


def _copied(dataset: Dataset) -> str | None:
    return dataset.restrict.copy_ if dataset.restrict else None


def _copy(dataset: Dataset) -> Dataset:
    return dataset.model_copy(
        update={
            "table": _copied(dataset),
            "name": Text(**_named(dataset.name)),
            "restrict": None,
            "triggers": (),
        }
    )


def _named(name: Text) -> dict[str, str | None]:
    said = {"sv": name.sv, "en": name.en}
    return {spoken: text and f"{text} ({_SAID[spoken]})" for spoken, text in said.items()}


def _to_copies(dataset: Dataset, id_: str, made: Mapping[str, Dataset]) -> Iterator[Path]:
    """The paths of a dataset that lead to copies too. One to the dataset itself does not."""
    for path in dataset.subject:
        target = target_of(path)
        if target is None or target not in made or target == id_:
            continue
        changed: dict[str, object] = {"to": copy_id(target)}
        if "keys" in type(path).model_fields:
            changed["keys"] = keys_of(path, made[target])
        yield path.model_copy(update=changed)
