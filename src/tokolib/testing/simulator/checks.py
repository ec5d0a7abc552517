"""The promises that are checked after each step, over what it touched, and those of the end.

`shop.verify()` proves the books by themselves, over everything, and is asked every so many steps. Here they are held
against the bank's own books, and against what they said before.
"""

from collections.abc import Iterator, Mapping

from tokolib.desk.verify.report import Report
from tokolib.effects.lifecycle import is_open
from tokolib.effects.model import EffectKind, EffectState, Operation, Source
from tokolib.inventory.model import resource
from tokolib.kernel.machine import reached
from tokolib.orders.events import DestinationChanged
from tokolib.orders.lifecycle import ORDER
from tokolib.orders.model import OrderState
from tokolib.orders.places import awaits_since, sources_of
from tokolib.payments.disputes import Dispute, DisputeState
from tokolib.payments.model import Intent
from tokolib.payments.tenders import LOCAL
from tokolib.payments.totals import MONEY_IN
from tokolib.testing.fake_gateway import SIGNS, Entry
from tokolib.testing.simulator.book import Deal
from tokolib.testing.simulator.carriage import check_carriage
from tokolib.testing.simulator.errors import Broken
from tokolib.testing.simulator.instalments import check_plan
from tokolib.testing.simulator.purse import TOPICS
from tokolib.testing.simulator.tenders import check_parts, check_words
from tokolib.testing.simulator.world import World


def check_step(world: World, before: Mapping[str, Deal], deals: list[Deal], *, alone: bool) -> Iterator[Broken]:
    """What is wrong with the orders that a step touched, and with the shelves; *alone*: nobody came in between."""
    redirected = dict(world.book.events(world.watch.fresh_events, (DestinationChanged.topic,)))
    for deal in deals:
        yield from _order(before.get(deal.id), deal, redirected=deal.id in redirected)
        yield from _money(deal)
        yield from _at_the_bank(world, deal)
        yield from check_parts(before.get(deal.id), deal, alone=alone)
        yield from check_plan(world, before.get(deal.id), deal)
    for seen, reason in world.set_aside():
        if seen.source in (Source.ANSWER, Source.QUERY) and reason.startswith("effects.other_"):
            yield Broken("G", f"key {seen.key}", f"{seen.kind} {seen.state} over {seen.amount} answered: {reason}")
    for name, level in world.book.levels.items():
        if not 0 <= level.held <= level.on_hand:
            yield Broken("S3", name, f"{level.held} held of {level.on_hand}")


def check_stored_value(world: World, deals: list[Deal]) -> Iterator[Broken]:
    """What the shop says is left on cards and credit, against what the world has reckoned."""
    purse = world.purse
    by_id: dict[str, Operation] = {each.id: each for deal in deals for each in deal.intent.operations}
    yield from purse.fold(world.book.events(world.watch.fresh_events, TOPICS), by_id.get, world.clock.now())
    yield from purse.compare(world.book.left)


def check_report(report: Report) -> Iterator[Broken]:
    """What `verify` found."""
    for each in report.violations:
        yield Broken(each.promise, each.row, each.found)


def _order(before: Deal | None, deal: Deal, *, redirected: bool) -> Iterator[Broken]:
    if before is None:
        return
    old, new, row = before.order, deal.order, f"order {deal.id}"
    if new.version < old.version:
        yield Broken("O1", row, f"went back from version {old.version} to {new.version}")
    if new.state not in reached([old.state], ORDER.moves):
        yield Broken("O1", row, f"came from {old.state} to {new.state}")
    kept = (old.agreed, old.uses, [line.line for line in old.lines])
    if kept != (new.agreed, new.uses, [line.line for line in new.lines[: len(old.lines)]]):
        yield Broken("O3", row, "what was agreed has changed")
    moved = (old.ship_to, old.delivery) != (new.ship_to, new.delivery)
    if moved and not redirected:
        yield Broken("O3", row, "it goes elsewhere, and nobody has said so")
    later = {each.id: each for each in deal.intent.operations}
    for each in before.intent.operations:
        if each.id not in later:
            yield Broken("X1", f"operation {each.id}", "is gone")
        elif (each.key, each.amount, each.attempt) != ((now := later[each.id]).key, now.amount, now.attempt):
            yield Broken("X1", f"operation {each.id}", "its key, amount or attempt has changed")


def _money(deal: Deal) -> Iterator[Broken]:
    order, sums, row = deal.order, deal.intent.totals, f"order {deal.id}"
    if order.captured != sums.captured - sums.disputed or order.refunded != sums.refunded:
        yield Broken("M4", row, "its figures are not those of its payments")
    if (asked := _asked_back(deal.intent)) > (came_in := _ever_came(deal.intent)):
        yield Broken("M5", row, f"{asked} asked back of {came_in}")
    if (gone := sums.refunded + sums.pending_refund + sums.disputed) > sums.captured:
        yield Broken("M5", row, f"{gone} gone back, or on its way, of {sums.captured}")
    if deal.intent.closed is None and not deal.intent.surplus.is_zero:
        yield Broken("M5", row, f"{deal.intent.surplus} too much, and no refund of it")


def _asked_back(intent: Intent) -> int:
    """What this shop itself wished to give back, done or pending: what the outside takes is not its doing."""
    refunds = (each for each in intent.operations if each.kind is EffectKind.REFUND)
    ours = (each for each in refunds if each.key.startswith(f"{each.id}."))
    return sum(each.amount.minor_units for each in ours if each.standing is not EffectState.FAILED)


def _ever_came(intent: Intent) -> int:
    """What came in, with what was taken back later."""
    charges = (each for each in intent.operations if each.kind in MONEY_IN)
    return sum(each.amount.minor_units for each in charges if each.succeeded or each.sequence)


def _at_the_bank(world: World, deal: Deal) -> Iterator[Broken]:
    """M7 at any time: one charge or refund for one wish, and nothing claimed that the bank hasn't got."""
    wished = {each.key for each in deal.intent.operations if each.key.startswith(f"{each.id}.")}
    for entry in world.bank.entries:
        if entry.key.startswith(f"{deal.intent.id}.") and entry.key not in wished:
            yield Broken("M7", f"key {entry.key}", f"{entry.kind} of {entry.amount}, which nobody wished for")
    for operation in deal.intent.operations:
        if operation.provider != world.gateway:
            continue
        known = _entries(world, operation)
        if operation.key and len(known) > 1:
            yield Broken("M7", f"key {operation.key}", f"was taken {len(known)} times")
        if operation.succeeded and not any(_stands(each, operation) for each in known):
            yield Broken("M7", f"operation {operation.id}", f"{operation.amount} claimed that the gateway hasn't got")


def _entries(world: World, operation: Operation) -> list[Entry]:
    if not operation.key and not operation.references:  # a person's word, who knows no name for it
        return [each for each in world.bank.entries if each.kind is operation.kind and each.amount == operation.amount]
    if operation.key:
        return [each for each in world.bank.entries if each.key == operation.key and each.kind is operation.kind]
    return [each for each in world.bank.entries if each.reference in operation.references]


def _stands(entry: Entry, operation: Operation) -> bool:
    """Whether what is claimed happened, though the bank may have taken it back since."""
    happened = entry.state is EffectState.SUCCEEDED or entry.sequence > 0
    return happened and entry.amount == operation.amount


def check_end(world: World) -> Iterator[Broken]:
    """What must hold when faults have stopped and everything that waits was moved on."""
    for deal in world.book.deals.values():
        yield from _settled(world, deal)
        yield from _served(world, deal)
    yield from check_carriage(world)
    sent = {message.id for message in world.broker.delivered}
    if missing := [event.id for event in world.watch.events if event.id not in sent]:
        yield Broken("L4", f"event {missing[0]}", f"and {len(missing) - 1} others were never sent on")
    last: dict[str, int] = {}
    for message in world.broker.delivered:
        if message.seq > last.get(message.stream, 0) + 1:
            yield Broken("E2", f"event {message.id}", f"came after number {last.get(message.stream, 0)}")
        last[message.stream] = max(message.seq, last.get(message.stream, 0))


def _settled(world: World, deal: Deal) -> Iterator[Broken]:
    order, row = deal.order, f"order {deal.id}"
    for each in deal.intent.operations:
        if is_open(each):
            yield Broken("L1", f"operation {each.id}", f"is still {each.state}")
    if (books := _in_the_books(world, deal)) != (bank := _in_the_bank(world, deal)):
        yield Broken("M7", row, f"the books have {books} at the gateway, the gateway has {bank}")
    if deal.is_dead and order.paid.minor_units > order.forfeited:
        yield Broken("M8", row, f"is {order.state} and keeps {order.paid}, {order.forfeited} of it as it may")
    if order.forfeited > (order.deposit or 0):
        yield Broken("M8", row, f"keeps {order.forfeited}, which is more than its deposit of {order.deposit}")
    yield from check_words(world, deal)
    yield from _disputes(world, deal)
    owing = order.state is OrderState.PLACED and order.takes_at_shipment and any(line.open for line in order.lines)
    if owing and not order.holds:
        yield Broken("L3", row, "owes goods, and holds none")


def _served(world: World, deal: Deal) -> Iterator[Broken]:
    """Nobody waits for goods that are on the shelf, and nobody else's."""
    if awaits_since(deal.order) is None:
        return
    for line in deal.order.lines:
        for source in sources_of(deal.order, line):
            level = world.book.levels.get(resource(source.location, line.line.sku.casefold()))
            waits = bool(line.waiting & source.units)
            if waits and level is not None and level.available > 0:
                row, found = f"order {deal.id}", f"waits for {line.line.sku} at {source.location}"
                yield Broken("L3", row, f"{found}, where {level.available} are free")


def _in_the_books(world: World, deal: Deal) -> int:
    total = 0
    for each in deal.intent.operations:
        if each.provider not in LOCAL and each.provider == world.gateway and each.succeeded:
            total += SIGNS[each.kind] * each.amount.minor_units
    return total


def _in_the_bank(world: World, deal: Deal) -> int:
    """What the bank has for the order, by the keys that begin with its payment's id."""
    mine, total = f"{deal.intent.id}.", 0
    for each in world.bank.entries:
        if (each.about or each.key).startswith(mine) and each.state is EffectState.SUCCEEDED:
            total += SIGNS[each.kind] * each.amount.minor_units
    return total


def _disputes(world: World, deal: Deal) -> Iterator[Broken]:
    """Every dispute ended as the bank has decided it."""
    for each in deal.intent.disputes:
        verdict = world.verdicts.get(each.reference)
        if verdict is None or each.provider != world.gateway or _has_twins(deal, each):
            continue
        if each.state is not (DisputeState.WON if verdict.won else DisputeState.LOST):
            yield Broken("M7", f"dispute {each.id}", f"is {each.state}, and the bank says {verdict}")


def _has_twins(deal: Deal, dispute: Dispute) -> bool:
    """Whether another dispute is over as much: what came back names its charge, so nobody can say for which of them."""
    return sum(each.amount == dispute.amount for each in deal.intent.disputes) > 1
