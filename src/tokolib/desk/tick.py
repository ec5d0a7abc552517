"""Everything that waits, moved on a little: unpaid orders, offers, blocks, instalments, gateways, tax providers and
couriers that never answered, idle carts, events to send.

Any scheduler may call it, as often as it likes and from several places at once. Nothing depends on it for being
right: leases end by themselves, and a late payment finds its order.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any, Final, TypeVar

import attrs

from tokolib.cart.steps import abandon, expire
from tokolib.desk.instalments import PERMISSION, notice
from tokolib.desk.outbox import Outgoing, send_on
from tokolib.documents.filing.advance import TaxProviders
from tokolib.documents.filing.advance import advance as tell
from tokolib.documents.filing.advance import back as unfiled_before
from tokolib.documents.filing.advance import due as unfiled
from tokolib.effects.ports import Observe
from tokolib.fulfilment.bookings.advance import Calls, Couriers
from tokolib.fulfilment.bookings.advance import advance as ask_courier
from tokolib.fulfilment.bookings.advance import back as unbooked_before
from tokolib.fulfilment.bookings.advance import due as unbooked
from tokolib.fulfilment.labels.calls import LABEL_CALLS
from tokolib.fulfilment.pickups.calls import PICKUP_CALLS
from tokolib.kernel.clock import sortable
from tokolib.kernel.ctx import permit
from tokolib.kernel.errors import Fault, Forbidden, InvalidInput, TokolibError, shown
from tokolib.kernel.ids import FilingId
from tokolib.kernel.unit import Port, Unit
from tokolib.kernel.work import Work
from tokolib.orders.ending import expire as expire_order
from tokolib.orders.lapsing import lapse
from tokolib.orders.model import OrderState
from tokolib.orders.offers.steps import expire as expire_offer
from tokolib.orders.offers.steps import overdue as overdue_offers
from tokolib.orders.ports import ORDERS
from tokolib.payments.advance import advance
from tokolib.payments.claims import back, due
from tokolib.payments.ports import Gateways
from tokolib.returns.exchanges.ports import EXCHANGES
from tokolib.returns.exchanges.steps import expire as expire_exchange
from tokolib.returns.ports import RETURNS
from tokolib.returns.receiving import expire as expire_return
from tokolib.stored_value.ending import expire as expire_value
from tokolib.stored_value.ending import overdue as overdue_value

T = TypeVar("T")
ABANDONED_AFTER: Final = timedelta(hours=24)
EXPIRED_AFTER: Final = timedelta(days=30)
LARGEST_BUDGET: Final = 10**6


@attrs.frozen
class Ticked:
    """What one tick did."""

    expired_orders: int
    asked_payments: int
    abandoned_carts: int
    expired_carts: int
    published_events: int
    """Events that the shop's broker has acknowledged; none without one."""
    expired_credit: int = 0
    """Gift cards and grants of store credit whose date has come."""
    failures: tuple[str, ...] = ()
    """What could not be moved on, and why; the rest was, and the next tick tries again."""
    asked_filings: int = 0
    """Invoices of which a tax provider was told, whatever it said."""
    noticed_orders: int = 0
    """Orders of which an instalment fell due, or is overdue."""
    asked_labels: int = 0
    """Labels about which a courier was asked, whatever it said."""
    lapsed_orders: int = 0
    """Orders of which a block has come to its end: they may ship, are cancelled, or wait for a person."""
    expired_exchanges: int = 0
    """Exchanges of which nothing came while their replacement was held."""
    expired_offers: int = 0
    """Sent offers that nobody answered in time: their goods are free."""
    asked_pickups: int = 0
    """Pickups about which a courier was asked, whatever it said."""
    expired_returns: int = 0
    """Authorised returns of which nothing came in time, and negotiated ones of which nobody answered a proposal."""


async def tick(
    work: Work,
    observe: Observe,
    gateways: Gateways,
    taxes: TaxProviders,
    couriers: Couriers,
    outgoing: Outgoing,
    budget: int,
) -> Ticked:
    """Move on at most *budget* things of each kind.

    Raises:
        InvalidInput: a *budget* below 1, or above 10^6. Forbidden: the access policy denies `shop.tick`.
            In both cases nobody was asked, and nothing was changed.
    """
    if not 0 < budget <= LARGEST_BUDGET:
        raise InvalidInput((Fault("budget", "shop.bad_budget", f"must be 1 to {LARGEST_BUDGET}", shown(budget)),))
    permit(work.access, work.ctx, PERMISSION)  # gateways are asked in the shop's own name, so this comes first
    failures: list[str] = []
    asked = await _ask(work, observe, gateways, budget, failures)
    filed = await _file(work, observe, taxes, budget, failures)
    labels = await _booked(work, observe, couriers, LABEL_CALLS, budget, failures)
    pickups = await _booked(work, observe, couriers, PICKUP_CALLS, budget, failures)
    expired = await _expire_orders(work, observe, budget, failures)
    lapsed = await _lapse(work, observe, gateways, budget, failures)
    exchanges = await _expire_at_term(work, "exchange", EXCHANGES, expire_exchange, budget, failures)
    unanswered = await _expire_offers(work, budget, failures)
    not_come = await _expire_at_term(work, "return", RETURNS, expire_return, budget, failures)
    noticed = await notice(work, observe, budget, failures)
    now = work.clock.now()
    abandoned = await work.write(PERMISSION, _carts(abandon, now - ABANDONED_AFTER, budget))
    gone = await work.write(PERMISSION, _carts(expire, now - EXPIRED_AFTER, budget))
    credit = await _expire_credit(work, budget, failures)
    published = await _send_on(work, outgoing, budget, failures)
    return Ticked(
        expired,
        asked,
        abandoned,
        gone,
        published,
        credit,
        tuple(failures),
        filed,
        noticed,
        labels,
        lapsed,
        exchanges,
        unanswered,
        pickups,
        not_come,
    )


def _carts(step: Callable[..., Awaitable[int]], since: object, budget: int) -> Callable[[Unit], Awaitable[int]]:
    async def run(unit: Unit) -> int:
        return await step(unit, untouched_since=since, limit=budget)

    return run


async def _each(
    what: str,
    ids: Sequence[T],
    move: Callable[[T], Awaitable[object]],
    failures: list[str],
    *,
    hinders: type[Exception] = TokolibError,
) -> int:
    """How many of *ids* were moved on; *move* says False of what was not due any more.

    What *hinders* one stops no other: it is told among the *failures*, and the next tick tries it again.

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
            failures.append(f"{what} {id}: {why}")
    return done


async def _ask(work: Work, observe: Observe, gateways: Gateways, budget: int, failures: list[str]) -> int:
    async def waiting(unit: Unit) -> tuple[str, ...]:
        found = (*await back(unit, gateways, limit=budget), *await due(unit, limit=budget))
        return tuple(dict.fromkeys(intent.id for intent in found))[:budget]

    async def ask(id: str) -> object:
        return await advance(work, gateways, id, observe)

    return await _each("payment", await work.read(waiting), ask, failures, hinders=Exception)


async def _file(work: Work, observe: Observe, taxes: TaxProviders, budget: int, failures: list[str]) -> int:
    async def waiting(unit: Unit) -> tuple[tuple[FilingId, str], ...]:
        found = (*await unfiled_before(unit, taxes, limit=budget), *await unfiled(unit, limit=budget))
        return tuple(dict.fromkeys((filing.id, filing.provider) for filing in found))[:budget]

    async def file(of: tuple[FilingId, str]) -> bool:
        id, provider = of
        await tell(work, taxes, id, observe)
        if provider not in taxes:
            failures.append(f"tax filing {id}: this shop has no tax provider {provider!r} any more")
        return provider in taxes

    return await _each("tax filing", await work.read(waiting), file, failures, hinders=Exception)


async def _booked(
    work: Work, observe: Observe, couriers: Couriers, calls: Calls[Any], budget: int, failures: list[str]
) -> int:
    bookable = calls.bookable

    async def waiting(unit: Unit) -> tuple[tuple[str, str], ...]:
        before = await unbooked_before(unit, bookable, couriers, limit=budget)
        found = (*before, *await unbooked(unit, bookable, limit=budget))
        return tuple(dict.fromkeys((booking.id, booking.account) for booking in found))[:budget]

    async def ask(of: tuple[str, str]) -> bool:
        id, account = of
        await ask_courier(work, couriers, calls, id, observe)
        if account not in couriers:
            failures.append(f"{bookable.noun} {id}: this shop has no courier account {account!r} any more")
        return account in couriers

    return await _each(bookable.noun, await work.read(waiting), ask, failures, hinders=Exception)


async def _expire_orders(work: Work, observe: Observe, budget: int, failures: list[str]) -> int:
    pending = {"state": OrderState.PENDING_PAYMENT.value}

    async def overdue(unit: Unit) -> tuple[str, ...]:
        page = await unit[ORDERS].where("by_due", equals=pending, since="", until=sortable(unit.now), limit=budget)
        return tuple(order.id for order in page.items)

    async def end(id: str) -> bool:
        async def step(unit: Unit) -> bool:
            order = await unit[ORDERS].get(id)
            late = order.due_until is not None and order.due_until <= unit.now
            if order.state is not OrderState.PENDING_PAYMENT or not late:
                return False
            await expire_order(unit, order, observe=observe)
            return True

        return await work.write(PERMISSION, step)

    return await _each("order", await work.read(overdue), end, failures)


async def _lapse(work: Work, observe: Observe, gateways: Gateways, budget: int, failures: list[str]) -> int:
    async def over(unit: Unit) -> tuple[str, ...]:
        after_now = unit.now + timedelta(microseconds=1)  # the index's range is half-open
        page = await unit[ORDERS].where("lapses", since="", until=sortable(after_now), limit=budget)
        return tuple(order.id for order in page.items)

    async def end(id: str) -> bool:
        async def step(unit: Unit) -> bool:
            return await lapse(unit, id, observe=observe, gateways=gateways)

        return await work.write(PERMISSION, step)

    return await _each("order", await work.read(over), end, failures)


async def _expire_at_term(
    work: Work,
    noun: str,
    port: Port[Any],
    expire: Callable[[Unit, Any], Awaitable[bool]],
    budget: int,
    failures: list[str],
) -> int:
    """How many of *port* ended, whose index `lapses` says that their term is over."""

    async def over(unit: Unit) -> tuple[str, ...]:
        after_now = unit.now + timedelta(microseconds=1)  # the index's range is half-open
        page = await unit[port].where("lapses", since="", until=sortable(after_now), limit=budget)
        return tuple(each.id for each in page.items)

    async def end(id: str) -> bool:
        async def step(unit: Unit) -> bool:
            return await expire(unit, id)

        return await work.write(PERMISSION, step)

    return await _each(noun, await work.read(over), end, failures)


async def _expire_offers(work: Work, budget: int, failures: list[str]) -> int:
    async def waiting(unit: Unit) -> tuple[str, ...]:
        return await overdue_offers(unit, limit=budget)

    async def end(id: str) -> bool:
        async def step(unit: Unit) -> bool:
            return await expire_offer(unit, id)

        return await work.write(PERMISSION, step)

    return await _each("offer", await work.read(waiting), end, failures)


async def _expire_credit(work: Work, budget: int, failures: list[str]) -> int:
    async def waiting(unit: Unit) -> dict[str, str]:
        return {id: port for port, id in await overdue_value(unit, limit=budget)}

    found = await work.read(waiting)

    async def end(id: str) -> bool:
        async def step(unit: Unit) -> bool:
            return await expire_value(unit, found[id], id)

        return await work.write(PERMISSION, step)

    return await _each("stored value", tuple(found), end, failures)  # somebody may just have paid with it


async def _send_on(work: Work, outgoing: Outgoing, budget: int, failures: list[str]) -> int:
    if outgoing.broker is None:
        return 0
    try:
        relayed = await send_on(work, outgoing, budget)
    except TokolibError as error:  # what was published and not marked goes out again
        failures.append(f"outbox: {error}")
        return 0
    failures += relayed.failures
    return relayed.published
