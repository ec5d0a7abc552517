"""The door `promotions`: promotions and their coupons, and what past orders would have come to under others."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

import attrs

from tokolib.adapters.repricing import Repricer
from tokolib.desk.linting import findings
from tokolib.desk.repricing import past_orders, rules_over_time
from tokolib.kernel.clock import aware
from tokolib.kernel.errors import Fault, InvalidInput, NotFound, shown
from tokolib.kernel.hosting import Colour, command
from tokolib.kernel.money import Money
from tokolib.kernel.rows import Page
from tokolib.kernel.settings import Settings
from tokolib.kernel.unit import Unit
from tokolib.pricing.lint.findings import Finding
from tokolib.pricing.promotions.decide import as_promotion_id, put_promotion
from tokolib.pricing.promotions.lifecycle import evolve_promotion
from tokolib.pricing.promotions.model import Promotion, Terms
from tokolib.pricing.promotions.service import PromotionService
from tokolib.pricing.what_if.facts import PricingFacts
from tokolib.pricing.what_if.report import Report
from tokolib.pricing.what_if.rules import Changes, RulesOverTime

MOST_PROCESSES: Final = 256


@attrs.frozen
class PromotionDoor(PromotionService[Colour]):
    """Promotions and their coupons, what is wrong with them, and what past orders would have come to under others."""

    @command
    async def lint(
        self, *, costs: Mapping[str, Money] | None = None, shipping: Money | None = None
    ) -> tuple[Finding, ...]:
        """What is wrong with the promotions that run, the worst first; nothing is changed.

        It finds what can never apply, what always loses and what clashes; where *costs* by SKU are given, what is
        sold below cost too. Costs are of one unit, in the terms of the prices: with tax where these contain it.
        *shipping* is what a delivery costs the customer: promotions that give it away are held against what the
        goods earn.

        Raises:
            InvalidInput: a cost that is negative, or of another currency than the shop's; a SKU that comes twice.
            InvalidSku, UnknownSku: a cost of what is no SKU of the catalogue. NotMoney: a bare number.
        """

        async def step(unit: Unit) -> tuple[Finding, ...]:
            return await findings(unit, costs or {}, shipping)

        return await self.work.read(step)

    @command
    async def what_if(
        self,
        *,
        put: Mapping[str, Terms] | None = None,
        without: Iterable[str] = (),
        since: datetime | None = None,
        until: datetime | None = None,
        processes: int = 1,
    ) -> Report:
        """What orders from *since* on until *until* would have come to, had promotions been others; nothing is changed.

        *put* are terms by code, new or instead of what ran under that code, and *without* the ids or codes of those
        that would not have been; all others run as they ran when each order was placed. Only orders that stand are
        counted: what was never paid, or was cancelled, is left out. With more *processes* the work is shared.

        Raises:
            InvalidInput: terms that can't be, each with its path; a number of processes that is none; *until*
                lies before *since*.
            NotFound: one of *without* was never a promotion of this shop.
            NaiveDatetime: a moment without a zone.
            TooManyEvaluations: the conditions take more comparisons than a shop allows for one cart.
        """
        if type(processes) is not int or not 0 < processes <= MOST_PROCESSES:
            wanted = f"must be 1 to {MOST_PROCESSES}"
            raise InvalidInput((Fault("processes", "shop.bad_processes", wanted, shown(processes)),))
        begin = None if since is None else aware(since, "since")
        end = None if until is None else aware(until, "until")
        if begin is not None and end is not None and end < begin:
            message = f"must not be before since, {begin.isoformat()}"
            raise InvalidInput((Fault("until", "shop.no_span", message, end.isoformat()),))
        gone = tuple([as_promotion_id(each, f"without[{at}]") for at, each in enumerate(without)])

        async def step(unit: Unit) -> RulesOverTime:
            ran = await rules_over_time(unit)
            for id in gone:
                if id not in ran.ids:
                    raise NotFound("promotion", id)
            return ran.changed(Changes(_made(put or {}, await unit.settings()), gone))

        rules = await self.work.read(step)
        with Repricer(rules, processes) as repricer:
            after: str | None = None
            while True:
                page = await self._past(begin, end, after)
                repricer.give(page.items)
                if (after := page.after) is None:
                    return repricer.report()

    async def _past(self, since: datetime | None, until: datetime | None, after: str | None) -> Page[PricingFacts]:
        async def step(unit: Unit) -> Page[PricingFacts]:
            return await past_orders(unit, since, until, after=after, limit=(await unit.settings()).limits.page)

        return await self.work.read(step)


def _made(put: Mapping[str, Terms], settings: Settings) -> tuple[Promotion, ...]:
    """The promotions that a caller writes as terms by code, as they would be put.

    Raises:
        InvalidInput: terms that can't be.
    """
    return tuple(
        evolve_promotion(None, event)
        for code, terms in put.items()
        for event in put_promotion(None, as_promotion_id(code, "put"), terms, settings)
    )
