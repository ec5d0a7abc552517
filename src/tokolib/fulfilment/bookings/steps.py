"""Booking at couriers and giving back, as steps on an open unit. Nobody is asked here: a wish is stored with its key.

What is the same for labels and pickups. A `Bookable` says what differs.
"""

from collections.abc import Awaitable, Callable
from typing import Generic

import attrs

from tokolib.effects.keys import idempotency_key, operation_id
from tokolib.effects.lifecycle import above, may_lease, mismatch, sends
from tokolib.effects.model import EffectKind, EffectState, Observation, Operation, Outcome, Source, Verdict
from tokolib.effects.resend import LEASE, REVIEW_WAIT, wait
from tokolib.effects.words import word
from tokolib.fulfilment.bookings import events as e
from tokolib.fulfilment.bookings.costs import post
from tokolib.fulfilment.bookings.errors import BookingNotOpen
from tokolib.fulfilment.bookings.lifecycle import B
from tokolib.fulfilment.bookings.words import Word
from tokolib.kernel.events import Event
from tokolib.kernel.ids import OperationId
from tokolib.kernel.money import Currency, Money
from tokolib.kernel.unit import Port, Repository, Unit


@attrs.frozen(kw_only=True)
class Bookable(Generic[B]):
    """A kind of thing that is booked of couriers: where it is kept, what its wishes and events are called."""

    noun: str
    """What it is, in a word: reason codes and the cost ledger name it."""
    port: Port[Repository[B]]
    buying: EffectKind
    voiding: EffectKind
    void_wished: type[e.VoidWished]
    leased: type[e.Leased]
    unasked: type[e.Unasked]
    presumed: type[e.Presumed]
    observed: type[e.BookingObserved]
    resolved: type[e.Resolved]
    refusal: Callable[[B, str], BookingNotOpen]
    """What is raised of one that a command can't do anything with."""
    resolving: str
    """The command by which a person says what became of one."""
    follow: Callable[[Unit, B], Awaitable[None]]
    """What shipments do after something about it has changed."""


async def wish(
    unit: Unit, bookable: Bookable[B], *, id: str, account: str, subject: str, currency: Currency, refused: int = -1
) -> Operation:
    """A wish to book *id*, due at once; or to give it back, after so many such wishes were *refused*.

    A price is told by the answer, so no amount is asked for.
    """
    number, attempt = (1, 1) if refused < 0 else (2 + refused, 1 + refused)
    named = operation_id(id, number, await unit.epoch())
    return Operation(
        id=named,
        kind=bookable.buying if refused < 0 else bookable.voiding,
        provider=account,
        intent=id,
        subject=subject,
        amount=Money(0, currency),
        attempt=attempt,
        key=idempotency_key(named, attempt),
        requested_at=unit.now,
        next_at=unit.now,
    )


async def wish_void(unit: Unit, bookable: Bookable[B], booking: B) -> B:
    """*booking*, which stands, is to be given back; the caller has made sure that it may be."""
    back = await wish(
        unit,
        bookable,
        id=booking.id,
        account=booking.account,
        subject=booking.buying.subject,
        currency=booking.buying.amount.currency,
        refused=len(booking.voids),
    )
    return unit[bookable.port].record(booking, bookable.void_wished(back))


async def claim(
    unit: Unit, bookable: Bookable[B], id: str, operation_id: str, again_after: int | None
) -> Operation | None:
    """Lease an operation; see `effects.ports.Wish.claim`."""
    booking = await unit[bookable.port].find(id)
    turn = booking.turn if booking is not None else None
    if booking is None or turn is None or turn.id != operation_id or not may_lease(turn, unit.now, again_after):
        return None
    leased = bookable.leased(
        operation_id=turn.id,
        at=unit.now,
        lease_until=unit.now + LEASE,
        next_at=unit.now + (REVIEW_WAIT if turn.state is EffectState.REVIEW else wait(turn.tries + 1)),
        send=sends(turn, again_after),
    )
    return unit[bookable.port].record(booking, leased).operation(turn.id)


async def unask(unit: Unit, bookable: Bookable[B], id: str, operation_id: OperationId) -> B:
    """Note that no courier account of its name is there to be asked; a person is told."""
    booking = await unit[bookable.port].get(id)
    operation = booking.operation(operation_id)
    if operation is None or operation.unasked_since is not None:
        return booking
    return unit[bookable.port].record(booking, bookable.unasked(operation_id, unit.now))


async def presume_sent(unit: Unit, bookable: Bookable[B], booking: B) -> B:
    """*booking* after a restore: what waits for an answer may have been asked for, and is looked up first."""
    turn = booking.turn
    if turn is None or turn.state is EffectState.REVIEW:
        return booking
    return unit[bookable.port].record(booking, bookable.presumed(turn.id, unit.now))


async def fold(unit: Unit, bookable: Bookable[B], seen: Observation) -> Outcome:
    """Fold *seen* into its booking, and let shipments follow; silence that says nothing new is not written down."""
    booking = await unit[bookable.port].find(seen.intent)
    known = booking.operation(seen.operation_id) if booking is not None else None
    if booking is None or known is None:
        return Outcome(Verdict.QUARANTINED, reason=f"fulfilment.unknown_{bookable.noun}")
    if reason := mismatch(known, seen):
        return Outcome(Verdict.QUARANTINED, booking.id, known.subject, known, reason)
    another = bool(seen.reference) and seen.reference not in known.references and bool(known.references)
    news = seen.state is EffectState.REVIEW or another or above((known, seen))
    if seen.fact in known.facts or not news:
        return Outcome(Verdict.DUPLICATE, booking.id, known.subject, known)
    after = await recorded(unit, bookable, booking, bookable.observed(known.id, seen, unit.now))
    return Outcome(Verdict.APPLIED, booking.id, known.subject, after.operation(known.id))


async def recorded(unit: Unit, bookable: Bookable[B], booking: B, event: Event) -> B:
    """*booking* after *event*, its cost posted, and shipments told what has become of it."""
    after = unit[bookable.port].record(booking, event)
    post(unit, bookable.noun, booking, after)
    await bookable.follow(unit, after)
    return after


async def resolve(unit: Unit, bookable: Bookable[B], id: str, told: Word, *, reason: str) -> B:
    """The booking after a person's word on what became of its last wish.

    Raises:
        NotFound: there is no such booking. BookingNotOpen: nothing about it is doubtful, or it was booked for certain.
    """
    booking = await unit[bookable.port].get(id)
    last = booking.wishes.last
    if not booking.is_open or (told.failure and last.succeeded):
        raise bookable.refusal(booking, bookable.resolving)
    if not last.succeeded:
        state = EffectState.FAILED if told.failure else EffectState.SUCCEEDED
        said = word(last, state, source=Source.PERSON, at=unit.now, reference=told.reference, failure=told.failure)
        said = attrs.evolve(said, details=told.details, actor=str(unit.ctx.actor))
        booking = await recorded(unit, bookable, booking, bookable.observed(last.id, said, unit.now))
    return await recorded(unit, bookable, booking, bookable.resolved(reason))
