"""What the shop's books are compared with when all is quiet: the provider's world, and what receivers got.

`shop.verify()` proves that the books agree with themselves. That they agree with the outside, only a test can know.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from tokolib.documents.filing.model import TaxFiling
from tokolib.documents.filing.states import FilingState
from tokolib.effects.model import EffectKind, EffectState
from tokolib.fulfilment.bookings.model import Booking
from tokolib.kernel.hosting import resolved
from tokolib.orders.model import Order, OrderState
from tokolib.payments.model import Intent
from tokolib.payments.totals import MONEY_IN
from tokolib.testing.fake_courier import AsyncFakeCourier, FakeCourier
from tokolib.testing.fake_gateway import FakeWorld
from tokolib.testing.fake_tax import FakeTaxProvider
from tokolib.testing.simulator.client import Client, outbox_rows

DEAD: Final = (OrderState.CANCELLED, OrderState.EXPIRED)


async def lies(client: Client, orders: Sequence[Order]) -> tuple[str, ...]:
    """Everything that is not as promised, of a shop in which nothing waits any more: nothing, it is hoped.

    The numbers are those of the promises: M7, the books say what the provider says, and nothing was done twice under
    one key; M8, of *orders* one that ended keeps no money; I5, the tax provider counts what was filed with it; F3, the
    courier has what was booked; L1, no wish rests without an answer; E2, every event went out.
    """
    with client.plan.quiet():
        report = await resolved(client.shop.verify())
        missing = await unsent(client) if client.sends_on else ()
    intents = [await client.intent(order.id) for order in orders]
    return (
        *(str(each) for each in report.violations),
        *told_twice(client.world),
        *(lie for intent in intents for lie in disagreements(client.world, intent)),
        *unknown_keys(client.world, intents),
        *kept(orders),
        *(f"L1 {each.id} rests in {each.state}" for one in intents for each in one.operations if not each.is_settled),
        *missing,
        *misfiled(client.taxman, await client.filings() if client.files else ()),
        *misbooked(client.courier, await client.bookings() if client.books else ()),
    )


def misbooked(courier: FakeCourier | AsyncFakeCourier, bookings: Sequence[Booking]) -> Iterator[str]:
    """F3: what the shop says of its labels, return labels and pickups and what the courier has differ in."""
    standing = Counter(each.reference for each in bookings if each.stands)
    there = Counter(each.reference for each in (*courier.sold, *courier.pickups) if not each.void)
    if standing != there:
        yield f"F3 the courier has {sorted(there.elements())}, and the books {sorted(standing.elements())}"
    for booked in bookings:
        if booked.is_open:
            yield f"L1 {booked.id} rests in {booked.wishes.last.state}"


def misfiled(taxman: FakeTaxProvider, filings: Sequence[TaxFiling]) -> Iterator[str]:
    """I5: what the shop says of its filings and the tax provider counts differ in, and what it keeps of nobody's."""
    for filing in filings:
        kept = taxman.books.get(filing.document.number)
        if kept is None or kept.tax != filing.kept_tax or kept.void is not (filing.state is FilingState.VOIDED):
            yield f"I5 {filing.document.number} is {filing.state} with {filing.kept_tax}, the tax provider has {kept}"
        if filing.turn is not None:
            yield f"L1 {filing.id} rests in {filing.state}"
    for number in sorted(taxman.books.keys() - {filing.document.number for filing in filings}):
        yield f"I5 the tax provider keeps {number}, and nobody filed it"


def told_twice(world: FakeWorld) -> Iterator[str]:
    """M7: charges and refunds that were made more than once under one key."""
    made = Counter((each.kind, each.key) for each in world.entries if each.key)
    for (kind, key), times in made.items():
        if times > 1:
            yield f"M7 {kind} {key} was made {times} times"


def disagreements(world: FakeWorld, intent: Intent) -> Iterator[str]:
    """M7: what the books of one payment and those of the provider differ in."""
    keys = {each.key for each in intent.operations} - {""}
    ours = [each for each in world.entries if each.key in keys or each.about in keys]
    sums = intent.totals
    for word, kinds, books in (("charge", MONEY_IN, sums.captured), ("refund", {EffectKind.REFUND}, sums.refunded)):
        by_others = sum(
            each.amount.minor_units
            for each in intent.operations
            if each.kind in kinds and each.succeeded and each.provider != "fake"
        )
        theirs = sum(
            each.amount.minor_units for each in ours if each.kind in kinds and each.state is EffectState.SUCCEEDED
        )
        if books != theirs + by_others:
            yield f"M7 {intent.id}: the books have {books} of {word}, the provider {theirs}"


def unknown_keys(world: FakeWorld, intents: Sequence[Intent]) -> Iterator[str]:
    """M7: what was asked of the provider under a key that no payment knows."""
    known = {each.key for intent in intents for each in intent.operations}
    for entry in world.entries:
        if entry.key and entry.key not in known:
            yield f"M7 {entry.kind} {entry.key} belongs to no payment"


def kept(orders: Sequence[Order]) -> Iterator[str]:
    """M8: money on orders that ended, and money that is neither owed nor given back on those that didn't."""
    for order in orders:
        if order.state in DEAD and not order.paid.is_zero:
            yield f"M8 {order.id} is {order.state} and keeps {order.paid}"
        elif order.state not in DEAD and order.due.minor_units < 0:
            yield f"M8 {order.id} is {order.state} and owes {-order.due}"


async def unsent(client: Client) -> tuple[str, ...]:
    """E2: events that wait for ever, or are marked as sent and never were."""
    heard = set(client.broker.delivered_ids) | client.sent_before
    return tuple(
        f"E2 {row.event_id} is {'marked as sent' if row.done else 'not sent'}, and no receiver has it"
        for row in await outbox_rows(client.storage)
        if not row.done or row.event_id not in heard
    )
