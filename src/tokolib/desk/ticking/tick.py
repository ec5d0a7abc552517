"""Everything that waits, moved on a little: unpaid orders, offers, blocks, instalments, gateways, tax providers and
couriers that never answered, idle carts, events to send.

Any scheduler may call it, as often as it likes and from several places at once. Nothing depends on it for being
right: leases end by themselves, and a late payment finds its order.
"""

from collections.abc import Awaitable, Callable
from typing import Final

import attrs

from tokolib.desk.outbox import Outgoing, send_on
from tokolib.desk.ticking.asking import ask_couriers, ask_gateways, ask_tax_providers
from tokolib.desk.ticking.ending import (
    abandon_carts,
    end_blocks,
    end_carts,
    end_credit,
    end_lapsed,
    end_offers,
    end_unpaid_orders,
    notice_instalments,
)
from tokolib.desk.ticking.turn import PERMISSION, Turn, at_term
from tokolib.documents.filing.advance import TaxProviders
from tokolib.effects.model import EffectKind
from tokolib.effects.ports import Observe
from tokolib.fulfilment.bookings.advance import Couriers
from tokolib.fulfilment.licences.granting import grant
from tokolib.inventory.again import looking_again
from tokolib.kernel.ctx import permit
from tokolib.kernel.errors import Fault, InvalidInput, TokolibError, shown
from tokolib.kernel.ids import OrderId
from tokolib.kernel.unit import Unit
from tokolib.kernel.work import Work
from tokolib.orders.allocating import Serving, allocate
from tokolib.orders.ports import ORDERS
from tokolib.payments.ports import Gateways
from tokolib.returns.exchanges.ports import EXCHANGES
from tokolib.returns.exchanges.steps import expire as expire_exchange
from tokolib.returns.ports import RETURNS
from tokolib.returns.receiving import expire as expire_return

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
    asked_return_labels: int = 0
    """Return labels about which a courier was asked, whatever it said."""
    expired_returns: int = 0
    """Authorised returns of which nothing came in time, and negotiated ones of which nobody answered a proposal."""
    served_orders: int = 0
    """Orders that waited for stock, and have some of it now."""
    granted_orders: int = 0
    """Orders that were granted the licences of what is digital of them."""


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
    turn = Turn(work, observe, budget)
    paid = await ask_gateways(turn, gateways)  # in this order: what was paid in time isn't expired
    filed, booked = await ask_tax_providers(turn, taxes), await ask_couriers(turn, couriers)
    done = Ticked(
        asked_payments=paid,
        asked_filings=filed,
        asked_labels=booked[EffectKind.LABEL],
        asked_return_labels=booked[EffectKind.RETURN_LABEL],
        asked_pickups=booked[EffectKind.PICKUP],
        expired_orders=await end_unpaid_orders(turn),
        lapsed_orders=await end_blocks(turn, gateways),
        expired_exchanges=await end_lapsed(turn, "exchange", EXCHANGES, expire_exchange),
        expired_offers=await end_offers(turn),
        expired_returns=await end_lapsed(turn, "return", RETURNS, expire_return),
        noticed_orders=await notice_instalments(turn),
        served_orders=await _serve(turn),
        granted_orders=await _grant(turn, gateways),
        abandoned_carts=await abandon_carts(turn),
        expired_carts=await end_carts(turn),
        expired_credit=await end_credit(turn),
        published_events=await _send_on(turn, outgoing),
    )
    return attrs.evolve(done, failures=tuple(turn.failures))


async def _serve(turn: Turn) -> int:
    """How many orders have stock now that waited for it."""

    async def serve(step: Callable[[Unit], Awaitable[Serving]]) -> Serving:
        return await looking_again(turn.work, PERMISSION, step)

    try:
        return len((await allocate(turn.work, serve, turn.budget)).served)
    except TokolibError as error:  # what was served before is, and the next tick goes on
        turn.failures.append(f"allocation: {error}")
        return 0


async def _grant(turn: Turn, gateways: Gateways) -> int:
    """How many orders have licences now that were paid for."""

    async def due(unit: Unit) -> tuple[OrderId, ...]:
        return tuple(order.id for order in await at_term(unit, ORDERS, "grants", turn.budget))

    async def given(id: OrderId) -> object:
        async def step(unit: Unit) -> object:
            return await grant(unit, id, gateways=gateways, observe=turn.observe)

        return await looking_again(turn.work, PERMISSION, step)

    return await turn.each("licences of order", await turn.work.read(due), given)


async def _send_on(turn: Turn, outgoing: Outgoing) -> int:
    if outgoing.broker is None:
        return 0
    try:
        relayed = await send_on(turn.work, outgoing, turn.budget)
    except TokolibError as error:  # what was published and not marked goes out again
        turn.failures.append(f"outbox: {error}")
        return 0
    turn.failures.extend(relayed.failures)
    return relayed.published
