"""What a subject path reads: which columns, which other dataset, which keys of it."""

from __future__ import annotations

from lofte.datamap.document import (
    ByIdentity,
    ByJson,
    ByMention,
    ByPolymorphic,
    ByReference,
    ByValue,
    Dataset,
    Names,
    Path,
)


def columns_of(path: Path) -> Names:
    """The columns of its own dataset that the path reads, conditions included."""
    match path:
        case ByReference():
            own: Names = path.columns
        case ByPolymorphic():
            own = (path.type, *path.columns)
        case ByMention():
            own = path.columns
        case ByIdentity() | ByJson() | ByValue():
            own = (path.column,)
        case _:
            return ()
    return tuple(dict.fromkeys((*own, *path.when)))


def target_of(path: Path) -> str | None:
    """The dataset that the path points at, if it points at one."""
    match path:
        case ByReference() | ByPolymorphic() | ByJson() | ByValue():
            return path.to
    return None


def joined_columns(path: Path) -> Names:
    """The columns that must equal the keys of the target."""
    match path:
        case ByReference() | ByPolymorphic():
            return path.columns
        case ByJson() | ByValue() if path.to:
            return (path.column,)
    return ()


def keys_of(path: Path, target: Dataset) -> Names:
    """The columns of the target that the path's columns are paired with."""
    match path:
        case ByReference() | ByPolymorphic():
            return path.keys or target.key
    return target.key


def table_of(id_: str, dataset: Dataset) -> str:
    """The table a dataset stands for: its own id when none is said."""
    return dataset.table or id_
