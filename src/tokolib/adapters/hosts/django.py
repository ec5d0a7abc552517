"""Django's transactions as the host's, and a shop that joins them by itself.

kedai = tokolib.adapters.hosts.django.shop(tokolib.open("postgresql://…"))

with transaction.atomic():
    Visit.objects.create(page="checkout")
    kedai.orders.place(basket, tender="cash", key=key)
"""

from collections.abc import Callable, Iterator
from typing import Any, Final, Protocol, Self, TypeVar, cast

import attrs
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.connection import ConnectionProxy

from tokolib.adapters.hosts.errors import UnsupportedDriver
from tokolib.adapters.hosts.transaction import START, HostTransaction, is_idle, no_transaction
from tokolib.kernel.ctx import Actor
from tokolib.kernel.errors import Fault, InvalidInput, shown
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
    """In the transaction of one of Django's databases: an `atomic()` block, or what autocommit is turned off for."""

    database: Any

    def connection(self) -> Any:
        """The driver's connection."""
        self._must_go_on()
        self.database.ensure_connection()
        driver = self.database.connection
        package = type(driver).__module__.partition(".")[0]
        if package not in DRIVERS:
            raise UnsupportedDriver(package)
        if is_idle(driver):
            self._execute(START)
        elif not (self.database.in_atomic_block or getattr(driver, "in_transaction", True)):
            self._execute(f"BEGIN {getattr(self.database, 'transaction_mode', None) or ''}")  # as before a first INSERT
        return driver

    def _execute(self, statement: str) -> None:
        with self.database.cursor() as cursor:
            cursor.execute(statement)

    def _must_go_on(self) -> None:
        alias = self.database.alias
        if not in_transaction(self.database):
            raise Misuse(f"no transaction is open on Django's database {alias!r}; work inside `transaction.atomic()`")
        if self.database.needs_rollback:
            raise Misuse(f"the transaction on Django's database {alias!r} has failed; let its atomic() block end")

    def after_commit(self, call: Callable[[], object]) -> None:
        """Django says when, and forgets what was asked for in a savepoint that is rolled back.

        Outside of `atomic()` it tells nobody.
        """
        if self.database.in_atomic_block and all(call != waiting for _, waiting, _ in self.database.run_on_commit):
            self.database.on_commit(call)


def in_transaction(database: Any) -> bool:
    """Whether what is done on one of Django's databases now waits for a commit: in an `atomic()` block it does, and
    wherever autocommit is off, from the first statement on. Nothing is connected to find out.
    """
    if database.in_atomic_block:
        return True
    return not (database.settings_dict["AUTOCOMMIT"] if database.connection is None else database.autocommit)


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
    """*shop*, of which each command joins the transaction that is open on the database *using*, if one is: an
    `atomic()` block, or the one that lasts until the next commit where autocommit is off (`AUTOCOMMIT: False`).

    Otherwise a command is a transaction of its own, as ever. The database must be the one in which the shop is kept.

    Raises:
        InvalidInput: *shop* is no shop, or Django has no database *using*.
    """
    faults = tuple(_faults(shop, using))
    if faults:
        raise InvalidInput(faults)

    def current() -> J:
        return shop.within(connections[using]) if in_transaction(connections[using]) else shop

    return cast(J, _Joining(shop, using, current))


def _faults(shop: object, using: object) -> Iterator[Fault]:
    if isinstance(shop, type) or not (hasattr(shop, "within") and hasattr(shop, "acting")):
        yield Fault("shop", "kernel.wrong_type", "must be a shop, as `tokolib.open` answers", shown(shop))
    known = sorted(connections)
    if using not in known:
        yield Fault(
            "using", "kernel.unknown_choice", f"must be one of Django's databases: {', '.join(known)}", shown(using)
        )


class _Joining:
    """Looks at each command whether a transaction is open, wherever the shop or a door of it was taken before."""

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
