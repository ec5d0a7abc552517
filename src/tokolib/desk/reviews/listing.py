"""The queue, read off the things that wait: each keeps its own place in one order, so that pages are merged.

Nothing is stored for the queue but that place, in an index that holds what waits and nothing else. So it can't differ
from the things themselves, and a page costs what a page has, however large the shop is.
"""

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from datetime import datetime
from typing import Any, Final

import attrs

from tokolib.desk.reviews import items, parcels
from tokolib.desk.reviews.model import ReviewItem, ReviewKind, Waiting
from tokolib.documents.filing.ports import FILINGS
from tokolib.effects.keys import intent_of
from tokolib.effects.queue import END, LAST, behind, place, places_at, up_to
from tokolib.fulfilment.labels.ports import LABELS
from tokolib.fulfilment.pickups.ports import PICKUPS
from tokolib.fulfilment.ports import SHIPMENTS
from tokolib.kernel.errors import Fault, InvalidInput, NotFound, shown
from tokolib.kernel.events import Recorded
from tokolib.kernel.rows import Page
from tokolib.kernel.unit import PAGE, Port, Unit
from tokolib.orders.ports import ORDERS
from tokolib.payments.ports import INTENTS, QUARANTINES
from tokolib.payments.waiting import waits_since
from tokolib.reconciliation.ports import SETTLEMENTS
from tokolib.returns.labels.ports import RETURN_LABELS

K = ReviewKind
Items = Callable[[Any, Sequence[Recorded], datetime], Iterator[ReviewItem]]


@attrs.frozen
class Source:
    """Where things of some kinds wait."""

    kinds: frozenset[ReviewKind]
    port: Port[Any]
    index: str
    since: Callable[[Any], Any]
    """Since when a thing waits."""
    items: Items
    tells: bool
    """Whether what was seen of it stands in its history."""
    by_provider: bool = False
    """Whether what waits at one provider is one thing."""
    dated: bool = False
    """Whether things stand in the index before their time has come."""
    home: Callable[[str], str] = lambda id: intent_of(id) or id
    """The id of the thing that an item's id names."""


SOURCES: Final = (
    Source(
        frozenset({K.OPERATION, K.OBSERVATION, K.REFUSED, K.UNASKED, K.DISPUTE, K.LOSS}),
        INTENTS,
        "waits",
        lambda intent: waits_since(intent)[1],
        lambda intent, history, _: items.of_intent(intent, history, payouts=False),
        tells=True,
    ),
    Source(
        frozenset({K.PAYOUT}),
        INTENTS,
        "payout",
        lambda intent: waits_since(intent)[0],
        lambda intent, history, _: items.of_intent(intent, history, payouts=True),
        tells=True,
    ),
    Source(
        frozenset({K.QUARANTINE}),
        QUARANTINES,
        "waits",
        lambda one: one.at,
        lambda one, *_: items.of_quarantine(one),
        tells=False,
    ),
    Source(
        frozenset({K.FILING, K.UNASKED}),
        FILINGS,
        "waits",
        lambda filing: filing.waits_since,
        lambda filing, history, _: items.of_filing(filing, history),
        tells=True,
    ),
    Source(
        frozenset({K.LABEL, K.UNASKED}),
        LABELS,
        "waits",
        lambda label: label.waits_since,
        lambda label, history, _: parcels.of_label(label, history),
        tells=True,
    ),
    Source(
        frozenset({K.RETURN_LABEL, K.UNASKED}),
        RETURN_LABELS,
        "waits",
        lambda label: label.waits_since,
        lambda label, history, _: parcels.of_return_label(label, history),
        tells=True,
    ),
    Source(
        frozenset({K.PICKUP, K.UNASKED}),
        PICKUPS,
        "waits",
        lambda pickup: pickup.waits_since,
        lambda pickup, history, _: parcels.of_pickup(pickup, history),
        tells=True,
    ),
    Source(
        frozenset({K.UNCOLLECTED}),
        SHIPMENTS,
        "by_missed",
        lambda shipment: shipment.missed_since,
        lambda shipment, *_: parcels.of_missed(shipment),
        tells=False,
    ),
    Source(
        frozenset({K.SETTLEMENT}),
        SETTLEMENTS,
        "waits",
        lambda one: one.taken_at,
        lambda one, *_: items.of_settlement(one),
        tells=False,
    ),
    Source(
        frozenset({K.BY_HAND}),
        FILINGS,
        "by_hand",
        lambda one: one.since,
        lambda one, *_: items.of_provider(one),
        tells=False,
        by_provider=True,
    ),
    Source(
        frozenset({K.BLOCK}),
        ORDERS,
        "waits",
        lambda order: order.escalates_at,
        lambda order, _, now: items.of_order(order, now),
        tells=False,
        dated=True,
        home=lambda id: id.partition(":")[0],
    ),
)


@attrs.frozen
class Thing:
    """Something that waits, at its place."""

    place: str
    source: Source
    state: Any


async def listed(unit: Unit, kinds: frozenset[ReviewKind], after: str | None, limit: int) -> Page[ReviewItem]:
    """About *limit* items of *kinds* behind the cursor *after*: those of one thing are never torn apart."""
    found: list[ReviewItem] = []
    last: str | None = None
    async for thing in _things(unit, kinds, after, limit):
        if len(found) >= limit:
            return Page(tuple(found), last)
        found += [each for each in await items_of(unit, thing) if each.kind in kinds]
        last = f"{thing.place} {SOURCES.index(thing.source)}"
    return Page(tuple(found))


async def counted(unit: Unit, up_to: int) -> Waiting:
    """How many items wait, of at most *up_to* things."""
    kinds: dict[ReviewKind, int] = {}
    oldest, things, more = None, 0, False
    async for thing in _things(unit, frozenset(K), None, min(PAGE, up_to)):
        if things == up_to:
            more = True
            break
        things += 1
        for each in thing.source.items(thing.state, (), unit.now):
            kinds[each.kind] = kinds.get(each.kind, 0) + 1
            oldest = each.since if oldest is None else min(oldest, each.since)
    return Waiting(total=sum(kinds.values()), kinds=kinds, oldest=oldest, more=more)


async def find(unit: Unit, id: str) -> ReviewItem:
    """The item of that id.

    Raises:
        NotFound: there is none, or it waits no more.
    """
    for source in SOURCES:
        if source.by_provider:
            for thing in await _of_providers(unit, source):
                if thing.state.id == id:
                    return (await items_of(unit, thing))[0]
            continue
        state = await unit[source.port].find(source.home(id))
        if state is not None and (at := place(source.since(state), state.id)) is not None:
            for each in await items_of(unit, Thing(at, source, state)):
                if each.id == id:
                    return each
    raise NotFound("review", id)


async def items_of(unit: Unit, thing: Thing) -> tuple[ReviewItem, ...]:
    """The items of a thing, with what was seen of it."""
    source = thing.source
    history = await unit[source.port].history(thing.state.id) if source.tells else ()
    return tuple(source.items(thing.state, history, unit.now))


async def _things(unit: Unit, kinds: frozenset[ReviewKind], after: str | None, size: int) -> AsyncIterator[Thing]:
    """What waits in the sources of *kinds*, in the order of places; at most a page of each source at a time."""
    walks = [_walk(unit, source, after, size) for source in SOURCES if source.kinds & kinds]
    ahead = [(await anext(walk, None), walk) for walk in walks]
    while waiting := [(thing, walk) for thing, walk in ahead if thing is not None]:
        first, walk = min(waiting, key=lambda each: _order(each[0]))
        yield first
        at = [each is walk for _, each in ahead].index(True)
        ahead[at] = (await anext(walk, None), walk)


def _order(thing: Thing) -> tuple[str, int]:
    return thing.place, SOURCES.index(thing.source)


async def _walk(unit: Unit, source: Source, after: str | None, size: int) -> AsyncIterator[Thing]:
    since, rank = _read(after)
    start = behind(since) if SOURCES.index(source) <= rank else since
    if source.by_provider:
        for thing in await _of_providers(unit, source):
            if thing.place >= start:
                yield thing
        return
    cursor: str | None = None
    until = up_to(unit.now) if source.dated else END
    while start < until:
        page = await unit[source.port].where(source.index, since=start, until=until, after=cursor, limit=size)
        for state in page.items:
            if (at := place(source.since(state), state.id)) is not None:
                yield Thing(at, source, state)
        if (cursor := page.after) is None:
            return


async def _of_providers(unit: Unit, source: Source) -> list[Thing]:
    """One thing for each provider at which something is to be stated by hand; there are few providers."""
    found: list[Thing] = []
    start = ""
    while (first := (await unit[FILINGS].where(source.index, since=start, until=LAST, limit=1)).items) != ():
        since, start = places_at(first[0].provider)
        page = await unit[FILINGS].where(source.index, since=since, until=start, limit=PAGE)
        told = items.ByHand(first[0], len(page.items), page.after is not None)
        if (at := place(told.since, told.id)) is not None:
            found.append(Thing(at, source, told))
    return sorted(found, key=lambda each: each.place)


def _read(after: str | None) -> tuple[str, int]:
    """The place that a cursor stands for, and the rank of its source."""
    if after is None:
        return "", -1
    since, blank, rank = after.rpartition(" ")
    if not blank or not since.isprintable() or rank not in {str(at) for at, _ in enumerate(SOURCES)}:
        raise InvalidInput((Fault("after", "reviews.bad_cursor", "must be the `after` of a page", shown(after)),))
    return since, int(rank)
