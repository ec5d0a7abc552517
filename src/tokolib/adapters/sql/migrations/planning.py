"""What a storage still needs: decided from what was applied to it and what there is, without asking anybody."""

from collections.abc import Sequence

import attrs

from tokolib.adapters.sql.migrations.files import Migration
from tokolib.kernel.schema_errors import SchemaChanged, SchemaTooNew


@attrs.frozen
class Applied:
    """A row of the table of migrations: which one was applied, as what, and when (ISO 8601, UTC)."""

    version: int
    name: str
    checksum: str
    applied_at: str

    @property
    def file(self) -> str:
        """The file's name without its ending."""
        return f"{self.version:04}_{self.name}"


def pending(applied: Sequence[Applied], known: Sequence[Migration]) -> tuple[Migration, ...]:
    """The migrations that are still to be applied, in order.

    Raises:
        SchemaTooNew: one was applied that is not known here.
        SchemaChanged: one was applied that is another here, or was left out while a later one was applied.
    """
    done = {each.version: each for each in applied}
    newest = known[-1].version if known else 0
    last = max(done, default=0)
    if last > newest:
        raise SchemaTooNew(last, newest)
    for migration in known:
        if migration.version > last:
            continue
        found = done.get(migration.version)
        if found is None or found.checksum != migration.checksum:
            raise SchemaChanged(migration.file, found.checksum if found else "", migration.checksum)
    return tuple(migration for migration in known if migration.version > last)
