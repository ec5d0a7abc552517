"""Which price a line goes by: the winning list and tier, and why the other lists lost."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final

import attrs

from tokolib.conditions import Always, Facts, holds, why_not
from tokolib.kernel.money import Currency
from tokolib.kernel.quick import quick
from tokolib.kernel.unit_price import UnitPrice
from tokolib.pricing.facts import groups, instant, text, units
from tokolib.pricing.lost import Lost, Why, outside
from tokolib.pricing.model import PriceLine, TierMode
from tokolib.pricing.prices.book import Choice, PriceBook
from tokolib.pricing.prices.model import Price, PriceList
from tokolib.pricing.prices.tiers import NOWHERE, Band, Reach, bands_of, reaches, tier_of


@attrs.frozen
class SortedLists:
    """The lists of a book that apply to a cart, best first, and the others with why they don't."""

    lists: tuple[PriceList, ...]
    lost: tuple[Lost, ...]
    single: PriceList | None = None
    """The only list that applies, where it is derived from no other."""


def sorted_out(book: PriceBook, facts: Facts, currency: Currency, zone: str) -> SortedLists:
    """The lists that apply under *facts*, in the order in which they are asked for a price.

    Dates are told in *zone*, the shop's.
    """
    applying, lost = [], []
    for price_list in sorted((*book.lists, *book.others), key=_rank):
        if (refusal := _refusal(price_list, facts, currency, zone)) is None:
            applying.append(price_list)
        else:
            lost.append(refusal)
    single = applying[0] if len(applying) == 1 and applying[0].derived is None else None
    return SortedLists(tuple(applying), tuple(lost), single)


def _rank(price_list: PriceList) -> tuple[int, int, str]:
    specific = (price_list.channel != "") + (price_list.customer_group != "") + (price_list.countries != ())
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
    if price_list.countries and text(facts, "country") not in price_list.countries:
        return Lost(name, Why.COUNTRY, ", ".join(price_list.countries))
    if isinstance(price_list.conditions, Always) or holds(price_list.conditions, facts):
        return None
    return Lost(name, Why.CONDITIONS, "", why_not(price_list.conditions, facts))


def chosen(
    lines: Sequence[PriceLine], book: PriceBook, found: SortedLists, currency: Currency, *, includes_tax: bool
) -> list[Choice | None]:
    """The price of each of *lines*: the stated one, none of a gift, or that of the first list that has one."""
    made: list[Choice | None] = []
    reached = pooled(lines, book, found)
    single, places, lost = found.single, book.by_place, found.lost
    id, name, tax = (single.id, single.name, single.includes_tax) if single is not None else (None, "", None)
    within = includes_tax if tax is None else tax
    plain = book.plain(id, includes_tax=within) if id is not None and not lost else {}
    for line in lines:
        key = line.key
        if line.stated is not None:
            made.append(Choice(line.stated.price, includes_tax))
        elif line.gift:
            made.append(Choice(UnitPrice(0, currency), includes_tax))
        elif (choice := plain.get(key)) is not None:
            made.append(choice)
        elif id is not None and (row := places.get((id, key))) is not None and not row.tiers:
            plain[key] = choice = _choice(  # what most shops have: one list, and in it one price
                row.price, within, id, name, None, row.compare_at, lost, (), row.minimum, row.cost
            )
            made.append(choice)
        else:
            made.append(choose(line, reached.get(line.id, NOWHERE), book, found, includes_tax=includes_tax))
    return made


def choose(line: PriceLine, reach: Reach, book: PriceBook, found: SortedLists, *, includes_tax: bool) -> Choice | None:
    """The price of *line* by the first list that has one; None when no list has.

    *reach* says how far the units come that its tiers go by.
    """
    lost: list[Lost] = []
    for position, price_list in enumerate(found.lists):
        price = book.find(price_list, line.key)
        if price is None:
            lost.append(priceless(price_list, book, line.key))
            continue
        lost.extend(_later(book, other, line, price_list) for other in found.lists[position + 1 :])
        tax = price_list.includes_tax
        amount, tier, bands = _tiered(price, line, reach) if price.tiers else (price.price, None, ())
        how = () if price_list.derived is None else book.how(price_list, line.key)
        return Choice(
            amount,
            includes_tax if tax is None else tax,
            price_list.id,
            price_list.name,
            tier,
            price.compare_at,
            (*lost, *found.lost),
            bands,
            price.minimum,
            price.cost,
            how,
        )
    return None


_choice: Final = quick(Choice)


def _tiered(price: Price, line: PriceLine, reach: Reach) -> tuple[UnitPrice, Decimal | None, tuple[Band, ...]]:
    if price.tier_mode is TierMode.VOLUME:
        amount, tier = tier_of(price, reach.total)
        return amount, tier, ()
    bands = bands_of(price, reach.before, units(line))
    return bands[0].price, bands[-1].from_quantity or None, bands


def priceless(price_list: PriceList, book: PriceBook, key: str) -> Lost:
    """Why a list has no price for a SKU: it knows none, or the rate to convert it by is too old."""
    stale = book.outdated(price_list, key)
    if stale is None or stale.derived is None or stale.derived.rate is None:
        return Lost(price_list.name, Why.NO_PRICE)
    return Lost(price_list.name, Why.RATE_TOO_OLD, stale.derived.rate.as_of.isoformat())


def outdated(keys: Iterable[str], book: PriceBook, found: SortedLists) -> Lost | None:
    """The first list that has a price for one of the SKU *keys*, at an exchange rate that is too old."""
    why = (priceless(each, book, key) for key in keys for each in found.lists)
    return next((each for each in why if each.why is Why.RATE_TOO_OLD), None)


def _later(book: PriceBook, other: PriceList, line: PriceLine, winner: PriceList) -> Lost:
    if book.has(other, line.key):
        return Lost(other.name, Why.PRIORITY, winner.name)
    lost = priceless(other, book, line.key)
    return Lost(lost.name, lost.why, lost.by or winner.name)


def pooled(lines: Sequence[PriceLine], book: PriceBook, found: SortedLists) -> dict[str, Reach]:
    """How far each line with tiers comes, by its id: by the units of its SKU, its product or its list."""
    if not book.tiered:
        return {}

    def price_of(line: PriceLine) -> Price | None:
        prices = (book.find(each, line.key) for each in found.lists)
        return next((price for price in prices if price is not None), None)

    return reaches(lines, price_of)
