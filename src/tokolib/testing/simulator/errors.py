"""What a simulation finds."""

from typing import ClassVar, Final

import attrs

from tokolib.desk.verify.report import PROMISES as OF_THE_BOOKS
from tokolib.kernel.errors import TokolibError

PROMISES: Final = {
    **OF_THE_BOOKS,
    "M7": "never two charges under one key, never more claimed than the gateway has; at the end both say the same",
    "M8": "an order that has ended keeps nothing",
    "E2": "every event reaches the broker, each history in its order",
    "G": "what a gateway answers fits what it was asked for",
    "L1": "at the end no payment waits for an answer",
    "L3": "what a placed order still owes is held for it",
    "L4": "at the end nothing waits to be sent on",
    "T": "whatever is refused is refused with an error of tokolib that was meant for it",
}
"""The promises that a simulation checks, by id."""


class Broken(Exception):
    """A promise doesn't hold: which, of what, and what was found instead."""

    def __init__(self, promise: str, row: str, found: str) -> None:
        super().__init__(f"{promise} {row}: {found}")
        self.promise = promise
        self.row = row
        self.found = found


@attrs.frozen
class PromiseBroken(TokolibError):
    """A simulated shop broke a promise."""

    code: ClassVar[str] = "testing.promise_broken"
    status: ClassVar[int] = 500
    promise: str
    """Its id, such as `M7`."""
    row: str
    """Of what: an order, a charge, a key."""
    found: str
    seed: int
    steps: tuple[str, ...]
    """The fewest steps that were found to break it again, in order."""
    script: str
    """A Python script that replays them."""

    def __str__(self) -> str:
        return (
            f"{self.promise} {self.row}: {self.found} ({PROMISES.get(self.promise, 'a promise')}); "
            f"seed {self.seed}, {len(self.steps)} steps"
        )

    @property
    def hint(self) -> str:
        return "run the script in its field `script`, which was printed: it breaks the same promise"
