"""`lofte request portability` at the terminal."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from lofte.cli.main import make_app

WEBHOST = Path(__file__).parents[2] / "examples" / "webhost"


@pytest.fixture
def workspace(tmp_path, url, monkeypatch):
    folder = tmp_path / "fjordhem"
    (folder / "systems").mkdir(parents=True)
    for name in ("policy.yaml", "processors.yaml"):
        shutil.copy(WEBHOST / name, folder / name)
    written = (WEBHOST / "systems/hosting.yaml").read_text()
    (folder / "systems/hosting.yaml").write_text(
        written.replace("url: sqlite:///data/hosting.sqlite3", f"url: {url}")
    )
    for name in ("LOFTE_WORKSPACE", "LOFTE_HOME", "LANGUAGE", "LOFTE_DEBUG"):
        monkeypatch.setenv(name, "")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    return folder


@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection")
def test_the_command_hands_out_the_package(store, workspace, world, tmp_path):
    kind, value = world.persons[0].ways[0][0]
    where = ["--workspace", str(workspace), "--json"]
    how = ["--identified-by", "e-id at the desk", "--out", str(tmp_path / "out")]
    run = CliRunner(env={"COLUMNS": "300", "TERM": "dumb"}).invoke(
        make_app("en"), [*where, "request", "portability", "--identity", f"{kind}={value}", *how]
    )
    assert run.exit_code == 0, run.output
    with zipfile.ZipFile(json.loads(run.stdout)["path"]) as package:
        assert json.loads(package.read("portable.json"))["format"] == "lofte-portable"
