"""Which price a line goes by: the winning list and tier, and why the other lists lost."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from types import MappingProxyType
from typing import Final

import attrs

from tokolib.conditions import Always, Facts, facts_asked, holds, why_not
from tokolib.kernel.explain import Reason
from tokolib.kernel.ids import PriceListId
from tokolib.kernel.money import Currency, UnitPrice
from tokolib.kernel.quick import quick
from tokolib.pricing.facts import groups, instant, text, units
from tokolib.pricing.lost import Lost, Why, outside
from tokolib.pricing.model import PriceLine, TierMode
from tokolib.pricing.prices.derive import derived, outdated_from, reasons
from tokolib.pricing.prices.errors import PriceListCycle
from tokolib.pricing.prices.model import Price, PriceList
from tokolib.pricing.prices.tiers import NOWHERE, Band, Reach, bands_of, reaches, tier_of


@attrs.frozen
class Choice:
    """The price that a line goes by, and the lists that lost. A stated price or a gift has no list."""

    price: UnitPrice
    """Of one unit; where they cost differently by `bands`, of the line's first one."""
    includes_tax: bool
    list_id: PriceListId | None = None
    list_name: str = ""
    tier: Decimal | None = None
    """The quantity from which this tier holds, or beyond which the line's last band lies; None for the plain price."""
    compare_at: UnitPrice | None = None
    lost: tuple[Lost, ...] = ()
    bands: tuple[Band, ...] = ()
    """Of a graduated price: which of the line's units cost what; empty for any other."""
    minimum: UnitPrice | None = None
    """No discount makes a unit cheaper than this; None: no floor but nothing."""
    cost: UnitPrice | None = None
    """What a unit costs the shop; it goes no further than pricing, so that no quote and no order shows it."""
    how: tuple[Reason, ...] = ()
    """How the price came about, where it is not the list's own: from the list that it follows."""


@attrs.frozen
class PriceBook:
    """The lists of one currency and their prices for some SKUs: all that choosing a price needs."""

    lists: tuple[PriceList, ...] = ()
    prices: tuple[Price, ...] = ()
    """Those that hold now, of the lists and of their parents."""
    parents: tuple[PriceList, ...] = ()
    """Lists that others are derived from, and that are none of `lists`."""
    others: tuple[PriceList, ...] = ()
    """Lists of other currencies, which are never asked: it is only told of them that they aren't."""
    today: date | None = None
    """The shop's day, on which a rate may be too old to convert by; None where no rate is."""
    chosen: Mapping[str, Choice] = attrs.field(default=MappingProxyType({}), repr=False)
    """The price of every line by its id, where they were chosen before; no list is asked then."""
    by_place: Mapping[tuple[str, str], Price] = attrs.field(init=False, eq=False, repr=False)
    by_id: Mapping[str, PriceList] = attrs.field(init=False, eq=False, repr=False)
    """All lists, when some are derived."""
    tiered: bool = attrs.field(init=False, eq=False, repr=False)
    """Whether any price has tiers."""
    _plain: dict[tuple[PriceListId, bool], dict[str, Choice]] = attrs.field(
        init=False, factory=dict, eq=False, repr=False
    )

    @cached_property
    def asked(self) -> frozenset[str]:
        """The facts that the conditions of its lists ask for."""
        asking = [each.conditions for each in self.lists if not isinstance(each.conditions, Always)]
        return frozenset().union(*map(facts_asked, asking))

    def __attrs_post_init__(self) -> None:
        places = {(price.list_id, price.key): price for price in self.prices if not price.withdrawn}
        object.__setattr__(self, "by_place", places)
        some = any(each.derived is not None for each in self.lists)
        object.__setattr__(self, "by_id", {each.id: each for each in (*self.parents, *self.lists)} if some else {})
        object.__setattr__(self, "tiered", any(price.tiers for price in self.prices))

    def plain(self, list_id: PriceListId, *, includes_tax: bool) -> dict[str, Choice]:
        """Choices that were made where this list alone applied, by SKU key: they serve every cart."""
        return self._plain.setdefault((list_id, includes_tax), {})

    def find(self, price_list: PriceList, key: str) -> Price | None:
        """What a SKU costs in a list: the list's own price, or else the one that follows from its parent's.

        Raises:
            PriceListCycle: the list is derived from itself.
        """
        if (own := self.by_place.get((price_list.id, key))) is not None or price_list.derived is None:
            return own
        found, line = self._source(price_list, key)
        if found is None or self._stale(line) is not None:
            return None
        for each in reversed(line):
            if each.derived is not None:
                found = derived(found, each, each.derived)
        return found

    def has(self, price_list: PriceList, key: str) -> bool:
        """Whether `find` answers a price; what it is isn't worked out.

        Raises:
            PriceListCycle: the list is derived from itself.
        """
        if price_list.derived is None:
            return (price_list.id, key) in self.by_place
        found, line = self._source(price_list, key)
        return found is not None and self._stale(line) is None

    def outdated(self, price_list: PriceList, key: str) -> PriceList | None:
        """The list on the way to a SKU's price whose rate is too old to convert by; None: it isn't for that."""
        if price_list.derived is None:
            return None
        found, line = self._source(price_list, key)
        return None if found is None else self._stale(line)

    def outdated_from(self, price_list: PriceList, key: str, zone: str) -> datetime | None:
        """When the first rate that a SKU's price follows by is too old, by the days of *zone*; None: none ever is."""
        if price_list.derived is None:
            return None
        ends = [outdated_from(each.derived, zone) for each in self._source(price_list, key)[1]]
        return min((each for each in ends if each is not None), default=None)

    def _source(self, price_list: PriceList, key: str) -> tuple[Price | None, list[PriceList]]:
        """The price that a list's own or derived one comes from, and the lists that it comes through, the last first.

        Raises:
            PriceListCycle: the list is derived from itself.
        """
        line: list[PriceList] = []
        for each in self.lineage(price_list):
            if (found := self.by_place.get((each.id, key))) is not None:
                return found, line
            line.append(each)
        return None, line

    def _stale(self, line: Sequence[PriceList]) -> PriceList | None:
        day = self.today
        if day is None:
            return None
        return next((each for each in line if each.derived is not None and each.derived.is_stale(day)), None)

    def how(self, price_list: PriceList, key: str) -> tuple[Reason, ...]:
        """How the price that `find` answers follows from that of the list's parent; nothing for an own one."""
        if price_list.derived is None or (price_list.id, key) in self.by_place:
            return ()
        parent = self.by_id[price_list.derived.parent]
        price = self.find(parent, key)
        if price is None:
            return ()
        return reasons(price, price_list, price_list.derived, parent, self.how(parent, key))

    def lineage(self, price_list: PriceList) -> Iterator[PriceList]:
        """A list, its parent, and so on.

        Raises:
            PriceListCycle: it comes back to one of them.
        """
        seen: list[str] = []
        at: PriceList | None = price_list
        while at is not None:
            if at.code in seen:
                raise PriceListCycle((*seen, at.code))
            seen.append(at.code)
            yield at
            at = self.by_id.get(at.derived.parent) if at.derived is not None else None


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
