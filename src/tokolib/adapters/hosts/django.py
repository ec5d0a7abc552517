"""Django's `transaction.atomic()` as the host's transaction, and a shop that joins it by itself.

kedai = tokolib.adapters.hosts.django.shop(tokolib.open("postgresql://…"))

with transaction.atomic():
    Visit.objects.create(page="checkout")
    kedai.orders.place(basket, tender="cash", key=key)
"""

from collections.abc import Callable
from typing import Any, Final, Protocol, Self, TypeVar, cast

import attrs
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.connection import ConnectionProxy

from tokolib.adapters.hosts.errors import UnsupportedDriver
from tokolib.adapters.hosts.transaction import START, HostTransaction, is_idle, no_transaction
from tokolib.kernel.ctx import Actor
from tokolib.kernel.hosting import Service
from tokolib.kernel.storage_errors import Misuse

DRIVERS: Final = frozenset({"sqlite3", "psycopg"})


def of(given: Any) -> HostTransaction:
    """The transaction of a connection of `django.db`, as it is in the thread that works with it.

    Raises:
        InvalidInput: it is none.
    """
    database = isinstance(given, BaseDatabaseWrapper | ConnectionProxy) and hasattr(given, "in_atomic_block")
    if not database:
        raise no_transaction(given)
    return OnDatabase(given)


@attrs.frozen(eq=False)
class OnDatabase:
    """In the `atomic()` block of one of Django's databases."""

    database: Any

    def connection(self) -> Any:
        """The driver's connection."""
        self._must_be_atomic()
        self.database.ensure_connection()
        driver = self.database.connection
        package = type(driver).__module__.partition(".")[0]
        if package not in DRIVERS:
            raise UnsupportedDriver(package)
        if is_idle(driver):
            with self.database.cursor() as cursor:
                cursor.execute(START)
        return driver

    def _must_be_atomic(self) -> None:
        alias = self.database.alias
        if not self.database.in_atomic_block:
            raise Misuse(f"no transaction is open on Django's database {alias!r}; work inside `transaction.atomic()`")
        if self.database.needs_rollback:
            raise Misuse(f"the transaction on Django's database {alias!r} has failed; let its atomic() block end")

    def after_commit(self, call: Callable[[], object]) -> None:
        """Django says when, and forgets what was asked for in a savepoint that is rolled back."""
        if all(call != waiting for _, waiting, _ in self.database.run_on_commit):
            self.database.on_commit(call)


class Joinable(Protocol):
    """A shop."""

    def within(self, transaction: object) -> Self:
        """The same shop inside a transaction."""
        ...

    def acting(self, actor: Actor, *, tenant: str | None = None, request_id: str = "") -> Self:
        """The same shop for another actor."""
        ...


J = TypeVar("J", bound=Joinable)


def shop(shop: J, using: str = "default") -> J:
    """*shop*, of which each command joins the `atomic()` block that is open on the database *using*, if one is.

    Outside of such a block a command is a transaction of its own, as ever. The database must be the one in which the
    shop is kept.
    """

    def current() -> J:
        return shop.within(connections[using]) if connections[using].in_atomic_block else shop

    return cast(J, _Joining(shop, using, current))


class _Joining:
    """Looks at each command whether a block is open, wherever the shop or a door of it was taken before."""

    def __init__(self, shop: Any, using: str, current: Callable[[], Any]) -> None:
        self._shop = shop
        self._using = using
        self._current = current

    def acting(self, actor: Actor, *, tenant: str | None = None, request_id: str = "") -> Any:
        return shop(self._shop.acting(actor, tenant=tenant, request_id=request_id), self._using)

    def close(self) -> None:
        self._shop.close()  # the shop itself, also inside of a block, where `within` would close nothing

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __getattr__(self, name: str) -> Any:
        if isinstance(getattr(self._shop, name), Service):
            return _Door(self._current, name)
        return getattr(self._current(), name)


class _Door:
    """A door of such a shop."""

    def __init__(self, current: Callable[[], Any], door: str) -> None:
        self._current = current
        self._door = door

    def __getattr__(self, name: str) -> Any:
        return getattr(getattr(self._current(), self._door), name)
