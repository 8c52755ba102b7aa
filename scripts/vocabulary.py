"""Compare the terms that are pinned with the Data Privacy Vocabulary: `python -m scripts.vocabulary FOLDER`.

FOLDER is that of one version of the vocabulary (`2.3` of github.com/w3c-cg/dpv), or any that has its Turtle
files `dpv.ttl`, `pd.ttl` and `eu-gdpr.ttl`, at whatever depth.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from lofte.policy.exchange.dpv_terms import MEASURES, NEAREST, PREFIXES, TERMS, TOOLS


def unknown(folder: Path) -> list[str]:
    """The pinned terms that the vocabulary does not have. Raises FileNotFoundError."""
    known: set[str] = set()
    for prefix in PREFIXES:
        files = sorted(folder.rglob(f"{prefix}.ttl"), key=lambda file: len(file.parts))
        if not files:
            raise FileNotFoundError(f"{prefix}.ttl is not in {folder}")
        text = files[0].read_text(encoding="utf-8")
        known |= {f"{prefix}:{name}" for name in re.findall(rf"^{prefix}:([\w-]+) a ", text, re.MULTILINE)}
    return sorted({*TERMS, *NEAREST.values(), *MEASURES.values(), *TOOLS.values()} - known)


if __name__ == "__main__":
    missing = unknown(Path(sys.argv[1]))
    sys.stdout.write("".join(f"not in the vocabulary: {term}\n" for term in missing))
    sys.stdout.write(f"{len(TERMS) - len(missing)} of {len(TERMS)} terms are in the vocabulary\n")
    sys.exit(bool(missing))
