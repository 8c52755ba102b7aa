"""A checkpoint: how far the ledger had come, and its root, signed (C2SP tlog-checkpoint and signed-note).

Whoever keeps one can say later whether the ledger they are shown still begins with what it was then. It
is text that fits in a letter:

    fjordhem.example/ledger
    1234
    Pp9mY1nlSVqzDF0i2I6hWCkLFsTqcFp9NChx1RSz3xg=
    at 2026-11-20T08:00:00Z

    — fjordhem.example/ledger Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gG...
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from lofte.errors import Broken, Refused

_ED25519 = b"\x01"
_NAME = re.compile(r"[^\s+]{1,200}")
_FORM = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True, kw_only=True, slots=True)
class Checkpoint:
    """A ledger of this size had this root, then."""

    origin: str
    """Which ledger: its own name, the same as that of the key."""
    size: int
    root: bytes
    at: datetime

    @property
    def text(self) -> str:
        """The lines that are signed."""
        root = base64.b64encode(self.root).decode()
        return f"{self.origin}\n{self.size}\n{root}\nat {self.at.astimezone(UTC).strftime(_FORM)}\n"


def checked_name(name: str) -> str:
    """The name of a ledger. Raises Refused for one with blanks or a plus in it, which a note cannot have."""
    if not _NAME.fullmatch(name):
        raise Refused(f"`{name}` cannot name a ledger: no blanks and no plus, at most 200 letters")
    return name


def public(name: str, seed: bytes) -> str:
    """The key that checks signatures, as a line of text: name, key hash, type and key. No secret."""
    raw = _private(seed).public_key().public_bytes_raw()
    return f"{name}+{_key_hash(name, raw).hex()}+{base64.b64encode(_ED25519 + raw).decode()}"


def signed(checkpoint: Checkpoint, seed: bytes) -> str:
    """The checkpoint as a signed note."""
    private = _private(seed)
    raw = private.public_key().public_bytes_raw()
    signature = _key_hash(checkpoint.origin, raw) + private.sign(checkpoint.text.encode())
    return f"{checkpoint.text}\n— {checkpoint.origin} {base64.b64encode(signature).decode()}\n"


def opened(note: str, key: str) -> Checkpoint:
    """The checkpoint of a signed note. Raises Broken when it is none, or was not signed with this key;
    lines of other signers are passed over."""
    name, raw = _public(key)
    text, blank, signatures = note.replace("\r\n", "\n").partition("\n\n")
    text += "\n"
    if not blank:
        raise Broken("this is no signed checkpoint: the blank line before the signature is missing")
    if not any(_is_signed(line, name, raw, text.encode()) for line in signatures.splitlines()):
        raise Broken(
            "the checkpoint is not signed with the key of this ledger; somebody else wrote or changed it"
        )
    return _read(text)


def found_in(text: str, key: str) -> str:
    """The signed note in a longer text, as in a letter: the lines may be indented. Raises Broken when there
    is none of this key's ledger."""
    name = key.strip().partition("+")[0]
    lines = [line.strip() for line in text.splitlines()]
    for at, line in enumerate(lines):
        if line == name and any(each.startswith(f"— {name} ") for each in lines[at + 5 : at + 6]):
            return "\n".join(lines[at : at + 6]) + "\n"
    raise Broken(f"there is no checkpoint of {name} in this text")


def _read(text: str) -> Checkpoint:
    lines = text.splitlines()
    try:
        origin, size, root, at = lines[:4]
        return Checkpoint(
            origin=origin,
            size=int(size),
            root=base64.b64decode(root, validate=True),
            at=datetime.strptime(at, f"at {_FORM}").replace(tzinfo=UTC),
        )
    except (ValueError, binascii.Error) as error:
        raise Broken("this is no checkpoint of a ledger: name, size, root and time, a line each") from error


def _is_signed(line: str, name: str, raw: bytes, text: bytes) -> bool:
    dash, _, rest = line.partition(" ")
    signer, _, value = rest.partition(" ")
    try:
        signature = base64.b64decode(value, validate=True)
    except (ValueError, binascii.Error):
        return False
    if dash != "—" or signer != name or signature[:4] != _key_hash(name, raw):
        return False
    try:
        Ed25519PublicKey.from_public_bytes(raw).verify(signature[4:], text)
    except InvalidSignature:
        return False
    return True


def _public(key: str) -> tuple[str, bytes]:
    name, _, rest = key.strip().partition("+")
    digest, _, value = rest.partition("+")
    try:
        typed = base64.b64decode(value, validate=True)
    except (ValueError, binascii.Error):
        typed = b""
    if typed[:1] != _ED25519 or len(typed) != 33 or _key_hash(name, typed[1:]).hex() != digest:
        raise Broken("this is no key of a ledger; it is a line as `lofte ledger checkpoint` prints it")
    return name, typed[1:]


def _private(seed: bytes) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(seed)


def _key_hash(name: str, raw: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + _ED25519 + raw).digest()[:4]
