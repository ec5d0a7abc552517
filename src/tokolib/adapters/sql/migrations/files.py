"""The files of the migrations, as they are shipped: `sqlite/0001_first.sql` and so on, without a gap.

A file is written for every prefix and schema (`{prefix}` and `{schema}` stand for them), ends each statement with a
semicolon at the end of a line, and is never edited once it was released: whoever has applied it would have another
schema than its number says. `sha256sum` of the file is the checksum that the table `tokolib_schema` keeps.
"""

import hashlib
import re
from functools import cache
from importlib.resources import files
from typing import Final

import attrs

from tokolib.adapters.sql.dialect import Dialect
from tokolib.adapters.sql.names import Names, rendered

FILE: Final = re.compile(r"([0-9]{4})_([a-z0-9_]+)\.sql")
TABLE: Final = re.compile(r"^(CREATE|DROP) TABLE \{schema\}\{prefix\}doc_([a-z0-9_]+)", re.MULTILINE)


@attrs.frozen
class Migration:
    """One step of a schema: its number, its name, and the text of its file."""

    version: int
    name: str
    text: str = attrs.field(repr=False)

    @property
    def file(self) -> str:
        """The file's name without its ending, such as `0001_first`."""
        return f"{self.version:04}_{self.name}"

    @property
    def checksum(self) -> str:
        """SHA-256 of the file, in hexadecimal digits."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def statements(self, names: Names) -> tuple[str, ...]:
        """Its statements with the names of one database, one by one."""
        return tuple(rendered(each, names) for each in split(self.text))


def split(text: str) -> tuple[str, ...]:
    """The statements of a file, without its comments."""
    lines = [line for line in text.splitlines() if not line.startswith("--")]
    return tuple(each for part in "\n".join([*lines, ""]).split(";\n") if (each := part.strip()))


@cache
def shipped(dialect: Dialect) -> tuple[Migration, ...]:
    """Every migration for a database, in order."""
    found = []
    for file in (files(__package__) / dialect.name).iterdir():
        if named := FILE.fullmatch(file.name):
            found.append(Migration(int(named[1]), named[2], file.read_text("utf-8")))
    return tuple(sorted(found, key=lambda each: each.version))


@cache
def collections_made(dialect: Dialect) -> frozenset[str]:
    """The names of the collections whose tables the files make, all in all: those of a shop."""
    made: set[str] = set()
    for migration in shipped(dialect):
        for verb, name in TABLE.findall(migration.text):
            (made.add if verb == "CREATE" else made.discard)(name)
    return frozenset(made)
