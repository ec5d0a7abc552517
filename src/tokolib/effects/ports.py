"""**Ports** of the effects room: the one door for observations, and a wish as its room offers it."""

from typing import Protocol

from tokolib.effects.model import Observation, Operation, Outcome
from tokolib.effects.resend import Terms
from tokolib.kernel.unit import Unit


class Observe(Protocol):
    """The one door for what the outside says: money's reactions all begin here, in the unit that is open."""

    async def __call__(self, unit: Unit, observation: Observation, /) -> Outcome:
        """Fold *observation* in and let every room react, in *unit*.

        The same fact twice is one fact. An observation that belongs to nothing here, or contradicts our books, is
        kept and answered as `quarantined`; it is never an error.
        """
        ...


class Wish(Protocol):
    """One operation as the room that keeps it offers it to `perform`."""

    @property
    def terms(self) -> Terms:
        """What the provider promises about repeated requests."""
        ...

    async def claim(self, unit: Unit, *, again_after: int | None) -> Operation | None:
        """Lease the operation in *unit*, so that from the commit on it may have been sent.

        *again_after* is the number of tries that the caller's own lease has: it renews that lease in order to send.
        None when the operation is settled, not due, or leased by another. One in review may be looked up, and is never
        leased to be sent.
        """
        ...

    async def send(self, operation: Operation) -> Observation:
        """Ask the provider, with the operation's key. Called outside any unit.

        Raises:
            OutsideError: instead of an answer; its `means` says what that is worth.
            UnusableAnswer: what came is no answer, and is worth nothing.
        """
        ...

    async def look_up(self, operation: Operation) -> tuple[Observation, ...]:
        """What the provider knows of the operation by its key or reference; empty when it knows nothing.

        Raises:
            OutsideError: there was no answer. UnusableAnswer: what came is none.
        """
        ...
