"""Taking orders over, as steps on an open unit."""

from tokolib.catalog.model import Sellable
from tokolib.catalog.sku import key as sku_key
from tokolib.catalog.steps import sellables
from tokolib.checkout.grounds import ChargeGrounds, Grounds, LineGrounds, TaxGrounds
from tokolib.checkout.model import Bargain, Delivery, Struck, Wishes
from tokolib.checkout.situations import situation_of
from tokolib.effects.ports import Observe
from tokolib.kernel.clock import zone
from tokolib.kernel.ids import ForeignOrderId, LineId, LocationId
from tokolib.kernel.settings import Settings
from tokolib.kernel.unit import Unit
from tokolib.orders.foreign.events import OrderTakenOver
from tokolib.orders.foreign.maths import Law, charge_of, difference_of, figures_of, line_of
from tokolib.orders.foreign.model import ForeignOrder, TakenOver
from tokolib.orders.foreign.ports import FOREIGN_ORDERS
from tokolib.orders.model import Order
from tokolib.payments.ports import INTENTS
from tokolib.payments.steps import claim_reference
from tokolib.payments.words import receipt
from tokolib.pricing.model import ChargeKind
from tokolib.tax.model import STANDARD
from tokolib.tax.rules import assess_sale


async def struck(unit: Unit, foreign: ForeignOrder, location: LocationId, digest: str) -> Struck:
    """The bargain that was struck elsewhere, with its figures as they are stated there.

    Raises:
        UnknownSku, NotForSale, InvalidQuantity, CurrencyNotAccepted: nothing was stored.
    """
    settings = await unit.settings()
    settings.money(foreign.total.currency.code)
    sold = await sellables(unit, [line.sku for line in foreign.lines])
    goods = [sold[sku_key(line.sku)] for line in foreign.lines]
    wishes = Wishes(ship_to=foreign.ship_to, point=foreign.point, location=location, delivery=foreign.delivery)
    law = _law(settings, wishes, foreign, goods)
    actor = str(unit.ctx.actor)
    lines = tuple(
        line_of(LineId(unit.new_id("lin")), line, one, foreign, law, actor)
        for line, one in zip(foreign.lines, goods, strict=True)
    )
    charges = [charge_of(at, each, lines, foreign, law, actor) for at, each in enumerate(foreign.charges, start=1)]
    if (rest := difference_of(lines, charges, foreign, actor)) is not None:
        charges.append(rest)
    grounds = Grounds(
        lines=tuple([LineGrounds(categories=one.categories, tags=one.tags) for one in goods]),
        charges=tuple([ChargeGrounds() for _ in charges]),
        taxes=tuple(TaxGrounds(name, found) for name, found in law.items()),
        prices_include_tax=foreign.prices_include_tax,
    )
    bargain = Bargain(
        customer=foreign.customer,
        channel=foreign.source,
        currency=foreign.total.currency,
        lines=lines,
        charges=tuple(charges),
        wishes=wishes,
        uses=(),
        policies=settings.policies,
        tax_date=foreign.ordered_at.astimezone(zone(settings.zone)).date(),
        grounds=grounds,
        delivery=Delivery(foreign.delivery, foreign.delivery, point=foreign.point) if foreign.delivery else None,
    )
    return Struck(bargain, digest)


def _law(settings: Settings, wishes: Wishes, foreign: ForeignOrder, goods: list[Sellable]) -> Law:
    """What the rules say of each tax class on the day of the order."""
    situation = situation_of(settings, wishes)
    day = foreign.ordered_at.astimezone(zone(settings.zone)).date()
    return {name: assess_sale(situation, name, day) for name in sorted({STANDARD, *(one.tax_class for one in goods)})}


async def keep(unit: Unit, foreign: ForeignOrder, order: Order, digest: str) -> TakenOver:
    """What was taken over, every figure beside ours, for good."""
    lines, charges = order.agreed
    settings = await unit.settings()
    sold = await sellables(unit, [line.sku for line in lines], problems=True)
    wishes = Wishes(ship_to=foreign.ship_to, point=foreign.point)
    law = _law(settings, wishes, foreign, list(sold.values()))
    rest = sum(each.total for each in charges if each.kind is ChargeKind.DIFFERENCE)
    made = TakenOver(
        id=ForeignOrderId(unit.new_id("fgn")),
        version=1,
        source=foreign.source,
        number=foreign.number,
        hash=digest,
        order_id=order.id,
        currency=order.currency,
        total=foreign.total.minor_units,
        difference=rest,
        figures=tuple(figures_of(foreign, lines, charges, law)),
        taken_over_at=unit.now,
    )
    told = OrderTakenOver(made.id, made.order_id, made.source, made.number, made.total, made.difference)
    return unit[FOREIGN_ORDERS].keep(made, told)


async def paid(unit: Unit, foreign: ForeignOrder, order: Order, observe: Observe) -> None:
    """What the customer paid there has come, by the order's tender, under the number that it has there."""
    intent = await unit[INTENTS].get(order.intent_id)
    due = intent.asked(unit.now)
    if due.minor_units <= 0:
        return
    named = f"{foreign.source}/{foreign.number}"
    word = receipt(intent, due, order.tender, named, at=unit.now, actor=unit.ctx.actor)
    await claim_reference(unit, intent, order.tender, named)
    await observe(unit, word)


async def taken_over(unit: Unit, source: str, number: str) -> TakenOver | None:
    """What was taken over of that number, if it was."""
    equals = {"source": source, "number": number}
    page = await unit[FOREIGN_ORDERS].where("by_number", equals=equals, limit=1)
    return page.items[0] if page.items else None
