"""What a connection needs before a shop may use it, and proof that the server keeps what it acknowledges."""

import re
from collections.abc import Mapping, Sequence
from math import ceil
from typing import Any, ClassVar, Final
from urllib.parse import urlsplit

import attrs
import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.pq import Conninfo

from tokolib.adapters.addresses import queried
from tokolib.adapters.postgres.translation import connect_error
from tokolib.adapters.postgres.wire import NOTHING, Statement, Wire
from tokolib.adapters.units.waiting import seconds
from tokolib.kernel.adapter_errors import AdapterConfig
from tokolib.kernel.errors import shown

FLOOR: Final = 13
"""The oldest major version that is known to pass the kit's statements."""
PORTS: Final = re.compile(r"[0-9,]*")
UNREADABLE: Final = (
    "the URL can't be read; write postgresql://user:password@host:port/database, "
    "and percent-encode what is special in the user and the password (@ is %40, / is %2F)"
)
ISOLATIONS: Final[Mapping[str, str]] = {
    "read-committed": "READ COMMITTED",
    "repeatable-read": "REPEATABLE READ",
    "serializable": "SERIALIZABLE",
}

SILENCE: Final[Mapping[str, int]] = {
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 25_000,
}
"""After how long without a sign of life from the server's machine a connection counts as lost: 25 seconds.

The system's own limits are two hours for who waits, and a quarter of an hour for who has sent something.
Source: postgresql.org/docs/18/libpq-connect.html, section 32.1.2; all but the last in seconds.
"""

SETTINGS: Final = ("server_version_num", "server_encoding", "fsync", "full_page_writes", "synchronous_commit")
QUESTION: Final[Statement] = (
    "SELECT " + ", ".join(f"current_setting('{name}')" for name in SETTINGS),
    NOTHING,
)


def _seconds(timeout: float) -> float:
    return seconds("postgresql", timeout)


@attrs.frozen
class Settings:
    """How a server is used."""

    TIMEOUT: ClassVar[float] = 5.0
    CONNECTIONS: ClassVar[int] = 10

    address: str = attrs.field(repr=False)  # it may hold a password
    """What libpq is told: a URL or keywords."""
    isolation: str = "READ COMMITTED"
    durable: bool = True
    timeout: float = attrs.field(default=TIMEOUT, converter=_seconds)
    """Seconds that a statement waits for a lock, and a unit for a connection."""
    connections: int = CONNECTIONS
    """Connections that are open at once."""

    def connecting(self) -> dict[str, Any]:
        """What the driver is told beside the address, which may say otherwise about how long to wait."""
        patience = {"connect_timeout": max(2, ceil(self.timeout)), **SILENCE}
        said = conninfo_to_dict(self.address)
        ours = {name: value for name, value in patience.items() if name not in said}
        return {"autocommit": True, "prepare_threshold": 2, "client_encoding": "UTF8", **ours}

    @property
    def begin(self) -> str:
        """Begins a transaction that writes."""
        return f"BEGIN ISOLATION LEVEL {self.isolation}"

    @property
    def begin_reading(self) -> str:
        """Begins a transaction that sees one state, and changes nothing."""
        return "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"

    def statements(self) -> Sequence[Statement]:
        """What a fresh connection is told.

        Every statement of ours finds its rows by a key, a few at a time, and is planned once, perhaps while
        the tables are empty: so plans that walk a whole table, or pair all rows of two, are told to stay away, and a
        plan is kept from its first use on.
        """
        given = {
            "lock_timeout": f"{max(1, int(self.timeout * 1000))}ms",  # 0 would be for ever
            "plan_cache_mode": "force_generic_plan",
            "enable_seqscan": "off",
            "enable_hashjoin": "off",
            "enable_mergejoin": "off",
            "enable_bitmapscan": "off",
            "enable_material": "off",
            "jit": "off",
        }
        return [(f"SET {name} = '{value}'", NOTHING) for name, value in given.items()]


def address_of(url: str) -> str:
    """*url*, which the driver must be able to read. Nothing of it is repeated but a parameter's name.

    Raises:
        AdapterConfig: it can't.
    """
    known = {option.keyword.decode() for option in Conninfo.get_defaults()}
    for name, _ in queried(urlsplit(url)):
        if name not in known:
            raise AdapterConfig("postgresql", f"no parameter {name!r:.40}; known: tokolib's and those of libpq")
    try:
        said = conninfo_to_dict(url)
    except psycopg.Error:
        raise AdapterConfig("postgresql", UNREADABLE) from None  # libpq repeats what it can't read: a password, perhaps
    if not PORTS.fullmatch(str(said.get("port", ""))):
        raise AdapterConfig("postgresql", UNREADABLE)
    return url


def isolation_level(name: str) -> str:
    """The isolation level by its name in a URL.

    Raises:
        AdapterConfig: there is none by that name.
    """
    level = ISOLATIONS.get(name)
    if level is None:
        raise AdapterConfig("postgresql", f"isolation {shown(name)} is none of {', '.join(ISOLATIONS)}")
    return level


async def furnish(wire: Wire, settings: Settings) -> None:
    """Make a fresh connection ready.

    Raises:
        AdapterConfig: the server is too old, keeps text in another encoding, or may lose what it acknowledges.
        Unavailable: it can't be asked.
    """
    try:
        answers = await wire.trip([*settings.statements(), QUESTION])
        found = dict(zip(SETTINGS, answers[-1][0], strict=True))
        _check(found, settings)
        if settings.durable and found["synchronous_commit"] == "off":
            await wire.trip([("SET synchronous_commit = 'on'", NOTHING)])
    except psycopg.Error as error:
        raise connect_error(error) from error


def _check(found: Mapping[str, Any], settings: Settings) -> None:
    major = int(found["server_version_num"]) // 10_000
    if major < FLOOR:
        raise AdapterConfig("postgresql", f"PostgreSQL {major} is too old; tokolib needs {FLOOR} or newer")
    if found["server_encoding"] != "UTF8":
        raise AdapterConfig("postgresql", f"the database keeps {found['server_encoding']}; create one with UTF8")
    for name in ("fsync", "full_page_writes"):
        if settings.durable and found[name] != "on":
            raise AdapterConfig(
                "postgresql",
                f"the server runs with {name} = {found[name]}: a power cut would lose what was acknowledged; "
                "turn it on, or open with ?durable=0",
            )
