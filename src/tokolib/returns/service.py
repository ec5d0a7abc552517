"""The door `returns`."""

from collections.abc import Mapping
from functools import partial

import attrs

from tokolib.fulfilment.model import Shipment
from tokolib.inventory.lots.naming import ByCode, Named, named_lots
from tokolib.kernel.hosting import Colour, command
from tokolib.kernel.ids import OrderId, ReturnId, ShipmentId
from tokolib.kernel.lines import given_reason
from tokolib.kernel.preview import Preview, confirm
from tokolib.kernel.unit import Unit
from tokolib.kernel.work import once
from tokolib.orders.model import Order
from tokolib.orders.units import Wanted, wish
from tokolib.payments.words import check_way_back
from tokolib.returns import steps
from tokolib.returns.acceptance import ACCEPT, Acceptance, ReturnPreview, shown_return
from tokolib.returns.bargaining import ReturnBargaining
from tokolib.returns.dispositions import chosen
from tokolib.returns.lifecycle import check_open
from tokolib.returns.model import Disposition, Return
from tokolib.returns.ports import RETURNS


@attrs.frozen
class ReturnService(ReturnBargaining[Colour]):
    """Goods that come back."""

    @command
    async def request(
        self,
        order: Order | OrderId,
        goods: Wanted,
        *,
        reason: str,
        disposition: Disposition = Disposition.RESTOCK,
        overrule: str = "",
        key: str | None = None,
    ) -> Return:
        """A customer's wish to send *goods* (quantities by SKU or line id) back; nothing moves yet.

        What may come back, the policy says that the order was placed under; who works for the shop may *overrule* it,
        and says why, which the return keeps.

        Raises:
            NotEligible: by the policy some of it may not come back. OnlyByStaff: the customer can't overrule.
            NotFound: there is no such order.
            UnknownLine, TooManyUnits, AmbiguousSku, NothingToReturn: *goods* isn't what the customer has.
            NamedTwice: two names, such as a SKU in two spellings, mean one line.
            NotExact, InvalidQuantity: a quantity that can't be counted. IllegalOrderTransition: the order isn't placed.
            InvalidInput: an unknown disposition, or a reason or key that can't be kept.
            KeyReused: the key belongs to another request. In all cases nothing was stored.
        """
        id, why = order.id if isinstance(order, Order) else order, given_reason(reason)
        wished, wanted = chosen("disposition", disposition), wish(goods)
        all_the_same = given_reason(overrule, path="overrule", required=False)

        async def step(unit: Unit) -> Return:
            async def make() -> str:
                return (await steps.request(unit, id, goods, why, wished, overrule=all_the_same)).id

            made, _ = await once(unit, "returns.request", key, (id, wanted, why, wished, all_the_same), make)
            return await unit[RETURNS].get(made)

        return await self.work.write("returns.request", step)

    @command
    async def accept(
        self,
        order: Order | OrderId | Return | ReturnId,
        goods: Wanted | None = None,
        *,
        reason: str = "",
        disposition: Disposition | None = None,
        dispositions: Mapping[str, Disposition] | None = None,
        location: str | None = None,
        refund_to: str | None = None,
        lots: Mapping[str, ByCode] | None = None,
        overrule: str = "",
        key: str | None = None,
        preview: Preview | str | None = None,
    ) -> Return:
        """Goods received and inspected: credited by their stored shares, refunded, and put where they belong.

        Give a return, or an order with the *goods* that it brought back. What `authorise`, `receive` and `inspect`
        have not told of a return is told by this: all of it is here, at *location* or where the order left from, and
        goes back on the shelf, or as the request says, unless *disposition* (for all) or *dispositions* (by SKU or
        line id) say otherwise. What was received in part, or refused when it was inspected, is accepted as far as it
        is here and fit; the rest stays the customer's.
        The refund goes the way that the money came, or to *refund_to* (`cash`, `bank_transfer`). Cash is paid at
        once; a transfer waits for `payments.paid_out`; a gateway is asked before this returns. Of SKUs that are
        tracked, *lots* (quantities by SKU and code) says which ones came back where several left with the order.

        Goods that nobody has requested are held against the order's return policy, as `request` does it; a requested
        return was. With a *key* it is safe to repeat; with a *preview*, or its hash, it does what was shown.

        Raises:
            LotsNeeded: it could be several lots. LotsDiffer, UnknownLot, SerialInHouse, NotTracked, InvalidLot.
            NotFound: there is no such order or return.
            UnknownLine, TooManyUnits, AmbiguousSku, NothingToReturn: *goods* isn't what the customer has.
            NamedTwice: two names, such as a SKU in two spellings, mean one line.
            InvalidInput: an unknown disposition, one of goods that aren't coming back, a reason or key that can't be
                kept, *goods* or a *reason* beside a return, which names its own, or a location or dispositions of
                what was received or inspected before.
            AllRefused: nothing of what came is taken back. UnknownLocation, InvalidLocation: no such place.
            NotExact, InvalidQuantity: a quantity that can't be counted. NotLocal: nobody can pay by *refund_to*.
            IllegalOrderTransition: the order isn't placed. KeyReused: the key belongs to another request.
            IllegalReturnTransition: it has ended.
            PreviewStale: it would do something else by now than what *preview* shows.
            PartOfAnother: it is settled with an exchange.
            GiftCardSpent: it is a gift card that was used; one that wasn't is taken back.
            KeptByGiftCards: after an allowance the rest would be worth less than the gift cards that stay.
            NotEligible: by the policy some of *goods* may not come back. OnlyByStaff: the customer can't
                overrule it. ReturnApprovalNeeded: the refund is above the shop's limit, and nobody has approved it.
                In all cases nothing was changed.
        """
        asked: Acceptance = Acceptance.of(
            order,
            goods,
            reason=reason,
            disposition=disposition,
            dispositions=dispositions,
            location=location,
            refund_to=refund_to,
            lots=lots,
            overrule=overrule,
        )

        async def step(unit: Unit) -> Return:
            some: Named = await named_lots(unit, asked.lots) if asked.lots else {}

            async def make() -> str:
                goods_back = await self._asked(unit, asked)
                if preview is None:
                    await self._accepted(unit, asked, some, goods_back)
                else:
                    confirm(preview, await self._shown(unit, asked, some, goods_back))
                return goods_back.id

            made, _ = await once(unit, ACCEPT, key, (*asked.asked, *([some] if some else [])), make)
            return await unit[RETURNS].get(made)

        accepted = await self._write(ACCEPT, step)
        await self._pay(accepted)
        return accepted

    @command
    async def preview_accept(
        self,
        order: Order | OrderId | Return | ReturnId,
        goods: Wanted | None = None,
        *,
        reason: str = "",
        disposition: Disposition | None = None,
        dispositions: Mapping[str, Disposition] | None = None,
        location: str | None = None,
        refund_to: str | None = None,
        lots: Mapping[str, ByCode] | None = None,
        overrule: str = "",
    ) -> ReturnPreview:
        """What `accept` would credit, keep and pay back, and do to money, stock and units, shown before it is done.

        Raises:
            As `accept`, but for its key. Nothing is changed.
        """
        asked: Acceptance = Acceptance.of(
            order,
            goods,
            reason=reason,
            disposition=disposition,
            dispositions=dispositions,
            location=location,
            refund_to=refund_to,
            lots=lots,
            overrule=overrule,
        )

        async def step(unit: Unit) -> ReturnPreview:
            some: Named = await named_lots(unit, asked.lots) if asked.lots else {}
            return await self._shown(unit, asked, some, await self._asked(unit, asked))

        return await self.work.rehearse(ACCEPT, step)

    async def _asked(self, unit: Unit, asked: Acceptance) -> Return:
        """The return that is to be accepted: one that was requested, or one of what the order brought."""
        if asked.of_return:
            return await unit[RETURNS].get(asked.subject)
        return await steps.request(
            unit, OrderId(asked.subject), asked.goods or {}, asked.reason, Disposition.RESTOCK, overrule=asked.overrule
        )

    async def _shown(self, unit: Unit, asked: Acceptance, lots: Named, goods: Return) -> ReturnPreview:
        accepting = partial(self._accepted, unit, asked, lots, goods)
        return await shown_return(unit, goods.order_id, asked, accepting)

    async def _accepted(self, unit: Unit, asked: Acceptance, lots: Named, goods: Return) -> Return:
        check_open(goods, ACCEPT)
        return await steps.accept(
            unit,
            goods,
            disposition=asked.disposition,
            dispositions=asked.dispositions,
            location=asked.location,
            refund_to=asked.refund_to,
            observe=self.observe,
            lots=lots,
        )

    @command
    async def undelivered(
        self,
        shipment: Shipment | ShipmentId,
        *,
        reason: str,
        refund_to: str | None = None,
        key: str | None = None,
    ) -> Return:
        """The money back for what never reached the customer of a shipment that is lost, or back at the sender.

        It is a return of which no goods are put away: where they are, the shipment tells. Their stored shares are
        credited and refunded as with `accept`; with what was lost its share of the charges too, with what came back
        as the order's policy says. With a *key* it is safe to repeat.

        Raises:
            NotFound: there is no such shipment. IllegalShipmentTransition: it is neither lost nor back.
            RemediedOtherwise: the goods are sent again. NothingAstray: returns have credited all of it.
            NotLocal: nobody can pay by *refund_to*. InvalidInput: a reason or key that can't be kept.
            KeyReused: the key belongs to another request. GiftCardSpent: a gift card among them was used.
            KeptByGiftCards: the rest would be worth less than the gift cards that stay.
            In all cases nothing was changed.
        """
        id, why = shipment.id if isinstance(shipment, Shipment) else shipment, given_reason(reason)
        if refund_to is not None:
            check_way_back(refund_to)

        async def step(unit: Unit) -> Return:
            async def make() -> str:
                done = await steps.undelivered(unit, id, reason=why, refund_to=refund_to, observe=self.observe)
                return done.id

            made, _ = await once(unit, "returns.undelivered", key, (id, why, refund_to), make)
            return await unit[RETURNS].get(made)

        credited = await self._write("returns.undelivered", step)
        await self._pay(credited)
        return credited

    async def _pay(self, accepted: Return) -> None:
        if accepted.refund is not None and accepted.refund.parts:
            await self._advanced(accepted)
