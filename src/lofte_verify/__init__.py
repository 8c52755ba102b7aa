"""`lofte-verify`: is a ledger that somebody handed you the one that was signed?

    lofte ledger export FOLDER                   # what the company hands out
    lofte-verify FOLDER --key 'fjordhem.example/ledger+1f2e3d4c+AQ...' --old letter.txt
    lofte-verify proof.json --key ...            # the proof that `lofte prove --json proof.json` wrote
    lofte-verify FOLDER --key ... --old proof.json   # and that its ledger is a part of this one

It reads files alone and shares no code with Löfte: whoever doubts the one need not trust the other. The
format is that of C2SP tlog-tiles and signed-note; hashes as RFC 9162 section 2.1 has them.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

_TILE = 256


class Wrong(Exception):
    """What was handed out is not what was signed; the words say where."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 0: all holds; 1: something does not."""
    parser = argparse.ArgumentParser(prog="lofte-verify", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, help="what `lofte ledger export` wrote, or a proof in JSON")
    parser.add_argument("--key", required=True, help="the key of the ledger, as you were given it before")
    parser.add_argument(
        "--old", type=Path, action="append", default=[], help="a checkpoint, or a proof, that you have kept"
    )
    given = parser.parse_args(arguments)
    try:
        if given.folder.is_file():
            return _tell_proof(*verify_proof(given.folder, given.key))
        size, counted = verify(given.folder, given.key, given.old)
    except Wrong as wrong:
        print(f"does not hold: {wrong}", file=sys.stderr)
        return 1
    older = f", {len(given.old)} older checkpoint{'' if len(given.old) == 1 else 's'}" if given.old else ""
    print(f"holds: {size} entries{older}")
    for kind, many in sorted(counted.items()):
        print(f"  {many:>8} {kind}")
    return 0


def _tell_proof(size: int, day: str, counted: Counter[str]) -> int:
    print(f"holds: the proof of {day}, tied to a ledger of {size} entries")
    for finding, many in sorted(counted.items()):
        print(f"  {many:>8} {finding}")
    return 0


def verify_proof(file: Path, key: str) -> tuple[int, str, Counter[str]]:
    """The size of the ledger that a proof is tied to, the day it is of, and how many promises have which
    finding. Raises Wrong when it was not signed with this key, was changed since, points at entries that its
    checkpoint does not stand for, or counts otherwise than it finds."""
    try:
        proof = json.loads(_text(file))
        ledger, note = proof["ledger"], proof["signature"]
        size, root = _checkpoint(ledger["checkpoint"], key, "the checkpoint of the proof")
        bare = {name: value for name, value in proof.items() if name != "signature"}
        form = json.dumps(bare, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
        head = ("lofte proof 1", f"sha256 {hashlib.sha256(form).hexdigest()}", f"size {size}")
        _insist_signed([*head, f"root {base64.b64encode(root).decode()}"], note, key)
        last = max((run[1] for each in proof["promises"] for run in each["entries"]), default=0)
        if max(last, ledger["weighed_to"]) > size:
            raise Wrong("it weighs entries that its checkpoint does not stand for")
        found = Counter(
            "not_built" if each["missing"] and each["finding"] == "unproven" else each["finding"]
            for each in proof["promises"]
        )
        if found != Counter(proof["counts"]):  # a Counter takes zero for nothing
            raise Wrong("its counts are not those of its findings")
        day = str(proof["on"])
        if "of" in proof:
            day += f" (a choice of {found.total()} promises out of {int(proof['of'])})"
        return size, day, found
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise Wrong(f"{file.name} is no proof, or is not whole") from error


def _insist_signed(lines: Sequence[str], note: str, key: str) -> None:
    text = "\n".join(lines) + "\n"
    said, blank, signature = note.partition("\n\n")
    if not blank or f"{said}\n" != text:
        raise Wrong("the proof has been changed since it was signed")
    raw = base64.b64decode(key.strip().split("+", 2)[2], validate=True)
    try:
        made = base64.b64decode(signature.strip().rpartition(" ")[2], validate=True)
        Ed25519PublicKey.from_public_bytes(raw[1:]).verify(made[4:], text.encode())
    except (InvalidSignature, ValueError) as error:
        raise Wrong("the proof was not signed with this key") from error


def verify(folder: Path, key: str, old: Sequence[Path]) -> tuple[int, Counter[str]]:
    """How many entries there are, and how many of each kind. Raises Wrong."""
    size, root = _checkpoint(_text(folder / "checkpoint"), key, "checkpoint")
    entries = list(_entries(folder, size))
    hashes = [hashlib.sha256(b"\x00" + entry).digest() for entry in entries]
    if _root(hashes) != root:
        raise Wrong("the entries do not lead to the root that was signed")
    _insist_tiles(folder, hashes)
    for path in old:
        then, root_then = _checkpoint(_kept(path), key, path.name)
        if then > size:
            raise Wrong(f"{path.name} stands for {then} entries, and here are {size}: the end is missing")
        if _root(hashes[:then]) != root_then:
            raise Wrong(f"the first {then} entries are not those that {path.name} stands for")
    return size, _counted(entries)


def _counted(entries: Sequence[bytes]) -> Counter[str]:
    counted: Counter[str] = Counter()
    for number, entry in enumerate(entries, 1):
        try:
            said = json.loads(entry)
        except ValueError as error:
            raise Wrong(f"entry {number} is no entry") from error
        if said.get("seq") != number:
            raise Wrong(f"entry {number} calls itself {said.get('seq')}")
        counted[str(said.get("kind"))] += 1
    return counted


def _checkpoint(note: str, key: str, name: str) -> tuple[int, bytes]:
    """Size and root. The note may stand in a longer text, as in a letter."""
    origin, _, rest = key.strip().partition("+")
    digest, _, value = rest.partition("+")
    try:
        raw = base64.b64decode(value, validate=True)
    except ValueError:
        raw = b""
    expected = hashlib.sha256(origin.encode() + b"\n" + raw).hexdigest()[:8]
    if raw[:1] != b"\x01" or len(raw) != 33 or digest != expected:
        raise Wrong("the key is no key of a ledger")
    lines = [line.strip() for line in note.splitlines()]
    for at, line in enumerate(lines):
        signature = lines[at + 5 : at + 6]
        if line != origin or not signature or not signature[0].startswith(f"— {origin} "):
            continue
        text = "\n".join(lines[at : at + 4]) + "\n"
        try:
            signed = base64.b64decode(signature[0].rpartition(" ")[2], validate=True)
            Ed25519PublicKey.from_public_bytes(raw[1:]).verify(signed[4:], text.encode())
            return int(lines[at + 1]), base64.b64decode(lines[at + 2], validate=True)
        except (InvalidSignature, ValueError) as error:
            raise Wrong(f"{name} was not signed with this key") from error
    raise Wrong(f"there is no checkpoint of {origin} in {name}")


def _entries(folder: Path, size: int) -> Iterator[bytes]:
    for number in range(-(-size // _TILE)):
        data = _tile(folder, "entries", number, size)
        while data:
            length = int.from_bytes(data[:2], "big")
            if len(data) < 2 + length:
                raise Wrong(f"the entries of tile {number} are cut off")
            yield data[2 : 2 + length]
            data = data[2 + length :]


def _insist_tiles(folder: Path, hashes: list[bytes]) -> None:
    level = 0
    while hashes:
        for number in range(-(-len(hashes) // _TILE)):
            part = hashes[number * _TILE : (number + 1) * _TILE]
            if _tile(folder, str(level), number, len(hashes)) != b"".join(part):
                raise Wrong(f"tile {number} of level {level} does not hold the hashes of the entries")
        full = len(hashes) // _TILE
        hashes = [_root(hashes[number * _TILE : (number + 1) * _TILE]) for number in range(full)]
        level += 1


def _tile(folder: Path, level: str, number: int, size: int) -> bytes:
    width = min(_TILE, size - number * _TILE)
    digits = str(number)
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    parts = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    path = folder.joinpath("tile", level, *[f"x{part}" for part in parts[:-1]], parts[-1])
    path = path if width == _TILE else path.with_name(path.name + ".p") / str(width)
    try:
        return path.read_bytes()
    except OSError as error:
        raise Wrong(f"{path.relative_to(folder)} is missing") from error


def _root(hashes: Sequence[bytes]) -> bytes:
    """By halves, as the RFC defines it; each level of a row at a time."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    row = list(hashes)
    while len(row) > 1:
        above = [hashlib.sha256(b"\x01" + row[at] + row[at + 1]).digest() for at in range(0, len(row) - 1, 2)]
        row = above + row[len(row) - len(row) % 2 :]  # one that is left over goes up as it is
    return row[0]


def _kept(path: Path) -> str:
    """A checkpoint that somebody has kept: by itself, in a letter, or in a proof."""
    text = _text(path)
    if not text.lstrip().startswith("{"):
        return text
    try:
        return str(json.loads(text)["ledger"]["checkpoint"])
    except (ValueError, KeyError, TypeError) as error:
        raise Wrong(f"{path.name} is no proof, or is not whole") from error


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Wrong(f"{path.name} cannot be read") from error
