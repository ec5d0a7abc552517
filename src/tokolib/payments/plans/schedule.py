"""How a plan stands: read off what was agreed, what the order comes to by now, what came, and the time.

Nothing of it is stored, so it can't drift. What the order comes to less is taken off the last instalments first, and
what it comes to more is put onto the last; whatever comes in is told to the oldest instalment first.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, NamedTuple

import attrs

from tokolib.kernel.clock import day as day_of
from tokolib.kernel.clock import zone
from tokolib.kernel.explain import Reason
from tokolib.kernel.formats import said
from tokolib.kernel.machine import Case, Derived, Guard, otherwise
from tokolib.kernel.money import Currency, Money
from tokolib.payments.plans.model import Instalment, InstalmentState, Notice, PaymentPlan, PlanProgress
from tokolib.payments.plans.wording import WORDING

S = InstalmentState


class Standing(NamedTuple):
    """What the state of an instalment is read off."""

    amount: int
    paid: int
    has_come: bool
    """Whether its day has begun, or it is the deposit."""
    is_late: bool
    """Whether its day has passed, and the days of grace after it."""


_G = Guard[Standing]

INSTALMENT: Final = Derived[InstalmentState, Standing](
    name="instalment",
    about="How far an instalment of a payment plan is: read off its day, what is asked for it and what came.",
    states={
        S.PLANNED: "its day has not come",
        S.DUE: "its day has come, and it isn't paid",
        S.OVERDUE: "its day has passed, and the days of grace after it, and it isn't paid",
        S.PAID: "all that is asked for it came in",
        S.DROPPED: "the order comes to so much less by now that nothing is asked for it",
    },
    cases=(
        Case(S.DROPPED, _G("nothing_asked", "the order comes to less by now", lambda one: one.amount == 0)),
        Case(S.PAID, _G("instalment_paid", "what is asked for it came in", lambda one: one.paid >= one.amount)),
        Case(S.OVERDUE, _G("grace_passed", "its day and the days of grace have passed", lambda one: one.is_late)),
        Case(S.DUE, _G("day_has_come", "its day has begun, or it is the deposit", lambda one: one.has_come)),
        otherwise(S.PLANNED),
    ),
    ends=frozenset({S.PAID, S.DROPPED}),
    exits={
        S.PLANNED: ("payments.received", "payments.charge", "orders.cancel"),
        S.DUE: ("payments.received", "payments.charge", "orders.grant_allowance"),
        S.OVERDUE: ("payments.received", "payments.charge", "orders.cancel"),
    },
)
"""The life of an instalment."""


@attrs.frozen
class Payable:
    """An instalment as it stands now."""

    number: int
    """From 1, which is the deposit."""
    due_on: date
    """Its day: until its end it is to be paid."""
    amount: Money
    """What is asked for it now: less than was agreed where the order comes to less."""
    paid: Money
    """What of it came in."""
    state: InstalmentState
    due_at: datetime
    """When its day begins."""
    due_until: datetime
    """When its day ends."""
    late_at: datetime
    """When it becomes overdue."""

    @property
    def left(self) -> Money:
        """What of it is still to be paid."""
        return self.amount - self.paid


@attrs.frozen
class Schedule:
    """A payment plan as it stands now."""

    plan: PaymentPlan
    instalments: tuple[Payable, ...]

    @property
    def total(self) -> Money:
        """What all of it comes to."""
        return self._sum(each.amount for each in self.instalments)

    @property
    def paid(self) -> Money:
        """What of it came in."""
        return self._sum(each.paid for each in self.instalments)

    @property
    def due_now(self) -> Money:
        """What is due by now and isn't paid."""
        return self._sum(each.left for each in self.instalments if each.state in (S.DUE, S.OVERDUE))

    @property
    def overdue(self) -> Money:
        """What is overdue."""
        return self._sum(each.left for each in self.instalments if each.state is S.OVERDUE)

    @property
    def next(self) -> Payable | None:
        """The oldest instalment that isn't paid; None when all are."""
        return next((each for each in self.instalments if not each.left.is_zero), None)

    def explain(self, locale: str = "en") -> str:
        """The plan, and each instalment with its day, its amount and how far it is, in words (`id` or `en`).

        Raises:
            UnknownLocale: neither of the two.
        """
        return said(self.reason, locale, WORDING)

    @property
    def reason(self) -> Reason:
        """The same as data."""
        parts = (Reason(_code(each), _values(each), each.amount) for each in self.instalments)
        return Reason("payments.plan", (("title", self.plan.title),), self.total, tuple(parts))

    def _sum(self, amounts: Iterator[Money]) -> Money:
        return Money.total(amounts, self.plan.deposit.currency)


def _code(each: Payable) -> str:
    early = each.state is S.PLANNED and not each.paid.is_zero
    return "payments.instalment_begun" if early else f"payments.instalment_{each.state}"


def _values(each: Payable) -> tuple[tuple[str, int | date | Money], ...]:
    return ("number", each.number), ("due", each.due_on), ("left", each.left)


def schedule(progress: PlanProgress, owed: Money, came: int, now: datetime) -> Schedule:
    """How a plan stands *now*, of an order that comes to *owed* and of which *came* minor units count as paid."""
    agreed = progress.agreed.instalments
    asked = shrunk([each.amount.minor_units for each in agreed], owed.minor_units)
    paid = poured(asked, max(0, came))
    parts = zip(agreed, asked, paid, strict=True)
    return Schedule(progress.agreed, tuple(_payable(progress, *part, now, owed.currency) for part in parts))


def shrunk(planned: Sequence[int], owed: int) -> tuple[int, ...]:
    """*planned* amounts as they are when their order comes to *owed*: the last ones shrink first, and only the last one
    grows. They sum to *owed*, and none is negative.
    """
    *first, _ = planned
    asked = poured(first, owed)
    return (*asked, owed - sum(asked))


def poured(asked: Sequence[int], came: int) -> tuple[int, ...]:
    """What each of *asked* gets of what *came*, the oldest first, none more than it asks for."""
    parts: list[int] = []
    for most in asked:
        parts.append(min(most, came))
        came -= parts[-1]
    return tuple(parts)


def _payable(
    progress: PlanProgress, each: Instalment, asked: int, paid: int, now: datetime, currency: Currency
) -> Payable:
    plan = progress.agreed
    due_on = each.due_on if progress.called_on is None else min(each.due_on, progress.called_on)
    due_at = begins(due_on, plan.zone)
    due_until = begins(due_on + timedelta(days=1), plan.zone)
    late_at = begins(due_on + timedelta(days=1 + plan.grace_days), plan.zone)
    standing = Standing(asked, paid, each.number == 1 or due_at <= now, late_at <= now)
    return Payable(
        number=each.number,
        due_on=due_on,
        amount=Money(asked, currency),
        paid=Money(paid, currency),
        state=INSTALMENT.read(standing),
        due_at=due_at,
        due_until=due_until,
        late_at=late_at,
    )


def begins(day: date, zone_name: str) -> datetime:
    """The instant at which a day begins in a zone."""
    return datetime.combine(day, time.min, zone(zone_name)).astimezone(UTC)


def unnoticed(now: Schedule, noticed: Sequence[Notice]) -> tuple[Payable, ...]:
    """The instalments that are due or overdue, and were not recorded as that."""
    told = set(noticed)
    return tuple(
        each
        for each in now.instalments
        if each.state in (S.DUE, S.OVERDUE) and Notice(each.number, each.state) not in told
    )


def notice_at(now: Schedule, noticed: Sequence[Notice]) -> datetime | None:
    """When somebody has to look next, so that each instalment is recorded once when due and once when overdue."""
    told = set(noticed)
    return min((at for each in now.instalments if (at := _notice_at(each, told)) is not None), default=None)


def _notice_at(each: Payable, told: set[Notice]) -> datetime | None:
    if each.left.is_zero or Notice(each.number, S.OVERDUE) in told:
        return None
    return each.late_at if Notice(each.number, S.DUE) in told else each.due_at


def today(now: datetime, plan: PaymentPlan) -> date:
    """The day that it is for a plan."""
    return day_of(now, plan.zone)
