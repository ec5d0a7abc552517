"""What is asked for when goods are accepted, and what it would come to, shown before it is done."""

from collections.abc import Awaitable, Callable, Mapping
from functools import cached_property

import attrs

from tokolib.inventory.lots.naming import ByCode
from tokolib.kernel.canonical import fingerprint
from tokolib.kernel.errors import Fault, InvalidInput
from tokolib.kernel.ids import OrderId, ReturnId
from tokolib.kernel.lines import given_reason
from tokolib.kernel.money import Money
from tokolib.kernel.unit import Unit
from tokolib.orders.model import Order
from tokolib.orders.previews import OrderPreview, shown
from tokolib.orders.units import Wanted, wish
from tokolib.orders.withheld import Withheld
from tokolib.payments.words import check_way_back
from tokolib.returns.dispositions import FOUND, chosen, chosen_each
from tokolib.returns.model import Disposition, RefundPlan, Return, Unearned

ACCEPT = "returns.accept"


@attrs.frozen(kw_only=True)
class Acceptance:
    """What somebody wants accepted, held against what can be asked for at all."""

    subject: str
    """The id of a return, or of an order."""
    goods: Wanted | None
    """What the order brings back; None for a return, which names it."""
    reason: str
    disposition: Disposition | None
    dispositions: Mapping[str, Disposition]
    location: str | None
    refund_to: str | None
    lots: Mapping[str, ByCode]
    overrule: str

    @classmethod
    def of(
        cls,
        subject: Order | OrderId | Return | ReturnId,
        goods: Wanted | None,
        *,
        reason: str,
        disposition: Disposition | None,
        dispositions: Mapping[str, Disposition] | None,
        location: str | None,
        refund_to: str | None,
        lots: Mapping[str, ByCode] | None,
        overrule: str,
    ) -> "Acceptance":
        """What is asked for.

        Raises:
            InvalidInput: it says of a return what that says itself, or something that can't be kept or isn't known.
            NotLocal: nobody can pay by *refund_to*.
        """
        made = cls(
            subject=subject if isinstance(subject, str) else subject.id,
            goods=goods,
            reason=given_reason(reason, required=False),
            disposition=None if disposition is None else chosen("disposition", disposition, FOUND),
            dispositions=chosen_each(dispositions or {}, FOUND),
            location=location,
            refund_to=refund_to,
            lots=lots or {},
            overrule=given_reason(overrule, path="overrule", required=False),
        )
        if made.of_return:
            made._check_return()
        if refund_to is not None:
            check_way_back(refund_to)
        if goods is not None:
            wish(goods)
        return made

    @property
    def of_return(self) -> bool:
        """Whether it is of a return that was requested."""
        return self.subject.startswith("ret_")

    def _check_return(self) -> None:
        if self.goods is not None:
            raise InvalidInput((Fault("goods", "returns.goods_named", "a requested return names its goods itself"),))
        if self.reason:
            raise InvalidInput((Fault("reason", "returns.reason_named", "a requested return has its reason already"),))
        if self.overrule:
            message = "a requested return was held against the policy when it was requested"
            raise InvalidInput((Fault("overrule", "returns.judged_before", message),))

    @property
    def asked(self) -> tuple[object, ...]:
        """What a key is remembered with, the lots apart."""
        wanted = None if self.goods is None else wish(self.goods)
        said = (self.disposition, self.dispositions, self.location, self.refund_to)
        return self.subject, wanted, self.reason, *said, self.overrule

    @cached_property
    def request(self) -> str:
        """The fingerprint of what is asked, the lots among it."""
        return fingerprint((*self.asked, self.lots))


@attrs.frozen(kw_only=True)
class ReturnPreview(OrderPreview):
    """What accepting goods would do to their order, and what the customer would get for them."""

    credit: Money
    """What the units are worth by their stored shares."""
    amount: Money
    """What is paid back of it."""
    deductions: tuple[Withheld, ...]
    """What is kept of it, by the order's return policy."""
    unearned: tuple[Unearned, ...]
    """The promotions that goods which stay no longer earn, before and after."""


async def shown_return(
    unit: Unit, order_id: OrderId, asked: Acceptance, accept: Callable[[], Awaitable[Return]]
) -> ReturnPreview:
    """What *accept*, run in *unit*, does."""
    plans: list[RefundPlan] = []

    async def step() -> None:
        done = await accept()
        if done.refund is not None:
            plans.append(done.refund)

    order = await shown(unit, order_id, ACCEPT, asked.request, step)
    plan = plans[0]
    return ReturnPreview(
        **{field.name: getattr(order, field.name) for field in attrs.fields(OrderPreview)},
        credit=plan.credit,
        amount=plan.amount,
        deductions=plan.deductions,
        unearned=plan.unearned,
    )
