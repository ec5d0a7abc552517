"""A plan of faults, by the number of the call that each strikes, for every port that a shop reaches the outside by.

```python
plan = FaultPlan.at({17: Mode.AFTER})                      # the 17th call takes effect, and then the process dies
shop = tokolib.open(faulty_storage(storage, plan), gateways=[faulty_gateway(gateway, plan)], clock=clock)
```

A *call* is what may fail by itself: `storage.begin`, `storage.read`, `storage.commit`, `gateway.create`,
`broker.publish`, ... Calls are counted from 1, in `plan.calls`; writes that a unit only records are none. What struck
stands in `plan.struck`. `FaultPlan(choose)` takes any rule instead of a table: it is asked with each `Call`, and
answers a `Mode` or None, so that a simulator draws them from its seed.

After a `Crash` the process is dead: every further call raises `Crash` again, uncounted, and the open unit is rolled
back, as a database does for a client that is gone. `plan.restart()` is the next process, in which calls count on; what
it works with must be made anew (`tokolib.open` over wrappers of the same storage and the same worlds). Inside
`with plan.quiet():` nothing is counted and nothing strikes: for what a test looks up.

The wrappers keep the port of what they wrap, in its colour, and pass on whatever else it has. A wrapped storage never
waits before a retry, and closing it leaves the inner one open: that belongs to whoever made it.
"""

from tokolib.testing.simulator.faults.plan import Call, Choose, Crash, FaultPlan, Mode, Strike, never
from tokolib.testing.simulator.faults.providers import (
    faulty,
    faulty_broker,
    faulty_courier,
    faulty_exchange,
    faulty_gateway,
    faulty_tax,
)
from tokolib.testing.simulator.faults.storages import faulty_storage

__all__ = [
    "Call",
    "Choose",
    "Crash",
    "FaultPlan",
    "Mode",
    "Strike",
    "faulty",
    "faulty_broker",
    "faulty_courier",
    "faulty_exchange",
    "faulty_gateway",
    "faulty_storage",
    "faulty_tax",
    "never",
]
