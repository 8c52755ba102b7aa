"""A chat of those who work here, by an incoming webhook: `chat.yaml` in the workspace.

The body is the one that Mattermost, Slack and those like them take: JSON with `text`. Many may read such a
channel, so what goes there says which request and which day, and never who asks.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from lofte.errors import FaultsFound
from lofte.execution.written import document_of
from lofte.fault import Fault
from lofte.mail.messenger import fault, hand_over, is_safe, secret
from lofte.policy.document import Part

FILE = "chat.yaml"
TO = "chat:here"
"""In the place of an address: the channel that `chat.yaml` names."""


class HookDocument(Part):
    """The incoming webhook."""

    url: str
    """`env:NAME`: whoever has it may write in the channel."""


class ChatDocument(Part):
    """`chat.yaml`."""

    chat: Literal[1]
    hook: HookDocument


@dataclass(frozen=True, kw_only=True, slots=True)
class Hook:
    """A channel that takes what is posted to an address that is a secret."""

    url: str = field(repr=False)

    def send(self, to: str, words: str, /) -> None:
        """Post it in the channel; whoever it is to is the channel itself. Raises Unreachable, which repeats
        neither words nor address."""
        hand_over("the chat", self.url, json={"text": words})


def configured(workspace: Path) -> bool:
    """True if there is a chat to write in."""
    return (workspace / FILE).is_file()


def hook(workspace: Path) -> Hook:
    """What `chat.yaml` says. Raises Refused when it cannot be read; FaultsFound."""
    reading, written = document_of(workspace, FILE, ChatDocument)
    url = secret(reading, "hook.url", written.hook.url, FILE)
    if isinstance(url, Fault):
        raise FaultsFound([url])
    if not is_safe(url):
        raise FaultsFound([fault("S011", reading, "hook.url", FILE)])
    return Hook(url=url)
