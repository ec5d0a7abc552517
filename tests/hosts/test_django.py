"""Django: a shop that joins `atomic()` by itself, in sync and async views."""

import asyncio

import pytest
from asgiref.sync import sync_to_async
from django.db import DatabaseError, connections, models, transaction
from django.utils.connection import ConnectionProxy

from tokolib import Basket, Staff, open
from tokolib.adapters.hosts import django
from tokolib.kernel.errors import InvalidInput
from tokolib.kernel.storage_errors import Misuse

ONE = Basket({"KOPI": 1})
KINDS = pytest.mark.parametrize("kind", ["django-sqlite", "django-postgres"])


class Note(models.Model):
    """A model of the host's own."""

    words = models.TextField(primary_key=True)

    class Meta:
        app_label = "host"
        db_table = "notes"
        managed = False


@KINDS
def test_a_model_and_an_order_in_one_block(play_in, kind):
    """By Django's own ORM, with the proxy that everybody imports."""

    async def story(stage):
        with transaction.atomic(using="toko"):
            Note.objects.using("toko").create(words="visit")
            inside = stage.bare.within(ConnectionProxy(connections, "toko"))
            inside.orders.place(ONE, tender="cash", key="k")
        assert (["visit"], "9 pcs") == (stage.database.notes(), await stage.left())

    play_in(kind)(story)


@KINDS
def test_a_shop_that_joins_by_itself(play_in, kind):
    """Inside of a block each command is a part of it; outside each is a transaction of its own."""

    async def story(stage):
        kedai = django.shop(stage.bare, using="toko")
        orders = kedai.orders
        orders.place(ONE, tender="cash", key="outside")
        assert ["hint"] == stage.hints
        with pytest.raises(ZeroDivisionError), transaction.atomic(using="toko"):
            kedai.orders.place(ONE, tender="cash", key="rolled back")
            orders.place(ONE, tender="cash", key="by a door that was taken before")
            kedai.acting(Staff("rini")).orders.place(ONE, tender="cash", key="by somebody else")
            assert "6 pcs" == str(kedai.stock.available("KOPI"))
            1 / 0  # noqa: B018
        assert ("9 pcs", ["hint"]) == (str(kedai.stock.available("KOPI")), stage.hints)
        with transaction.atomic(using="toko"):
            kedai.orders.place(ONE, tender="cash", key="kept")
            orders.place(ONE, tender="cash", key="kept too")
            assert ["hint"] == stage.hints
        assert ("7 pcs", ["hint", "hint"]) == (str(kedai.stock.available("KOPI")), stage.hints)
        assert kedai.verify().ok

    play_in(kind)(story)


@KINDS
@pytest.mark.parametrize("first", ["model", "order"])
def test_without_autocommit_an_order_waits_for_the_commit(play_in, kind, first):
    """`set_autocommit(False)`: whichever comes first, the model and the order are committed or rolled back together,
    by the shop that joins by itself and by `within`.
    """

    def both(kedai, key):
        model = lambda: Note.objects.using("toko").create(words=key)  # noqa: E731
        order = lambda: kedai.orders.place(ONE, tender="cash", key=key)  # noqa: E731
        for act in (model, order) if first == "model" else (order, model):
            act()

    async def story(stage):
        connection = connections["toko"]
        for name, kedai in (
            ("joining", django.shop(stage.bare, using="toko")),
            ("within", stage.bare.within(connection)),
        ):
            transaction.set_autocommit(False, using="toko")
            try:
                both(kedai, f"{name}, rolled back")
                transaction.rollback(using="toko")
                both(kedai, f"{name}, kept")
                transaction.commit(using="toko")
            finally:
                transaction.set_autocommit(True, using="toko")
        assert (["joining, kept", "within, kept"], "8 pcs") == (stage.database.notes(), await stage.left())
        with pytest.raises(Misuse, match="work inside"):
            stage.bare.within(connection).orders.place(ONE, tender="cash", key="on")

    play_in(kind)(story)


@KINDS
def test_a_database_that_never_commits_by_itself(play_in, kind):
    """`AUTOCOMMIT: False` in the settings holds before anything is connected."""

    async def story(stage):
        connections["toko"].close()
        connections["toko"].settings_dict["AUTOCOMMIT"] = False
        kedai = django.shop(stage.bare, using="toko")
        kedai.orders.place(ONE, tender="cash", key="rolled back")
        transaction.rollback(using="toko")
        kedai.orders.place(ONE, tender="cash", key="kept")
        transaction.commit(using="toko")
        assert "9 pcs" == await stage.left()

    play_in(kind)(story)


def test_what_cannot_join_is_refused_at_once(on_file):
    """What is no shop, and what is no database of Django."""
    with open(on_file().shop) as shop:
        for given, using, path in (
            (1, "default", "shop"),
            (type(shop), "default", "shop"),
            (shop, "nope", "using"),
            (shop, None, "using"),
            (shop, [], "using"),
        ):
            with pytest.raises(InvalidInput) as refused:
                django.shop(given, using=using)
            assert [path] == [fault.path for fault in refused.value.faults]


@KINDS
def test_a_shop_that_joins_is_closed_as_any(play_in, kind):
    """By `with`, and by `close` inside of a block too: then it is used no more."""

    async def story(stage):
        first, second = (open(stage.database.shop, tenant=stage.database.tenant) for _ in range(2))
        with django.shop(first, using="toko") as kedai, transaction.atomic(using="toko"):
            kedai.orders.place(ONE, tender="cash", key="k")
        with transaction.atomic(using="toko"):
            django.shop(second, using="toko").close()
        for shop in (first, second):
            with pytest.raises(Misuse):
                shop.verify()
        assert "9 pcs" == await stage.left()

    play_in(kind)(story)


@KINDS
def test_an_async_view(play_in, kind):
    """Django's transactions are blocking: the part of an async view that has one runs by `sync_to_async`."""

    async def story(stage):
        def buy():
            try:
                with transaction.atomic(using="toko"):
                    Note.objects.using("toko").create(words="visit")
                    return stage.bare.within(connections["toko"]).orders.place(ONE, tender="cash", key="k")
            finally:
                connections["toko"].close()
                del connections["toko"]  # this thread stays

        async def view():
            return (await sync_to_async(buy)()).state

        assert "placed" == str(asyncio.run(view()))
        assert (["visit"], "9 pcs") == (stage.database.notes(), await stage.left())

    play_in(kind)(story)


@KINDS
def test_a_block_that_has_failed_is_refused(play_in, kind):
    """Django lets nothing more into it, and nor do we; on SQLite nobody but Django knows."""

    async def story(stage):
        with transaction.atomic(using="toko"):
            with pytest.raises(DatabaseError), transaction.atomic(using="toko", savepoint=False):
                await stage_fails()
            with pytest.raises(Misuse, match="failed"):
                stage.bare.within(connections["toko"]).orders.place(ONE, tender="cash", key="k")
        assert "10 pcs" == await stage.left()

    async def stage_fails():
        with connections["toko"].cursor() as cursor:
            cursor.execute("SELECT * FROM nowhere")

    play_in(kind)(story)


def test_the_driver_binding_on_the_server(play_in):
    """Django's other kind of cursor."""

    async def story(stage):
        async with stage.host.transaction() as block:
            await stage.within(block).orders.place(ONE, tender="cash", key="k")
        assert "9 pcs" == await stage.left()

    play_in("django-postgres")(story, server_side_binding=True)


def test_another_database_of_django_is_named(on_file):
    """MySQL, Oracle and psycopg2 are Django's, not ours."""
    from tokolib.adapters.hosts.errors import UnsupportedDriver

    class Wrapper:
        """As much of a connection as is looked at."""

        alias, in_atomic_block, needs_rollback = "default", True, False
        connection = type("connection", (), {"__module__": "psycopg2.extensions"})()

        def ensure_connection(self):
            pass

    with open(on_file().shop) as shop, pytest.raises(UnsupportedDriver, match="psycopg2"):
        shop.within(ConnectionProxy({"default": Wrapper()}, "default")).orders.place(ONE, tender="cash", key="k")
