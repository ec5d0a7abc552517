"""Striking a bargain: every fact is gathered on an open unit, and one pure function prices them, once.

Nothing here calls out: a courier's live rate would be fetched before the unit opened, and stand in the bargain as
a fact with its source. Nothing here writes, so that placing an order reads everything before its first write.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Final

import attrs

from tokolib.cart.decide import check_names
from tokolib.cart.facts import cart_facts, place_facts, price_lines
from tokolib.cart.model import CartLine, Contents
from tokolib.cart.steps import wished
from tokolib.catalog.model import Sellable
from tokolib.catalog.sku import key as sku_key
from tokolib.catalog.sku import spelling
from tokolib.checkout.basket import Basket
from tokolib.checkout.charges import stated_charges
from tokolib.checkout.errors import AddressNeeded, EmptyCart
from tokolib.checkout.gifts import Gifts, gifts_of
from tokolib.checkout.grounds import grounds_of
from tokolib.checkout.lines import QuoteCharge, QuoteLine
from tokolib.checkout.model import Bargain, Delivery, Wishes
from tokolib.checkout.told import check_told
from tokolib.conditions import Facts
from tokolib.inventory.availability import Supply, places_of, seek, supply_of
from tokolib.inventory.demand import explode
from tokolib.kernel.address import Address
from tokolib.kernel.asks import Levels, Value
from tokolib.kernel.explain import Reason, reason
from tokolib.kernel.ids import LocationId
from tokolib.kernel.money import Currency, currency
from tokolib.kernel.settings import Settings
from tokolib.kernel.spread import spread
from tokolib.kernel.unit import Unit
from tokolib.pricing.lost import Why
from tokolib.pricing.model import ChargeKind, ChargeLine, PriceLine
from tokolib.pricing.price import price
from tokolib.pricing.priced import Priced, PricedCharge, PricedLine
from tokolib.pricing.prices.select import PriceBook
from tokolib.pricing.prices.steps import book
from tokolib.pricing.problems import refuse
from tokolib.pricing.promotions.eligible import Offers
from tokolib.pricing.promotions.steps import counters_of, running
from tokolib.pricing.promotions.uses import orders_counter
from tokolib.shipping.model import Consignment, Rate
from tokolib.shipping.places import Destination
from tokolib.shipping.steps import rate as rate_of
from tokolib.shipping.weight import Goods
from tokolib.tax.model import Assessment, SellerStatus
from tokolib.tax.rules import assess

NUMBER_FACTS: Final = frozenset({"order_number", "first_order"})
"""Facts about the orders that a customer has placed before."""


def check_basket(basket: Basket, tender: str) -> None:
    """Pass for a basket whose names and facts can be kept.

    Raises:
        InvalidInput: some can't, with paths.
    """
    check_names(delivery=basket.delivery, tender=tender, location=basket.location)
    check_told(basket.facts)


async def of_basket(unit: Unit, basket: Basket, tender: str) -> tuple[Bargain, Supply]:
    """The bargain that *basket* gets now when it is paid by *tender*, and the stock that is there for it.

    Raises:
        what starting a cart, and quoting it, would raise; nothing was stored.
    """
    held, sold = await wished(
        unit,
        basket.lines,
        customer=basket.customer,
        channel=basket.channel,
        group=basket.group,
        coupons=basket.coupons,
    )
    wishes = Wishes(
        delivery=basket.delivery,
        ship_to=basket.ship_to,
        tender=tender,
        location=LocationId(basket.location),
        charges=stated_charges(basket.charges, await unit.settings(), str(unit.ctx.actor)),
        facts=basket.facts,
    )
    check_wishes(held.lines, wishes)
    refused = tuple(sku_key(spelling(sku)) for sku in basket.refused_gifts)
    return await strike(unit, attrs.evolve(held, refused_gifts=refused), sold, wishes)


def check_wishes(lines: Sequence[CartLine], wishes: Wishes, cart_id: str = "") -> None:
    """Pass when there is something to sell, and an address where one is needed.

    Raises:
        EmptyCart, AddressNeeded: there isn't.
    """
    if not lines:
        raise EmptyCart(cart_id)
    if wishes.delivery and wishes.ship_to is None:
        raise AddressNeeded(wishes.delivery)


async def strike(unit: Unit, held: Contents, sold: Mapping[str, Sellable], wishes: Wishes) -> tuple[Bargain, Supply]:
    """The bargain for what is *held* in a cart or a basket, and the stock that is there for it.

    Raises:
        OutOfStock: naming everything that is short. UnknownLocation: there is no such location.
        NoPrice, CouponRefused: it can't be sold as it is.
        NoRate, UnknownMethod, MissingWeight: nothing delivers there. In all cases nothing was stored.
    """
    settings = await unit.settings()
    money = currency(settings.currency)
    demands = _demands(held, sold)
    customer, offers = str(held.customer or ""), await running(unit, held.coupons)
    shelf = await book(unit, [line.key for line in held.lines])
    counters = counters_of(offers, customer)
    if nth := _asks_for_number(held, wishes, offers, shelf):
        counters = sorted((*counters, orders_counter(customer)))
    places = list(places_of(demands, wishes.location).values())
    levels, *counts = await unit.read(Levels(places, unit.now), *map(Value, counters))
    supply = await supply_of(unit, demands, levels, location=wishes.location)
    today = await unit.today()
    offers = offers.counted(zip(counters, counts, strict=True))
    offers = offers.without(held.refused_gifts, Why.GIFT_REFUSED)
    number = offers.used[orders_counter(customer)] + 1 if nth else None
    ask = _question(unit, held, sold, wishes, offers, shelf, settings, today, number)
    stated = [ChargeLine.of(f"stated-{n}", each) for n, each in enumerate(wishes.charges, start=1)]
    priced = ask.price(*stated)
    if priced.gifts:
        gifts = await gifts_of(unit, priced.gifts, demands, wishes.location)
        held, sold, ask = _with(gifts, held, sold, ask)
        supply = await seek(unit, _demands(held, sold), location=wishes.location)
        priced = ask.price(*stated)
    rate = None
    if wishes.delivery and wishes.ship_to is not None:
        goods = sum(line.total for line in priced.lines)
        rate = await _rate(unit, sold, held.lines, wishes.delivery, wishes.ship_to, money, goods, ask.facts)
        priced = ask.price(*stated, _shipping_charge(rate))
    refuse(priced)
    lines = tuple(
        _line(line, sold[line.key], each, ask.gift_of.get(line.id, ""))
        for line, each in zip(held.lines, priced.lines, strict=True)
    )
    bargain = Bargain(
        customer=held.customer,
        channel=held.channel,
        currency=money,
        lines=lines,
        charges=tuple(_charge(each, lines) for each in priced.charges),
        wishes=wishes,
        uses=priced.uses,
        order_number=ask.order_number,
        policies=settings.policies,
        tax_date=today,
        grounds=grounds_of(priced, None if rate is None else _reason(rate)),
        delivery=None if rate is None else Delivery(rate.method, rate.name, rate.chargeable_grams, rate.cod),
    )
    return bargain, supply


def _demands(held: Contents, sold: Mapping[str, Sellable]) -> dict[str, int]:
    return explode(((line.key, line.quantity) for line in held.lines), sold)


async def _rate(
    unit: Unit,
    sold: Mapping[str, Sellable],
    lines: Sequence[CartLine],
    method: str,
    ship_to: Address,
    money: Currency,
    value: int,
    facts: Facts,
) -> Rate:
    goods = [_goods(line, sold[line.key]) for line in lines]
    consignment = Consignment.packed(Destination.of(ship_to), money, goods, value=value)
    return await rate_of(unit, method, consignment, facts)


def _goods(line: CartLine, sold: Sellable) -> Goods:
    return Goods(sold.sku, line.quantity * line.unit.per_step, sold.weight_grams, sold.dimensions)


def _reason(rate: Rate) -> Reason:
    return reason("checkout.delivery", None, rate.reason, method=rate.method)


@attrs.frozen
class _Question:
    """Everything that pricing asks for, gathered once: asked without delivery first, and then with it."""

    lines: Sequence[PriceLine]
    book: PriceBook
    promotions: Offers
    coupons: Sequence[str]
    facts: Facts
    tax: Callable[[str], Assessment]
    home_tax: Callable[[str], Assessment]
    """That which prices with tax were made for."""
    settings: Settings
    gift_of: Mapping[str, str] = attrs.field(factory=dict)
    """The promotion that gives a line, by the line's id."""
    order_number: int | None = None
    """Which order of the customer it would be, where a condition asks for it."""

    def price(self, *charges: ChargeLine) -> Priced:
        return price(
            self.lines,
            charges,
            book=self.book,
            promotions=self.promotions,
            coupons=self.coupons,
            facts=self.facts,
            tax=self.tax,
            home_tax=self.home_tax,
            settings=self.settings,
            currency=currency(self.settings.currency),
        )


def _asks_for_number(held: Contents, wishes: Wishes, offers: Offers, shelf: PriceBook) -> bool:
    """Whether a condition asks which order of the customer it is, and only the customer's counter can say."""
    told = {name for name, _ in wishes.facts}
    return held.customer is not None and not NUMBER_FACTS.isdisjoint((offers.asked | shelf.asked) - told)


def _question(
    unit: Unit,
    held: Contents,
    sold: Mapping[str, Sellable],
    wishes: Wishes,
    offers: Offers,
    shelf: PriceBook,
    settings: Settings,
    today: date,
    number: int | None,
) -> _Question:
    seller = SellerStatus.of(settings)
    destination = wishes.ship_to.country if wishes.ship_to else settings.country

    def tax(tax_class: str) -> Assessment:
        return assess(settings.country, tax_class, today, seller, destination=destination)

    def home_tax(tax_class: str) -> Assessment:
        return assess(settings.country, tax_class, today, seller)

    return _Question(
        lines=price_lines(held, sold),
        book=shelf,
        promotions=offers,
        coupons=held.coupons,
        facts=_facts(held, wishes, settings, unit.now, number),
        order_number=number,
        tax=tax,
        home_tax=home_tax,
        settings=settings,
    )


def _with(
    gifts: Gifts, held: Contents, sold: Mapping[str, Sellable], ask: _Question
) -> tuple[Contents, Mapping[str, Sellable], _Question]:
    """Contents, goods and question with *gifts* among them, and without those that can't be given."""
    lines = tuple(each.line for each in gifts.lines)
    given = attrs.evolve(held, lines=lines)
    asked = [attrs.evolve(line, gift=True) for line in price_lines(given, gifts.sold)]
    promotions = ask.promotions
    for sku, why in gifts.withheld.items():
        promotions = promotions.without((sku,), why)
    return (
        attrs.evolve(held, lines=held.lines + lines),
        {**sold, **gifts.sold},
        attrs.evolve(
            ask,
            lines=(*ask.lines, *asked),
            promotions=promotions,
            gift_of={each.line.id: each.promotion_id for each in gifts.lines},
        ),
    )


def _shipping_charge(rate: Rate) -> ChargeLine:
    return ChargeLine("shipping", ChargeKind.SHIPPING, rate.name, rate.amount.minor_units, rate.tax_class)


def _facts(held: Contents, wishes: Wishes, settings: Settings, now: datetime, number: int | None) -> Facts:
    """What the cart knows, and what was wished for with the quote."""
    known = cart_facts(held, now, settings.currency)
    if number is not None:
        known |= {"order_number": number, "first_order": number == 1}
    known |= dict(wishes.facts)
    if wishes.tender:
        known["tender"] = wishes.tender
    if wishes.delivery:
        known["delivery"] = wishes.delivery
    if wishes.ship_to:
        known |= place_facts(wishes.ship_to)
    return known


def _line(line: CartLine, sold: Sellable, priced: PricedLine, gift_of: str) -> QuoteLine:
    return QuoteLine(
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
    )


def _charge(priced: PricedCharge, lines: tuple[QuoteLine, ...]) -> QuoteCharge:
    charge = priced.charge
    return QuoteCharge(
        id=charge.id,
        kind=charge.kind,
        label=charge.label,
        amount=charge.amount,
        net=priced.net,
        total=priced.total,
        tax_class=charge.tax_class,
        refundable=charge.refundable,
        shares=spread(priced.total, [line.total for line in lines]),
        discounts=priced.discounts,
        taxes=priced.taxes,
        stated=charge.stated,
    )
