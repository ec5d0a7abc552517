"""The commands on coupons: issued one by one, generated in bulk, stopped, and looked at."""

from collections.abc import Iterable
from functools import partial
from typing import Final

import attrs

from tokolib.kernel.codes.typed import typed_code
from tokolib.kernel.errors import Fault, shown
from tokolib.kernel.hosting import Colour, Service, command
from tokolib.kernel.ids import PromotionId
from tokolib.kernel.moments import Moment, moment
from tokolib.kernel.rows import Page
from tokolib.kernel.unit import Unit
from tokolib.kernel.work import Work, check_key
from tokolib.pricing.faults import refuse, window_faults
from tokolib.pricing.promotions import steps
from tokolib.pricing.promotions.checks import limit_faults
from tokolib.pricing.promotions.codes.bulk import FEWEST_RANDOM, batch_faults
from tokolib.pricing.promotions.decide import (
    as_promotion_id,
    check_takes_coupons,
    code_faults,
    coupon_faults,
    coupon_id,
)
from tokolib.pricing.promotions.events import CouponPut, CouponStopped
from tokolib.pricing.promotions.model import Coupon, Promotion
from tokolib.pricing.promotions.ports import COUPONS, PROMOTIONS

CHUNK: Final = 500
"""Coupons of a batch that are stored in one transaction."""


@attrs.frozen
class CouponService(Service[Colour]):
    """Coupons."""

    work: Work
    blocking: bool

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
            InvalidInput: codes and limits that can't be, all of them at once; a promotion that applies by itself.
            NaiveDatetime: an instant without a zone. Nothing was changed.
        """
        id = named(promotion)
        wanted, faults = _codes(codes)
        faults.extend(limit_faults(usage_limit=usage_limit, per_customer=per_customer))

        async def step(unit: Unit) -> tuple[Coupon, ...]:
            zone = (await unit.settings()).zone
            first, last = moment(since, zone, "since"), moment(until, zone, "until", whole_day=True)
            refuse(faults + list(window_faults(first, last)))
            held = await unit[PROMOTIONS].get(id)
            check_takes_coupons(held)
            events = [
                CouponPut(coupon_id(code), code, held.id, usage_limit, per_customer, first, last) for code in wanted
            ]
            return tuple([await steps.keep_coupon(unit, event) for event in events])

        return await self.work.write("promotions.put", step)

    @command
    async def generate(
        self,
        promotion: Promotion | PromotionId | str,
        count: int,
        *,
        key: str | None = None,
        prefix: str = "",
        length: int = FEWEST_RANDOM,
        secret: bytes | None = None,
        usage_limit: int | None = 1,
        per_customer: int | None = None,
        since: Moment = None,
        until: Moment = None,
    ) -> tuple[str, ...]:
        """So many new codes for a promotion that needs one, which nobody can guess; each is good for one order.

        *length* counts random characters, at least 12. With a *secret* of the host's, at least 16 bytes, the codes
        are signed, so that `verify_code` knows them without the shop; it is not kept. The coupons are stored 500 at a
        time; when one transaction fails, the ones before it stand. With a *key* the same call answers the same
        codes, and makes those that are still missing.

        Raises:
            NotFound: no such promotion. KeyReused: the key belongs to another batch.
            InvalidInput: a count, prefix, length, secret, limit or key that can't be, a promotion without coupons.
            NaiveDatetime: an instant without a zone. Nothing was changed.
        """
        id = named(promotion)
        begins: str = typed_code(prefix)
        refuse([*batch_faults(count, begins, length, secret)])
        if key is not None:
            check_key(key)
        made: list[str] = []
        for first in range(0, count, CHUNK):
            batch = steps.Batch(
                id, min(CHUNK, count - first), begins, length, usage_limit, per_customer, since, until, count
            )
            part = None if key is None else f"{key}.{first // CHUNK}"
            made += await self.work.write("promotions.put", partial(steps.generate, batch, part, secret))
        return tuple(made)

    @command
    async def stop_coupon(self, code: str) -> Coupon:
        """Let a coupon be valid no longer, until it is issued again; its promotion runs on.

        Raises:
            NotFound: there is no such coupon. InvalidInput: an empty code.
        """
        refuse([*code_faults("code", typed_code(code), code)])

        async def step(unit: Unit) -> Coupon:
            held = await unit[COUPONS].get(coupon_id(code))
            return unit[COUPONS].record(held, CouponStopped(held.id)) if held.active else held

        return await self.work.write("promotions.put", step)

    @command
    async def coupons(
        self, promotion: Promotion | PromotionId | str, *, after: str | None = None, limit: int = 100
    ) -> Page[Coupon]:
        """The coupons of a promotion, by code; at most `Limits.page` at a time.

        Raises:
            NotFound: there is no such promotion. InvalidInput: a *limit* below 1.
        """

        async def step(unit: Unit) -> Page[Coupon]:
            equals = {"promotion_id": (await unit[PROMOTIONS].get(named(promotion))).id}
            size = await unit.page_size(limit)
            return await unit[COUPONS].where("by_promotion", equals=equals, after=after, limit=size)

        return await self.work.read(step)


def named(promotion: Promotion | PromotionId | str) -> PromotionId:
    """The id of a promotion, named by itself, its id or its code."""
    return promotion.id if isinstance(promotion, Promotion) else as_promotion_id(promotion, "promotion")


def _codes(given: Iterable[object]) -> tuple[tuple[str, ...], list[Fault]]:
    """Codes as they are compared, each once; and what is wrong with them: an iterator's nobody has looked at before."""
    codes: dict[str, None] = {}
    faults: list[Fault] = []
    for at, typed in enumerate(given):
        if isinstance(typed, str):
            codes[code := typed_code(typed)] = None
            faults += coupon_faults(f"codes[{at}]", code, shown(typed, str))
        else:
            faults.append(Fault(f"codes[{at}]", "kernel.wrong_type", "must be text", shown(typed)))
    return tuple(codes), faults
