"""What we know of a person who asks, under lock: one key per request, wrapped by the house's.

Hard rules:
- A value is sealed with AES-256-GCM under its request's own key; request and kind are bound to it.
- The key of a request lies wrapped under the house's wrapping key. Without it nothing opens, so
  erasing the one row erases what the request held.
- An identity is found again by HMAC under the house's lookup key, never by a plain hash.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from lofte.datamap.document import Kind
from lofte.datamap.identity import Identity
from lofte.errors import Broken, Refused

_NONCE = 12
_FORMAT = b"\x01"


def new_key(wrapping: bytes, request: str) -> tuple[bytes, bytes]:
    """A new key for a request: (the key, the key wrapped)."""
    key = AESGCM.generate_key(bit_length=256)
    return key, _seal(wrapping, key, _bound("key", request))


def unwrap(wrapping: bytes, wrapped: bytes | memoryview[int], request: str) -> bytes:
    """The key of a request. Raises Refused when it is destroyed (`over`), Broken."""
    if not wrapped:
        raise Refused(
            "the key of this request is destroyed: it was answered, and its time is out; what was sealed "
            "with it cannot be read any more"
        )
    return _open(wrapping, wrapped, _bound("key", request))


def seal(key: bytes, identity: Identity, request: str) -> bytes:
    """An identity, sealed."""
    return _seal(key, identity.value.encode(), _bound(identity.kind, request))


def unseal(key: bytes, sealed: bytes | memoryview[int], kind: str, request: str) -> Identity:
    """The identity that was sealed. Raises Broken."""
    value = _open(key, sealed, _bound(kind, request)).decode()
    return Identity(kind=Kind(kind), value=value)


def seal_text(key: bytes, text: str, what: str, request: str) -> bytes:
    """Words about the person, sealed."""
    return _seal(key, text.encode(), _bound(what, request))


def seal_texts(key: bytes, texts: Iterable[str], what: str, request: str) -> list[bytes]:
    """As `seal_text`, each by itself, of many of one kind."""
    cipher, bound = AESGCM(key), _bound(what, request)
    return [_sealed(cipher, text.encode(), bound) for text in texts]


def unseal_text(key: bytes, sealed: bytes | memoryview[int], what: str, request: str) -> str:
    """The words that were sealed. Raises Broken."""
    return _open(key, sealed, _bound(what, request)).decode()


def lookup(key: bytes, identity: Identity) -> str:
    """By what the same identity is found again."""
    return hmac.digest(key, f"{identity.kind}\0{identity.value}".encode(), "sha256").hex()


def keyed(key: bytes, *parts: str) -> str:
    """By what words are known again, and can neither be read nor guessed: HMAC-SHA-256 of all parts."""
    return hmac.digest(key, "\0".join(parts).encode("utf-8", "replace"), "sha256").hex()


def lookups_digest(lookups: Iterable[str]) -> str:
    """One digest of some keyed identities, whatever their order: SHA-256."""
    return hashlib.sha256("\n".join(sorted(set(lookups))).encode()).hexdigest()


def _bound(what: str, request: str) -> bytes:
    return f"lofte/1/{what}/{request}".encode()


def _seal(key: bytes, plain: bytes, bound: bytes) -> bytes:
    return _sealed(AESGCM(key), plain, bound)


def _sealed(cipher: AESGCM, plain: bytes, bound: bytes) -> bytes:
    nonce = secrets.token_bytes(_NONCE)
    return _FORMAT + nonce + cipher.encrypt(nonce, plain, bound)


def _open(key: bytes, stored: bytes | memoryview[int], bound: bytes) -> bytes:
    sealed = bytes(stored)
    if sealed[:1] != _FORMAT:
        raise Broken("this was sealed in a form that we do not know; use the version that sealed it")
    nonce, rest = sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :]
    try:
        return AESGCM(key).decrypt(nonce, rest, bound)
    except InvalidTag as error:
        raise Broken("what was sealed does not open; the keys are not those it was sealed with") from error
