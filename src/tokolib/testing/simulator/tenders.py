"""Several tenders on one order: what each brought, what went back to which, and what people have said of it."""

from collections.abc import Iterator

from tokolib.effects.model import EffectKind, EffectState, Operation
from tokolib.kernel.policies import RefundOrder
from tokolib.payments.tenders import LOCAL, STORED
from tokolib.payments.totals import MONEY_IN, TOO_MUCH
from tokolib.testing.simulator.book import Deal
from tokolib.testing.simulator.errors import Broken
from tokolib.testing.simulator.world import World


def check_parts(before: Deal | None, deal: Deal, *, alone: bool) -> Iterator[Broken]:
    """No payment gives back more than it brought; and where nobody interfered, they do in the order agreed."""
    for charge in _came(deal):
        if (back := _asked_back(deal, charge)) > charge.amount.minor_units:
            yield Broken("M5", f"operation {charge.id}", f"{back} asked back of {charge.amount}")
    if before is not None and alone:
        yield from _in_order(before, deal)


def _came(deal: Deal) -> list[Operation]:
    """The payments that came in, the earliest first."""
    came = [each for each in deal.intent.operations if each.kind in MONEY_IN and (each.succeeded or each.sequence)]
    return sorted(came, key=lambda each: each.requested_at)


def _asked_back(deal: Deal, charge: Operation) -> int:
    """What this shop wants to give back of one payment, done or pending."""
    mine = f"{deal.intent.id}."
    refunds = (each for each in deal.intent.operations if each.kind is EffectKind.REFUND and each.about == charge.id)
    ours = (each for each in refunds if each.key.startswith(mine) and each.standing is not EffectState.FAILED)
    return sum(each.amount.minor_units for each in ours)


def _in_order(before: Deal, deal: Deal) -> Iterator[Broken]:
    """The refunds that are new, of payments that are not: those that come first by the policy give all they have."""
    known = {each.id for each in before.intent.operations}
    new = [each for each in deal.intent.operations if each.kind is EffectKind.REFUND and each.id not in known]
    policy = deal.intent.refund_order
    if not new or policy is RefundOrder.BY_SHARE or _disturbed(before, deal, new):
        return
    came = _came(deal)
    if policy is RefundOrder.LATEST_FIRST:
        came.reverse()
    taken, passed = {each.about for each in new}, False
    for charge in came:
        if passed and charge.id in taken:
            yield Broken("M5", f"order {deal.id}", f"gave {charge.id} back before what comes first, {policy}")
        passed |= _asked_back(deal, charge) < charge.amount.minor_units


def _disturbed(before: Deal, deal: Deal, new: list[Operation]) -> bool:
    """Whether there is more to it: money came or was taken meanwhile, or a refund is of another kind."""
    kinds = (EffectKind.REVERSAL, EffectKind.CHARGEBACK, EffectKind.CHARGEBACK_REVERSAL)
    outside = any(
        each.kind in kinds or (each.kind is EffectKind.REFUND and not each.key) for each in deal.intent.operations
    )
    moved = [each.id for each in _came(before)] != [each.id for each in _came(deal)]
    gone = any(not each.succeeded for each in _came(deal))
    failed = any(
        each.kind is EffectKind.REFUND and each.standing is EffectState.FAILED for each in deal.intent.operations
    )
    return outside or moved or gone or failed or any(each.reason in TOO_MUCH or not each.about for each in new)


def check_words(world: World, deal: Deal) -> Iterator[Broken]:
    """At the end, by people's hands came in what they have said, each word once."""
    said = {word.reference: word for word in world.book.said if word.order_id == deal.id}
    booked: dict[str, int] = {}
    for each in deal.intent.operations:
        if each.kind is EffectKind.CHARGE and each.provider in LOCAL and each.succeeded and each.reference in said:
            booked[each.reference] = booked.get(each.reference, 0) + each.amount.minor_units
    for reference, word in said.items():
        if word in world.book.heard and booked.get(reference) != word.amount.minor_units:
            yield Broken(
                "M7", f"order {deal.id}", f"{word.amount} came as {reference}, and {booked.get(reference)} is booked"
            )


def note_parts(world: World, before: Deal | None, deal: Deal) -> None:
    """Count orders that were paid by stored value and otherwise, and refunds that go back more than one way."""
    if len(_ways(deal)) > 2 and (before is None or len(_ways(before)) <= 2):
        world.rare["three tenders"] += 1
    back, known = _back(deal), set() if before is None else _back(before)
    world.rare["refund by two ways"] += len(back) > 1 >= len(known) and bool(back & STORED.keys())


def _ways(deal: Deal) -> set[str]:
    return {each.provider for each in _came(deal)}


def _back(deal: Deal) -> set[str]:
    return {each.provider for each in deal.intent.operations if each.kind is EffectKind.REFUND and each.succeeded}
