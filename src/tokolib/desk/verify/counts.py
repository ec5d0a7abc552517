"""S7: posted counts have adjusted the stock by what they found, and open ones have their SKUs to themselves."""

from typing import Final

from tokolib.desk.verify.tally import Tally
from tokolib.desk.verify.walk import Findings, rows
from tokolib.inventory.counts.model import Count, CountState
from tokolib.inventory.counts.ports import COUNTER_PREFIX
from tokolib.inventory.model import LEDGER, MovementKind
from tokolib.kernel.rows import CounterRow, Entry, Kind
from tokolib.kernel.unit import Unit

VARIANCE: Final = "count the goods again, and adjust by what differs"
RESTORE: Final = "restore the row from a backup"
OF_COUNTS: Final = "cnt_"
"""How the id of a count begins."""


def say_count(count: Count, variances: Tally, counting: Tally) -> None:
    """What a count says that there must be: movements where it was posted, counters while it is open."""
    for line in count.lines:
        where = count.resource(line.key)
        if count.is_open:
            counting.said(f"counter {COUNTER_PREFIX}{where}")
        if count.state is CountState.POSTED and line.change:
            variances.said(f"count {count.id}", where, amount=line.change)


async def check_counts(unit: Unit, variances: Tally, counting: Tally, found: Findings) -> None:
    """Every movement that was made for a count, and every counter of an open one."""
    async for entry in rows(unit, Kind.LEDGER, Entry, found, name=LEDGER):
        if entry.kind == MovementKind.ADJUST and entry.refers_to.startswith(OF_COUNTS):
            variances.found(f"count {entry.refers_to}", entry.account, amount=entry.amount)
    async for row in rows(unit, Kind.COUNTERS, CounterRow, found):
        if row.name.startswith(COUNTER_PREFIX):
            counting.found(f"counter {row.name}", amount=row.value)
