"""The door `plans`: deposits and instalments that a shop offers."""

from collections.abc import Collection, Iterable
from decimal import Decimal

import attrs

from tokolib.kernel.hosting import Colour, Service, command
from tokolib.kernel.money import Money
from tokolib.kernel.numbers import exact
from tokolib.kernel.unit import Unit
from tokolib.kernel.work import Work
from tokolib.payments.plans import steps as own
from tokolib.payments.plans.errors import UnknownPlan
from tokolib.payments.plans.model import DepositOnCancel, GoodsLeave, LateRule, PlanOffer, PlanStep, PlanTerms
from tokolib.payments.plans.ports import PLANS


@attrs.frozen
class PlanService(Service[Colour]):
    """The payment plans of one shop. A buyer names one when ordering: `orders.place(..., plan=...)`."""

    work: Work
    blocking: bool
    gateways: Collection[str]

    @command
    async def put(
        self,
        plan: str,
        *,
        title: str,
        deposit: Money | Decimal | int | str,
        steps: Iterable[PlanStep],
        late: LateRule = LateRule.REMIND,
        grace_days: int = 0,
        goods: GoodsLeave = GoodsLeave.WHEN_PAID,
        deposit_on_cancel: DepositOnCancel = DepositOnCancel.GIVE_BACK,
        at_least: Money | None = None,
        at_most: Money | None = None,
        tenders: Iterable[str] = (),
    ) -> PlanOffer:
        """Offer a payment plan under a name; the same twice is the same. Orders that exist keep what they agreed on.

        The *deposit* is a share of the total (`"0.30"`) or an amount; the *steps* share the rest by their weights, to
        the last minor unit. What isn't given is no limit.

        Raises:
            UnknownTender: *tenders* name one that the shop hasn't got. NotExact: a share that is no exact number.
            InvalidInput: a plan that can't be: no steps, or not in order; a deposit of nothing, or of all; limits the
                wrong way round; all faults, with paths. NotMoney: a bare number as a limit. Nothing was changed.
        """
        terms = PlanTerms(
            title=title.strip(),
            deposit=deposit if isinstance(deposit, Money) else exact(deposit, "deposit"),
            steps=tuple(steps),
            late=late,
            grace_days=grace_days,
            goods=goods,
            deposit_on_cancel=deposit_on_cancel,
            at_least=at_least,
            at_most=at_most,
            tenders=tuple(tenders),
        )
        return await self._keep(plan.strip(), terms)

    @command
    async def withdraw(self, plan: str) -> PlanOffer:
        """Offer a plan no longer, until it is put again; orders that agreed on it go on by it.

        Raises:
            UnknownPlan: there is none of that name. Nothing was changed.
        """

        async def step(unit: Unit) -> PlanOffer:
            held = await unit[PLANS].find(plan)
            if held is None:
                raise UnknownPlan(plan, tuple(each.id for each in await own.offers(unit)))
            return await own.keep_plan(unit, plan, attrs.evolve(held.terms, offered=False), self.gateways)

        return await self.work.write("plans.put", step)

    @command
    async def offers(self) -> tuple[PlanOffer, ...]:
        """Every plan of the shop, by its name; those that are no longer offered say so."""

        async def step(unit: Unit) -> tuple[PlanOffer, ...]:
            return await own.offers(unit)

        return await self.work.read(step)

    async def _keep(self, plan: str, terms: PlanTerms) -> PlanOffer:
        async def step(unit: Unit) -> PlanOffer:
            return await own.keep_plan(unit, plan, terms, self.gateways)

        return await self.work.write("plans.put", step)
