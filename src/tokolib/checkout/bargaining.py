"""Striking a bargain: every fact is gathered on an open unit, and one pure function prices them.

Nothing here calls out: a courier's live rate would be fetched before the unit opened, and stand in the bargain as
a fact with its source. Nothing here writes, so that placing an order reads everything before its first write.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import attrs

from tokolib.cart.model import CartLine, Contents
from tokolib.cart.steps import wished
from tokolib.catalog.model import Sellable
from tokolib.catalog.sku import key as sku_key
from tokolib.catalog.sku import spelling
from tokolib.checkout.asking import Asked
from tokolib.checkout.basket import Basket
from tokolib.checkout.errors import AddressNeeded, EmptyCart
from tokolib.checkout.keeping import grounds_of
from tokolib.checkout.lines import QuoteCharge, QuoteLine
from tokolib.checkout.model import Bargain, Delivery, Wishes
from tokolib.checkout.providing import Provided, Unestimated
from tokolib.checkout.settling import Settled, settle
from tokolib.checkout.sourcing import Sourced, sourced_anew
from tokolib.checkout.table import Table, laid_with_stock
from tokolib.checkout.wanted import Wanted
from tokolib.inventory.availability import Supply
from tokolib.kernel.errors import Fault, InvalidInput
from tokolib.kernel.quick import quick
from tokolib.kernel.spread import spread
from tokolib.kernel.unit import Unit
from tokolib.pricing.model import ChargeLine
from tokolib.pricing.priced import PricedCharge, PricedLine
from tokolib.pricing.problems import refuse
from tokolib.shipping.model import Rate
from tokolib.shipping.steps import active


async def of_basket(
    unit: Unit, basket: Basket, tender: str, provided: Provided | None = None
) -> tuple[Bargain, tuple[Supply, ...]]:
    """The bargain that *basket* gets now when it is paid by *tender*, and the stock that is there for it.

    Raises:
        what starting a cart, and quoting it, would raise; nothing was stored.
        Unestimated: its taxes are to be worked out by whoever is *provided*.
    """
    held, sold = await wished(
        unit,
        basket.lines,
        customer=basket.customer,
        channel=basket.channel,
        group=basket.group,
        currency=basket.currency,
        coupons=basket.coupons,
    )
    wishes = await Asked.of(basket, tender).wishes(unit, held)
    check_wishes(held.lines, wishes)
    refused = tuple(sku_key(spelling(sku)) for sku in basket.refused_gifts)
    wanted = attrs.evolve(held, refused_gifts=refused) if refused else held
    return await strike(unit, wanted, sold, wishes, provided)


def check_wishes(lines: Sequence[CartLine], wishes: Wishes, cart_id: str = "") -> None:
    """Pass when there is something to sell, and an address where one is needed.

    Raises:
        EmptyCart, AddressNeeded: there isn't. InvalidInput: a collection point, and nothing that travels to it.
    """
    if not lines:
        raise EmptyCart(cart_id)
    if wishes.delivery and wishes.ship_to is None:
        raise AddressNeeded(wishes.delivery)
    if wishes.point is not None and not wishes.delivery:
        message = "needs a delivery that goes to it: give delivery="
        raise InvalidInput((Fault("point", "checkout.point_without_delivery", message, wishes.point.id),))


async def strike(
    unit: Unit, held: Contents, sold: Mapping[str, Sellable], wishes: Wishes, provided: Provided | None
) -> tuple[Bargain, tuple[Supply, ...]]:
    """The bargain for what is *held* in a cart or a basket, and the stock that is there for it.

    Raises:
        OutOfStock: naming everything that is short. UnknownLocation: there is no such location.
        NoPrice, CouponRefused: it can't be sold as it is. CurrencyNotAccepted: not in its currency any longer.
        NoRate, UnknownMethod, MissingWeight: nothing delivers there. WishNotOffered: no rule offers what is wished.
        TenderRefused: the shop doesn't accept the tender for it. In all cases nothing was stored.
        Unestimated: its taxes are to be worked out by whoever is *provided*.
    """
    (await unit.settings()).money(held.currency)
    method = await active(unit, wishes.delivery) if wishes.delivery and wishes.ship_to is not None else None
    table, found = await laid_with_stock(unit, held, sold, wishes, () if method is None else (method,))
    wishes = attrs.evolve(wishes, location=found.location) if wishes.sourced else wishes
    table = table.taxed_by(provided, wishes)
    settled = await settle(unit, table, wishes, method)
    if settled.gift_of:
        given = Wanted.of_cart(settled.held.lines, settled.sold)
        found = await sourced_anew(unit, given, wishes, table.settings, held.channel)
        wishes = attrs.evolve(wishes, location=found.location) if wishes.sourced else wishes
    refuse(settled.priced)
    if table.provided is not None:
        request = table.request(wishes, settled.priced.asked)
        if not table.provided.answers(request):
            raise Unestimated(bargain_of(table, settled, wishes, found), request, table.settings)
    for hindrance in settled.hindrances:
        raise hindrance.error
    return bargain_of(table, settled, wishes, found), found.supplies


def bargain_of(table: Table, settled: Settled, wishes: Wishes, found: Sourced) -> Bargain:
    """The bargain that was *settled*, which nothing hinders."""
    priced, rate = settled.priced, settled.rate
    lines = tuple(
        _line(line, settled.sold[line.key], each, settled.gift_of.get(line.id, ""), found)
        for line, each in zip(settled.held.lines, priced.lines, strict=True)
    )
    return Bargain(
        customer=table.held.customer,
        channel=table.held.channel,
        currency=table.money,
        lines=lines,
        charges=tuple(_charge(each, lines) for each in priced.charges),
        wishes=wishes,
        uses=priced.uses,
        order_number=table.order_number,
        depends_on_tender=settled.depends_on_tender,
        policies=table.settings.policies,
        tax_date=table.today,
        grounds=grounds_of(table, settled, wishes),
        delivery=None if rate is None else _delivery(rate, settled),
        sourcing=found.figures,
    )


def _delivery(rate: Rate, settled: Settled) -> Delivery:
    return Delivery(rate.method, rate.name, rate.chargeable_grams, settled.cod_allowed, settled.point)


_quote_line: Final = quick(QuoteLine)


def _line(line: CartLine, sold: Sellable, priced: PricedLine, gift_of: str, found: Sourced) -> QuoteLine:
    return _quote_line(
        id=line.id,
        key=line.key,
        sku=sold.sku,
        name=sold.name,
        product_id=sold.product_id,
        steps=line.quantity,
        unit=line.unit,
        unit_price=priced.unit_price,
        base=priced.base,
        net=priced.net,
        total=priced.total,
        tax_class=sold.tax_class,
        includes_tax=priced.includes_tax,
        discounts=priced.discounts,
        taxes=priced.taxes,
        components=sold.components,
        stated=line.stated,
        weight_grams=sold.weight_grams,
        gift_of=gift_of,
        shares=priced.shares,
        sources=found.sources.get(line.id, ()),
        awaited=found.awaited.get(line.id, ()),
        digital=sold.digital,
    )


def _charge(priced: PricedCharge, lines: tuple[QuoteLine, ...]) -> QuoteCharge:
    charge = priced.charge
    return QuoteCharge(
        id=charge.id,
        kind=charge.kind,
        label=charge.label,
        amount=charge.amount,
        base=priced.base,
        includes_tax=priced.includes_tax,
        net=priced.net,
        total=priced.total,
        tax_class=charge.tax_class,
        refundable=charge.refundable,
        shares=spread(priced.total, _weights(charge, lines)) if lines else (),
        parts=priced.parts,
        discounts=priced.discounts,
        stated=charge.stated,
    )


def _weights(charge: ChargeLine, lines: tuple[QuoteLine, ...]) -> list[int]:
    """What the shares of a charge go by: the lines that it is for, or what each line costs."""
    if not charge.weights:
        return [line.total for line in lines]
    weights = dict(charge.weights)
    return [weights.get(line.id, 0) for line in lines]
