"""The timeline of an order: what happened to it, its payment, its shipments, its returns and its documents, as one."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import attrs

from tokolib.documents.ports import INVOICES
from tokolib.fulfilment.ports import SHIPMENTS
from tokolib.kernel.events import Event
from tokolib.kernel.ids import OrderId
from tokolib.kernel.unit import Port, Unit, every
from tokolib.orders.past import until
from tokolib.orders.ports import ORDERS
from tokolib.payments.ports import INTENTS
from tokolib.returns.claims.ports import CLAIMS
from tokolib.returns.exchanges.ports import EXCHANGES
from tokolib.returns.ports import RETURNS

_BESIDE: Final[Sequence[Port[Any]]] = (SHIPMENTS, RETURNS, EXCHANGES, CLAIMS, INVOICES)
"""What an order has several of, each kind found by its index `by_order`."""


@attrs.frozen
class Moment:
    """One thing that happened."""

    at: datetime
    subject: str
    """The id of what it happened to: the order, its payment, a shipment, a return, an exchange, a document."""
    seq: int
    """Its number in the history of its subject."""
    by: str
    """Who did it, such as `staff:budi`."""
    request_id: str
    """The host's request that it was done for; empty where none was named."""
    event: Event

    @property
    def what(self) -> str:
        """What happened, such as `orders.order_placed`."""
        return self.event.topic


async def timeline_of(unit: Unit, order_id: OrderId, at: datetime | None) -> tuple[Moment, ...]:
    """Everything that happened around an order, the first thing first; up to *at*, where it is given.

    What happened in one instant stands in the order of the subjects' ids, and of their histories.

    Raises:
        NotFound: there is no such order.
    """
    order = await unit[ORDERS].get(order_id)
    subjects: list[tuple[Port[Any], str]] = [(ORDERS, order.id), (INTENTS, order.intent_id)]
    for port in _BESIDE:
        subjects += [(port, each.id) for each in await every(unit[port], "by_order", {"order_id": order.id})]
    found: list[Moment] = []
    for port, id in subjects:
        history = await unit[port].history(id)
        known = history if at is None else until(history, at)
        found += [Moment(each.at, id, each.seq, each.by, each.request_id, each.event) for each in known]
    return tuple(sorted(found, key=lambda each: (each.at, each.subject, each.seq)))
