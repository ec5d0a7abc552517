"""When a SQLAlchemy session has really committed.

Its event `after_commit` comes for savepoints too, and for a session inside of a transaction of somebody else. So a call
waits with the savepoint in which it was asked for, moves outwards when that is released, is dropped when it is rolled
back, and is made when the outermost transaction has ended.
"""

from collections.abc import Callable
from typing import Final

from sqlalchemy import Connection, event
from sqlalchemy.orm import Session, SessionTransaction

Call = Callable[[], object]
KEY: Final = "tokolib.after_commit"


def after_session_commit(session: Session, call: Call) -> None:
    """Have *call* made after the commit of what *session* has open; see `HostTransaction.after_commit`."""
    waiting = session.info.get(KEY)
    if waiting is None:
        waiting = session.info[KEY] = Waiting()
        event.listen(session, "after_commit", waiting.committed)
        event.listen(session, "after_transaction_end", waiting.ended)
    waiting.add(session, call)


class Waiting:
    """The calls that wait for one session, each with the transaction or savepoint in which it was asked for."""

    def __init__(self) -> None:
        self._calls: list[tuple[SessionTransaction, Call]] = []
        self._committed: SessionTransaction | None = None
        self._connection: Connection | None = None

    def add(self, session: Session, call: Call) -> None:
        """One more, unless it waits already: then it waits in this savepoint, or around it."""
        place = _innermost(session)
        if place is not None and all(call != other for _, other in self._calls):
            self._connection = session.connection()
            self._calls.append((place, call))

    def committed(self, session: Session) -> None:
        """The innermost savepoint was released, or the transaction committed; in a moment it ends."""
        self._committed = _innermost(session)

    def ended(self, session: Session, transaction: SessionTransaction) -> None:
        """A transaction, a savepoint, or the inner part of a flush is over."""
        kept = transaction is self._committed
        if transaction.nested:
            outer = _outside(transaction)
            self._calls = [
                (outer if place is transaction else place, call)
                for place, call in self._calls
                if kept or place is not transaction
            ]
        elif transaction.parent is None:
            calls, self._calls = self._calls, []
            if kept and not self._goes_on():
                for _, call in calls:
                    call()

    def _goes_on(self) -> bool:
        """Whether the session had joined a transaction of its connection, which somebody else will end."""
        return self._connection is not None and self._connection.in_transaction()


def _innermost(session: Session) -> SessionTransaction | None:
    return session.get_nested_transaction() or session.get_transaction()


def _outside(savepoint: SessionTransaction) -> SessionTransaction:
    outer = savepoint
    while outer.parent is not None and (outer is savepoint or not outer.nested):
        outer = outer.parent
    return outer
