"""Payment plans: customers pay instalments early, in part or late; and what is due when is reckoned beside the shop."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

from tokolib.effects.model import EffectKind
from tokolib.kernel.money import Money
from tokolib.orders.model import OrderState
from tokolib.payments.plans.model import GoodsLeave, PlanProgress
from tokolib.testing.simulator.acts import Act
from tokolib.testing.simulator.book import Deal, Word
from tokolib.testing.simulator.errors import Broken
from tokolib.testing.simulator.staff import say
from tokolib.testing.simulator.world import World

_AWAY: Final = (EffectKind.REFUND, EffectKind.REVERSAL, EffectKind.CHARGEBACK, EffectKind.CHARGEBACK_REVERSAL)


def pay_instalment(world: World, luck: Random) -> Act | None:
    """A customer pays what is due by a plan, a part of it, more than that, or all; in cash, by transfer or gateway."""

    def owes(deal: Deal) -> bool:
        running = deal.order.state in (OrderState.PLACED, OrderState.COMPLETED)
        return running and deal.intent.plan is not None and not deal.intent.outstanding.is_zero

    if (deal := world.book.orders(luck, owes)) is None:
        return None
    left = deal.intent.outstanding.minor_units
    next_one = next((part for part in _left(deal) if part), left)
    paid = luck.choices((next_one, max(1, next_one // 2), left, next_one + 1_000), (55, 15, 20, 10))[0]
    amount = Money(min(paid, left), deal.order.currency)
    if luck.random() < 0.3:
        return Act(
            f"charges {amount} of the plan of {deal.id}",
            lambda shop: shop.payments.charge(deal.order.id, gateway=world.gateway, amount=amount),
        )
    method = luck.choice(("cash", "bank_transfer"))
    return say(world, Word(deal.id, amount, method, f"ins-{luck.randrange(10**9)}"))


def _asked(deal: Deal, plan: PlanProgress) -> list[int]:
    """What each instalment asks for, the last ones shrunk first by what the order comes to less."""
    owed, parts = deal.intent.amount.minor_units - deal.intent.written_off, list[int]()
    for each in plan.agreed.instalments[:-1]:
        parts.append(min(each.amount.minor_units, owed - sum(parts)))
    return [*parts, owed - sum(parts)]


def _left(deal: Deal) -> list[int]:
    """What of each instalment hasn't come, the oldest served first; nothing without a plan."""
    if (plan := deal.intent.plan) is None:
        return []
    came, left = deal.intent.totals.net + deal.intent.totals.reserved, list[int]()
    for amount in _asked(deal, plan):
        left.append(max(0, amount - max(0, came)))
        came -= amount
    return left


def _overdue(deal: Deal, now: datetime) -> list[int]:
    """The numbers of the instalments that are late *now*."""
    if (plan := deal.intent.plan) is None:
        return []
    return [
        number
        for number, (left, at) in enumerate(zip(_left(deal), _late(plan), strict=True), start=1)
        if left and at <= now
    ]


def _late(plan: PlanProgress) -> Iterator[datetime]:
    """When each instalment is late: the day after its own, and after the days of grace, begins."""
    for each in plan.agreed.instalments:
        day = each.due_on if plan.called_on is None else min(each.due_on, plan.called_on)
        after = day + timedelta(days=1 + plan.agreed.grace_days)
        yield datetime.combine(after, time.min, ZoneInfo(plan.agreed.zone)).astimezone(UTC)


def check_plan(world: World, before: Deal | None, deal: Deal) -> Iterator[Broken]:
    """What is wrong with the plan of a deal: its sums, its words of lateness, and the goods that left."""
    plan, order, row = deal.intent.plan, deal.order, f"order {deal.id}"
    if plan is None:
        return
    parts = [each.amount.minor_units for each in plan.agreed.instalments]
    if sum(parts) != order.total.minor_units or parts[0] != order.deposit:
        yield Broken("M12", row, f"has instalments of {parts}, and a total of {order.total}")
    if before is None or before.intent.plan is None:
        return
    known = {(each.number, each.state) for each in before.intent.plan.noticed}
    new = [each for each in plan.noticed if (each.number, each.state) not in known]
    now = world.clock.now()
    late = {*_overdue(before, now), *_overdue(deal, now)}
    if deal.is_dead or _moved_back(before, deal):  # it was late when it was told, and need not be before or after
        late = {number for number, at in enumerate(_late(plan), start=1) if at <= now}
    for each in new:
        if each.state == "overdue" and each.number not in late:
            yield Broken("M12", row, f"calls its instalment {each.number} overdue, and it isn't")
    if any(line.shipped - old.shipped for line, old in zip(order.lines, before.order.lines, strict=False)):
        late_all_along = {*_overdue(before, now)} & {*_overdue(deal, now)}  # what is paid in this step, may be before
        yield from _left_rightly(before, deal, plan.agreed.goods, late=bool(late_all_along))


def _moved_back(before: Deal, deal: Deal) -> bool:
    """Whether money went back or was taken, if only for a moment, or what the order comes to has changed."""
    less = deal.intent.totals.captured < before.intent.totals.captured
    return less or before.intent.amount != deal.intent.amount or _going(before) != _going(deal)


def _going(deal: Deal) -> list[tuple[str, str]]:
    """What takes money away from an order, or gives it back to it: its operations and how far they are."""
    return [(each.id, each.state) for each in deal.intent.operations if each.kind in _AWAY]


def _left_rightly(before: Deal, deal: Deal, goods: GoodsLeave, *, late: bool) -> Iterator[Broken]:
    paid = not any(_left(before)) or not any(_left(deal))
    if goods is GoodsLeave.WHEN_PAID and not paid:
        yield Broken("M12", f"order {deal.id}", "gave goods away before its plan was paid")
    if goods is GoodsLeave.WHILE_ON_TIME and late and not paid:
        yield Broken("M12", f"order {deal.id}", "gave goods away while an instalment was late")
