"""Signing a proof: a signed note (C2SP) with the digest of the document and the checkpoint it is tied to.

    lofte proof 1
    sha256 5f7f...
    size 1234
    root Pp9mY1nlSVqzDF0i2I6hWCkLFsTqcFp9NChx1RSz3xg=

    — fjordhem.example/ledger Az3grlgtzPICa5OS8npVmf1...

Its first line is no name of a ledger (a name has no blanks), so it can never be taken for a checkpoint, nor a
checkpoint for it, though one key signs both.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from lofte.errors import Broken
from lofte.ledger.checkpoint import opened, public

HEAD = "lofte proof 1"
SIGNATURE = "signature"
_CHANGED = "the proof has been changed since it was signed"


def canonical(document: Mapping[str, Any]) -> bytes:
    """The one way to write a proof: JSON with sorted keys and no blanks, in UTF-8, without its signature."""
    bare = {key: value for key, value in document.items() if key != SIGNATURE}
    return json.dumps(bare, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def signed(document: Mapping[str, Any], seed: bytes) -> dict[str, Any]:
    """The document with its signature. One without a checkpoint (nothing was ever noted) stays unsigned."""
    if not document["ledger"]["checkpoint"]:
        return {**document, SIGNATURE: ""}
    name = document["ledger"]["key"].partition("+")[0]
    text = _text(document)
    digest = bytes.fromhex(public(name, seed).split("+")[1])
    made = Ed25519PrivateKey.from_private_bytes(seed).sign(text.encode())
    return {**document, SIGNATURE: f"{text}\n— {name} {base64.b64encode(digest + made).decode()}\n"}


def insist(document: Mapping[str, Any], key: str) -> None:
    """Raises Broken when the document is not the one that this key signed, or its checkpoint is not."""
    note = str(document.get(SIGNATURE, ""))
    try:
        text, raw = _text(document), base64.b64decode(key.strip().split("+", 2)[2], validate=True)
        opened(document["ledger"]["checkpoint"], key)
        said, blank, line = note.partition("\n\n")
        made = base64.b64decode(line.strip().rpartition(" ")[2], validate=True)
        if not blank or f"{said}\n" != text or line.strip().split(" ")[1] != key.partition("+")[0]:
            raise Broken(_CHANGED)
        Ed25519PublicKey.from_public_bytes(raw[1:]).verify(made[4:], text.encode())
    except (KeyError, TypeError, IndexError, ValueError, binascii.Error, InvalidSignature) as error:
        raise Broken(_CHANGED) from error


def _text(document: Mapping[str, Any]) -> str:
    _, size, root = str(document["ledger"]["checkpoint"]).split("\n")[:3]
    digest = hashlib.sha256(canonical(document)).hexdigest()
    return f"{HEAD}\nsha256 {digest}\nsize {size}\nroot {root}\n"
