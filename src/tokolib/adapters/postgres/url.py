"""`postgresql://…` as a storage."""

from collections.abc import Sequence
from typing import Final
from urllib.parse import quote, urlencode, urlsplit

from tokolib.adapters.addresses import parameters, queried, split
from tokolib.adapters.grouping.url import grouped
from tokolib.adapters.sql.names import Names
from tokolib.adapters.sql.schema import NAMES
from tokolib.adapters.sql.spreading import Buckets, OneRow
from tokolib.kernel.adapter_errors import MissingExtra
from tokolib.kernel.rows import Collection
from tokolib.kernel.storage import Storage

RIGHT: Final = "postgresql://user:password@host/database"
OURS: Final = ("isolation", "durable", "timeout", "connections", "prefix", "schema", "group_commit", "buckets")
"""Parameters of ours; every other one is the driver's (`sslmode`, `application_name`, ...)."""


def postgres(url: str, collections: Sequence[Collection], *, asynchronous: bool) -> Storage:
    """A storage on the server that the URL names; nothing is asked of it yet.

    Raises:
        AdapterConfig: the URL says something that can't be.
        MissingExtra: psycopg is not installed.
    """
    pairs = queried(split("postgresql", url, RIGHT))
    given = parameters("postgresql", [pair for pair in pairs if pair[0] in OURS], OURS)
    theirs = [pair for pair in pairs if pair[0] not in OURS]
    try:
        from tokolib.adapters.postgres.awaited import AsyncPostgresStorage
        from tokolib.adapters.postgres.connecting import Settings, address_of, isolation_level
        from tokolib.adapters.postgres.storage import PostgresStorage
    except ModuleNotFoundError as error:
        raise MissingExtra("postgres", error.name or "psycopg") from error
    settings = Settings(
        address_of(_theirs(url, theirs)),
        isolation_level(given.text("isolation", "read-committed")),
        given.switch("durable", True),
        given.seconds("timeout", Settings.TIMEOUT),
        given.number("connections", Settings.CONNECTIONS),
    )
    names = Names(given.text("prefix", NAMES.prefix), given.text("schema", NAMES.schema))
    buckets = given.number("buckets", 1)
    layout = Buckets(buckets) if buckets > 1 else OneRow()
    kind = AsyncPostgresStorage if asynchronous else PostgresStorage
    return grouped(kind(settings, collections, names=names, layout=layout), given)


def _theirs(url: str, pairs: Sequence[tuple[str, str]]) -> str:
    """The URL as libpq reads one, which takes a plus sign for itself, and wants both slashes where no host is."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}{parts.path}?{urlencode(pairs, quote_via=quote)}"
