"""Tables that refer to themselves, one over another: everybody a row leads to is found, however far up."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from tests.erase.small import (
    PERSONS,
    TECHNICAL,
    Small,
    dataset,
    field,
    number,
    persons,
    reference,
    system,
)

ANNA, EVA = "anna@kund.example", "eva@kund.example"


def _points(name: str, to: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, sa.ForeignKey(to))


@pytest.fixture
def small(any_url: str) -> Iterator[Small]:
    """Letters that answer letters, in folders that lie in folders, which are persons'."""
    m = sa.MetaData()
    persons(m)
    sa.Table("folders", m, number(), _points("inside", "folders.id"), _points("person", "persons.id"))
    sa.Table("letters", m, number(), _points("answers", "letters.id"), _points("folder", "folders.id"))
    sa.Table("pages", m, number(), _points("letter", "letters.id"), _points("folder", "folders.id"),
             sa.Column("words", sa.String(40)))  # fmt: skip
    both = {"inside": TECHNICAL, "person": TECHNICAL}
    made = Small(
        any_url,
        m,
        system(
            persons=PERSONS,
            folders=dataset([reference("inside", "folders"), reference("person", "persons")], both),
            letters=dataset(
                [reference("answers", "letters"), reference("folder", "folders")],
                {"answers": TECHNICAL, "folder": TECHNICAL},
                shared="keep",
            ),
            pages=dataset(
                [reference("letter", "letters"), reference("folder", "folders")],
                {"letter": TECHNICAL, "folder": TECHNICAL, "words": field()},
                shared="keep",
            ),
        ),
    )
    made.put("persons", {"id": 1, "email": ANNA}, {"id": 2, "email": EVA})
    # Anna's folder 1 with 2 in it, Eva's folder 11 with 12 in it.
    made.put("folders", {"id": 1, "person": 1}, {"id": 2, "inside": 1})
    made.put("folders", {"id": 11, "person": 2}, {"id": 12, "inside": 11})
    yield made
    made.close()


def test_an_answer_to_somebody_elses_letter_is_theirs_too(small):
    small.put(
        "letters", {"id": 1, "folder": 12}, {"id": 2, "answers": 1}, {"id": 3, "answers": 2, "folder": 2}
    )
    small.put("letters", {"id": 4, "folder": 2}, {"id": 5, "answers": 4})
    small.erase(ANNA)
    assert [row[0] for row in small.rows("letters")] == [1, 2, 3]


def test_a_page_of_an_answer_to_somebody_elses_letter_is_theirs_too(small):
    small.put("letters", {"id": 1, "folder": 12}, {"id": 2, "answers": 1}, {"id": 3, "folder": 2})
    small.put("pages", {"id": 1, "letter": 2, "folder": 2}, {"id": 2, "letter": 3, "folder": 1})
    small.put("pages", {"id": 3, "letter": 2}, {"id": 4, "folder": 2})
    small.erase(ANNA)
    assert [row[0] for row in small.rows("pages")] == [1, 3]
