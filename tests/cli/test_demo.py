"""Each example company can be shown: one request is answered, one person is erased, and more waits."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from lofte.cli.demo_company import Example

FEW = 80
_SHOW = """
import sys
from pathlib import Path
from lofte.cli.demo import demo
from lofte.cli.demo_company import Example
demo(Example(sys.argv[1]), once=True, port=0, folder=Path(sys.argv[2]), people=int(sys.argv[3]))
"""
ROOT = Path(__file__).parents[2]


def show(name: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """The demo of this company with a few people."""
    own = {k: v for k, v in os.environ.items() if not k.startswith(("LOFTE_", "DJANGO_"))}
    return subprocess.run(
        [sys.executable, "-c", _SHOW, name, str(folder), str(FEW)],
        cwd=ROOT,
        env={**own, "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )


OTHERS = [name for name in Example if name is not Example.WEBHOST]
"""The web host's demo is followed in `tests/docs`, as the first page tells it."""


@pytest.mark.parametrize("name", OTHERS)
def test_an_example_company_answers_one_person_and_erases_another(name: Example, tmp_path: Path) -> None:
    shown = show(name, tmp_path)
    assert shown.returncode == 0, shown.stderr[-2_000:]
    assert Path(shown.stdout.strip().splitlines()[-1]).is_file()
    with closing(sqlite3.connect(tmp_path / "home" / "store.sqlite3")) as store:
        done = dict(
            store.execute(
                'select "right", count(*) from requests_request where state = \'delivered\' group by "right"'
            )
        )
    assert done["access"] == 1 and done["erasure"] >= 1


def test_the_folder_of_another_company_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "demo.json").write_text(json.dumps({"company": "webhost"}), encoding="utf-8")
    shown = show("guides", tmp_path)
    assert "holds the demo of webhost" in shown.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["demo.json"]


def test_an_unknown_name_is_refused_with_the_names_there_are() -> None:
    command = [Path(sys.executable).parent / "lofte", "demo", "nowhere"]
    shown = subprocess.run(command, capture_output=True, text=True, check=False)
    assert shown.returncode == 2
    assert all(name in shown.stderr + shown.stdout for name in Example)
