"""One turn of the tick: how many things of each kind, and what hindered some of them."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any, Final, TypeVar

import attrs

from tokolib.effects.ports import Observe
from tokolib.kernel.clock import sortable
from tokolib.kernel.errors import Forbidden, TokolibError
from tokolib.kernel.unit import Port, Unit
from tokolib.kernel.work import Work

T = TypeVar("T")
PERMISSION: Final = "shop.tick"


@attrs.frozen
class Turn:
    """What moves things on, each by itself, so that what hinders one stops no other."""

    work: Work
    observe: Observe
    budget: int
    """So many of each kind at most."""
    failures: list[str] = attrs.field(factory=list)
    """What could not be moved on, and why."""

    async def each(
        self,
        noun: str,
        ids: Sequence[T],
        move: Callable[[T], Awaitable[object]],
        *,
        hinders: type[Exception] = TokolibError,
    ) -> int:
        """How many of *ids* were moved on; *move* says False of what was not due any more.

        What *hinders* one is told among the failures, and the next tick tries it again.

        Raises:
            Forbidden: the access policy denies it. Those before it were moved on.
        """
        done = 0
        for id in ids:
            try:
                done += await move(id) is not False
            except Forbidden:
                raise
            except hinders as error:
                why = f"{error}" if isinstance(error, TokolibError) else f"{type(error).__name__}: {error}"
                self.failures.append(f"{noun} {id}: {why}")
        return done

    async def each_by_itself(
        self, noun: str, waiting: Callable[[Unit], Awaitable[Sequence[T]]], step: Callable[[Unit, T], Awaitable[object]]
    ) -> int:
        """How many of those *waiting* were moved on by *step*, each in a unit of its own."""

        async def move(id: T) -> object:
            return await self.work.write(PERMISSION, lambda unit: step(unit, id))

        return await self.each(noun, await self.work.read(waiting), move)


async def at_term(unit: Unit, port: Port[Any], index: str, budget: int) -> tuple[Any, ...]:
    """At most *budget* of those of *port* whose term, as *index* has it, is over by now, the earliest first."""
    after_now = unit.now + timedelta(microseconds=1)  # the index's range is half-open
    page = await unit[port].where(index, since="", until=sortable(after_now), limit=budget)
    return tuple(page.items)
