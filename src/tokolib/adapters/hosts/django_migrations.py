"""tokolib's schema as an operation of the host's own Django migrations."""

from typing import Any

from django.db import router
from django.db.migrations.operations.base import Operation

from tokolib.adapters.sql.dialect import DIALECTS
from tokolib.adapters.sql.migrations.blueprint import NO_VERSION, check_versions, scripts
from tokolib.adapters.sql.names import Names
from tokolib.kernel.adapter_errors import AdapterConfig
from tokolib.kernel.errors import Fault, InvalidInput
from tokolib.kernel.storage_errors import Unsupported


class TokolibSchema(Operation):
    """Brings tokolib's schema from version *since* (0: there is none yet) to version *to*.

    It goes into `operations` of a migration of any app; `sqlmigrate` prints what it does. *prefix* and *schema*
    name the tables as `Names` does, and are the same in each migration of a project.

    Raises:
        AdapterConfig: the database is none that tokolib speaks with, or a name can't be used there.
        InvalidInput: there are no such versions, or *to* doesn't come after *since*; said when it is made.
        Unsupported: it is asked to go back. The schema of a shop only goes forward.
    """

    reduces_to_sql = True
    reversible = False

    def __init__(self, to: int, *, since: int = 0, prefix: str = "tokolib_", schema: str = "") -> None:
        check_versions(since, to)
        if since == to:
            raise InvalidInput((Fault("to", NO_VERSION, f"must come after {since}, which the database has", str(to)),))
        self.to = to
        self.since = since
        self.names = Names(prefix, schema)

    def state_forwards(self, app_label: str, state: Any) -> None:
        """No model changes: tokolib's tables are none of Django's."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Make what the versions make."""
        connection = schema_editor.connection
        if not router.allow_migrate(connection.alias, app_label):
            return
        dialect = DIALECTS.get(connection.vendor)
        if dialect is None:
            raise AdapterConfig("django", f"tokolib has no schema for {connection.vendor}")
        for _, statements in scripts(dialect, self.names, since=self.since, to=self.to):
            for statement in statements:
                schema_editor.execute(statement, params=None)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Refuse."""
        raise Unsupported("going back", "a shop's books are not thrown away; restore a backup instead")

    def describe(self) -> str:
        """What `migrate` and `sqlmigrate` call it."""
        return f"Bring tokolib's schema to version {self.to}"
