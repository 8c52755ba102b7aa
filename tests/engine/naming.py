"""Names and values that make a database, or a careless program, take two things for one."""

from __future__ import annotations

import random
import unicodedata

_NAMES = (
    "order", "group", "select", "user", "table", "from", "Key", "index", "values", "primary", "check",
    "Kund", "KUNDNR", "kund nr", "Ärende", "åtgärd", "Från Å till Ö", "öppen", "e-post", "Order Lines",
    "first.last", 'he said "x"', "it's", "[bracket]", "per%cent", "%s", "a:b", ":name",
    "semi;colon", "a--b", "/*c*/", "{0}", "$1", "question?", "(paren)", "back\\slash", "tab\tin",
    "rad", "avtal", "faktura", "logg", "svar", "fil", "post", "tjänst", "domän", "inlägg", "bilaga",
    "notering", "anmälan", "ansökan", "besök", "händelse", "kort", "lista", "medlem", "nyckel", "objekt",
    "lower", "rowid", "oid", "null", "true", "default", "end", "case", "when", "UNION", "keys", "subject",
)  # fmt: skip

LOCAL_PARTS = (
    ("anna", "änna", "anná", "ana", "annaa", "a_na", "a%a", "anna.x"),
    ("bo", "b_", "b%", "bö", "boo", "b.o"),
    ("karin_e", "karinxe", "karine", "karin%e", "kårin_e"),
    ("strasse", "stråsse", "stras.e", "s%e"),
    ("0", "00", "o", "0x"),
    ("100", "0100", "100a", "1_0"),
)
"""Families of local parts, each somebody else's than the next."""

TEXT_KEYS = (
    ("anna", "Anna", "ANNA", "änna", "anná", "anna ", " anna", "an%a", "an_a", "anNa"),
    ("10023", "10023A", "010023", "10023 ", "+10023", "1_023", "10023.0", "10023a"),
    ("0", "00", "O", "o", "0 ", "abc", "ABC", "Abc", "a%c", "a_c"),
    ("x-1", "X-1", "x_1", "x%1", "x-1 ", "x-10", "x-01", "x'1", 'x"1', "x\\1", "x;1"),
    ("å", "Å", "a", "A", "ä", "ö", "Ö", "o", "aa"),
)
"""Families of keys, each another row's than the next, that loose comparing takes for one."""


def names(rng: random.Random, *, taken: tuple[str, ...] = ()) -> Names:
    """A source of odd names, none of which any of the three databases takes for another."""
    return Names(rng, taken)


class Names:
    def __init__(self, rng: random.Random, taken: tuple[str, ...]) -> None:
        self._rng = rng
        self._taken = {_alike(name) for name in taken}

    def __call__(self, plain: str) -> str:
        """An odd name half the time, else `plain` or `plain` with a number."""
        name = self._rng.choice(_NAMES) if self._rng.random() < 0.5 else plain
        number = 1
        while _alike(name) in self._taken:
            number += 1
            name = f"{plain}{number}"
        self._taken.add(_alike(name))
        return name


def _alike(name: str) -> str:
    """MariaDB takes column names that differ by accent or case for the same."""
    bare = unicodedata.normalize("NFD", name.casefold())
    return "".join(c for c in bare if not unicodedata.combining(c))


def any_case(rng: random.Random, address: str) -> str:
    """The same address as somebody else would spell it."""
    return rng.choice(
        (
            address,
            address,
            address.upper(),
            address.title(),
            address.capitalize(),
            "".join(rng.choice((c, c.upper())) for c in address),
        )
    )


def near_address(rng: random.Random, address: str) -> str:
    """Another address that looks the same, or contains it."""
    local, _, domain = address.partition("@")
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in local)
    return rng.choice(
        (
            f"{wide}@{domain}",
            f"{local}＠{domain}",
            f"x{address}",
            f"{address}.example",
            f"{local}@x{domain}",
            f"{local}%@{domain}",
            "%",
            f"%@{domain}",
            f"{local.replace('a', 'á')}@{domain}",
            f"{local.replace('_', 'q').replace('%', 'q')}@{domain}",
            f"{local.replace('a', 'а')}@{domain}",  # Cyrillic
            local,
            "",
        )
    )


def near_key(rng: random.Random, key: str) -> str:
    """Another key that a database may take for the same."""
    return rng.choice(
        (
            key.upper(),
            key.lower(),
            key + " ",
            " " + key,
            "0" + key,
            key + "A",
            key[:-1] + "_" if key else "_",
            key[:-1] or "1",
            "%",
            key[:1] + "%",
            key.replace("a", "ä"),
            key + ".0",
            "+" + key,
        )
    )


def personnummer(rng: random.Random) -> str:
    """Twelve digits from the series set aside for tests (birth numbers 980-999)."""
    day = f"{rng.randrange(1940, 2006)}{rng.randrange(1, 13):02}{rng.randrange(1, 29):02}"
    nine = f"{day[2:]}{rng.randrange(980, 1000)}"
    total = sum(sum(divmod(int(d) * (2 - i % 2), 10)) for i, d in enumerate(nine))
    return f"{day[:2]}{nine}{-total % 10}"


def spelled(rng: random.Random, number: str) -> str:
    """One of the ways people write a personnummer."""
    return rng.choice((number, f"{number[:8]}-{number[8:]}", number[2:], f"{number[2:8]}-{number[8:]}"))
