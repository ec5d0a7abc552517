"""What a line may be priced by: the lists of one currency with their prices, and the price that was chosen of them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from types import MappingProxyType

import attrs

from tokolib.conditions import Always, facts_asked
from tokolib.kernel.explain import Reason
from tokolib.kernel.ids import PriceListId
from tokolib.kernel.unit_price import UnitPrice
from tokolib.pricing.lost import Lost
from tokolib.pricing.prices.derive import derived, outdated_from, reasons
from tokolib.pricing.prices.errors import PriceListCycle
from tokolib.pricing.prices.model import Price, PriceList
from tokolib.pricing.prices.tiers import Band


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
