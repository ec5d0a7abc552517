"""Exchanges: C1 of what is held for them, C2 of what they have come to."""

from collections import Counter
from collections.abc import Mapping
from typing import Final

from tokolib.catalog.sku import key as sku_key
from tokolib.desk.verify.streams import Replayed
from tokolib.desk.verify.tally import Tally
from tokolib.desk.verify.walk import Findings
from tokolib.inventory.holds import resource_of
from tokolib.kernel.rows import HoldState, StoredHold
from tokolib.orders.model import Order
from tokolib.returns.exchanges.events import ExchangeExtended, ExchangeRequested
from tokolib.returns.exchanges.model import Exchange, ExchangeState, Settlement
from tokolib.returns.model import Return, ReturnState
from tokolib.returns.replacements import ReplacementPricing, SetAside

OWNERS: Final = ("exc_",)
"""What the ids begin with of those that hold goods beside orders."""
RESTORE: Final = "restore the exchange's rows from a backup"
FREE: Final = "release the hold, or hold what the exchange is of"


def say_holds(replayed: Replayed, holds: Tally) -> None:
    """C1: every hold that was ever made for an exchange, with what it is of."""
    for step in replayed.steps:
        match step.recorded.event:
            case ExchangeRequested(exchange=made):
                _say(made.holds, made.goods, holds)
            case ExchangeExtended(goods=goods, holds=ids):
                _say(ids, goods, holds)
            case _:
                pass


def _say(ids: tuple[str, ...], goods: tuple[SetAside, ...], holds: Tally) -> None:
    of = {each.resource: each.steps for each in goods}
    for id in ids:
        holds.said(f"hold {id}", f"of {of.get(resource_of(id), 0)}")


def ever_held(replayed: Replayed) -> list[str]:
    """The ids of all those holds."""
    told = (step.recorded.event for step in replayed.steps)
    return [
        id
        for event in told
        for id in (
            event.exchange.holds
            if isinstance(event, ExchangeRequested)
            else event.holds
            if isinstance(event, ExchangeExtended)
            else ()
        )
    ]


def check_held(replayed: Replayed, exchange: Exchange, known: Mapping[str, StoredHold], found: Findings) -> None:
    """C1: what an open exchange holds is leased until its term; nothing else of it stands."""
    found.saw("exchanges")
    row = f"exchange {exchange.id}"
    names = sorted(resource_of(id) for id in exchange.holds)
    same = not exchange.is_open or names == sorted(each.resource for each in exchange.goods)
    found.expect(same, "C1", row, f"holds {names}, which is not what it is of", FREE)
    for id in ever_held(replayed):
        hold = known.get(id)
        if hold is None:
            continue  # its tally tells of it
        if exchange.is_open and id in exchange.holds:
            fits = hold.state in (HoldState.LEASED, HoldState.EXPIRED) and hold.until == exchange.hold_until
        else:
            fits = hold.state not in (HoldState.LEASED, HoldState.KEPT)
        found.expect(fits, "C1", row, f"is {exchange.state}, and hold {id} is {hold.state}", FREE)


def check_settled(exchange: Exchange, order: Order | None, back: Return | None, found: Findings) -> None:
    """C2: what was put in is in the order, and what came back was accepted and credited as it is told."""
    row = f"exchange {exchange.id}"
    if order is None or back is None:
        found.broken("C2", row, "its order or its return is gone", RESTORE)
        return
    done, settled = exchange.state is ExchangeState.COMPLETED, exchange.settlement
    apart = not (back.part_of or done or exchange.is_open)  # it ended without the goods that came
    whose = back.order_id == exchange.order_id and (apart or back.part_of == exchange.id)
    found.expect(whose, "C2", row, f"its return {back.id} is not a part of it", RESTORE)
    accepted = back.state is ReturnState.ACCEPTED and not apart
    found.expect(done == accepted, "C2", row, f"is {exchange.state}, and its return {back.state}", RESTORE)
    found.expect(done == (settled is not None), "C2", row, f"is {exchange.state}, settled: {settled}", RESTORE)
    if settled is None:
        return
    known = next((each for each in order.amendments if each.id == settled.amendment_id), None)
    added = known is not None and known.added == settled.added.minor_units
    found.expect(added, "C2", row, f"its replacement of {settled.added} is not in the order", RESTORE)
    put_in, told = _put_in(order, settled), Counter[str]()
    for each in settled.replacements:
        told[sku_key(each.sku)] += each.steps
    found.expect(put_in == told, "C2", row, f"{dict(told)} replaced its goods; added: {dict(put_in)}", RESTORE)
    credited = back.refund is not None and back.refund.credit == settled.credited
    found.expect(credited, "C2", row, f"its return was not credited {settled.credited}", RESTORE)
    even = exchange.pricing is not ReplacementPricing.EVEN or settled.added == settled.credited
    found.expect(even, "C2", row, f"is even, and comes to {settled.difference}", RESTORE)


def _put_in(order: Order, settled: Settlement) -> Counter[str]:
    """Steps by SKU that an order was added to for it."""
    added = {id for each in order.amendments if each.id == settled.amendment_id for id in each.lines}
    found = Counter[str]()
    for line in order.lines:
        if line.id in added:
            found[line.key] += line.line.steps
    return found
