"""Pricing what lies on the table for one delivery and one tender: the goods, then delivery and charges beside them.

What is reckoned from the goods is known when these are priced, so a bargain is priced twice where something stands
beside them; once more where a charge is reckoned from what discounts leave; and once more with the fee for collecting,
which is reckoned from all the rest.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import attrs

from tokolib.cart.facts import price_lines
from tokolib.cart.model import Contents
from tokolib.catalog.model import Sellable
from tokolib.checkout.errors import NothingTravels
from tokolib.checkout.gifts import Gifts, gifts_of
from tokolib.checkout.lines import QuoteLine
from tokolib.checkout.model import Wishes
from tokolib.checkout.refusing import Hindrance, tender_refusal, uncollected, unmet_refusal
from tokolib.checkout.sourcing import places_asked
from tokolib.checkout.table import Table, demands_of
from tokolib.conditions import Always, Facts, facts_asked, verdict
from tokolib.kernel.explain import reason
from tokolib.kernel.ids import MAIN_LOCATION
from tokolib.kernel.money import Currency, Money
from tokolib.kernel.rounding import RoundingMode, divide
from tokolib.kernel.unit import Unit
from tokolib.payments.tenders import COD
from tokolib.pricing.basis import with_tax
from tokolib.pricing.charges.facts import Standing, order_facts
from tokolib.pricing.charges.tariff import Charged, Courier, CourierFee, Situation, Unmet
from tokolib.pricing.facts import goods_facts
from tokolib.pricing.goods import TaxOf
from tokolib.pricing.model import ChargeKind, ChargeLine, PriceLine
from tokolib.pricing.price import price
from tokolib.pricing.priced import Priced, PricedLine
from tokolib.pricing.promotions.offers import Offers
from tokolib.shipping.errors import FeeNotOffered
from tokolib.shipping.model import Consignment, DeliveryMethod, Rate
from tokolib.shipping.places import Destination
from tokolib.shipping.points import CollectionPoint, unsuitable
from tokolib.shipping.points import error_of as point_error
from tokolib.shipping.rate import cod_fee, error_of, insurance
from tokolib.shipping.steps import ask as ask_methods
from tokolib.shipping.weight import Goods


@attrs.frozen
class Settled:
    """What lies on the table, priced for one delivery and one tender."""

    held: Contents
    """With the gifts."""
    sold: Mapping[str, Sellable]
    gift_of: Mapping[str, str]
    """The promotion that gives a line, by the line's id."""
    priced: Priced
    facts: Facts
    """All that is known of the order."""
    rate: Rate | None
    method: DeliveryMethod | None
    point: CollectionPoint | None
    hindrances: tuple[Hindrance, ...]
    collected: Money
    """What is to be paid, but for a fee for collecting it on delivery: what a courier's fee and its bounds go by."""
    depends_on_tender: bool
    offers: Offers
    """What it was offered: without the gifts that can't be given."""

    @property
    def cod_allowed(self) -> bool:
        """Whether the courier, where there is one, collects that on delivery."""
        return self.uncollected is None

    @property
    def uncollected(self) -> Hindrance | None:
        """Why nobody collects it on delivery; None where somebody does."""
        bought = [self.sold[line.key] for line in self.held.lines if line.id not in self.gift_of]
        return uncollected(bought, self.method, self.point, self.collected)


@attrs.frozen
class _Question:
    """Everything that pricing asks for."""

    table: Table
    wishes: Wishes
    lines: Sequence[PriceLine]
    offers: Offers
    known: Facts
    tax: TaxOf

    def price(self, *charges: ChargeLine) -> Priced:
        return price(
            self.lines,
            charges,
            book=self.table.book,
            promotions=self.offers,
            coupons=self.table.held.coupons,
            facts=self.known,
            tax=self.tax,
            home_tax=self.table.home_tax,
            told=self.table.told,
            settings=self.table.settings,
            currency=self.table.money,
        )

    def facts(self, priced: Priced) -> Facts:
        """All that is known of the order, once its goods are *priced*."""
        found = order_facts(
            self.known, goods_facts(self.lines), _standings(priced.lines, self.table.rules(self.wishes))
        )
        tender = self.wishes.tender
        return found | {"risk": self.table.acceptance.risk(tender, found).level.value} if tender else found


def standings(lines: Iterable[QuoteLine], tax: TaxOf | None) -> Iterator[Standing]:
    """What the goods of each of *lines* come to; taxes that no rule says were told of them."""
    return _standings(lines, tax)


def _standings(lines: Iterable[PricedLine | QuoteLine], tax: TaxOf | None) -> Iterator[Standing]:
    for each in lines:
        after = each.base - sum(discount.amount for discount in each.discounts)
        taxed = each.base if each.includes_tax else _taxed(each, after, tax)
        yield Standing(each.base, after, taxed, each.total)


def _taxed(line: PricedLine | QuoteLine, after: int, tax: TaxOf | None) -> int:
    """What *line*, of which discounts leave *after*, would come to with tax and without them."""
    if tax is None:
        told = sum(each.amount for each in line.taxes)
        return line.base + (divide(told * line.base, after, RoundingMode.HALF_UP) if after else 0)
    tax_class = line.line.tax_class if isinstance(line, PricedLine) else line.tax_class
    parts = [(share.base, share.tax_class) for share in line.shares] or [(line.base, tax_class)]
    return sum(with_tax(amount, tax(name)) for amount, name in parts)


async def settle(unit: Unit, table: Table, wishes: Wishes, method: DeliveryMethod | None) -> Settled:
    """The *table* priced for what is wished; *method* is the delivery that is wished for, where there is one."""
    stated = [ChargeLine.of(f"stated-{n}", each) for n, each in enumerate(wishes.charges, start=1)]
    lines = price_lines(table.held, table.sold)
    ask = _Question(table, wishes, lines, table.offers, table.facts(wishes), table.tax(wishes))
    held, sold, gifts = table.held, table.sold, Gifts()
    priced = ask.price(*stated)
    if priced.gifts:
        gifts = await _gifts(unit, ask, priced, sold)
        held = attrs.evolve(held, lines=held.lines + tuple(each.line for each in gifts.lines))
        sold = {**sold, **gifts.sold}
        ask = _with(gifts, ask)
        priced = ask.price(*stated)
    answer = await _sent(unit, ask, priced, _goods(held, sold), method)
    rate = answer if isinstance(answer, Rate) else None
    beside = [] if rate is None else [_shipping_charge(rate, held, sold, priced)]
    if rate is not None and table.tariff.rules and table.tariff.is_late:
        priced = ask.price(*stated, *beside)
    situation, tariff = _situation(ask, priced, method), table.tariff
    charged = Charged() if situation is None else tariff.charges(situation)
    beside.extend(charged.lines)
    if beside:
        priced = ask.price(*stated, *beside)
    collected = _collected(priced)
    fee = Charged() if situation is None else tariff.collecting(situation, collected)
    if fee.lines:
        priced = ask.price(*stated, *beside, *fee.lines)
    facts, unmet = _facts(ask, priced), tariff.unmet(wishes.beside, charged, fee)
    return Settled(
        held=held,
        sold=sold,
        gift_of={each.line.id: each.promotion_id for each in gifts.lines},
        priced=priced,
        facts=facts,
        rate=rate,
        method=method,
        point=wishes.point,
        hindrances=_hindrances(ask, answer, unmet, method, (priced.total, collected), facts),
        collected=Money(collected, table.money),
        depends_on_tender=not wishes.tender and _may_depend(table, facts),
        offers=ask.offers,
    )


async def _gifts(unit: Unit, ask: _Question, priced: Priced, sold: Mapping[str, Sellable]) -> Gifts:
    """What of the gifts that promotions offer can be given."""
    held, wishes = ask.table.held, ask.wishes
    bought = demands_of(held.lines, sold)
    places = list(dict.fromkeys((wishes.location, *places_asked(wishes, ask.table.settings, held.channel))))
    pool = MAIN_LOCATION if wishes.sourced else wishes.location
    return await gifts_of(unit, priced.gifts, bought, locations=places, pool=pool, channel=held.channel)


def _facts(ask: _Question, priced: Priced) -> Facts:
    """What is known of the order; all of it only where the shop's terms of payment ask for it."""
    asked = ask.table.acceptance.terms if ask.wishes.tender else _asks_for_tender(ask.table)
    return ask.facts(priced) if asked else ask.known


def _hindrances(
    ask: _Question,
    answer: Rate | Hindrance | None,
    unmet: Unmet,
    method: DeliveryMethod | None,
    sums: tuple[int, int],
    facts: Facts,
) -> tuple[Hindrance, ...]:
    """What is in the way of the order; *sums* are what it comes to, and what of it is collected on delivery."""
    tender, (total, collected) = ask.wishes.tender, sums
    found = (
        answer if isinstance(answer, Hindrance) else None,
        unmet_refusal(unmet),
        tender_refusal(ask.table, tender, total, facts) if tender else None,
        uncollected(ask.table.sold.values(), method, ask.wishes.point, Money(collected, ask.table.money))
        if tender == COD.name
        else None,
    )
    return tuple([each for each in found if each is not None])


async def _sent(
    unit: Unit, ask: _Question, priced: Priced, goods: Sequence[Goods], method: DeliveryMethod | None
) -> Rate | Hindrance | None:
    """What *method* asks for the *goods*, or why it can't be had; None where they are fetched."""
    place = ask.wishes.goes_to
    if method is None or place is None:
        return None
    if not goods:
        return Hindrance(reason("checkout.nothing_travels", method=method.id), NothingTravels(method.id))
    if because := unsuitable(method, ask.wishes.point, goods):
        return Hindrance(because, point_error(because, method))
    value = sum(line.total for line in priced.lines)
    sent = Consignment.packed(Destination.of(place), ask.table.money, goods, value=value)
    known = ask.known if isinstance(method.terms.conditions, Always) else ask.facts(priced)
    (answer,) = await ask_methods(unit, (method,), sent, known)
    return answer if isinstance(answer, Rate) else Hindrance(answer, error_of(answer, method, sent))


def _situation(ask: _Question, priced: Priced, method: DeliveryMethod | None) -> Situation | None:
    """What charge rules are asked in; None where there are none."""
    table = ask.table
    if not table.tariff.rules:
        return None
    courier = _courier(method, table.money)
    return Situation(ask.facts(priced), ask.lines, priced, table.money, ask.wishes.beside, courier)


def _collected(priced: Priced) -> int:
    """What is to be paid in all, but for a fee for collecting it that was stated by hand."""
    fees = (each.total for each in priced.charges if each.charge.kind is ChargeKind.COD_FEE)
    return priced.total - sum(fees)


def _courier(method: DeliveryMethod | None, money: Currency) -> Courier:
    def asks(kind: ChargeKind, amount: int) -> CourierFee | None:
        if method is None or method.terms.currency != money:
            return None
        try:
            fee = (cod_fee if kind is ChargeKind.COD_FEE else insurance)(method, Money(amount, money))
        except FeeNotOffered:
            return None
        return None if fee is None else CourierFee(fee.amount.minor_units, fee.reason)

    return asks


def _asks_for_tender(table: Table) -> bool:
    return any("tender" in asked for asked in (table.offers.asked, table.book.asked, table.tariff.asked))


def _may_depend(table: Table, facts: Facts) -> bool:
    """Whether some tender might make it cost something else: what asks for one isn't ruled out by the other facts."""
    if not _asks_for_tender(table):
        return False
    predicates = [each.terms.conditions for each in (*table.offers.rules.promotions, *table.offers.given)]
    predicates += [each.conditions for each in table.book.lists]
    open_ones = (each for each in predicates if "tender" in facts_asked(each))
    return table.tariff.may_depend_on("tender", facts) or any(verdict(each, facts) is not False for each in open_ones)


def _with(gifts: Gifts, ask: _Question) -> _Question:
    """The question with *gifts* among its lines, and without those that can't be given."""
    given = attrs.evolve(ask.table.held, lines=tuple(each.line for each in gifts.lines))
    asked = [attrs.evolve(line, gift=True) for line in price_lines(given, gifts.sold)]
    return attrs.evolve(ask, lines=(*ask.lines, *asked), offers=ask.offers.without(*gifts.withheld))


def _goods(held: Contents, sold: Mapping[str, Sellable]) -> list[Goods]:
    """What has a body of what is *held*."""
    goods = ((sold[line.key], line.quantity * line.unit.per_step) for line in held.lines)
    return [Goods(one.sku, units, one.weight_grams, one.dimensions) for one, units in goods if not one.digital]


def _shipping_charge(rate: Rate, held: Contents, sold: Mapping[str, Sellable], priced: Priced) -> ChargeLine:
    """What delivery costs, for the goods that are sent: where some have no body, these bear nothing of it."""
    amount = rate.amount.minor_units
    digital = {line.id for line in held.lines if sold[line.key].digital}
    sent = tuple((each.line.id, each.total) for each in priced.lines if digital and each.line.id not in digital)
    return ChargeLine("shipping", ChargeKind.SHIPPING, rate.name, amount, rate.tax_class, weights=sent)
