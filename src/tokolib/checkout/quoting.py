"""Making a quote: every fact is gathered on an open unit, and one pure function prices them.

Nothing here calls out: a courier's live rate would be fetched before the unit opened, and stand on the quote as
a fact with its source.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta

import attrs

from tokolib.cart.errors import CartClosed
from tokolib.cart.facts import cart_facts, price_lines
from tokolib.cart.model import Cart, CartLine, CartStatus
from tokolib.cart.ports import CARTS
from tokolib.catalog.model import Sellable
from tokolib.catalog.steps import sellables
from tokolib.checkout.errors import AddressNeeded, EmptyCart, QuoteChanged, QuoteExpired
from tokolib.checkout.events import QuoteMade
from tokolib.checkout.model import Delivery, Quote, QuoteCharge, QuoteLine, Wishes, agreed, differences
from tokolib.checkout.ports import QUOTES
from tokolib.checkout.wished import rewished
from tokolib.conditions import Facts
from tokolib.inventory.availability import check_available
from tokolib.inventory.demand import explode
from tokolib.kernel.address import Address
from tokolib.kernel.clock import zone
from tokolib.kernel.explain import Reason, reason
from tokolib.kernel.ids import CartId, QuoteId
from tokolib.kernel.money import Currency, currency
from tokolib.kernel.settings import PlacementPolicy, Settings
from tokolib.kernel.spread import spread
from tokolib.kernel.unit import Unit
from tokolib.pricing.eligible import Offers
from tokolib.pricing.model import ChargeKind, ChargeLine, PriceLine
from tokolib.pricing.price import price
from tokolib.pricing.priced import Priced, PricedCharge
from tokolib.pricing.problems import refuse
from tokolib.pricing.select import PriceBook
from tokolib.pricing.steps import book, running_promotions, with_limits
from tokolib.shipping.model import Consignment, Rate
from tokolib.shipping.places import Destination
from tokolib.shipping.steps import rate as rate_of
from tokolib.shipping.weight import Goods
from tokolib.tax.model import Assessment, SellerStatus
from tokolib.tax.rules import assess, next_change


async def make(unit: Unit, cart_id: CartId, wishes: Wishes) -> Quote:
    """A new quote for a cart, stored.

    Raises:
        CartClosed: it was ordered already, has expired, or was merged.
        EmptyCart, AddressNeeded, UnknownSku, NotForSale, NoPrice, CouponRefused: it can't be sold as it is.
        OutOfStock: naming everything that is short. UnknownLocation: there is no such location.
        NoRate: nothing delivers there. In all cases nothing was stored.
    """
    quote = await compute(unit, cart_id, wishes, QuoteId(unit.new_id("quo")))
    announced = QuoteMade(quote.id, quote.cart_id, quote.hash, quote.total.minor_units)
    return unit[QUOTES].keep(quote, announced)


async def compute(unit: Unit, cart_id: CartId, wishes: Wishes, id: QuoteId) -> Quote:
    """The quote that a cart gets now, not stored."""
    cart, settings = await unit[CARTS].get(cart_id), await unit.settings()
    _check_open(cart)
    if not cart.lines:
        raise EmptyCart(cart.id)
    if wishes.delivery and wishes.ship_to is None:
        raise AddressNeeded(wishes.delivery)
    sold = await sellables(unit, [line.sku for line in cart.lines])
    await _check_stock(unit, cart, sold, wishes)
    money = currency(settings.currency)
    ask = await _question(unit, cart, sold, wishes, settings)
    stated = [ChargeLine.of(f"stated-{n}", each) for n, each in enumerate(wishes.charges, start=1)]
    priced = ask.price(*stated)
    rate = None
    if wishes.delivery and wishes.ship_to is not None:
        goods = sum(line.total for line in priced.lines)
        rate = await _rate(unit, sold, cart, wishes, wishes.ship_to, money, goods, ask.facts)
        priced = ask.price(*stated, _shipping_charge(rate))
    refuse(priced)
    lines = _lines(cart, sold, priced)
    charges = tuple(_charge(each, lines) for each in priced.charges)
    today = await unit.today()
    return Quote(
        id=id,
        version=1,
        cart_id=cart.id,
        customer=cart.customer,
        channel=cart.channel,
        currency=money,
        lines=lines,
        charges=charges,
        wishes=wishes,
        coupons=priced.coupons,
        policies=settings.policies,
        tax_date=today,
        made_at=unit.now,
        valid_until=_valid_until(unit.now, settings),
        hash=agreed(lines, charges, wishes, money),
        reason=_reason(priced, rate),
        delivery=Delivery(rate.method, rate.name, rate.chargeable_grams, rate.cod) if rate else None,
    )


def _check_open(cart: Cart) -> None:
    if cart.status not in (CartStatus.OPEN, CartStatus.ABANDONED):
        raise CartClosed(cart.id, cart.status, "ordering it")


async def _check_stock(unit: Unit, cart: Cart, sold: Mapping[str, Sellable], wishes: Wishes) -> None:
    demands = explode(((line.key, line.quantity) for line in cart.lines), sold)
    await check_available(unit, demands, location=wishes.location)


async def _rate(
    unit: Unit,
    sold: Mapping[str, Sellable],
    cart: Cart,
    wishes: Wishes,
    ship_to: Address,
    money: Currency,
    value: int,
    facts: Facts,
) -> Rate:
    goods = [_goods(line, sold[line.key]) for line in cart.lines]
    consignment = Consignment.packed(Destination.of(ship_to), money, goods, value=value)
    return await rate_of(unit, wishes.delivery, consignment, facts)


def _goods(line: CartLine, sold: Sellable) -> Goods:
    return Goods(sold.sku, line.quantity * line.unit.per_step, sold.weight_grams, sold.dimensions)


@attrs.frozen
class _Question:
    """Everything that pricing asks for, gathered once: asked without delivery first, and then with it."""

    lines: Sequence[PriceLine]
    book: PriceBook
    promotions: Offers
    coupons: Sequence[str]
    facts: Facts
    tax: Callable[[str], Assessment]
    settings: Settings

    def price(self, *charges: ChargeLine) -> Priced:
        return price(
            self.lines,
            charges,
            book=self.book,
            promotions=self.promotions,
            coupons=self.coupons,
            facts=self.facts,
            tax=self.tax,
            settings=self.settings,
            currency=currency(self.settings.currency),
        )


async def _question(
    unit: Unit, cart: Cart, sold: Mapping[str, Sellable], wishes: Wishes, settings: Settings
) -> _Question:
    today, seller = await unit.today(), SellerStatus.of(settings)
    destination = wishes.ship_to.country if wishes.ship_to else settings.country

    def tax(tax_class: str) -> Assessment:
        return assess(settings.country, tax_class, today, seller, destination=destination)

    return _Question(
        lines=price_lines(cart, sold),
        book=await book(unit, [line.key for line in cart.lines]),
        promotions=await running_promotions(unit, cart.coupons, str(cart.customer or "")),
        coupons=cart.coupons,
        facts=_facts(cart, wishes, settings, unit.now),
        tax=tax,
        settings=settings,
    )


def _shipping_charge(rate: Rate) -> ChargeLine:
    return ChargeLine("shipping", ChargeKind.SHIPPING, rate.name, rate.amount.minor_units, rate.tax_class)


def _facts(cart: Cart, wishes: Wishes, settings: Settings, now: datetime) -> Facts:
    """What the cart knows, and what was wished for with the quote."""
    known = cart_facts(cart, now, settings.currency) | dict(wishes.facts)
    if wishes.tender:
        known["tender"] = wishes.tender
    if wishes.ship_to:
        place = wishes.ship_to
        known |= {"country": place.country, "province": place.province, "city": place.city}
    return known


def _lines(cart: Cart, sold: Mapping[str, Sellable], priced: Priced) -> tuple[QuoteLine, ...]:
    by_id = {each.line.id: each for each in priced.lines}
    return tuple(
        QuoteLine(
            id=line.id,
            key=line.key,
            sku=sold[line.key].sku,
            name=sold[line.key].name,
            product_id=sold[line.key].product_id,
            steps=line.quantity,
            unit=line.unit,
            unit_price=by_id[line.id].unit_price,
            base=by_id[line.id].base,
            net=by_id[line.id].net,
            total=by_id[line.id].total,
            tax_class=sold[line.key].tax_class,
            includes_tax=by_id[line.id].includes_tax,
            discounts=by_id[line.id].discounts,
            taxes=by_id[line.id].taxes,
            components=sold[line.key].components,
            stated=line.stated,
            weight_grams=sold[line.key].weight_grams,
        )
        for line in cart.lines
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


def _valid_until(now: datetime, settings: Settings) -> datetime:
    """As long as the shop promises, but never into a day on which a tax rule or the seller's status changes."""
    until = now + timedelta(minutes=settings.quote_minutes)
    home = zone(settings.zone)
    today = now.astimezone(home).date()
    days = (next_change(settings.country, today), settings.pkp_since, settings.pkp_until)
    changes = [datetime.combine(each, time(), home).astimezone(UTC) for each in days if each and each > today]
    return min((until, *changes))


def _reason(priced: Priced, rate: Rate | None) -> Reason:
    if rate is None:
        return priced.reason
    delivery = reason("checkout.delivery", None, rate.reason, method=rate.method)
    return attrs.evolve(priced.reason, children=(*priced.reason.children, delivery))


async def accepted(unit: Unit, quote_id: QuoteId) -> Quote:
    """The stored quote, checked anew as the shop's policy says, so that an order can be made of it.

    Where prices are frozen, the goods and coupons must still be the cart's.
    The order belongs to whom the cart belongs to now, and its coupons count against the limits that hold now.

    Raises:
        QuoteExpired, QuoteChanged: the customer has to agree again.
        CartClosed: an order was made of the cart already. Nothing was stored.
    """
    quote, settings = await unit[QUOTES].get(quote_id), await unit.settings()
    if unit.now >= quote.valid_until:
        raise QuoteExpired(quote.id, quote.valid_until.isoformat())
    cart = await unit[CARTS].get(quote.cart_id)
    if settings.policies.placement is PlacementPolicy.FROZEN:
        _check_open(cart)
        if changed := rewished(quote, cart):
            raise QuoteChanged(quote.id, tuple(map(str, changed)))
    else:
        now = await compute(unit, cart.id, quote.wishes, quote.id)
        if now.hash != quote.hash:
            raise QuoteChanged(quote.id, tuple(str(each) for each in differences(quote, now)))
    return attrs.evolve(quote, customer=cart.customer, coupons=await with_limits(unit, quote.coupons))
