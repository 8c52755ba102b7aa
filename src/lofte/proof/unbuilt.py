"""Parts that do not exist yet, and the promises that wait for them: unproven, and the part is named."""

from __future__ import annotations

from collections.abc import Mapping

from lofte.policy.document import Text

_PARTS: tuple[tuple[Text, str], ...] = (
    (
        Text(sv="prövning av invändningar och reklamspärrar", en="the check of objections and suppressions"),
        "P040 P057 P058 P059 P060",
    ),
    (Text(sv="samtycken", en="consent records"), "P008 P009 P041 P049 P063 P113 P151"),
    (
        Text(sv="kakbanner och kakskanning", en="the cookie banner and its scan"),
        "P020 P123 P124 P125 P126 P127 P128 P129 P130 P131 P132 P133",
    ),
    (Text(sv="prövning av utskick", en="the check of what is sent"), "P054 P055 P056 P114 P145 P152"),
    (Text(sv="avisering av ändringar", en="announcements of changes"), "P140 P141 P142 P143 P144"),
    (
        Text(sv="register över utlämnanden", en="the register of disclosures"),
        "P064 P065 P066 P067 P068 P069 P070 P071 P072 P073 P074 P075 P076 P077 P078 P079",
    ),
    (
        Text(sv="register över biträden och avtal", en="the register of processors and agreements"),
        "P004 P035 P036 P082 P083 P084 P085 P086",
    ),
    (Text(sv="register över överföringar", en="the register of transfers"), "P087 P088 P089"),
    (Text(sv="prövning av statistik", en="the test of statistics"), "P050 P080 P081"),
    (Text(sv="säkerhetsprov", en="security tests"), "P010 P012 P014 P090 P091 P092 P093 P094 P095 P096"),
    (Text(sv="logg över visade texter", en="the record of presented texts"), "P007 P138"),
    (Text(sv="länkkontroll", en="the link checker"), "P039"),
    (Text(sv="prövning av den egna sidan", en="the check of the person's own page"), "P100 P102"),
    (Text(sv="prövning av avslagens skäl", en="the check that refusals have reasons"), "P117"),
    (Text(sv="prov av att analyser inte rör någon", en="the test that analyses affect nobody"), "P122"),
    (
        Text(sv="kontroll av formulär och källor", en="the check of forms and sources"),
        "P015 P016 P017 P018 P019",
    ),
    (
        Text(sv="kolumnlista per kategori", en="the list of columns per category"),
        "P021 P022 P024 P025 P026 P028 P029 P030 P031 P032",
    ),
    (
        Text(sv="ändamål på varje körning", en="purposes on every run"),
        "P042 P043 P044 P045 P046 P047 P051 P052 P053",
    ),
    (Text(sv="rättighetsärenden för fler än kunder", en="requests from others than customers"), "P115"),
)

MISSING: Mapping[str, Text] = {id_: part for part, ids in _PARTS for id_ in ids.split()}
"""The part that each promise waits for."""

UNKNOWN = Text(sv="ett sätt att pröva det här löftet", en="a way to judge this promise")
"""For a number that no part of the house knows."""
