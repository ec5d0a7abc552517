"""What is refused of payment plans."""

from datetime import date
from typing import ClassVar

import attrs

from tokolib.kernel.errors import TokolibError, shortened
from tokolib.kernel.money import Money


@attrs.frozen
class UnknownPlan(TokolibError):
    """The shop has no payment plan of that name. Nothing was stored."""

    code: ClassVar[str] = "payments.unknown_plan"
    plan: str = attrs.field(converter=shortened)
    known: tuple[str, ...]

    def __str__(self) -> str:
        return f"no payment plan {self.plan!r}; this shop has {', '.join(self.known) or 'none'}"

    @property
    def hint(self) -> str:
        return "shop.plans.put(...) makes one; carts.options(cart) tells which may be chosen"


@attrs.frozen
class PlanRefused(TokolibError):
    """The order can't be paid by this plan. Nothing was stored."""

    code: ClassVar[str] = "payments.plan_refused"
    plan: str
    why: str
    """The code of the reason: `payments.plan_not_offered`, `_tender`, `_currency`, `_too_little`, `_too_much`,
    `_covered`, `_too_small` or `_reserves`."""
    explained: str
    """The reason in English."""

    def __str__(self) -> str:
        return self.explained

    @property
    def hint(self) -> str:
        return "choose another plan or tender, or pay all at once; carts.options(cart) tells which go together"


@attrs.frozen
class NothingDueYet(TokolibError):
    """What is due by now is paid, and the next instalment has not come yet. Nothing was stored."""

    code: ClassVar[str] = "payments.nothing_due_yet"
    status: ClassVar[int] = 409
    order_id: str
    amount: Money
    """What the next instalment still asks for."""
    due_on: date

    def __str__(self) -> str:
        return f"order {self.order_id}: nothing is due yet; the next instalment, {self.amount}, is due on {self.due_on}"

    @property
    def hint(self) -> str:
        return "name an amount to have it paid early"
