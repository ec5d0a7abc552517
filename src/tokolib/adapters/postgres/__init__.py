"""A storage in PostgreSQL, through psycopg 3. `awaited` has the async one."""

from tokolib.adapters.postgres.storage import PostgresStorage

__all__ = ["PostgresStorage"]
