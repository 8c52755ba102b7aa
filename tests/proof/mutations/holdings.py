"""Breaks in what is held, by whom, how safely, and in how one asks. How to add one stands in `breaks`."""

from __future__ import annotations

from lofte.ledger.kinds import Kind as K
from lofte.proof.records import Check
from tests.proof.mutations.breaks import STRANGER, Break, policy_says
from tests.proof.mutations.world import also, counted, seen

HELD_DATA = [
    Break(
        "an undecided column among the contact details",
        "P024",
        lambda j: counted(j, Check.COLUMNS, {"category": "contact"}, undecided=1),
    ),
    Break(
        "a column of a kind that is not told",
        "P022 P031 P032",
        lambda j: counted(j, Check.COLUMNS, {"category": "identification"}, untold=2),
    ),
    Break(
        "messages are withheld from who asks",
        "P021 P028",
        lambda j: counted(j, Check.COLUMNS, {"category": "correspondence"}, given=0),
    ),
    Break(
        "nobody can be found by a customer number", "P031", lambda j: counted(j, Check.COLUMNS, {}, numbers=0)
    ),
    Break(
        "numbers of companies are not held as personal",
        "P032",
        lambda j: counted(j, Check.ITEM, {"item": "org_no"}, columns=0),
    ),
    Break(
        "a dataset that serves no purpose that is told",
        "P012 P042 P043 P044 P045 P047 P052 P053",
        lambda j: counted(j, Check.PURPOSE, {}, untagged=1),
    ),
    Break(
        "more columns than the purpose needs",
        "P012 P043 P045",
        lambda j: counted(j, Check.PURPOSE, {"purpose": "invoice"}, outside=1),
    ),
]

PARTIES = [
    Break(
        "rows went to somebody who is not listed",
        "P064 P065 P077",
        lambda j: seen(
            j, Check.RECIPIENT, recipient="strangers", datasets=1, apart=0, unserved=0, listed=0, silent=0
        ),
    ),
    Break(
        "a listed recipient gets what is not told",
        "P064 P065 P068 P069 P071 P072 P076 P077 P078 P079",
        lambda j: counted(j, Check.RECIPIENT, {}, apart=1),
    ),
    Break(
        "a recipient that no purpose needs",
        "P064 P065 P068 P069 P071 P072 P076 P077 P078 P079",
        lambda j: counted(j, Check.RECIPIENT, {}, unserved=1),
    ),
    Break(
        "a processor that is not in the register",
        "P083",
        lambda j: counted(j, Check.PROCESSOR, {"recipient": "datacentre"}, registered=0),
    ),
    Break(
        "an agreement that has ended",
        "P070 P084",
        lambda j: counted(j, Check.PROCESSOR, {"recipient": "datacentre"}, agreed=0),
    ),
    Break(
        "an agreement without its clauses",
        "P084",
        lambda j: counted(j, Check.PROCESSOR, {"recipient": "datacentre"}, lacks=3),
    ),
    Break(
        "a processor without instructions",
        "P070",
        lambda j: counted(j, Check.PROCESSOR, {"recipient": "datacentre"}, instructed=0),
    ),
    Break(
        "a processor that promised no silence",
        "P070",
        lambda j: counted(j, Check.PROCESSOR, {"recipient": "datacentre"}, confidential=0),
    ),
    Break(
        "a processor in a country that is not told",
        "P083",
        lambda j: counted(j, Check.PROCESSOR, {"recipient": "datacentre"}, elsewhere=1),
    ),
    Break(
        "a system in a country that is not told",
        "P087",
        lambda j: seen(j, Check.PLACE, place="hosting", country="US", what="system", told=0),
    ),
]

SECURITY = [
    Break(
        "the ledger was changed",
        "P010 P014 P095 P096",
        lambda j: counted(j, Check.MEASURE, {"measure": "ledger"}, wrong=1),
    ),
    Break(
        "levels of access are not kept",
        "P010 P091",
        lambda j: counted(j, Check.MEASURE, {"measure": "access_levels"}, wrong=1),
    ),
    Break(
        "a connection is not encrypted",
        "P010",
        lambda j: counted(j, Check.MEASURE, {"measure": "encryption_in_transit"}, wrong=1),
    ),
    Break(
        "every measure fails", "P010 P014 P091 P095 P096", lambda j: counted(j, Check.MEASURE, {}, wrong=1)
    ),
]

ASKED = [
    Break(
        "own data were shown to nobody known",
        "P100",
        lambda j: also(j, K.OWN_DATA_SHOWN, datasets=1, rows=1, level=0),
    ),
    Break(
        "an analysis turned out to decide",
        "P122",
        lambda j: also(
            j,
            K.REVIEW_DECIDED,
            STRANGER,
            by="b" * 32,
            outcome="changed",
            decision=next(iter(j.policy.automated_decisions), ""),
        ),
    ),
    Break(
        "the address for data protection is gone",
        "P002 P014 P146 P148",
        policy_says("controller.contact", {"channels": ["portal"], "url": "https://fjordhem.example"}),
    ),
    Break("a right is no longer told", "P115", policy_says("rights.restriction", None)),
    Break("nobody but customers may ask", "P115", policy_says("rights.erasure", None)),
]
