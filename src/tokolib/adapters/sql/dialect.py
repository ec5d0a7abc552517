"""What differs between databases in the statements that we send."""

from typing import Final

import attrs


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
    schemas: bool
    """Whether tables may stand in a schema of a name."""
    splits: bool
    """Whether tables may be split by the hash of a column."""


SQLITE: Final = Dialect(
    name="sqlite",
    text="TEXT",
    integer="INTEGER",
    blob="BLOB",
    wide=") STRICT",
    narrow=") STRICT, WITHOUT ROWID",
    among="IN (SELECT value FROM json_each(?))",
    schemas=False,
    splits=False,
)

POSTGRES: Final = Dialect(
    name="postgresql",
    text='TEXT COLLATE "C"',
    integer="BIGINT",
    blob="BYTEA",
    wide=")",
    narrow=")",
    among="= ANY(?)",
    schemas=True,
    splits=True,
)
