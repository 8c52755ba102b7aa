"""What keeps each promise: a plan, an operation, or a check that refuses what would break it."""

from __future__ import annotations

from collections.abc import Mapping

PARTS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("policy.notice",), "P001 P008 P152"),
    (("policy.notice", "fault P101"), "P002 P014 P146 P148"),
    (("fault M101", "fault M104"), "P003"),
    (("policy.notice", "fault P116"), "P004"),
    (("notices.publish",), "P005 P140"),
    (("policy.notice", "fault P190"), "P006"),
    (("fault M108", "fault P111"), "P009 P064 P065 P066 P067 P068 P069 P070 P071 P072 P073 P074 P075"),
    (("fault M108", "fault P111"), "P076 P077 P078 P079"),
    (("fault P120", "fault M104", "fault M105"), "P011 P012"),
    (("fault P113", "law.packs"), "P013"),
    (("policy.reading_ease", "fault P195", "notices.presented"), "P007"),
    (("fault P129",), "P015 P016 P017"),
    (("fault P115", "fault P185"), "P018 P019"),
    (("fault P121", "policy.notice", "notices.presented"), "P138"),
    (("fault M102", "fault M117"), "P021 P022 P024 P025 P026 P028 P029 P030 P031 P032"),
    (("fault P126", "fault M113", "fault M114"), "P023"),
    (("plan.sweep", "fault P121"), "P027 P033 P048 P134 P137 P153"),
    (("plan.forwarding", "requests.answer.forward"), "P034"),
    (("fault P104", "fault M111"), "P035 P036"),
    (("plan.living",), "P037 P120"),
    (("fault P122", "fault P164"), "P038 P043 P045"),
    (("fault P102", "fault P186"), "P039"),
    (("fault P123", "plan.objection"), "P040"),
    (("fault P175",), "P041"),
    (("fault P120", "fault M103"), "P042 P044 P046 P047 P050 P051 P052 P053"),
    (("fault P124", "consent.given", "consent.gate"), "P049 P063"),
    (("consent.gate",), "P054 P055 P056"),
    (("fault P125", "fault P130", "consent.gate"), "P057 P058 P059 P060"),
    (("plan.objection", "consent.suppress"), "P061"),
    (("plan.erase", "consent.suppress"), "P062"),
    (("fault P141",), "P087"),
    (("fault P140", "fault P142"), "P088"),
    (("fault P140", "fault P144"), "P089"),
    (("plan.figures", "retention.figures", "plan.anonymity"), "P080 P081"),
    (("policy.processors",), "P082 P083 P084 P085 P086"),
    (("accounts.roles", "ledger.chain"), "P010"),
    (("accounts.roles",), "P091"),
    (("fault M203", "fault M204"), "P094"),
    (("ledger.chain", "execution.tombstones"), "P095"),
    (("ledger.chain",), "P096"),
    (("plan.access",), "P097 P098 P100"),
    (("fault P170",), "P099"),
    (("law.clock", "fault P171"), "P101"),
    (("plan.rectify",), "P102 P103 P104"),
    (("plan.restriction",), "P105 P106 P107"),
    (("plan.portability", "fault P173"), "P108"),
    (("plan.erase",), "P109 P110 P111"),
    (("plan.deidentify", "plan.anonymity"), "P112"),
    (("consent.withdraw", "fault P124"), "P113"),
    (("requests.course.receive",), "P114 P145"),
    (("requests.course.receive", "fault P172"), "P115"),
    (("requests.door.identify",), "P116"),
    (("requests.course.refuse",), "P117"),
    (("plan.holds", "fault P163"), "P118"),
    (("plan.holds", "fault P167"), "P119 P139"),
    (("plan.review", "fault P175"), "P121 P122"),
    (("fault P180", "policy.cookies.against", "scan"), "P020 P123 P124 P127 P129 P130 P132 P133"),
    (("fault P181", "policy.cookies.against", "scan"), "P125 P126"),
    (("fault P182", "policy.cookies.against", "scan"), "P128 P131"),
    (("plan.due", "fault P163"), "P135"),
    (("plan.sweep", "fault P166"), "P136"),
    (("fault P191",), "P141 P142 P143"),
    (("policy.notice",), "P144"),
    (("fault P103",), "P147"),
    (("fault P102", "policy.notice"), "P149 P150"),
    (("fault P124", "consent.given", "consent.withdraw"), "P151"),
)
"""Modules of `lofte` and numbers of faults, and the promises they keep. A promise that is not here is kept by
nothing yet."""

KEPT_BY: Mapping[str, str] = {
    id_: ", ".join(f"`{part}`" if "." in part else part for part in parts)
    for parts, ids in PARTS
    for id_ in ids.split()
}
"""Promise -> what keeps it, as it stands in the page."""
