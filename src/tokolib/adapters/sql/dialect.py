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


SQLITE: Final = Dialect(
    name="sqlite",
    text="TEXT",
    integer="INTEGER",
    blob="BLOB",
    wide=") STRICT",
    narrow=") STRICT, WITHOUT ROWID",
    among="IN (SELECT value FROM json_each(?))",
)
