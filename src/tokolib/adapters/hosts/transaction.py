"""What `within` needs to know of a transaction, and which hosts' transactions it knows."""

from collections.abc import Callable
from importlib import import_module
from typing import Any, Final, Protocol

import attrs

from tokolib.kernel.errors import Fault, InvalidInput, shown


class HostTransaction(Protocol):
    """A transaction that the host has open, or will have when it is first asked for."""

    def connection(self) -> Any:
        """The driver's own connection, on which it is open; where it must be awaited, this is a coroutine function.

        Raises:
            Misuse: no transaction is open, or it has failed. UnsupportedDriver: nothing of ours runs on its driver.
        """
        ...

    def after_commit(self, call: Callable[[], object]) -> None:
        """Have *call* made once the host has really committed what is open now, and never if it rolls back.

        Asked for several times in one transaction, an equal *call* is made once. A host that doesn't tell when it has
        committed never makes it.
        """
        ...


@attrs.frozen(eq=False)
class OnDriver:
    """On a connection of the driver, which tells nobody when it commits."""

    driver: Any

    def connection(self) -> Any:
        """The connection itself."""
        return self.driver

    def after_commit(self, call: Callable[[], object]) -> None:
        """It never is."""


START: Final = "SELECT 1"
"""psycopg begins a transaction with its first statement."""

HOSTS: Final = {
    "sqlite3": ("tokolib.adapters.hosts.transaction", "OnDriver"),
    "aiosqlite": ("tokolib.adapters.hosts.transaction", "OnDriver"),
    "psycopg": ("tokolib.adapters.hosts.transaction", "OnDriver"),
    "sqlalchemy": ("tokolib.adapters.hosts.sqlalchemy", "of"),
    "django": ("tokolib.adapters.hosts.django", "of"),
}
"""By the package that a transaction's class comes from: the module that knows it, loaded when it is met."""


def host_transaction(given: object) -> HostTransaction:
    """The transaction that the host means by *given*.

    Raises:
        InvalidInput: it is nothing that a shop can join.
    """
    for kind in type(given).__mro__:
        known = HOSTS.get(kind.__module__.partition(".")[0])
        if known is not None:
            module, name = known
            found: HostTransaction = getattr(import_module(module), name)(given)
            return found
    raise no_transaction(given)


def is_idle(driver: Any) -> bool:
    """Whether PostgreSQL has not heard of the transaction yet."""
    return hasattr(driver, "info") and driver.info.transaction_status.name == "IDLE"


def no_transaction(given: object) -> InvalidInput:
    """The refusal of what is neither a connection nor a session."""
    message = "must be a connection of sqlite3, aiosqlite or psycopg, of SQLAlchemy (or its session), or of Django"
    return InvalidInput((Fault("transaction", "kernel.wrong_type", message, shown(given)),))
