"""The door `exchanges`: something else for goods that come back, in the same order."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Final

import attrs

from tokolib.effects.ports import Observe
from tokolib.inventory.again import T, looking_again
from tokolib.inventory.lots.naming import ByCode, named_lots
from tokolib.kernel.canonical import fingerprint
from tokolib.kernel.clock import aware
from tokolib.kernel.errors import Fault, InvalidInput
from tokolib.kernel.hosting import Colour, command
from tokolib.kernel.ids import ExchangeId, OrderId
from tokolib.kernel.lines import given_reason
from tokolib.kernel.preview import Preview, confirm
from tokolib.kernel.unit import Unit
from tokolib.kernel.work import once
from tokolib.orders.model import Order
from tokolib.orders.ports import ORDERS
from tokolib.orders.previews import OrderPreview, shown
from tokolib.orders.units import Wanted, wish
from tokolib.payments.advance import advance
from tokolib.payments.ports import Gateways
from tokolib.payments.words import check_way_back
from tokolib.returns.dispositions import FOUND, chosen, chosen_each
from tokolib.returns.exchanges import steps
from tokolib.returns.exchanges.lookups import ExchangeLookups, as_id
from tokolib.returns.exchanges.model import Exchange
from tokolib.returns.exchanges.ports import EXCHANGES
from tokolib.returns.exchanges.steps import Inspected
from tokolib.returns.model import Disposition
from tokolib.returns.replacements import ReplacementPricing, Replacements, pricing_of, replacements_of, wishes_of

COMPLETE: Final = "exchanges.complete"


@attrs.frozen
class ExchangeService(ExchangeLookups[Colour]):
    """Something else for goods that come back."""

    observe: Observe
    gateways: Gateways

    @command
    async def request(
        self,
        order: Order | OrderId,
        goods: Wanted,
        replacement: Replacements,
        *,
        until: datetime,
        reason: str,
        pricing: ReplacementPricing | str = ReplacementPricing.NOW,
        overrule: str = "",
        key: str | None = None,
    ) -> Exchange:
        """A customer's wish to have the *replacement* for *goods* of an order (each quantities by SKU).

        The replacement is held at once, *until* that instant, and `extend` puts it off. When it has passed and nothing
        came, `shop.tick()` lets the exchange expire; where goods came, the shop has as long again to decide. A return
        of the goods is opened with it (`return_id`).

        What the replacement costs is said by *pricing*. `now`: today's price when it is completed, or that of a
        `LineWish`. `even`: what the units were sold for that it replaces, unit by unit, so that no money moves:
        another size, or the same again. What the order's return policy refuses is refused here too, unless a member of
        staff says why to *overrule* it. With a *key* it is safe to repeat.

        Raises:
            NotFound: there is no such order. IllegalOrderTransition: it isn't placed.
            UnknownLine, TooManyUnits, AmbiguousSku, NothingToReturn, NamedTwice: *goods* isn't what the customer has.
            NotEligible: the order's policy doesn't let it come back. OnlyByStaff: a customer can't overrule that.
            NotEditable: its taxes are a provider's word, or it follows a payment plan.
            NotEven: the replacement isn't as many units, counted and taxed alike.
            UnknownSku, NotForSale, NoPrice: the replacement can't be sold as it is.
            OutOfStock: naming everything that is short.
            NotExact, InvalidQuantity, NaiveDatetime, InvalidInput: something that can't be kept, or *until* has passed.
            KeyReused: *key* belongs to another request. In all cases nothing was stored.
        """
        id, why, when = order.id if isinstance(order, Order) else order, given_reason(reason), aware(until, "until")
        policy = pricing_of(pricing)
        lines, all_the_same = wishes_of(replacement, policy), given_reason(overrule, path="overrule", required=False)

        async def step(unit: Unit) -> Exchange:
            wanted = await replacements_of(unit, lines)

            async def make() -> str:
                _check_term(unit, when)
                asked_for = steps.Wish(goods, wanted, policy, when, why, all_the_same)
                return (await steps.request(unit, id, asked_for)).id

            asked = (id, wish(goods), wanted, policy, when, why, all_the_same)
            made, _ = await once(unit, "exchanges.request", key, asked, make)
            return await unit[EXCHANGES].get(made)

        return await self._write("exchanges.request", step)

    @command
    async def authorise(self, exchange: Exchange | ExchangeId) -> Exchange:
        """The shop agrees to it, and waits for the goods: its return is authorised too. Who did is kept.

        `shop.returns` takes them in, in parts and at several places if need be, and inspects them.

        Raises:
            NotFound: there is no such exchange. IllegalExchangeTransition: it isn't requested any more.
            In both cases nothing was changed.
        """

        async def step(unit: Unit) -> Exchange:
            return await steps.authorise(unit, as_id(exchange))

        return await self._write("exchanges.authorise", step)

    @command
    async def extend(self, exchange: Exchange | ExchangeId, *, until: datetime) -> Exchange:
        """The replacement is held *until* that instant, and anew where its hold has run out meanwhile.

        Raises:
            NotFound: there is no such exchange. IllegalExchangeTransition: it has ended.
            OutOfStock: the hold has run out, and the goods aren't there any more.
            NaiveDatetime, InvalidInput: *until* is no instant to come. In all cases nothing was changed.
        """
        when = aware(until, "until")

        async def step(unit: Unit) -> Exchange:
            _check_term(unit, when)
            return await steps.extend(unit, as_id(exchange), when)

        return await self._write("exchanges.extend", step)

    @command
    async def complete(
        self,
        exchange: Exchange | ExchangeId,
        *,
        disposition: Disposition | None = None,
        dispositions: Mapping[str, Disposition] | None = None,
        refund_to: str | None = None,
        location: str | None = None,
        lots: Mapping[str, ByCode] | None = None,
        key: str | None = None,
        preview: Preview | str | None = None,
    ) -> Exchange:
        """The goods are here: they are credited by their shares, and the replacement is a part of their order.

        Both happen at once, so that only the difference counts. Where the replacement costs more, the order is due:
        nothing is ever charged by itself, and it leaves when that is paid. Where it costs less, the rest goes back the
        way that the money came, or to *refund_to* (`cash`, `bank_transfer`, `store_credit`). Charges of the order stay.
        *disposition*, *dispositions*, *location* and *lots* say of the goods what they say for `returns.accept`.

        What `returns.receive` and `returns.inspect` have told of them counts: where only some of them came, or some
        were refused, as much is replaced as is taken back, and the rest of the replacement is free. Each of the
        replacement goes with the next of the goods where both are as many; otherwise so much as is whole in proportion.

        With a *key* it is safe to repeat. With a *preview*, or its hash, it does what was shown and nothing else.

        Raises:
            NotFound: there is no such exchange. IllegalExchangeTransition: it has ended.
            NothingReplaced: too little came. AllRefused: nothing of it is taken back.
            what `request` refuses of the replacement, and `returns.accept` of the goods.
            PreviewStale: it would do something else by now than what *preview* shows.
            KeyReused: *key* belongs to another request. In all cases nothing was changed.
        """
        id, asked = as_id(exchange), self._asked(disposition, dispositions, refund_to, location)
        request = fingerprint((id, asked, lots or {}))

        async def step(unit: Unit) -> Exchange:
            async def make() -> str:
                doing = partial(self._completed, unit, id, asked, lots)
                if preview is None:
                    await doing()
                else:
                    confirm(preview, await self._shown(unit, id, request, doing))
                return id

            await once(unit, COMPLETE, key, request, make)
            return await unit[EXCHANGES].get(id)

        done = await self._write(COMPLETE, step)
        if self.gateways:

            async def intent(unit: Unit) -> str:
                return (await unit[ORDERS].get(done.order_id)).intent_id

            await advance(self.work, self.gateways, await self.work.read(intent), self.observe)
        return done

    @command
    async def preview_complete(
        self,
        exchange: Exchange | ExchangeId,
        *,
        disposition: Disposition | None = None,
        dispositions: Mapping[str, Disposition] | None = None,
        refund_to: str | None = None,
        location: str | None = None,
        lots: Mapping[str, ByCode] | None = None,
    ) -> OrderPreview:
        """What `complete` would do to the order's money, stock and units, shown before it is done.

        Raises:
            As `complete`, but for its key. Nothing is changed.
        """
        id, asked = as_id(exchange), self._asked(disposition, dispositions, refund_to, location)
        request = fingerprint((id, asked, lots or {}))

        async def step(unit: Unit) -> OrderPreview:
            return await self._shown(unit, id, request, partial(self._completed, unit, id, asked, lots))

        return await self.work.rehearse(COMPLETE, step)

    def _asked(
        self,
        disposition: Disposition | None,
        dispositions: Mapping[str, Disposition] | None,
        refund_to: str | None,
        location: str | None,
    ) -> Inspected:
        if refund_to is not None:
            check_way_back(refund_to)
        for_all = None if disposition is None else chosen("disposition", disposition, FOUND)
        return Inspected(for_all, chosen_each(dispositions or {}, FOUND), refund_to, location=location)

    async def _completed(
        self, unit: Unit, id: ExchangeId, asked: Inspected, lots: Mapping[str, ByCode] | None
    ) -> Exchange:
        some = await named_lots(unit, lots) if lots else {}
        inspected = attrs.evolve(asked, lots=some)
        return await steps.complete(unit, id, inspected, observe=self.observe, gateways=self.gateways)

    async def _shown(
        self, unit: Unit, id: ExchangeId, request: str, doing: Callable[[], Awaitable[object]]
    ) -> OrderPreview:
        exchange = await unit[EXCHANGES].get(id)
        mine = await steps.set_aside(unit, exchange)
        return await shown(unit, exchange.order_id, COMPLETE, request, doing, set_aside=mine)

    @command
    async def reject(self, exchange: Exchange | ExchangeId, *, note: str) -> Exchange:
        """The shop doesn't agree, and says why; the replacement is free again, and the return closed.

        Where goods came in by then their return goes on by itself instead: `returns.accept` credits them, and
        `returns.reject` sends them back.

        Raises:
            NotFound: there is no such exchange. IllegalExchangeTransition: it has ended.
            InvalidInput: a note that can't be kept. In all cases nothing was changed.
        """
        why = given_reason(note, path="note")

        async def step(unit: Unit) -> Exchange:
            return await steps.reject(unit, as_id(exchange), why)

        return await self._write("exchanges.reject", step)

    @command
    async def cancel(self, exchange: Exchange | ExchangeId, *, reason: str) -> Exchange:
        """The customer keeps the goods after all; the replacement is free again, and the return closed.

        Where goods came in by then their return goes on by itself, as with `reject`.

        Raises:
            NotFound: there is no such exchange. IllegalExchangeTransition: it has ended.
            InvalidInput: a reason that can't be kept. In all cases nothing was changed.
        """
        why = given_reason(reason)

        async def step(unit: Unit) -> Exchange:
            return await steps.cancel(unit, as_id(exchange), why)

        return await self._write("exchanges.cancel", step)

    async def _write(self, permission: str, step: Callable[[Unit], Awaitable[T]]) -> T:
        return await looking_again(self.work, permission, step)


def _check_term(unit: Unit, until: datetime) -> None:
    if until <= unit.now:
        fault = Fault("until", "returns.past_term", "must be an instant that is still to come", until.isoformat())
        raise InvalidInput((fault,))
