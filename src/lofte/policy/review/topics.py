"""What a heading is about, and what a section that is about it says."""

from __future__ import annotations

from collections.abc import Mapping

from lofte.policy.review.reader import RIGHTS
from lofte.policy.review.sign import Sign

TOPICS: Mapping[str, Sign] = {
    "access": Sign(
        sv=r"\b(tillgång|registerutdrag|utdrag)\b|^information:?$",
        en=r"\baccess\b|^information:?$|copy of your data",
    ),
    "rectification": Sign(sv=r"\brättelse\b|\brätta\b|korriger", en=r"rectif|\bcorrect(ion|ing)\b"),
    "erasure": Sign(
        sv=r"\braderi?n?g?\w*\b|bli bortglömd|bli glömd", en=r"\beras\w+|\bdelet\w+|be forgotten"
    ),
    "restriction": Sign(sv=r"\bbegräns\w+", en=r"\brestrict\w+"),
    "portability": Sign(sv=r"portabilitet|flytta dina", en=r"portab"),
    "objection": Sign(sv=r"\b(invändning\w*|invända|motsätta)\b", en=r"\bobject(ion|ing)?\b"),
    "complaint": Sign(sv=r"\bklag\w+", en=r"\bcomplain\w*"),
    "retention": Sign(
        sv=r"hur länge|lagringstid|gallring|\bsparas\b", en=r"how long|retention|storage period|keep your"
    ),
    "transfer": Sign(
        sv=r"tredje ?land|utanför (eu|ees)|var behandla\w*|överföring\w*",
        en=r"transfers?\b|outside the (eu|eea)|where",
    ),
    "cookies": Sign(sv=r"\bcookies?\b|\bkakor\b", en=r"\bcookies?\b"),
    "recipients_part": Sign(
        sv=r"mottagare|delar vi|lämna\w* (vi )?ut|utlämn\w+|\bdelning\b|till vem|\bvem kan vi",
        en=r"recipients?|share|disclos|who (gets|receives)",
    ),
    "changes": Sign(sv=r"\b(för)?ändring\w*", en=r"\bchanges?\b|updates?\b"),
    "contact_part": Sign(sv=r"\bkontakt\w*", en=r"\bcontact"),
}
"""Each is also the name of a sign: what a section says that is about it."""

SUBJECTS = (*RIGHTS, "retention", "transfer", "cookies", "recipients_part")
"""Headings that say so plainly what they are about that a body about something else disagrees."""
