"""Two versions of the policy beside each other: what is changed, how it reads, whether it is major.

- `fields` says every field that was added, taken away or changed, and carries one version into the other.
- `told` says how the sentences that people read differ, in each language.
- `major` says by the policy's own rule whether the change must be told before it takes force (art. 13.3).
"""

from lofte.policy.comparing.fields import Change, What, apply, differences
from lofte.policy.comparing.major import Major, Reason, majors, touched
from lofte.policy.comparing.marked import Piece, marked
from lofte.policy.comparing.told import Changed, Comparison, Read, compare

__all__ = [
    "Change",
    "Changed",
    "Comparison",
    "Major",
    "Piece",
    "Read",
    "Reason",
    "What",
    "apply",
    "compare",
    "differences",
    "majors",
    "marked",
    "touched",
]
