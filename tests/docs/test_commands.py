"""What the pages tell the reader to do is done here, as it stands.

A page is read from top to bottom. `<!-- file: X -->` before a fence saves it as X; `<!-- section: X -->`
puts it in place of the same top-level keys of X; `<!-- again: X -->` gives X back as it was at first. A
`console` fence is run line by line, in a shell, and what it shows is compared; `…` stands for anything.
"""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = ["docs/tutorial/first-workspace.md"]
_FENCE = re.compile(r"(?:<!-- (file|section|again): (\S+) -->\n)?```(\w+)\n(.*?)\n```\n", re.DOTALL)


@dataclass
class Reader:
    """Somebody who does what a page says."""

    folder: Path
    environment: dict[str, str]

    def save(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text + "\n", encoding="utf-8")

    def replace(self, name: str, text: str) -> None:
        file = self.folder / name
        whole = file.read_text(encoding="utf-8")
        for part in re.split(r"(?m)^(?=\w)", text):
            if part.strip():
                key = part.partition(":")[0]
                whole, done = re.subn(
                    rf"(?ms)^{key}:.*?(?=^\S)", lambda _, new=part: new.rstrip() + "\n\n", whole
                )
                assert done == 1, f"{name} has no part {key}"
        file.write_text(whole, encoding="utf-8")

    def run(self, command: str) -> str:
        ran = subprocess.run(
            ["bash", "-c", f"{command}\nprintf '\\0%s' \"$PWD\""],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        shown, _, folder = ran.stdout.decode().rpartition("\0")
        self.folder = Path(folder)
        return shown


@pytest.fixture
def reader(tmp_path):
    own = {k: v for k, v in os.environ.items() if not k.startswith(("LOFTE_", "DJANGO_", "LC_"))}
    path = f"{Path(sys.executable).parent}:{own['PATH']}"
    return Reader(folder=tmp_path, environment={**own, "PATH": path, "LANG": "C.UTF-8", "COLUMNS": "200"})


def _commands(fence: str) -> Iterator[tuple[str, str]]:
    for part in re.split(r"(?m)^\$ ", fence)[1:]:
        command, _, shown = part.partition("\n")
        yield command, shown


def _plain(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


def _matches(wanted: str, shown: str) -> bool:
    pattern = ".*".join(re.escape(piece) for piece in _plain(wanted).split("…"))
    return re.fullmatch(pattern, _plain(shown), re.DOTALL) is not None


@pytest.mark.parametrize("page", PAGES)
def test_a_page_shows_what_happens(page, reader):
    assert _followed(page, reader)


def test_the_first_page_shows_what_happens_after_the_demo(reader):
    shown = reader.run("lofte demo --once")
    assert "delivered to" in shown, shown
    kept = (reader.folder / "demo/workspace/systems/hosting.yaml").read_text(encoding="utf-8")
    assert _followed("README.md", reader, {"systems/hosting.yaml": kept})


def _followed(page: str, reader: Reader, kept: Mapping[str, str] = {}) -> int:
    """Do what the page says; returns how many commands it has."""
    text = (ROOT / page).read_text(encoding="utf-8")
    ran = 0
    for what, name, language, fence in _FENCE.findall(text):
        if what == "file":
            reader.save(name, fence)
        elif what == "section":
            reader.replace(name, fence)
        elif what == "again":
            reader.save(name, kept[name].rstrip("\n"))
        if language == "console":
            for command, wanted in _commands(fence):
                shown = reader.run(command)
                assert _matches(wanted, shown), f"$ {command}\n{shown}"
                ran += 1
    return ran


def test_a_handler_is_added_as_the_page_says(reader):
    text = (ROOT / "docs/how-to/run-in-production.md").read_text(encoding="utf-8")
    add, list_ = re.findall(r"(?m)^lofte handler .+$", text)
    reader.run("lofte init shop")
    reader.folder /= "shop"
    assert "added as handler" in reader.run(f"{add} --password-stdin <<< 'a horse, a battery, a staple'")
    assert "bertil@company.example" in reader.run(list_)
    with closing(sqlite3.connect(reader.folder / ".lofte/store.sqlite3")) as store:
        assert store.execute("select role from accounts_handler").fetchall() == [("handler",)]
