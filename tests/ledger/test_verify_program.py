"""`lofte-verify` holds for what was signed, and for nothing else. It shares no code with what writes it."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

import lofte_verify
from lofte.ledger import tree
from lofte.ledger.checkpoint import Checkpoint, public, signed
from lofte.ledger.entry import Entry, canonical
from lofte.ledger.kinds import Kind
from lofte.ledger.tiles import tiles

SEED, NAME = b"s" * 32, "norrsken.example/ledger"
KEY = public(NAME, SEED)
START = datetime(2026, 1, 1, tzinfo=UTC)


def entries(many: int) -> list[Entry]:
    return [
        Entry(
            seq=n + 1,
            at=START + timedelta(minutes=n),
            kind=(Kind.STEP_DONE, Kind.KEY_SHREDDED)[n % 2],
            object=f"{n:032x}",
            policy_version="1",
            commitment=hashlib.sha256(str(n).encode()).digest(),
        )
        for n in range(many)
    ]


def note(of: list[Entry]) -> str:
    root = tree.root_of([tree.leaf(entry) for entry in of])
    return signed(Checkpoint(origin=NAME, size=len(of), root=root, at=START), SEED)


def handed_out(folder, of: list[Entry], said: str = ""):
    packed = [canonical(entry) for entry in of]
    for name, content in tiles(packed, [tree.leaf_hash(each) for each in packed]):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    (folder / "checkpoint").write_text(said or note(of))
    return folder


@pytest.mark.parametrize("many", [1, 7, 256, 257, 700])
def test_a_whole_ledger_holds(tmp_path, capsys, many):
    handed_out(tmp_path, entries(many))
    assert lofte_verify.main([str(tmp_path), "--key", KEY]) == 0
    assert f"holds: {many} entries" in capsys.readouterr().out


def test_more_than_a_full_level_of_tiles_holds(tmp_path):
    of = entries(256 * 256 + 3)
    handed_out(tmp_path, of)
    assert (tmp_path / "tile/2/000.p/1").exists() and (tmp_path / "tile/0/256.p/3").exists()
    assert lofte_verify.verify(tmp_path, KEY, [])[0] == len(of)


def test_what_stood_in_a_letter_is_found_in_it(tmp_path, capsys):
    letter = tmp_path / "letter.txt"
    indented = "".join(f"   {line}\n" for line in note(entries(40)).splitlines())
    letter.write_text(f"Hej!\n\nSå långt hade liggaren kommit:\n\n{indented}\nHälsningar\n")
    handed_out(tmp_path, entries(300))
    assert lofte_verify.main([str(tmp_path), "--key", KEY, "--old", str(letter)]) == 0
    assert "1 older checkpoint" in capsys.readouterr().out


def changed(folder, of):
    of[3] = replace(of[3], object="e" * 32)
    handed_out(folder, of, said=note(entries(300)))


def swapped(folder, of):
    of[3], of[4] = of[4], of[3]
    handed_out(folder, of, said=note(entries(300)))


def taken_out(folder, of):
    handed_out(folder, [*of[:5], *of[6:], of[5]], said=note(entries(300)))


def renumbered(folder, of):
    handed_out(folder, [replace(each, seq=each.seq + 1) for each in of])


def cut_off(folder, of):
    handed_out(folder, of[:20])


def written_anew(folder, of):
    of[3] = replace(of[3], object="e" * 32)
    handed_out(folder, of)


def tile_missing(folder, of):
    handed_out(folder, of)
    (folder / "tile/entries/000").unlink()


def tile_changed(folder, of):
    handed_out(folder, of)
    (folder / "tile/1/000.p/1").write_bytes(bytes(32))


def note_changed(folder, of):
    handed_out(folder, of, said=note(of).replace("\n300\n", "\n299\n"))


def signed_by_another(folder, of):
    root = tree.root_of([tree.leaf(entry) for entry in of])
    said = Checkpoint(origin=NAME, size=len(of), root=root, at=START)
    handed_out(folder, of, said=signed(said, b"x" * 32))


def signature_garbled(folder, of):
    handed_out(folder, of, said=note(of).rstrip()[:-9] + "§§\n")


def no_note(folder, of):
    handed_out(folder, of, said="nothing")


TAMPERED = [changed, swapped, taken_out, renumbered, cut_off, written_anew, tile_missing, tile_changed,
            note_changed, signed_by_another, signature_garbled, no_note]  # fmt: skip


@pytest.mark.parametrize("tamper", TAMPERED, ids=lambda f: f.__name__)
def test_what_was_tampered_with_does_not_hold(tmp_path, capsys, tamper):
    old = tmp_path / "old"
    old.write_text(note(entries(40)))
    tamper(tmp_path, entries(300))
    assert lofte_verify.main([str(tmp_path), "--key", KEY, "--old", str(old)]) == 1
    assert capsys.readouterr().err.startswith("does not hold: ")


def test_a_key_that_is_none_is_said(tmp_path, capsys):
    handed_out(tmp_path, entries(3))
    assert lofte_verify.main([str(tmp_path), "--key", "hello"]) == 1
    assert "no key of a ledger" in capsys.readouterr().err
