"""What the permanent histories say of one SKU: its rows in a list, the list's rules, and those of all its parents."""

import itertools
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import TypeVar

import attrs

from tokolib.kernel.clock import EARLIEST, LATEST, day
from tokolib.kernel.ids import PriceListId
from tokolib.kernel.unit import Unit
from tokolib.pricing.prices.book import PriceBook
from tokolib.pricing.prices.decide import price_id
from tokolib.pricing.prices.derive import derived, outdated_from
from tokolib.pricing.prices.errors import PriceListCycle
from tokolib.pricing.prices.events import PricePut, PriceWithdrawn
from tokolib.pricing.prices.history import joined, pieces, reading, runs
from tokolib.pricing.prices.lifecycle import evolve_price_list
from tokolib.pricing.prices.model import Price, PriceList, Shown
from tokolib.pricing.prices.ports import PRICE_LISTS, PRICES

A = TypeVar("A")


@attrs.frozen
class Archive:
    """The rows of a SKU in some lists, and what those lists were since when, by their ids."""

    rows: Mapping[str, tuple[Price, ...]]
    lists: Mapping[str, tuple[tuple[datetime, PriceList], ...]]
    zone: str
    """The shop's: by its days a rate grows too old."""

    def reading(self, place: str, at: datetime, known_at: datetime, asking: tuple[str, ...] = ()) -> Price | None:
        """The price in a list at an instant as it was known at another: its own, or the one that follows.

        Raises:
            PriceListCycle: the list was derived from itself then.
        """
        if place in asking:
            raise PriceListCycle((*asking, place))
        own = reading(self.rows.get(place, ()), at, known_at)
        states = (state for since, state in reversed(self.lists.get(place, ())) if since <= known_at)
        into = next(states, None)
        if (own is not None and not own.withdrawn) or into is None or into.derived is None:
            return own
        if into.derived.rate_days is not None and into.derived.is_stale(day(at, self.zone)):
            return own
        found = self.reading(into.derived.parent, at, known_at, (*asking, place))
        return own if found is None or found.withdrawn else derived(found, into, into.derived)

    def book(self, currency: str, at: datetime) -> PriceBook:
        """All running lists of a currency at an instant, with what the SKU cost in them, as known then."""
        lists: list[PriceList] = []
        prices: list[Price] = []
        for place, states in self.lists.items():
            state = next((state for since, state in reversed(states) if since <= at), None)
            if state is None or not state.active or state.currency != currency:
                continue
            lists.append(attrs.evolve(state, derived=None))
            if (found := self.reading(place, at, at)) is not None and not found.withdrawn:
                prices.append(found)
        return PriceBook(tuple(lists), tuple(prices))

    def shown(self, place: str) -> list[Shown]:
        """What was shown in a list, and will be, from the first row on."""
        states = self.lists.get(place, ())
        if all(state.derived is None for _, state in states):
            return runs(pieces(self.rows.get(place, ())))
        return joined(self._shown(place))

    def _shown(self, place: str) -> Iterator[Shown]:
        ends = [*self.instants(), LATEST]
        for since, until in itertools.pairwise(ends):
            price = self.reading(place, since, since)
            if price is not None and not price.withdrawn:
                yield Shown(price.price, since, until)

    def instants(self) -> list[datetime]:
        """Every instant at which a price, or what a list was, may have changed, in the order of time."""
        states = [each for states in self.lists.values() for each in states]
        found = {since for since, _ in states}
        for _, state in states:
            edges = (state.since, state.until, outdated_from(state.derived, self.zone))
            found |= {edge for edge in edges if edge is not None}
        for rows in self.rows.values():
            for row in rows:
                found |= {row.since, row.recorded_at, row.until or row.since}
        return sorted(found - {EARLIEST})


async def archive(unit: Unit, places: Iterable[PriceListId], key: str) -> Archive:
    """The archive of a SKU for some lists and all that these were ever derived from."""
    rows: dict[str, tuple[Price, ...]] = {}
    lists: dict[str, tuple[tuple[datetime, PriceList], ...]] = {}
    missing = {*places}
    while missing:
        for each in sorted(missing):
            rows[each] = await rows_of(unit, each, key)
            lists[each] = await _states(unit, each)
        parents = (state.derived for states in lists.values() for _, state in states)
        missing = {by.parent for by in parents if by is not None} - rows.keys()
    return Archive(rows, lists, (await unit.settings()).zone)


async def rows_of(unit: Unit, place: PriceListId, key: str) -> tuple[Price, ...]:
    """Every row of a SKU in a list, in the order of recording."""
    events = await unit[PRICES].history(price_id(place, key))
    return tuple([each.event.row for each in events if isinstance(each.event, PricePut | PriceWithdrawn)])


async def _states(unit: Unit, place: PriceListId) -> tuple[tuple[datetime, PriceList], ...]:
    """What a list was, each with since when."""
    found: list[tuple[datetime, PriceList]] = []
    state: PriceList | None = None
    for recorded in await unit[PRICE_LISTS].history(place):
        state = evolve_price_list(state, recorded.event)
        found.append((recorded.at, state))
    return tuple(found)
