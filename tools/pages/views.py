"""The page of views for reports."""

import importlib

from pages.text import page, table


def views() -> str:
    """What reports may read, view by view."""
    known = importlib.import_module("tokolib.adapters.sql.views").VIEWS
    blocks = []
    for view in known:
        rows = [(f"`{column.name}`", column.meaning) for column in view.columns]
        blocks += [f"## tokolib_v_{view.name}", view.about.replace(". ", ".\n"), table(("column", "meaning"), rows)]
    return page(
        "Views for reports",
        "A shop on SQLite or PostgreSQL has views that any program may read that speaks SQL.\n"
        "Their names and columns stay; what they rest on may change with any version.\n"
        "Read them, and let nothing but tokolib write: what was written by hand is no shop's history, and `verify` "
        "finds it.",
        "Every view begins with `tenant`, the shop that a row belongs to, and rows of different views belong together "
        "by `tenant` and their ids.\n"
        "Amounts are integers in minor units: divide by 10 to the power of `currency_digits`, which is 0 for IDR.\n"
        "Instants are `timestamptz` on PostgreSQL, and on SQLite text in ISO 8601, UTC, to the microsecond, which "
        "sorts by time.\n"
        "Quantities are `numeric` on PostgreSQL and exact decimal text on SQLite, and so are steps of a unit of "
        "measure; a `date` of PostgreSQL is text on SQLite.\n"
        "`sum` of integers is `numeric` on PostgreSQL.",
        "The [how-to](../how-to/put-the-schema-into-your-migrations.md) tells how the schema, with another prefix or "
        "in a schema of its own, gets into your database.",
        *blocks,
    )
