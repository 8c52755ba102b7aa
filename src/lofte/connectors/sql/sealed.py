"""Whether what is said to a database and back is encrypted on its way (art. 32.1 a)."""

from __future__ import annotations

import ipaddress
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from lofte.datamap.document import System
from lofte.errors import Unreachable


class Way(StrEnum):
    """How the words travel."""

    ENCRYPTED = "encrypted"
    OPEN = "open"
    """Over a network, for anybody on it to read."""
    HERE = "here"
    """A file, a socket, or an address of this very machine: no network."""


_ASKED = {
    "postgresql": "select case when ssl then 'yes' else '' end from pg_stat_ssl where pid = pg_backend_pid()",
    "mysql": "show session status like 'Ssl_cipher'",
}
_DRIVERS = {"postgresql": "postgresql+psycopg", "mysql": "mysql+pymysql", "mariadb": "mariadb+pymysql"}


def way(system: System, url: str) -> Way:
    """Ask the server how this connection is carried. Raises Unreachable."""
    parsed = sa.make_url(url)
    kind = parsed.get_backend_name()
    if kind == "sqlite" or _is_here(parsed):
        return Way.HERE
    driver = _DRIVERS.get(kind, parsed.drivername)
    engine = sa.create_engine(parsed.set(drivername=driver), hide_parameters=True, poolclass=sa.NullPool)
    try:
        with engine.connect() as db:
            said = db.exec_driver_sql(_ASKED["mysql" if kind == "mariadb" else kind]).first()
    except (DBAPIError, KeyError) as error:
        raise Unreachable(f"the system `{system.id}` does not say how it is reached") from error
    finally:
        engine.dispose()
    return Way.ENCRYPTED if said and said[-1] else Way.OPEN


def _is_here(url: URL) -> bool:
    """True for a socket, and for this machine by its number: a name may be pointed elsewhere."""
    asked = url.query.get("host", "")
    host = url.host or (asked if isinstance(asked, str) else ",".join(asked))
    if not host or host == "localhost" or host.startswith("/"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
