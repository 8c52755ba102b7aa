"""Writing HTML where text is text: whatever is not `Markup` is escaped, without exception."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

_VOID = frozenset({"meta", "link", "br", "hr", "col"})
_SHOWN = {c: "\ufffd" for c in range(32) if chr(c) not in "\t\n\r"} | {127: "\ufffd", 13: None}


class Markup(str):
    """HTML that we wrote. Made only here, and from parts that are escaped."""

    __slots__ = ()


Child = str | None | Iterable["Child"]


def text(value: str) -> Markup:
    """Anything as text in a page: nothing in it is a tag, and no letter is invisible control."""
    return Markup(escape(value.translate(_SHOWN)))


def h(tag: str, *children: Child, **attributes: str | bool | None) -> Markup:
    """An element. `class_` is `class`, `data_label` is `data-label`; None and False are left out."""
    written = "".join(_attribute(name, value) for name, value in attributes.items())
    if tag in _VOID:
        return Markup(f"<{tag}{written}>")
    return Markup(f"<{tag}{written}>{join(children)}</{tag}>")


def join(children: Iterable[Child], between: str = "") -> Markup:
    """Children one after another, each escaped unless it is markup."""
    return Markup(between.join(_child(c) for c in children))


def _child(child: Child) -> str:
    if child is None:
        return ""
    if isinstance(child, Markup):
        return child
    if isinstance(child, str):
        return text(child)
    return join(child)


def _attribute(name: str, value: str | bool | None) -> str:
    if value is None or value is False:
        return ""
    name = name.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{text(value)}"'
