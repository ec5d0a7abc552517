"""What a store must do to be measured. A worker process opens a till and does one phase of the job, again and again."""

from typing import Protocol


class SoldOut(Exception):
    """A line could not be reserved; nothing was stored."""


class Till(Protocol):
    """One process's connection to a store."""

    def checkout(self, k: int) -> str:
        """Do checkout *k* of the job and answer the order's number; it is lasting when this returns.

        Raises:
            SoldOut: something is short. Nothing was stored.
        """
        ...

    def ship(self, number: str) -> None:
        """Ship every line of an order: what was reserved leaves the shelf."""
        ...

    def refund(self, number: str) -> None:
        """Give one unit of an order's first line back, with the money paid for it."""
        ...

    def close(self) -> None:
        """Give back the connection."""
        ...


class Store(Protocol):
    """A store that can be made anew. It is a plain value, because it travels to the worker processes."""

    @property
    def name(self) -> str:
        """What the table calls it."""
        ...

    def reset(self) -> None:
        """Leave a store with every product of the job on its shelf, and no order."""
        ...

    def open(self) -> Till:
        """A till of this process."""
        ...
