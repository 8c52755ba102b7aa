"""A second program, in a process of its own, that knows nothing of restrictions and writes as it likes."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import sqlalchemy as sa


def write(url: str, *statements: str) -> list[int]:
    """Let the other program carry out these statements; how many rows each hit."""
    command = [sys.executable, "-m", "tests.restriction.second", url, *statements]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: list[int] = json.loads(done.stdout)
    return found


def main(url: str, *statements: str) -> list[Any]:
    """Each statement in a transaction of its own, as a web shop would."""
    engine = sa.create_engine(url)
    hits = []
    for statement in statements:
        with engine.begin() as db:
            hits.append(db.exec_driver_sql(statement).rowcount)
    engine.dispose()
    return hits


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:])))
