"""tokolib's schema inside a host's own migrations: a whole project of each kind, on SQLite and on PostgreSQL."""

import os
import sqlite3
import subprocess
import sys
from io import StringIO
from textwrap import dedent

import psycopg
import pytest
import sqlalchemy
from alembic import command
from alembic.config import Config

import tokolib
from tokolib.adapters.sql.dialect import POSTGRES
from tokolib.adapters.sql.migrations.files import shipped
from tokolib.adapters.sql.schema import SCHEMA_VERSION
from tokolib.adapters.sqlite import SqliteStorage
from tokolib.kernel.errors import InvalidInput
from tokolib.kernel.storage_errors import Unsupported
from tokolib.records.collections import COLLECTIONS

ENV = """
    from alembic import context
    from sqlalchemy import Column, ForeignKey, Integer, MetaData, Table, engine_from_config
    from tokolib.adapters.hosts.alembic import include_name

    metadata = MetaData()
    Table("mine", metadata, Column("id", Integer, primary_key=True))
    url = context.config.get_main_option("sqlalchemy.url")
    if context.is_offline_mode():
        context.configure(url=url, target_metadata=metadata, literal_binds=True)
        with context.begin_transaction():
            context.run_migrations()
    else:
        engine = engine_from_config({"sqlalchemy.url": url})
        with engine.connect() as connection:
            context.configure(connection=connection, target_metadata=metadata, include_name=include_name)
            with context.begin_transaction():
                context.run_migrations()
        engine.dispose()
"""

MINE = """
    import sqlalchemy as sa
    from alembic import op

    revision, down_revision, branch_labels, depends_on = "mine_1", None, ("mine",), "tokolib_0001"

    def upgrade():
        op.create_table("mine", sa.Column("id", sa.Integer, primary_key=True))
        op.execute("CREATE VIEW mine_v AS SELECT reference FROM {table}")

    def downgrade():
        op.execute("DROP VIEW mine_v")
        op.drop_table("mine")
"""


@pytest.fixture
def project(tmp_path):
    """A host with a migration of its own that rests on ours; its Alembic configuration for a database."""

    def make(url, *, table="tokolib_v_orders", **options):
        (tmp_path / "own").mkdir(exist_ok=True)
        (tmp_path / "env.py").write_text(dedent(ENV))
        (tmp_path / "script.py.mako").write_text("${upgrades}")
        (tmp_path / "own" / "mine_1.py").write_text(dedent(MINE).format(table=table))
        config = Config(output_buffer=StringIO())
        config.set_main_option("script_location", str(tmp_path))
        config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
        config.set_main_option("path_separator", "newline")
        config.set_main_option("version_locations", f"{tmp_path}/own\ntokolib.adapters.hosts:alembic_versions")
        for name, value in options.items():
            config.set_main_option(name, value)
        return config

    return make


def by_psycopg(url):
    """A PostgreSQL URL as SQLAlchemy spells it for psycopg 3."""
    return url.replace("postgresql://", "postgresql+psycopg://")


def test_alembic_makes_a_shop_on_sqlite(project, tmp_path):
    """`upgrade heads` applies the host's branch and ours; tokolib then finds nothing left to do."""
    file = tmp_path / "shop.db"
    command.upgrade(project(f"sqlite:///{file}"), "heads")

    storage = SqliteStorage(file, COLLECTIONS)
    assert storage.schema_report().ok
    assert () == storage.migrate()
    storage.close()
    with tokolib.open(f"sqlite:///{file}", country="ID") as shop:
        assert shop.verify()


def test_autogenerate_leaves_our_tables_alone(project, tmp_path):
    """With the filter there is nothing to do; without it Alembic would drop a shop."""
    file = tmp_path / "shop.db"
    config = project(f"sqlite:///{file}")
    command.upgrade(config, "heads")

    command.check(config)

    env = tmp_path / "env.py"
    env.write_text(env.read_text().replace(", include_name=include_name", ""))
    with pytest.raises(command.util.CommandError, match="tokolib_doc_orders"):
        command.check(config)


def test_alembic_makes_a_shop_on_postgresql_by_other_names(project, postgres):
    """Prefix and schema are options of the host's configuration."""
    url = postgres.database()
    options = {"tokolib_prefix": "shop_", "tokolib_schema": "kedai"}
    config = project(by_psycopg(url), table="kedai.shop_v_orders", **options)
    command.upgrade(config, "heads")

    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT version, name, checksum FROM kedai.shop_schema").fetchall()
        assert [] == connection.execute("SELECT * FROM mine_v").fetchall()
    assert [(1, "first", shipped(POSTGRES)[0].checksum)] == found


def test_alembic_prints_what_it_would_do(project, postgres):
    """The offline mode prints our SQL among the host's, and it runs."""
    url = postgres.database()
    config = project(by_psycopg(url))
    command.upgrade(config, "heads", sql=True)

    with psycopg.connect(url) as connection:
        connection.execute(config.output_buffer.getvalue())
        assert [] == connection.execute("SELECT * FROM mine_v").fetchall()


def test_alembic_never_drops_a_shop(project, tmp_path):
    """A downgrade of our branch is refused, and nothing is gone."""
    file = tmp_path / "shop.db"
    config = project(f"sqlite:///{file}")
    command.upgrade(config, "heads")

    with pytest.raises(Unsupported, match="restore a backup"):
        command.downgrade(config, "tokolib@base")

    assert SqliteStorage(file, COLLECTIONS).schema_report().ok


def test_alembic_has_a_revision_for_each_version(project):
    """One after the other, with the numbers of the files."""
    from alembic.script import ScriptDirectory

    found = ScriptDirectory.from_config(project("sqlite://")).walk_revisions("base", "tokolib@head")
    ours = sorted(each.revision for each in found if "tokolib" in each.branch_labels)

    assert [f"tokolib_{version:04}" for version in range(1, SCHEMA_VERSION + 1)] == ours


def test_alembic_on_another_database_is_refused():
    """tokolib says so, before anything is made."""
    from alembic.migration import MigrationContext
    from alembic.operations import Operations

    from tokolib.adapters.hosts.alembic import upgrade_to
    from tokolib.kernel.adapter_errors import AdapterConfig

    context = MigrationContext.configure(dialect_name="mysql", opts={"as_sql": True, "output_buffer": StringIO()})
    with Operations.context(context), pytest.raises(AdapterConfig, match="no schema for mysql"):
        upgrade_to(1)


SETTINGS = """
    SECRET_KEY = "x"
    INSTALLED_APPS = ["kedai"]
    DATABASES = {{"default": {database}}}
    USE_TZ = True
"""

MIGRATION = """
    from django.db import migrations
    from tokolib.adapters.hosts.django_migrations import TokolibSchema


    class Migration(migrations.Migration):
        dependencies = []
        operations = [TokolibSchema({arguments})]
"""


@pytest.fixture
def django(tmp_path):
    """A Django project with one app; runs its commands in a process of their own, as `manage.py` does."""

    def make(database, arguments="to=1"):
        package = tmp_path / "kedai" / "migrations"
        package.mkdir(parents=True)
        for folder in (package, package.parent):
            (folder / "__init__.py").touch()
        (tmp_path / "settings.py").write_text(dedent(SETTINGS).format(database=database))
        (package / "0001_tokolib.py").write_text(dedent(MIGRATION).format(arguments=arguments))

        def run(*command):
            where = {"DJANGO_SETTINGS_MODULE": "settings", "PYTHONPATH": os.pathsep.join([str(tmp_path), *sys.path])}
            done = subprocess.run(
                [sys.executable, "-m", "django", *command],
                env=os.environ | where,
                cwd=tmp_path,
                capture_output=True,
                text=True,
                check=False,
            )
            return done.returncode, done.stdout, done.stderr

        return run

    return make


@pytest.mark.parametrize(
    ("given", "paths"),
    [
        ({"to": "1"}, ["to"]),
        ({"to": None, "since": None}, ["since", "to"]),
        ({"to": True}, ["to"]),
        ({"to": 0}, ["to"]),
        ({"to": 99}, ["to"]),
        ({"since": 1, "to": 1}, ["to"]),
        ({"since": -1, "to": 1}, ["since"]),
        ({"since": 1, "to": 0}, ["to"]),
    ],
)
def test_django_is_told_of_a_wrong_version_when_the_migration_is_read(given, paths):
    """Not when it is applied, on the server; and one that would do nothing is a mistake."""
    from tokolib.adapters.hosts.django_migrations import TokolibSchema

    with pytest.raises(InvalidInput) as refused:
        TokolibSchema(**given)
    assert paths == [fault.path for fault in refused.value.faults]


def test_django_makes_a_shop_on_sqlite(django, tmp_path):
    """`migrate` makes it, `makemigrations` finds nothing to change, and tokolib nothing left to do."""
    file = tmp_path / "shop.db"
    run = django({"ENGINE": "django.db.backends.sqlite3", "NAME": str(file)})

    status, out, err = run("migrate", "--no-color")
    assert (0, True) == (status, "kedai.0001_tokolib... OK" in out), err
    assert 0 == run("makemigrations", "--check")[0]

    storage = SqliteStorage(file, COLLECTIONS)
    assert storage.schema_report().ok
    assert () == storage.migrate()
    storage.close()
    with tokolib.open(f"sqlite:///{file}", country="ID") as shop:
        assert shop.verify()


def test_django_makes_a_shop_on_postgresql_by_other_names(django, postgres):
    """Prefix and schema are arguments of the operation, and `sqlmigrate` prints what it does."""
    url = postgres.database()
    place = sqlalchemy.make_url(url)
    database = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": place.database,
        "USER": place.username,
        "PASSWORD": place.password or "",
        "HOST": place.host,
        "PORT": place.port,
    }
    run = django(database, "to=1, prefix='shop_', schema='kedai'")

    status, printed, err = run("sqlmigrate", "kedai", "0001")
    assert 0 == status, err
    assert 'CREATE TABLE "kedai".shop_schema (' in printed
    assert 0 == run("migrate")[0]

    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT version, name, checksum FROM kedai.shop_schema").fetchall()
        assert [] == connection.execute("SELECT * FROM kedai.shop_v_orders").fetchall()
    assert [(1, "first", shipped(POSTGRES)[0].checksum)] == found


def test_django_never_drops_a_shop(django, tmp_path):
    """Going back is refused, and nothing is gone."""
    file = tmp_path / "shop.db"
    run = django({"ENGINE": "django.db.backends.sqlite3", "NAME": str(file)})
    run("migrate")

    status, _, err = run("migrate", "kedai", "zero")

    assert (1, True) == (status, "IrreversibleError" in err)
    assert SqliteStorage(file, COLLECTIONS).schema_report().ok


def test_django_is_told_of_versions_that_there_are_not(django, tmp_path):
    """Nothing is made."""
    file = tmp_path / "shop.db"
    run = django({"ENGINE": "django.db.backends.sqlite3", "NAME": str(file)}, "to=99")

    status, _, err = run("migrate")

    assert (1, True) == (status, "must lie between 0 and" in err)
    with sqlite3.connect(file) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master")]
    connection.close()
    assert not [name for name in names if name.startswith("tokolib_")]
