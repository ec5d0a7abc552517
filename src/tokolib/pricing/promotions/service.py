"""The door `promotions`."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Unpack

import attrs

from tokolib.kernel.errors import Fault, shown
from tokolib.kernel.hosting import Colour, Service, command
from tokolib.kernel.ids import PromotionId
from tokolib.kernel.money import Money
from tokolib.kernel.numbers import exact
from tokolib.kernel.rows import Page
from tokolib.kernel.unit import Unit
from tokolib.kernel.work import Work
from tokolib.pricing.faults import Moment, moment, refuse
from tokolib.pricing.promotions import steps
from tokolib.pricing.promotions.codes import coupon_code
from tokolib.pricing.promotions.decide import as_promotion_id, check_takes_coupons, coupon_id, promotion_id
from tokolib.pricing.promotions.events import CouponPut, CouponStopped, PromotionStopped
from tokolib.pricing.promotions.model import Coupon, Promotion, Scope, Terms
from tokolib.pricing.promotions.ports import COUPONS, PROMOTIONS
from tokolib.pricing.promotions.terms import Options, terms


@attrs.frozen
class PromotionService(Service[Colour]):
    """Promotions and their coupons."""

    work: Work
    blocking: bool

    @command
    async def percent(
        self,
        code: str,
        percent: int | str | Decimal,
        *,
        on: Scope = Scope.ORDER,
        coupon: str | None = None,
        **options: Unpack[Options],
    ) -> Promotion:
        """A percentage off: of the order's targeted lines, of each line, or of shipping.

        With a *coupon* it applies only to who gives the code; otherwise by itself. Calling it again with the
        same *code* changes its terms; placed orders keep theirs.

        Raises:
            InvalidInput: every fault of the terms. NotExact: a float. NotMoney: a bare number as an amount.
            CouponTaken: the code is another's.
            NaiveDatetime: an instant without a zone. Nothing was changed.
        """
        rate = exact(percent, "percent")
        return await self._keep(code, options, on, coupon, percent=rate)

    @command
    async def fixed(
        self,
        code: str,
        amount: Money,
        *,
        on: Scope = Scope.ORDER,
        coupon: str | None = None,
        **options: Unpack[Options],
    ) -> Promotion:
        """An amount off the order, off *each* targeted line, or off shipping; never more than there is.

        Raises:
            InvalidInput: every fault of the terms. NotMoney: a bare number. CouponTaken: the code is another's.
            NaiveDatetime: an instant without a zone. Nothing was changed.
        """
        return await self._keep(code, options, on, coupon, amount=amount)

    @command
    async def free_shipping(self, code: str, *, coupon: str | None = None, **options: Unpack[Options]) -> Promotion:
        """All of the shipping charges off, or up to a cap.

        Raises:
            InvalidInput: every fault of the terms. NotMoney: a bare number. CouponTaken: the code is another's.
            NaiveDatetime: an instant without a zone. Nothing was changed.
        """
        return await self._keep(code, options, Scope.SHIPPING, coupon, percent=Decimal(100))

    async def _keep(
        self,
        code: str,
        options: Options,
        scope: Scope,
        coupon: str | None,
        *,
        percent: Decimal | None = None,
        amount: Money | None = None,
    ) -> Promotion:
        id = promotion_id(code)

        async def step(unit: Unit) -> Promotion:
            zone = (await unit.settings()).zone
            made = terms(
                code, options, scope=scope, zone=zone, by_coupon=coupon is not None, percent=percent, amount=amount
            )
            kept = await steps.keep_promotion(unit, id, made)
            if coupon is not None:
                await steps.keep_coupon(unit, CouponPut(coupon_id(coupon), coupon_code(coupon), id))
            return kept

        return await self.work.write("promotions.put", step)

    @command
    async def put(self, code: str, terms: Terms) -> Promotion:
        """A promotion by its terms, whole: for imports, and for what the short forms don't say.

        Raises:
            InvalidInput: every fault of the terms. Nothing was changed.
        """
        id = promotion_id(code)

        async def step(unit: Unit) -> Promotion:
            return await steps.keep_promotion(unit, id, terms)

        return await self.work.write("promotions.put", step)

    @command
    async def issue(
        self,
        promotion: Promotion | PromotionId | str,
        codes: Iterable[str],
        *,
        usage_limit: int | None = None,
        per_customer: int | None = None,
        since: Moment = None,
        until: Moment = None,
    ) -> tuple[Coupon, ...]:
        """Coupons for a promotion that needs one, all in one transaction, each with limits of its own.

        Codes that are one as they are compared (`hemat`, `HEMAT`) make one coupon.

        Raises:
            NotFound: no such promotion. CouponTaken: a code is another promotion's.
            InvalidInput: a code or limit that can't be, a promotion that applies by itself.
            NaiveDatetime: an instant without a zone. Nothing was changed.
        """
        wanted, id = _codes(codes), _promotion(promotion)

        async def step(unit: Unit) -> tuple[Coupon, ...]:
            zone = (await unit.settings()).zone
            first, last = moment(since, zone, "since"), moment(until, zone, "until", whole_day=True)
            held = await unit[PROMOTIONS].get(id)
            check_takes_coupons(held)
            return tuple(
                [
                    await steps.keep_coupon(
                        unit,
                        CouponPut(coupon_id(code), code, held.id, usage_limit, per_customer, first, last),
                    )
                    for code in wanted
                ]
            )

        return await self.work.write("promotions.put", step)

    @command
    async def stop(self, promotion: Promotion | PromotionId | str) -> Promotion:
        """Let a promotion apply no longer, until it is put again. The second time changes nothing.

        Raises:
            NotFound: there is no such promotion.
        """
        id = _promotion(promotion)

        async def step(unit: Unit) -> Promotion:
            held = await unit[PROMOTIONS].get(id)
            return unit[PROMOTIONS].record(held, PromotionStopped(held.id)) if held.active else held

        return await self.work.write("promotions.put", step)

    @command
    async def stop_coupon(self, code: str) -> Coupon:
        """Let a coupon be valid no longer, until it is issued again; its promotion runs on.

        Raises:
            NotFound: there is no such coupon.
        """

        async def step(unit: Unit) -> Coupon:
            held = await unit[COUPONS].get(coupon_id(code))
            return unit[COUPONS].record(held, CouponStopped(held.id)) if held.active else held

        return await self.work.write("promotions.put", step)

    @command
    async def get(self, promotion: PromotionId | str) -> Promotion:
        """The promotion by its id or code.

        Raises:
            NotFound: there is no such promotion.
        """

        async def step(unit: Unit) -> Promotion:
            return await unit[PROMOTIONS].get(_promotion(promotion))

        return await self.work.read(step)

    @command
    async def coupons(
        self, promotion: Promotion | PromotionId | str, *, after: str | None = None, limit: int = 100
    ) -> Page[Coupon]:
        """The coupons of a promotion, by code; at most `Limits.page` at a time.

        Raises:
            InvalidInput: a *limit* below 1.
        """

        async def step(unit: Unit) -> Page[Coupon]:
            equals = {"promotion_id": _promotion(promotion)}
            size = await unit.page_size(limit)
            return await unit[COUPONS].where("by_promotion", equals=equals, after=after, limit=size)

        return await self.work.read(step)

    @command
    async def page(self, *, active: bool = True, after: str | None = None, limit: int = 100) -> Page[Promotion]:
        """Promotions that run, or the stopped ones; automatic ones first; at most `Limits.page` at a time.

        Raises:
            InvalidInput: a *limit* below 1.
        """

        async def step(unit: Unit) -> Page[Promotion]:
            size = await unit.page_size(limit)
            return await unit[PROMOTIONS].where("running", equals={"active": int(active)}, after=after, limit=size)

        return await self.work.read(step)


def _promotion(promotion: Promotion | PromotionId | str) -> PromotionId:
    return promotion.id if isinstance(promotion, Promotion) else as_promotion_id(promotion)


def _codes(given: Iterable[object]) -> tuple[str, ...]:
    """Codes as they are compared, each once.

    Raises:
        InvalidInput: some are no text; what an iterator yields nobody has looked at before.
    """
    codes: dict[str, None] = {}
    faults = []
    for at, code in enumerate(given):
        if isinstance(code, str):
            codes[coupon_code(code)] = None
        else:
            faults.append(Fault(f"codes[{at}]", "kernel.wrong_type", "must be text", shown(code)))
    refuse(faults)
    return tuple(codes)
