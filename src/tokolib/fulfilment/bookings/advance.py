"""After the commit: couriers are asked for what bookings wish, and their answers are observed."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from functools import partial
from typing import Generic

import attrs

from tokolib.effects.answers import answer
from tokolib.effects.model import EffectState, Observation, Operation, Source
from tokolib.effects.outside import NotFoundOutside
from tokolib.effects.perform import PERMISSION, perform
from tokolib.effects.ports import Observe
from tokolib.effects.resend import Terms
from tokolib.effects.words import word
from tokolib.fulfilment.bookings import steps
from tokolib.fulfilment.bookings.lifecycle import B
from tokolib.fulfilment.bookings.steps import Bookable
from tokolib.fulfilment.couriers.errors import NoSuchCourier
from tokolib.fulfilment.couriers.model import Booked
from tokolib.fulfilment.couriers.ports import Courier
from tokolib.kernel.clock import Clock, sortable
from tokolib.kernel.hosting import MaybeAwaitable, resolved
from tokolib.kernel.unit import Unit
from tokolib.kernel.work import Work

Couriers = Mapping[str, Courier]
"""The shop's courier accounts by name."""


def account(couriers: Couriers, name: str) -> Courier:
    """The account of that *name*.

    Raises:
        NoSuchCourier: the shop has none.
    """
    if name not in couriers:
        raise NoSuchCourier(name[:100], tuple(couriers))
    return couriers[name]


@attrs.frozen(kw_only=True)
class Calls(Generic[B]):
    """How couriers are asked for bookings of a kind, and what they answer."""

    bookable: Bookable[B]
    answers: type[Booked]
    book: Callable[[Courier, B, str], MaybeAwaitable[object]]
    look_up: Callable[[Courier, str], MaybeAwaitable[object]]
    void: Callable[[Courier, B, str], MaybeAwaitable[object]]
    names: tuple[str, str, str]
    """The port's methods for these three, as messages name them."""


@attrs.frozen
class BookingWish(Generic[B]):
    """One operation of a booking, as `effects.perform` takes it."""

    calls: Calls[B]
    courier: Courier
    booking: B
    operation_id: str
    clock: Clock

    @property
    def terms(self) -> Terms:
        """What the account promises about repeated requests."""
        return self.courier.capabilities.terms

    async def claim(self, unit: Unit, *, again_after: int | None) -> Operation | None:
        """Lease the operation."""
        return await steps.claim(unit, self.calls.bookable, self.booking.id, self.operation_id, again_after)

    async def send(self, operation: Operation) -> Observation:
        """Ask the courier for what the operation wishes."""
        book, _, void = self.calls.names
        if self._books(operation):
            ask = partial(self.calls.book, self.courier, self.booking)
            return self._booked(operation, await self._told(book, operation, ask))
        try:
            ask = partial(self.calls.void, self.courier, self.booking)
            return self._given_back(operation, await self._told(void, operation, ask))
        except NotFoundOutside as unknown:
            return self._seen(operation, EffectState.REVIEW, failure=unknown.failure)

    async def look_up(self, operation: Operation) -> tuple[Observation, ...]:
        """All under the key that it was booked under: two are two observations. Of giving it back: that it is."""
        booking, noun = self.booking, self.calls.bookable.noun
        found = await self._told(self.calls.names[1], booking.wishes.buying, partial(self.calls.look_up, self.courier))
        if not isinstance(found, tuple):
            return (self._seen(operation, EffectState.REVIEW, failure=f"fulfilment.no_{noun}s"),)
        if self._books(operation):
            return tuple(self._booked(operation, each) for each in found)
        same = [each for each in found if isinstance(each, Booked) and each.reference == booking.reference]
        return tuple(self._given_back(operation, each) for each in same if each.void)

    def _books(self, operation: Operation) -> bool:
        return operation.kind is self.calls.bookable.buying

    async def _told(self, call: str, operation: Operation, ask: Callable[[str], MaybeAwaitable[object]]) -> object:
        async def asked() -> object:
            return await resolved(ask(operation.key))

        told: Callable[[], Awaitable[object]] = asked
        return await answer(self.courier.name, call, operation.key, told)

    def _booked(self, operation: Operation, told: object) -> Observation:
        noun = self.calls.bookable.noun
        if not isinstance(told, self.calls.answers):
            return self._seen(operation, EffectState.REVIEW, failure=f"fulfilment.no_{noun}")
        if told.key != operation.key or told.void or not told.reference:
            failure = "fulfilment.void_outside" if told.void else f"fulfilment.other_{noun}"
            return self._seen(operation, EffectState.REVIEW, told.reference, failure)
        seen = self._seen(operation, EffectState.SUCCEEDED, told.reference)
        return attrs.evolve(seen, details=told.details)

    def _given_back(self, operation: Operation, told: object) -> Observation:
        if not isinstance(told, self.calls.answers) or not told.void or told.reference != self.booking.reference:
            return self._seen(operation, EffectState.REVIEW, failure="fulfilment.not_voided")
        return self._seen(operation, EffectState.SUCCEEDED, told.reference)

    def _seen(self, operation: Operation, state: EffectState, reference: str = "", failure: str = "") -> Observation:
        at = self.clock.now()
        return word(operation, state, source=Source.ANSWER, at=at, reference=reference, failure=failure)


async def advance(work: Work, couriers: Couriers, calls: Calls[B], id: str, observe: Observe) -> B | None:
    """The booking after its courier was asked for what is due; None where there is no such one.

    Never call it inside a unit: it opens its own, and calls the courier between them. Inside a transaction of the host
    nobody is asked, for it could be rolled back afterwards. Where its account is none of *couriers* any more, a person
    is told.

    Raises:
        UnusableAnswer: the courier's adapter answered with what is no answer, or raised what its port doesn't name. The
            booking is looked up when it is due again.
    """
    work = work.own()  # whoever may book may have it asked for
    booking = await _read(work, calls, id)
    if booking is None or work.joined or (turn := booking.turn) is None:
        return booking
    due = booking.ask_at
    if booking.absent is None and (due is None or due > work.clock.now()):
        return booking
    if (courier := couriers.get(booking.account)) is None:
        return await work.write(PERMISSION, partial(steps.unask, bookable=calls.bookable, id=id, operation_id=turn.id))
    await perform(work, BookingWish(calls, courier, booking, turn.id, work.clock), observe)
    return await _read(work, calls, id)


async def due(unit: Unit, bookable: Bookable[B], *, limit: int = 100) -> tuple[B, ...]:
    """Bookings that their couriers are to be asked about now, the longest waiting first."""
    until = sortable(unit.now + timedelta(microseconds=1))  # the index's range is half-open
    page = await unit[bookable.port].where("ask", since="", until=until, limit=limit)
    return page.items


async def back(unit: Unit, bookable: Bookable[B], couriers: Couriers, *, limit: int = 100) -> tuple[B, ...]:
    """Bookings that wait for one of *couriers* that was not there, and is now."""
    found: list[B] = []
    for name in sorted(couriers):
        found += (await unit[bookable.port].where("absent", equals={"absent": name}, limit=limit)).items
    return tuple(found[:limit])


async def _read(work: Work, calls: Calls[B], id: str) -> B | None:
    async def find(unit: Unit) -> B | None:
        return await unit[calls.bookable.port].find(id)

    return await work.read(find)
