"""Writes the first migration of each database from what is declared: `python tools/migrations.py [--write]`.

Without `--write` it names the files that are out of date; a test compares them. Until 0.1.0 is tagged the first one
is written anew; from then on it stays, and a change of the declarations comes with the next number, by hand.
"""

import sys
from pathlib import Path
from typing import Final

from tokolib.adapters.sql.dialect import POSTGRES, SQLITE, Dialect
from tokolib.adapters.sql.names import PLACEHOLDERS
from tokolib.adapters.sql.schema import collection_tables, fixed_tables
from tokolib.adapters.sql.views import views
from tokolib.records.collections import COLLECTIONS

FOLDER: Final = Path(__file__).parents[1] / "src" / "tokolib" / "adapters" / "sql" / "migrations"
HEAD: Final = """\
-- The tables, indexes and views of a shop on {}.
-- Written by tools/migrations.py from what is declared; {{prefix}} and {{schema}} stand for the names of a database.
"""


def first(dialect: Dialect) -> str:
    """The text of the first migration."""
    found = [*fixed_tables(dialect, PLACEHOLDERS)]
    for collection in COLLECTIONS:
        found += collection_tables(collection, dialect, PLACEHOLDERS)
    found += views(dialect, PLACEHOLDERS)
    return "\n".join([HEAD.format(dialect.name), *(f"{laid_out(text)};\n" for _, text in found)])


def laid_out(text: str) -> str:
    """A definition with a line for each column of a table; views are laid out as they are written."""
    if not text.startswith("CREATE TABLE"):
        return text
    words = " ".join(text.split())
    parts, depth, start = [], 0, words.index("(") + 1
    end = start
    for end in range(start, len(words)):
        depth += {"(": 1, ")": -1}.get(words[end], 0)
        if depth < 0:
            break
        if depth == 0 and words[end] == ",":
            parts.append(words[start:end].strip())
            start = end + 1
    parts.append(words[start:end].strip())
    body = ",\n".join(f"    {part}" for part in parts)
    return f"{words[: words.index('(') + 1]}\n{body}\n{words[end:]}"


def main() -> int:
    """Write the files, or name those that are not what is declared."""
    stale = []
    for dialect in (SQLITE, POSTGRES):
        file, text = FOLDER / dialect.name / "0001_first.sql", first(dialect)
        if not file.is_file() or file.read_text("utf-8") != text:
            stale.append(file)
            if "--write" in sys.argv[1:]:
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text, "utf-8")
    if "--write" in sys.argv[1:]:
        return 0
    for file in stale:
        print(f"{file.relative_to(FOLDER)} is not what is declared; run: python tools/migrations.py --write")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
