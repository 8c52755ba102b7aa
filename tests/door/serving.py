"""The real server with the company behind it. Run as `python -m tests.door.serving FOLDER`; prints its
address when it answers."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from tests.door.company import found


def main(folder: Path) -> None:
    workspace = found(folder / "company")
    os.environ["LOFTE_HOME"], os.environ["LOFTE_WORKSPACE"] = str(folder / "home"), str(workspace)
    from lofte.site.serve import serve

    serve(port=0, on_ready=lambda address: print(address, flush=True))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
