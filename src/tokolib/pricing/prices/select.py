"""Which price a line goes by: the winning list and tier, and why the other lists lost."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

import attrs

from tokolib.conditions import Always, Facts, facts_asked, holds, why_not
from tokolib.kernel.ids import PriceListId
from tokolib.kernel.money import Currency, UnitPrice
from tokolib.kernel.numbers import EXACT
from tokolib.pricing.facts import groups, instant, text, units
from tokolib.pricing.lost import Lost, Why, outside
from tokolib.pricing.model import PriceLine
from tokolib.pricing.prices.model import Price, PriceList

NONE: Final = Decimal(0)


@attrs.frozen
class Choice:
    """The price that a line goes by, and the lists that lost. A stated price or a gift has no list."""

    price: UnitPrice
    includes_tax: bool
    list_id: PriceListId | None = None
    list_name: str = ""
    tier: Decimal | None = None
    """The quantity from which this tier holds; None for the list's plain price."""
    compare_at: UnitPrice | None = None
    lost: tuple[Lost, ...] = ()
    minimum: UnitPrice | None = None
    """The floor that no discount pierces."""


@attrs.frozen
class PriceBook:
    """The lists of one currency and their prices for some SKUs: all that choosing a price needs."""

    lists: tuple[PriceList, ...] = ()
    prices: tuple[Price, ...] = ()
    by_place: Mapping[tuple[str, str], Price] = attrs.field(init=False, eq=False, repr=False)
    tiered: frozenset[str] = attrs.field(init=False, eq=False, repr=False)

    @property
    def asked(self) -> frozenset[str]:
        """The facts that the conditions of its lists ask for."""
        return frozenset().union(*(facts_asked(each.conditions) for each in self.lists))

    def __attrs_post_init__(self) -> None:
        places = {(price.list_id, price.key): price for price in self.prices if not price.withdrawn}
        object.__setattr__(self, "by_place", places)
        object.__setattr__(self, "tiered", frozenset(price.key for price in self.prices if price.tiers))


@attrs.frozen
class SortedLists:
    """The lists of a book that apply to a cart, best first, and the others with why they don't."""

    lists: tuple[PriceList, ...]
    lost: tuple[Lost, ...]


def sorted_out(book: PriceBook, facts: Facts, currency: Currency, zone: str) -> SortedLists:
    """The lists that apply under *facts*, in the order in which they are asked for a price.

    Dates are told in *zone*, the shop's.
    """
    applying, lost = [], []
    for price_list in sorted(book.lists, key=_rank):
        if (refusal := _refusal(price_list, facts, currency, zone)) is None:
            applying.append(price_list)
        else:
            lost.append(refusal)
    return SortedLists(tuple(applying), tuple(lost))


def _rank(price_list: PriceList) -> tuple[int, int, str]:
    specific = (price_list.channel != "") + (price_list.customer_group != "")
    return -price_list.priority, -specific, price_list.id


def _refusal(price_list: PriceList, facts: Facts, currency: Currency, zone: str) -> Lost | None:
    name = price_list.name
    if not price_list.active:
        return Lost(name, Why.STOPPED)
    if price_list.currency != currency.code:
        return Lost(name, Why.CURRENCY, price_list.currency)
    if (late := outside(price_list.since, price_list.until, instant(facts))) is not None:
        return late.lost(name, zone)
    if price_list.channel and price_list.channel != text(facts, "channel"):
        return Lost(name, Why.CHANNEL, price_list.channel)
    if price_list.customer_group and price_list.customer_group not in groups(facts):
        return Lost(name, Why.CUSTOMER_GROUP, price_list.customer_group)
    if isinstance(price_list.conditions, Always) or holds(price_list.conditions, facts):
        return None
    return Lost(name, Why.CONDITIONS, "", why_not(price_list.conditions, facts))


def choose(
    line: PriceLine, bought: Decimal, book: PriceBook, found: SortedLists, *, includes_tax: bool
) -> Choice | None:
    """The price of *line* by the first list that has one; None when no list has.

    *bought* is the quantity, in units of measure, that tiers go by: that of all lines of the SKU that pay a
    list's price, so that two lines cost what one line of both would.
    """
    lost: list[Lost] = []
    for position, price_list in enumerate(found.lists):
        price = book.by_place.get((price_list.id, line.key))
        if price is None:
            lost.append(Lost(price_list.name, Why.NO_PRICE))
            continue
        lost.extend(
            Lost(other.name, _later(book, other, line), price_list.name) for other in found.lists[position + 1 :]
        )
        tax = price_list.includes_tax
        amount, tier = tier_of(price, bought) if price.tiers else (price.price, None)
        return Choice(
            amount,
            includes_tax if tax is None else tax,
            price_list.id,
            price_list.name,
            tier,
            price.compare_at,
            (*lost, *found.lost),
        )
    return None


def _later(book: PriceBook, other: PriceList, line: PriceLine) -> Why:
    return Why.PRIORITY if (other.id, line.key) in book.by_place else Why.NO_PRICE


def tier_of(price: Price, bought: Decimal) -> tuple[UnitPrice, Decimal | None]:
    """The unit price at a quantity, with the tier that gives it."""
    for tier in reversed(price.tiers):
        if bought >= tier.from_quantity:
            return tier.price, tier.from_quantity
    return price.price, None


def pooled(lines: Sequence[PriceLine], book: PriceBook) -> dict[str, Decimal]:
    """The quantity of each SKU that has tiers, over all lines that pay a list's price, in units of measure."""
    pools: dict[str, Decimal] = {}
    for line in lines if book.tiered else ():
        if line.key in book.tiered and line.stated is None and not line.gift:
            pools[line.key] = EXACT.add(pools.get(line.key, NONE), units(line))
    return pools
