"""tokolib's schema as a branch of the host's own Alembic history.

The host adds `tokolib.adapters.hosts:alembic_versions` to its `version_locations`; the branch is labelled `tokolib`.
Options of the same configuration name the tables: `tokolib_prefix` and `tokolib_schema`.
"""

from collections.abc import Mapping
from typing import Final

from alembic import op

from tokolib.adapters.sql.dialect import DIALECTS
from tokolib.adapters.sql.migrations.blueprint import scripts
from tokolib.adapters.sql.names import Names
from tokolib.kernel.adapter_errors import AdapterConfig
from tokolib.kernel.storage_errors import Unsupported

PREFIX: Final = Names().prefix


def include_name(name: str | None, type_: str, parent_names: Mapping[str, str | None], *, prefix: str = PREFIX) -> bool:
    """Whether autogenerate may look at a thing by that name: False for our tables, so that it doesn't drop them.

    For `context.configure(include_name=include_name)`; with another prefix, `partial(include_name, prefix="shop_")`.
    """
    return not (type_ == "table" and name is not None and name.startswith(prefix))


def upgrade_to(version: int) -> None:
    """Bring the schema from the version before to *version*: what a revision of the branch does.

    Raises:
        AdapterConfig: Alembic runs on a database that tokolib doesn't speak with.
    """
    context = op.get_context()
    dialect = DIALECTS.get(context.dialect.name)
    if dialect is None:
        raise AdapterConfig("alembic", f"tokolib has no schema for {context.dialect.name}")
    for _, statements in scripts(dialect, _names(), since=version - 1, to=version):
        for statement in statements:
            op.execute(statement.replace(":", r"\:"))  # SQLAlchemy would read a parameter behind a colon


def refuse_downgrade() -> None:
    """A schema with a shop in it only goes forward.

    Raises:
        Unsupported: always.
    """
    raise Unsupported("downgrade", "a shop's books are not thrown away; restore a backup instead")


def _names() -> Names:
    config = op.get_context().config
    if config is None:
        return Names()
    return Names(
        config.get_main_option("tokolib_prefix") or PREFIX,
        config.get_main_option("tokolib_schema") or "",
    )
