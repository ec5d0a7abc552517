"""Sending what has not left yet elsewhere: to another address or collection point, or by another delivery."""

from fractions import Fraction

from tokolib.catalog.model import Dimensions, Product
from tokolib.catalog.steps import owned
from tokolib.checkout.model import Delivery
from tokolib.checkout.refusing import collecting_refusal
from tokolib.kernel.address import Address
from tokolib.kernel.unit import Unit
from tokolib.orders.edits import Edit
from tokolib.orders.errors import NotEditable
from tokolib.orders.events import DestinationChanged
from tokolib.orders.lifecycle import check
from tokolib.orders.lines import OrderLine
from tokolib.orders.model import Order
from tokolib.orders.ports import ORDERS
from tokolib.payments.tenders import COD
from tokolib.shipping.points import error_of, unsuitable
from tokolib.shipping.steps import active
from tokolib.shipping.weight import Goods


async def redirect(unit: Unit, order: Order, wanted: Edit, reason: str) -> Order:
    """*order*, of which what has not left goes elsewhere: within the same tax territory, since its taxes stay.

    Raises:
        IllegalOrderTransition: it isn't placed. NotEditable: nowhere, to another territory, or all of it has left.
        UnknownMethod, PointNeeded, PointRefused: it can't travel like that.
        TenderRefused: cash is to be collected, and isn't there. Nothing was changed.
    """
    check(order, DestinationChanged, asked="orders.edit")
    if not wanted.add and not any(_travels(line) for line in order.lines):
        raise NotEditable(order.id, "nothing of it is still to be sent, so that no other address or delivery is of use")
    home, was = (await unit.settings()).country, order.goes_to
    ship_to = wanted.ship_to or order.ship_to
    delivery = await _delivery(unit, order, wanted, ship_to)
    there = ship_to if delivery is None else delivery.to(ship_to)
    if there is not None:
        _check_territory(order, (home, "") if was is None else (was.country, was.province), there)
    if (ship_to, delivery) == (order.ship_to, order.delivery):
        return order
    return unit[ORDERS].record(order, DestinationChanged(ship_to, delivery, reason))


async def _delivery(unit: Unit, order: Order, wanted: Edit, ship_to: Address | None) -> Delivery | None:
    """How the goods of *order* travel from now on: a point stays chosen as long as its delivery does."""
    was = order.delivery
    if not (wanted.delivery or wanted.point):
        return was
    code = wanted.delivery or (was.method if was is not None else "")
    if not code or ship_to is None:
        lacks = "an address: name ship_to=" if code else "a delivery that goes to it: name delivery="
        raise NotEditable(order.id, f"{code or (wanted.point and wanted.point.id)} needs {lacks}")
    method = await active(unit, code)
    kept = was.point if was is not None and was.method == method.id else None
    point = wanted.point or kept
    if because := unsuitable(method, point, await _goods(unit, order) if point else ()):
        raise error_of(because, method)
    cash = collecting_refusal(method, point, order.due)
    if cash is not None and order.tender == COD.name and order.due.minor_units > 0:
        raise cash.error
    return Delivery(method.id, method.terms.name, 0 if was is None else was.chargeable_grams, cash is None, point)


async def _goods(unit: Unit, order: Order) -> list[Goods]:
    """What of *order* is still to be sent: as heavy as it was sold, and as large as the catalogue says by now."""
    sent = [each for each in order.lines if _travels(each)]
    products = await owned(unit, sorted({each.key for each in sent}))
    return [
        Goods(
            each.line.sku,
            Fraction(len(each.open) * each.line.unit.per_step),
            each.line.weight_grams,
            _size(products.get(each.key), each.key),
        )
        for each in sent
    ]


def _travels(line: OrderLine) -> bool:
    """Whether some of it is still to be sent."""
    return bool(line.open) and not line.line.digital


def _size(product: Product | None, key: str) -> Dimensions | None:
    variant = None if product is None else product.variant(key)
    return None if variant is None else variant.dimensions


def _check_territory(order: Order, taxed: tuple[str, str], there: Address) -> None:
    """Pass where the taxes of *order*, which are those of a country and province, are those of *there* as well.

    Raises:
        NotEditable: it is in another country, or in another province and a provider has worked its taxes out.
    """
    country, province = taxed
    if country != there.country:
        raise NotEditable(order.id, f"its taxes are those of {country}, and the new address is in {there.country}")
    if order.tax_fact is not None and province != there.province:
        raise NotEditable(order.id, f"its taxes are those of {province}, and the new address is in {there.province}")
