"""The door `returns`."""

from collections.abc import Awaitable, Callable, Mapping

import attrs

from tokolib.effects.ports import Observe
from tokolib.fulfilment.model import Shipment
from tokolib.inventory.again import looking_again
from tokolib.inventory.lots.naming import ByCode, Named, named_lots
from tokolib.kernel.errors import Fault, InvalidInput
from tokolib.kernel.hosting import Colour, command
from tokolib.kernel.ids import OrderId, ReturnId, ShipmentId
from tokolib.kernel.lines import given_reason, line
from tokolib.kernel.unit import Unit
from tokolib.kernel.work import once
from tokolib.orders.finding import nothing_of
from tokolib.orders.model import Order
from tokolib.orders.ports import ORDERS
from tokolib.orders.units import Wanted, wish
from tokolib.payments.advance import advance
from tokolib.payments.ports import Gateways
from tokolib.payments.words import check_way_back
from tokolib.returns import steps
from tokolib.returns.deciding import ReturnPolicies
from tokolib.returns.dispositions import chosen, chosen_each
from tokolib.returns.events import ReturnAccepted
from tokolib.returns.lifecycle import check
from tokolib.returns.model import Disposition, Return
from tokolib.returns.ports import RETURNS


@attrs.frozen
class ReturnService(ReturnPolicies[Colour]):
    """Goods that come back."""

    observe: Observe
    gateways: Gateways

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
        refund_to: str | None = None,
        lots: Mapping[str, ByCode] | None = None,
        overrule: str = "",
        key: str | None = None,
    ) -> Return:
        """Goods received and inspected: credited by their stored shares, refunded, and put where they belong.

        Give a requested return, or an order with the *goods* that it brought back. They go back on the shelf, or
        as the request says, unless *disposition* (for all) or *dispositions* (by SKU or line id) say otherwise.
        The refund goes the way that the money came, or to *refund_to* (`cash`, `bank_transfer`). Cash is paid at
        once; a transfer waits for `payments.paid_out`; a gateway is asked before this returns. With a *key* it is
        safe to repeat. Of SKUs that are tracked, *lots* (quantities by SKU and code) says which ones came back where
        several left with the order. Goods that nobody has requested are held against the order's return policy, as
        `request` does it; a requested return was.

        Raises:
            LotsNeeded: it could be several lots. LotsDiffer, UnknownLot, SerialInHouse, NotTracked, InvalidLot.
            NotFound: there is no such order or return.
            UnknownLine, TooManyUnits, AmbiguousSku, NothingToReturn: *goods* isn't what the customer has.
            NamedTwice: two names, such as a SKU in two spellings, mean one line.
            InvalidInput: an unknown disposition, one of goods that aren't coming back, a reason or key that can't be
                kept, or *goods* or a *reason* beside a return, which names its own.
            NotExact, InvalidQuantity: a quantity that can't be counted. NotLocal: nobody can pay by *refund_to*.
            IllegalOrderTransition: the order isn't placed. KeyReused: the key belongs to another request.
            IllegalReturnTransition: it was accepted or rejected before.
            PartOfAnother: it is settled with an exchange.
            GiftCardSpent: it is a gift card that was used; one that wasn't is taken back.
            KeptByGiftCards: after an allowance the rest would be worth less than the gift cards that stay.
            NotEligible: by the policy some of *goods* may not come back. OnlyByStaff: the customer can't
                overrule it. ReturnApprovalNeeded: the refund is above the shop's limit, and nobody has approved it.
                In all cases nothing was changed.
        """
        subject = order if isinstance(order, str) else order.id
        requested = subject.startswith("ret_")
        why = given_reason(reason, required=False)
        if requested and goods is not None:
            raise InvalidInput((Fault("goods", "returns.goods_named", "a requested return names its goods itself"),))
        if requested and why:
            raise InvalidInput((Fault("reason", "returns.reason_named", "a requested return has its reason already"),))
        all_the_same = given_reason(overrule, path="overrule", required=False)
        if requested and all_the_same:
            message = "a requested return was held against the policy when it was requested"
            raise InvalidInput((Fault("overrule", "returns.judged_before", message),))
        if refund_to is not None:
            check_way_back(refund_to)
        wanted = None if goods is None else wish(goods)
        for_all = None if disposition is None else chosen("disposition", disposition)
        differing = chosen_each(dispositions or {})

        async def step(unit: Unit) -> Return:
            some: Named = await named_lots(unit, lots) if lots else {}

            async def make() -> str:
                if requested:
                    asked = await unit[RETURNS].get(subject)
                else:
                    asked = await steps.request(
                        unit, OrderId(subject), goods or {}, why, Disposition.RESTOCK, overrule=all_the_same
                    )
                check(asked, ReturnAccepted)
                done = await steps.accept(
                    unit,
                    asked,
                    disposition=for_all,
                    dispositions=differing,
                    refund_to=refund_to,
                    observe=self.observe,
                    lots=some,
                )
                return done.id

            asked_for = (subject, wanted, why, for_all, differing, refund_to, all_the_same, *([some] if some else []))
            made, _ = await once(unit, "returns.accept", key, asked_for, make)
            return await unit[RETURNS].get(made)

        accepted = await self._write("returns.accept", step)
        await self._pay(accepted)
        return accepted

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

    async def _write(self, permission: str, step: Callable[[Unit], Awaitable[Return]]) -> Return:
        return await looking_again(self.work, permission, step)

    async def _pay(self, accepted: Return) -> None:
        if accepted.refund is None or not accepted.refund.parts or not self.gateways:
            return

        async def intent(unit: Unit) -> str:
            return (await unit[ORDERS].get(accepted.order_id)).intent_id

        await advance(self.work, self.gateways, await self.work.read(intent), self.observe)

    @command
    async def reject(self, goods: Return | ReturnId, *, note: str) -> Return:
        """Refuse a requested return, and say why.

        Raises:
            NotFound: there is no such return. IllegalReturnTransition: it was accepted or rejected before.
            PartOfAnother: it is settled with an exchange.
            InvalidInput: a note that can't be kept. In all cases nothing was changed.
        """
        id, why = goods.id if isinstance(goods, Return) else goods, given_reason(note, path="note")

        async def step(unit: Unit) -> Return:
            return await steps.reject(unit, id, why)

        return await self.work.write("returns.reject", step)

    @command
    async def refine(self, goods: Return | ReturnId, sub_state: str, *, reason: str = "") -> Return:
        """Move a return to another sub-state of the shop's own (`Refinement`); the same again changes nothing.

        Raises:
            IllegalSubState: its state has no sub-states, or its table has no such move. NotFound: no such return.
            InvalidInput: a sub-state or reason that can't be kept. In all cases nothing was changed.
        """
        id = goods.id if isinstance(goods, Return) else goods
        wanted, why = line("sub_state", sub_state, required=True), given_reason(reason, required=False)

        async def step(unit: Unit) -> Return:
            return await steps.refine(unit, id, wanted, why)

        return await self.work.write("returns.refine", step)

    @command
    async def get(self, goods: ReturnId) -> Return:
        """A return by its id.

        Raises:
            NotFound: there is none.
        """

        async def step(unit: Unit) -> Return:
            return await unit[RETURNS].get(goods)

        return await self.work.read(step)

    @command
    async def of(self, order: Order | OrderId) -> tuple[Return, ...]:
        """All returns of an order, the first one first.

        Raises:
            NotFound: there is no such order.
        """
        id = order.id if isinstance(order, Order) else order

        async def step(unit: Unit) -> tuple[Return, ...]:
            return await steps.returns_of(unit, id) or await nothing_of(unit, id)

        return await self.work.read(step)
