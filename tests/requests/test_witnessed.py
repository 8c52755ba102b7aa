"""A closing answer makes the person a witness of the ledger."""

from __future__ import annotations

from lofte.execution import book, checkpoints
from lofte.ledger.checkpoint import found_in, opened
from lofte.ledger.kinds import Kind
from lofte.requests.course.witnessed import witnessed


def test_nothing_is_said_while_nothing_is_signed(house, store):
    assert witnessed(house, "sv") == ""


def test_what_it_says_can_be_checked_as_it_stands_in_the_letter(house, store):
    with book.recorded(house):
        book.note(Kind.KEY_SHREDDED, "a" * 32, {}, at=house.now)
    checkpoints.make(house)
    key = checkpoints.key_line(house)
    for language, words in (("sv", "Spara raderna"), ("en", "Keep these lines")):
        said = witnessed(house, language)
        assert words in said.replace("\n", " ")
        letter = "Hej!\n\n" + "\n".join(f"    {line}" for line in said.splitlines()) + "\n\nHälsningar"
        assert checkpoints.begins_with(house, opened(found_in(letter, key), key))


def test_a_checkpoint_that_was_spoiled_keeps_no_answer_back(house, store):
    with book.recorded(house):
        book.note(Kind.KEY_SHREDDED, "a" * 32, {}, at=house.now)
    checkpoints.make(house)
    log = house.folder / "checkpoints" / "log"
    log.write_bytes(log.read_bytes().replace(b"ledger", b"lodger"))
    assert witnessed(house, "sv") == ""
