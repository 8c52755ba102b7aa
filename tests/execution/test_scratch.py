"""What lies in a scratch file is read as it was written, anywhere in it, and by nobody else."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lofte.errors import Broken
from lofte.execution.scratch import PAGE, Scratch

ANNA = b"anna@kund.example "


def on_disk(scratch: Scratch) -> bytes:
    """What has come to the disk."""
    size = os.fstat(scratch._file).st_size
    return os.pread(scratch._file, size, 0)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["write", "read"]), st.floats(0, 1), st.integers(0, 2 * PAGE + 3)),
        max_size=8,
    )
)
def test_it_is_a_file_like_any_other(tmp_path_factory, deeds):
    plain = io.BytesIO()
    with Scratch(tmp_path_factory.mktemp("s")) as scratch:
        for deed, where, size in deeds:
            at = int(where * len(plain.getvalue()))
            assert scratch.seek(at) == plain.seek(at) == scratch.tell()
            if deed == "write":
                said = os.urandom(1) * size
                assert scratch.write(said) == plain.write(said)
            else:
                size = min(size, len(plain.getvalue()) - at)
                assert scratch.piece(at, size) == plain.read(size)
        assert scratch.size == len(plain.getvalue()) and scratch.piece(0, scratch.size) == plain.getvalue()


def test_what_a_killed_process_leaves_is_noise_and_has_no_name(tmp_path: Path) -> None:
    with Scratch(tmp_path) as scratch:
        scratch.write(ANNA * 20_000)
        assert len(on_disk(scratch)) > 4 * PAGE and ANNA not in on_disk(scratch)
        assert list(tmp_path.iterdir()) == []
        assert os.fstat(scratch._file).st_mode & 0o077 == 0


def test_a_page_that_was_changed_or_moved_does_not_open(tmp_path: Path) -> None:
    with Scratch(tmp_path) as scratch:
        scratch.write(ANNA * 20_000)
        scratch.seek(0)
        os.pwrite(scratch._file, os.pread(scratch._file, PAGE + 28, PAGE + 28), 0)
        with pytest.raises(Broken):
            scratch.piece(0, 10)


def test_there_are_no_holes(tmp_path: Path) -> None:
    with Scratch(tmp_path) as scratch:
        scratch.write(b"x")
        with pytest.raises(ValueError, match="no such place"):
            scratch.seek(2)
        with pytest.raises(ValueError, match="not so many"):
            scratch.piece(0, 2)
