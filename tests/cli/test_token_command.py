"""A token is made at the terminal by somebody who may, is shown once, and is ended."""

from __future__ import annotations

import json

from lofte.cli.exits import Code
from tests.cli.test_handler_command import PASSWORD, folder, lofte  # noqa: F401

CECILIA = "cecilia@lanternan.example"
ADD = ("token", "add", "Ticket system", "--scope", "requests:read")


def test_a_token_is_made_listed_and_ended(folder):  # noqa: F811
    assert lofte(folder, *ADD).returncode == Code.FAULTS  # it has a maker
    officer = ("handler", "add", "--email", CECILIA, "--role", "officer", "--password-stdin")
    lofte(folder, *officer, typed=f"{PASSWORD}\n")
    made = lofte(folder, "--by", CECILIA, *ADD, "--days", "30", "--json")
    told = json.loads(made.stdout)
    assert made.returncode == Code.OK and told["token"].startswith("lofte_")
    refused = lofte(folder, "--by", CECILIA, "token", "add", "x", "--scope", "packages:fetch")
    assert refused.returncode == Code.FAULTS and "does not reach packages:fetch" in refused.stderr
    listed = lofte(folder, "token", "list")
    assert "Ticket system" in listed.stdout and told["token"] not in listed.stdout
    ended = lofte(folder, "--by", CECILIA, "token", "end", told["ref"][:8], "--language", "sv")
    assert ended.returncode == Code.OK and "avslutad" in ended.stdout
    (left,) = json.loads(lofte(folder, "token", "list", "--json").stdout)["tokens"]
    assert not left["holds"] and "token" not in left
