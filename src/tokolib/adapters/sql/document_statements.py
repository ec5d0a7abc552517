"""What one collection is asked: its documents, and the rows of facts that follow from them."""

# ruff: noqa: S608 - names in the text come from declarations that `shapes_of` has checked

from tokolib.adapters.sql.changes import Change, Changes
from tokolib.adapters.sql.columns import paged, typed
from tokolib.adapters.sql.dialect import Dialect
from tokolib.adapters.sql.names import Names
from tokolib.adapters.units.shapes import Shape
from tokolib.kernel.rows import FactTable


class FactStatements:
    """One fact table. A document's rows are numbered, so that writing them again replaces them."""

    def __init__(self, table: FactTable, dialect: Dialect, names: Names) -> None:
        make, name = Changes(dialect), names.fact(table)
        fixed = {"partition": "text", "document_id": "text", "row_number": "integer"}
        own = {column.name: column.type for column in table.columns}
        self.columns = tuple(own)
        settings = ", ".join(f'"{column}" = excluded."{column}"' for column in own)
        action = f"UPDATE SET {settings}" if settings else "NOTHING"
        self.put = make.insert(
            name, {**fixed, **own}, conflict=f"ON CONFLICT (partition, document_id, row_number) DO {action}"
        )
        self.clear = make.delete(
            name,
            fixed,
            "t.partition = :partition AND t.document_id = :document_id AND t.row_number >= :row_number",
        )
        quoted = ", ".join(f'"{column}"' for column in ("document_id", "row_number", *own))
        self.of_documents = f"""SELECT {quoted} FROM {name}
            WHERE partition = ? AND document_id {dialect.among} ORDER BY document_id, row_number"""


class CollectionStatements:
    """One collection."""

    def __init__(self, shape: Shape, dialect: Dialect, names: Names) -> None:
        make, collection = Changes(dialect), shape.collection
        self.table = names.document(collection)
        own = {column.name: column.type for column in collection.columns}
        self.columns = tuple(own)
        self.insert: Change = make.insert(self.table, {**typed("id, version, body"), **own})
        settings = "".join(f', "{name}" = :{name}' for name in own)
        at_version = "t.partition = :partition AND t.id = :id AND t.version = :version"
        self.replace = make.update(
            self.table,
            {**typed("id, version, body"), **own},
            f"version = t.version + 1, body = :body{settings}",
            at_version,
            tells="id",
        )
        self.delete = make.delete(self.table, typed("id, version"), at_version)
        self.get = f"SELECT id, version, body FROM {self.table} WHERE partition = ? AND id = ?"
        self.get_many = f"SELECT id, version, body FROM {self.table} WHERE partition = ? AND id {dialect.among}"
        quoted = ", ".join(f'"{name}"' for name in ("id", "version", "body", *own))
        self.scan = paged(self.table, quoted, ("id",))
        self.facts = {table.name: FactStatements(table, dialect, names) for table in collection.facts}
