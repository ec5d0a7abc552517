"""Payment plans as values: what a shop offers, what an order agreed on, and what was recorded of it since."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

import attrs

from tokolib.kernel.choices import settle_choices
from tokolib.kernel.errors import Fault, InvalidInput, shown
from tokolib.kernel.fields import is_money_or_none
from tokolib.kernel.money import Money

MOST_STEPS: Final = 60
"""Instalments of one plan beside its deposit."""
LONGEST_MONTHS: Final = 120
LONGEST_DAYS: Final = 3_650
LONGEST_GRACE: Final = 365


class LateRule(StrEnum):
    """What becomes of an order when an instalment is overdue; it is recorded, and so told to whoever reminds, always.

    Nothing of it ends what the customer owes.
    """

    REMIND = "remind"
    """Nothing more."""
    HOLD_GOODS = "hold_goods"
    """Nothing leaves until nothing is overdue: the block `instalment`."""
    CANCEL = "cancel"
    """The order is cancelled; where goods have left already, the others are held."""
    ALL_DUE = "all_due"
    """The whole rest is due at once."""


class GoodsLeave(StrEnum):
    """When goods of an order that is paid by a plan may leave."""

    WHEN_PAID = "when_paid"
    """When everything is paid."""
    WHILE_ON_TIME = "while_on_time"
    """From the deposit on, as long as nothing is overdue: the shop gives credit."""


class DepositOnCancel(StrEnum):
    """What becomes of the deposit of an order that is cancelled because an instalment is overdue, or that staff cancel
    with `keep_deposit`.
    """

    GIVE_BACK = "give_back"
    KEEP = "keep"
    """The shop keeps it, as far as it was paid; what came beside it goes back."""


_CHOICES: Final = {"late": LateRule, "goods": GoodsLeave, "deposit_on_cancel": DepositOnCancel}


@attrs.frozen
class PlanStep:
    """An instalment by rule: so many months, and then days, after the day on which the order was asked for.

    A month later than 31 January is the last day of February. Months are counted from that first day and never from
    the instalment before, so that the last day of a month doesn't wander.
    """

    months: int = 0
    days: int = 0
    weight: int = 1
    """How much of what the deposit leaves it takes, beside the weights of the others."""


def monthly(count: int) -> tuple[PlanStep, ...]:
    """*count* equal instalments, a month apart.

    Raises:
        InvalidInput: *count* is no whole number of 1 to 60.
    """
    if type(count) is not int or not 1 <= count <= MOST_STEPS:
        message = f"must be a whole number of 1 to {MOST_STEPS}"
        raise InvalidInput((Fault("count", "payments.bad_plan_steps", message, shown(count)),))
    return tuple(PlanStep(months=month) for month in range(1, count + 1))


@attrs.frozen
class PlanTerms:
    """A payment plan as a shop offers it."""

    title: str
    """What a buyer reads, such as `DP 30 %, sisanya 3 bulan`."""
    deposit: Decimal | Money
    """What is due at once: a share of the total above 0 and below 1, or an amount."""
    steps: tuple[PlanStep, ...]
    late: LateRule = LateRule.REMIND
    grace_days: int = 0
    """So many days after its day an unpaid instalment becomes overdue; with none, on the next day."""
    goods: GoodsLeave = GoodsLeave.WHEN_PAID
    deposit_on_cancel: DepositOnCancel = DepositOnCancel.GIVE_BACK
    at_least: Money | None = attrs.field(default=None, validator=is_money_or_none)
    """Only from this total on, all included."""
    at_most: Money | None = attrs.field(default=None, validator=is_money_or_none)
    """Only up to this total, all included."""
    tenders: tuple[str, ...] = ()
    """Only with these ways to pay; empty: with all that take money before goods leave."""
    offered: bool = True

    def __attrs_post_init__(self) -> None:
        """A choice may be given by its word (`"cancel"`); what is none is refused."""
        settle_choices("", self, _CHOICES)

    @property
    def currency(self) -> str:
        """The code of the currency of its amounts; empty where it names none, so that it is for every currency."""
        amounts = (self.deposit, self.at_least, self.at_most)
        return next((each.currency.code for each in amounts if isinstance(each, Money)), "")


@attrs.frozen
class PlanOffer:
    """One payment plan of a shop."""

    id: str
    """The name by which a buyer chooses it."""
    version: int
    terms: PlanTerms


@attrs.frozen
class Instalment:
    """A part of a total, and the day by whose end it is to be paid."""

    number: int
    """From 1, which is the deposit."""
    due_on: date
    amount: Money


@attrs.frozen(kw_only=True)
class PaymentPlan:
    """What an order agreed on: frozen, so that no change of the shop's offer or zone moves a day or an amount."""

    name: str
    title: str
    instalments: tuple[Instalment, ...]
    """The deposit first; their amounts add up to the total of the order."""
    late: LateRule
    grace_days: int
    goods: GoodsLeave
    deposit_on_cancel: DepositOnCancel
    zone: str
    """The IANA zone whose days are meant."""

    @property
    def deposit(self) -> Money:
        """What is due at once; the order is placed when it is there."""
        return self.instalments[0].amount

    @property
    def total(self) -> Money:
        """What all instalments come to."""
        return Money.total((each.amount for each in self.instalments), self.deposit.currency)


class InstalmentState(StrEnum):
    """How far an instalment is."""

    PLANNED = "planned"
    DUE = "due"
    OVERDUE = "overdue"
    PAID = "paid"
    DROPPED = "dropped"


@attrs.frozen
class Notice:
    """That an instalment was seen to be due, or overdue: each is recorded once."""

    number: int
    state: InstalmentState


@attrs.frozen
class PlanProgress:
    """The plan of one order, and what was recorded of it; how it stands follows from this and the payments."""

    agreed: PaymentPlan
    started: bool = False
    """Whether the deposit came, and the order was placed."""
    called_on: date | None = None
    """The day on which the whole rest became due, by its late rule."""
    noticed: tuple[Notice, ...] = ()
