"""The door `promotions`: by short forms, or by terms as they are; and their coupons."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Unpack

import attrs

from tokolib.conditions import Predicate
from tokolib.conditions.model import ALWAYS
from tokolib.kernel.codes.typed import typed_code
from tokolib.kernel.errors import InvalidInput
from tokolib.kernel.hosting import Colour, command
from tokolib.kernel.ids import PromotionId
from tokolib.kernel.money import Money
from tokolib.kernel.rows import Page
from tokolib.kernel.unit import Unit
from tokolib.pricing.faults import by_argument
from tokolib.pricing.model import TierMode
from tokolib.pricing.promotions import short, steps
from tokolib.pricing.promotions.benefits import Scope, Value
from tokolib.pricing.promotions.coupons import CouponService, named
from tokolib.pricing.promotions.decide import coupon_id, promotion_id
from tokolib.pricing.promotions.events import CouponPut, PromotionStopped
from tokolib.pricing.promotions.model import Promotion, Terms
from tokolib.pricing.promotions.ports import PROMOTIONS
from tokolib.pricing.promotions.short import Short
from tokolib.pricing.promotions.terms import Options, in_currency_of, terms


@attrs.frozen
class PromotionService(CouponService[Colour]):
    """Promotions and their coupons."""

    @command
    async def percent(
        self,
        code: str,
        percent: int | str | Decimal,
        *,
        on: Scope = Scope.ORDER,
        target: Predicate = ALWAYS,
        coupon: str | None = None,
        **options: Unpack[Options],
    ) -> Promotion:
        """A percentage off: of each unit, each targeted line, their sum, shipping or fees, as *on* says.

        With a *coupon* it applies only to who gives the code; otherwise by itself. Calling it again with the
        same *code* changes its terms; placed orders keep theirs. With another *coupon* that is a coupon of it too:
        the one before stays until `stop_coupon`. *target* says which lines.

        Raises:
            InvalidInput: every fault of the terms. NotExact: a float. NotMoney: a bare number as an amount.
            CouponTaken: the code is another's.
            NaiveDatetime: an instant without a zone. Nothing was changed.
        """
        return await self._keep(code, short.percent_off(percent, on, target), options, coupon)

    @command
    async def fixed(
        self,
        code: str,
        amount: Money,
        *,
        on: Scope = Scope.ORDER,
        target: Predicate = ALWAYS,
        coupon: str | None = None,
        **options: Unpack[Options],
    ) -> Promotion:
        """An amount off every unit, *each* targeted line, the order, shipping or fees; never more than there is.

        Raises:
            InvalidInput: every fault of the terms. NotMoney: a bare number. CouponTaken: the code is another's.
            NaiveDatetime: an instant without a zone. Nothing was changed.
        """
        return await self._keep(code, short.amount_off(amount, on, target), options, coupon)

    @command
    async def for_price(
        self,
        code: str,
        price: Money,
        *,
        on: Scope = Scope.UNIT,
        target: Predicate = ALWAYS,
        coupon: str | None = None,
        **options: Unpack[Options],
    ) -> Promotion:
        """For a price: every targeted unit, each line, all of them together, or the shipping; never dearer than it was.

        With `unit_limit` and `units_per_customer` it is a flash sale: only the first units have the price.

        Raises:
            InvalidInput: every fault of the terms. NotMoney: a bare number. CouponTaken: the code is another's.
            NaiveDatetime: an instant without a zone. Nothing was changed.
        """
        return await self._keep(code, short.for_price(price, on, target), options, coupon)

    @command
    async def free_shipping(self, code: str, *, coupon: str | None = None, **options: Unpack[Options]) -> Promotion:
        """All of the shipping charges off, or up to a cap.

        Raises:
            InvalidInput: every fault of the terms. NotMoney: a bare number. CouponTaken: the code is another's.
            NaiveDatetime: an instant without a zone. Nothing was changed.
        """
        return await self._keep(code, short.free_shipping(), options, coupon)

    @command
    async def tiers(
        self,
        code: str,
        steps: Mapping[Money, Value] | Mapping[int, Value],
        *,
        mode: TierMode = TierMode.VOLUME,
        target: Predicate = ALWAYS,
        coupon: str | None = None,
        **options: Unpack[Options],
    ) -> Promotion:
        """Spend more, save more: `{IDR(200_000): Percent(5), IDR(500_000): Percent(10)}`, or `{3: Percent(10)}`.

        Raises:
            InvalidInput: every fault of the terms. NotMoney: a bare number. CouponTaken: the code is another's.
            NaiveDatetime: an instant without a zone. Nothing was changed.
        """
        return await self._keep(code, short.tiers(steps, mode, target), in_currency_of(steps, options), coupon)

    @command
    async def buy_get(
        self,
        code: str,
        buy: int,
        get: int = 1,
        *,
        of: Predicate = ALWAYS,
        getting: Predicate | None = None,
        percent: int | str | Decimal = 100,
        times: int | None = None,
        coupon: str | None = None,
        **options: Unpack[Options],
    ) -> Promotion:
        """Buy so many, get so many more for nothing, or for *percent* off: the cheapest of those that fit.

        Without *getting* what is got is of the same goods as what is bought. A unit that was bought for it can't be
        got as well.

        Raises:
            InvalidInput: every fault of the terms. NotExact: a float. CouponTaken: the code is another's.
            NaiveDatetime: an instant without a zone. Nothing was changed.
        """
        return await self._keep(code, short.buy_get(buy, get, of, getting, percent, times), options, coupon)

    @command
    async def any_for(
        self,
        code: str,
        quantity: int,
        price: Money,
        *,
        of: Predicate = ALWAYS,
        times: int | None = None,
        coupon: str | None = None,
        **options: Unpack[Options],
    ) -> Promotion:
        """Any so many of the goods for one price (mix and match); the dearest ones first.

        Raises:
            InvalidInput: every fault of the terms. NotMoney: a bare number. CouponTaken: the code is another's.
            NaiveDatetime: an instant without a zone. Nothing was changed.
        """
        return await self._keep(code, short.any_for(quantity, price, of, times), options, coupon)

    @command
    async def together(
        self,
        code: str,
        skus: Mapping[str, int],
        value: Value,
        *,
        times: int | None = None,
        coupon: str | None = None,
        **options: Unpack[Options],
    ) -> Promotion:
        """Goods that are cheaper together: so many of each SKU, with a value off each such set.

        Raises:
            InvalidInput: every fault of the terms. InvalidSku: a SKU that can name nothing.
            NotMoney: a bare number. CouponTaken: the code is another's.
            NaiveDatetime: an instant without a zone. Nothing was changed.
        """
        return await self._keep(code, short.together(skus, value, times), options, coupon)

    @command
    async def gift(
        self, code: str, sku: str, *, quantity: int = 1, coupon: str | None = None, **options: Unpack[Options]
    ) -> Promotion:
        """Goods for nothing, put into the order by checkout unless the customer refuses them; their stock is held.

        Raises:
            InvalidInput: every fault of the terms. InvalidSku: a SKU that can name nothing.
            NotMoney: a bare number. CouponTaken: the code is another's.
            NaiveDatetime: an instant without a zone. Nothing was changed.
        """
        return await self._keep(code, short.gift(sku, quantity), options, coupon)

    async def _keep(self, code: str, wanted: Short, options: Options, coupon: str | None) -> Promotion:
        id = promotion_id(code)

        async def step(unit: Unit) -> Promotion:
            zone = (await unit.settings()).zone
            made = terms(code, wanted, options, zone=zone, by_coupon=coupon is not None)
            try:
                kept = await steps.keep_promotion(unit, id, made)
            except InvalidInput as refused:
                raise by_argument(refused, wanted.arguments) from None
            if coupon is not None:
                await steps.keep_coupon(unit, CouponPut(coupon_id(coupon), typed_code(coupon), id))
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
    async def stop(self, promotion: Promotion | PromotionId | str) -> Promotion:
        """Let a promotion apply no longer, until it is put again. The second time changes nothing.

        Raises:
            NotFound: there is no such promotion.
        """
        id = named(promotion)

        async def step(unit: Unit) -> Promotion:
            held = await unit[PROMOTIONS].get(id)
            return unit[PROMOTIONS].record(held, PromotionStopped(held.id)) if held.active else held

        return await self.work.write("promotions.put", step)

    @command
    async def get(self, promotion: PromotionId | str) -> Promotion:
        """The promotion by its id or code.

        Raises:
            NotFound: there is no such promotion.
        """

        async def step(unit: Unit) -> Promotion:
            return await unit[PROMOTIONS].get(named(promotion))

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
