"""The table that a bargain is struck at: all that is read for it, once, whatever delivery and tender are chosen."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Final

import attrs

from tokolib.cart.facts import cart_facts, place_facts
from tokolib.cart.model import CartLine, Contents
from tokolib.catalog.model import Sellable
from tokolib.checkout.model import Wishes
from tokolib.checkout.providing import Provided
from tokolib.checkout.situations import exactly, situation_of
from tokolib.checkout.sourcing import Sourced, places_asked, resources_asked, sourced
from tokolib.checkout.wanted import Wanted
from tokolib.conditions import Facts, facts_asked
from tokolib.inventory.demand import explode
from tokolib.kernel.asks import Levels, Value
from tokolib.kernel.money import Currency, currency
from tokolib.kernel.settings import Settings
from tokolib.kernel.unit import Unit
from tokolib.payments.accepting.steps import acceptance
from tokolib.payments.accepting.verdict import Acceptance
from tokolib.pricing.charges.steps import tariff
from tokolib.pricing.charges.tariff import Tariff
from tokolib.pricing.lost import Why, Withheld
from tokolib.pricing.outside import Told
from tokolib.pricing.prices.book import PriceBook
from tokolib.pricing.prices.steps import book
from tokolib.pricing.promotions.offers import Offers
from tokolib.pricing.promotions.steps import counters_of, running
from tokolib.pricing.promotions.uses import orders_counter
from tokolib.shipping.model import DeliveryMethod
from tokolib.tax.estimates import RequestLine, TaxRequest
from tokolib.tax.model import Assessment
from tokolib.tax.rules import assess, assess_sale, has_rules
from tokolib.tax.situation import SellerStatus

NUMBER_FACTS: Final = frozenset({"order_number", "first_order"})
"""Facts about the orders that a customer has placed before."""


@attrs.frozen
class Table:
    """What a bargain rests on beside what is wished for."""

    held: Contents
    sold: Mapping[str, Sellable]
    settings: Settings
    now: datetime
    today: date
    book: PriceBook
    offers: Offers
    tariff: Tariff
    acceptance: Acceptance
    order_number: int | None
    """Which order of the customer it would be, where a condition asks for it."""
    provided: Provided | None = None
    """Who works the taxes out, where it isn't the shop's own tables."""

    def taxed_by(self, provided: Provided | None, wishes: Wishes) -> "Table":
        """The same table with the taxes of whoever is *provided*, where these are for the place that goods go to."""
        if provided is None or not provided.is_for(_destination(self.settings, wishes), self.settings.country):
            return self
        return attrs.evolve(self, provided=provided)

    @property
    def money(self) -> Currency:
        """The currency that it is priced in."""
        return currency(self.held.currency)

    def facts(self, wishes: Wishes) -> Facts:
        """What the cart knows, and what is wished for."""
        known = cart_facts(self.held, self.now)
        if self.order_number is not None:
            known |= {"order_number": self.order_number, "first_order": self.order_number == 1}
        known |= dict(wishes.facts)
        if wishes.tender:
            known["tender"] = wishes.tender
        if wishes.delivery:
            known["delivery"] = wishes.delivery
        if wishes.goes_to:
            known |= place_facts(wishes.goes_to)
        return known

    def tax(self, wishes: Wishes) -> Callable[[str], Assessment]:
        """What the rules say about a tax class where the goods go; nothing, where somebody outside says it."""
        if self.provided is not None:
            return self.provided.assessment
        situation = situation_of(self.settings, wishes)

        def tax(tax_class: str) -> Assessment:
            return assess_sale(situation, tax_class, self.today)

        return tax

    def rules(self, wishes: Wishes) -> Callable[[str], Assessment] | None:
        """The same; None, where somebody outside says it."""
        return None if self.provided is not None else self.tax(wishes)

    def home_tax(self, tax_class: str) -> Assessment:
        """What the rules say about a tax class at home, which prices with tax were made for."""
        home = self.settings.country
        if self.provided is not None and not has_rules(home):
            return self.provided.assessment(tax_class)
        return assess(home, tax_class, self.today, SellerStatus.of(self.settings))

    @property
    def told(self) -> Told | None:
        """The taxes that were told so far; None where the shop's own tables say them."""
        return None if self.provided is None else self.provided.told

    def request(self, wishes: Wishes, asked: tuple[RequestLine, ...]) -> TaxRequest:
        """What somebody outside is to be asked: the taxes of *asked*, all together."""
        situation = exactly(situation_of(self.settings, wishes), wishes.goes_to)
        return TaxRequest(lines=asked, currency=self.held.currency, on=self.today, situation=situation)


def _destination(settings: Settings, wishes: Wishes) -> str:
    return wishes.goes_to.country if wishes.goes_to else settings.country


async def laid(
    unit: Unit, held: Contents, sold: Mapping[str, Sellable], wishes: Wishes, methods: Sequence[DeliveryMethod]
) -> Table:
    """The table for what is *held*, that any of *methods* may deliver; stock is not looked at.

    Raises:
        what reading it raises; nothing was stored.
    """
    table, counters = await _laid(unit, held, sold, wishes, methods)
    counts = await unit.read(*map(Value, counters)) if counters else ()
    return _counted(table, counters, counts)


async def laid_with_stock(
    unit: Unit, held: Contents, sold: Mapping[str, Sellable], wishes: Wishes, methods: Sequence[DeliveryMethod]
) -> tuple[Table, Sourced]:
    """The table for what is *held*, and the stock that is there for it, looked at in the same read as the counters.

    Raises:
        OutOfStock: naming everything that is short. UnknownLocation: there is no such location. WeightMissing.
    """
    table, counters = await _laid(unit, held, sold, wishes, methods)
    lines = Wanted.of_cart(held.lines, sold)
    places = places_asked(wishes, table.settings, held.channel)
    asked = Levels(resources_asked(lines, places), unit.now)
    levels, *counts = await unit.read(asked, *map(Value, counters))
    found = await sourced(unit, lines, levels, wishes, table.settings, held.channel)
    return _counted(table, counters, counts), found


async def _laid(
    unit: Unit, held: Contents, sold: Mapping[str, Sellable], wishes: Wishes, methods: Sequence[DeliveryMethod]
) -> tuple[Table, list[str]]:
    settings = await unit.settings()
    customer, offers = str(held.customer or ""), await running(unit, held.coupons)
    parts = [part.sku for line in held.lines for part in sold[line.key].parts if part.weight is None]
    shelf = await book(unit, [*(line.key for line in held.lines), *parts], held.currency)
    rules, accepted = (await tariff(unit)).in_currency(held.currency), await acceptance(unit)
    table = Table(held, sold, settings, unit.now, await unit.today(), shelf, offers, rules, accepted, None)
    counters = counters_of(offers, customer)
    if _asks_for_number(table, wishes, methods):
        counters = sorted((*counters, orders_counter(customer)))
    return table, counters


def _asks_for_number(table: Table, wishes: Wishes, methods: Sequence[DeliveryMethod]) -> bool:
    """Whether a condition asks which order of the customer it is, and only the customer's counter can say."""
    if table.held.customer is None:
        return False
    asked = table.offers.asked | table.book.asked | table.tariff.asked | table.acceptance.asked
    asked = asked.union(*(facts_asked(each.terms.conditions) for each in methods))
    return not NUMBER_FACTS.isdisjoint(asked - {name for name, _ in wishes.facts})


def _counted(table: Table, counters: Sequence[str], counts: Sequence[int]) -> Table:
    offers = table.offers.counted(zip(counters, counts, strict=True))
    offers = offers.without(*[Withheld(sku, Why.GIFT_REFUSED) for sku in table.held.refused_gifts])
    own = orders_counter(str(table.held.customer or ""))
    return attrs.evolve(table, offers=offers, order_number=offers.used[own] + 1 if own in counters else None)


def demands_of(lines: Sequence[CartLine], sold: Mapping[str, Sellable]) -> dict[str, int]:
    """What *lines* take from stock, in steps by SKU key."""
    return explode(((line.key, line.quantity) for line in lines), sold)
