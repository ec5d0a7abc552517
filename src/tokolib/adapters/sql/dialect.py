"""What differs between databases in the statements that we send."""

import json
from collections.abc import Callable, Sequence
from typing import Final

import attrs

from tokolib.adapters.sql.arrays import array_of_text


@attrs.frozen
class Dialect:
    """The words of one database. Text sorts by code points in each."""

    name: str
    text: str
    integer: str
    blob: str
    wide: str
    """Ends the definition of a table with long rows."""
    narrow: str
    """Ends the definition of a table with short rows."""
    among: str
    """Follows a column that must be one of a list, which is bound as one value."""
    listed: Callable[[Sequence[str]], str]
    """That value, from texts."""
    lock: str
    """Ends a query whose rows stay locked until the transaction ends; empty where a writer has all locked."""
    by: str
    """Follows a table in a query and names the `{index}` to go by; empty where statistics tell the database."""
    sets: bool
    """Whether a change is sent once for all its rows, as arrays, instead of once for each."""
    schemas: bool
    """Whether tables may stand in a schema of a name."""
    own_schemas: frozenset[str]
    """Schemas with a name that anybody could have, in which the database keeps what is its own."""
    own_prefix: str
    """Begins the names that the database keeps for itself."""
    splits: bool
    """Whether tables may be split by the hash of a column."""


def _json_list(texts: Sequence[str]) -> str:
    return json.dumps([text for text in texts if "\0" not in text])


SQLITE: Final = Dialect(
    name="sqlite",
    text="TEXT",
    integer="INTEGER",
    blob="BLOB",
    wide=") STRICT",
    narrow=") STRICT, WITHOUT ROWID",
    among="IN (SELECT value FROM json_each(?))",
    listed=_json_list,
    lock="",
    by=" INDEXED BY {index}",
    sets=False,
    schemas=False,
    own_schemas=frozenset(),
    own_prefix="sqlite_",  # sqlite.org/fileformat2.html, section 2.6.2
    splits=False,
)

POSTGRES: Final = Dialect(
    name="postgresql",
    text='TEXT COLLATE "C"',
    integer="BIGINT",
    blob="BYTEA",
    wide=")",
    narrow=")",
    among="= ANY(?::text[])",
    listed=array_of_text,
    lock=" FOR UPDATE",
    by="",
    sets=True,
    schemas=True,
    own_schemas=frozenset({"information_schema"}),
    own_prefix="pg_",  # postgresql.org/docs/18/ddl-schemas.html, section 5.10.5
    splits=True,
)

DIALECTS: Final = {each.name: each for each in (SQLITE, POSTGRES)}
"""By the names that SQLAlchemy and Django give them too."""
