"""Instalments whose day has come or passed: each order is told so once, and keeps to its plan."""

from datetime import timedelta
from typing import Final

from tokolib.effects.ports import Observe
from tokolib.kernel.clock import sortable
from tokolib.kernel.errors import Forbidden, TokolibError
from tokolib.kernel.unit import Unit
from tokolib.kernel.work import Work
from tokolib.orders.instalments import keep_to_plan
from tokolib.payments.ports import INTENTS

PERMISSION: Final = "shop.tick"


async def notice(work: Work, observe: Observe, budget: int, failures: list[str]) -> int:
    """How many orders, at most *budget*, had an instalment that fell due or is overdue; all of it is recorded now."""

    async def waiting(unit: Unit) -> tuple[str, ...]:
        after_now = unit.now + timedelta(microseconds=1)  # the index's range is half-open
        page = await unit[INTENTS].where("notice", since="", until=sortable(after_now), limit=budget)
        return tuple(intent.order_id for intent in page.items)

    done = 0
    for id in await work.read(waiting):

        async def keep(unit: Unit, id: str = id) -> None:
            await keep_to_plan(unit, id, observe=observe)

        try:
            await work.write(PERMISSION, keep)
            done += 1
        except Forbidden:
            raise
        except TokolibError as error:  # one that can't be moved on must not stop the others
            failures.append(f"order {id}: {error}")
    return done
