"""The door `claims`: what is wrong with goods, and how the shop makes up for it."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Final

import attrs

from tokolib.effects.ports import Observe
from tokolib.inventory.again import T, looking_again
from tokolib.kernel.canonical import fingerprint
from tokolib.kernel.clock import aware
from tokolib.kernel.errors import Fault, InvalidInput, shown
from tokolib.kernel.hosting import Colour, Service, command
from tokolib.kernel.ids import ClaimId, OrderId
from tokolib.kernel.lines import given_reason, line
from tokolib.kernel.money import Money
from tokolib.kernel.preview import Preview, confirm
from tokolib.kernel.unit import Unit
from tokolib.kernel.work import Work, once
from tokolib.orders.finding import nothing_of
from tokolib.orders.model import Order
from tokolib.orders.ports import ORDERS
from tokolib.orders.previews import OrderPreview
from tokolib.orders.previews import shown as shown_order
from tokolib.orders.units import Wanted, wish
from tokolib.payments.advance import advance
from tokolib.payments.ports import Gateways
from tokolib.payments.words import check_way_back
from tokolib.returns.claims import steps
from tokolib.returns.claims.model import Claim, ClaimKind, ClaimRemedy
from tokolib.returns.claims.ports import CLAIMS
from tokolib.returns.claims.rivals import claims_of
from tokolib.returns.evidence import Evidence, checked
from tokolib.returns.replacements import ReplacementPricing, Replacements, replacements_of, wishes_of

APPROVE: Final = "claims.approve"


@attrs.frozen
class ClaimService(Service[Colour]):
    """What is wrong with goods, and how the shop makes up for it."""

    work: Work
    blocking: bool
    observe: Observe
    gateways: Gateways

    @command
    async def open(
        self,
        order: Order | OrderId,
        goods: Wanted,
        *,
        kind: ClaimKind,
        remedy: ClaimRemedy,
        reason: str,
        evidence: Sequence[Evidence] = (),
        goods_back: bool = False,
        amount: Money | None = None,
        replacement: Replacements = (),
        until: datetime | None = None,
        key: str | None = None,
    ) -> Claim:
        """A claim on *goods* of an order (quantities by SKU or line id), of a *kind*, to be made up for by a *remedy*.

        An allowance names its *amount*. A replacement is held at once, *until* that instant: the same goods, or the
        *replacement*, unit by unit at no cost; an exchange keeps it (`exchange_id`). *goods_back* says whether the
        units are to come back; what is missing can't. *evidence* names what the host keeps, such as photos.

        Raises:
            NotFound: there is no such order. IllegalOrderTransition: it isn't placed.
            UnknownLine, TooManyUnits, AmbiguousSku, NothingToReturn, NamedTwice: *goods* isn't what was handed over.
            SpokenFor: an open claim, exchange or return is on these units.
            NotEligible: a customer wants a replacement, and the order's return policy refuses goods of that *kind*.
            OutOfStock, NotEven, NotEditable, UnknownSku, NotForSale: the replacement can't be had so.
            InvalidAmount, CurrencyMismatch: no such amount.
            NotExact, InvalidQuantity, NaiveDatetime, InvalidInput: something that can't be kept, or that doesn't fit
            the remedy. KeyReused: *key* belongs to another claim. In all cases nothing was stored.
        """
        id, why = order.id if isinstance(order, Order) else order, given_reason(reason)
        when = None if until is None else aware(until, "until")
        _check_fits(kind, remedy, goods_back=goods_back, amount=amount, until=when)
        lines = wishes_of(replacement, ReplacementPricing.EVEN) if replacement else ()
        proofs = checked(evidence)

        async def step(unit: Unit) -> Claim:
            wanted = await replacements_of(unit, lines)

            async def make() -> str:
                if when is not None and when <= unit.now:
                    raise _fault("until", "must be an instant that is still to come", when.isoformat())
                asked = steps.Wish(goods, kind, remedy, goods_back, proofs, why, amount, wanted, when)
                return (await steps.open_claim(unit, id, asked)).id

            request = (id, wish(goods), kind, remedy, goods_back, proofs, why, amount, wanted, when)
            made, _ = await once(unit, "claims.open", key, request, make)
            return await unit[CLAIMS].get(made)

        return await self._write("claims.open", step)

    @command
    async def show(self, claim: Claim | ClaimId, evidence: Sequence[Evidence]) -> Claim:
        """The claim with more *evidence*, which the host keeps.

        Raises:
            NotFound: there is no such claim. IllegalClaimTransition: it was decided.
            InvalidInput: none, or a reference that can't be kept. In all cases nothing was changed.
        """
        proofs = checked(evidence, required=True)

        async def step(unit: Unit) -> Claim:
            return await steps.show(unit, _id(claim), proofs)

        return await self._write("claims.show", step)

    @command
    async def approve(
        self,
        claim: Claim | ClaimId,
        *,
        refund_to: str | None = None,
        key: str | None = None,
        preview: Preview | str | None = None,
    ) -> Claim:
        """The shop makes up for it. Where no goods are to come back, at once and in one transaction.

        A refund credits the units by their stored shares, and goes the way that the money came, or to *refund_to*. A
        replacement is a part of the order, and no money moves. An allowance is granted. Where goods are to come back,
        a return is opened (`return_id`), which `returns.accept` settles, or the exchange waits for
        `exchanges.complete`. What came in of its return all the same is put where that says. A refund above the shop's
        limit is let go where somebody else has opened the claim.
        With a *key* it is safe to repeat; with a *preview*, or its hash, it does what was shown and nothing else.

        Raises:
            NotFound: there is no such claim. IllegalClaimTransition: it was decided. OnlyByStaff: a customer acts.
            PreviewStale: it would do something else by now than what *preview* shows.
            IllegalExchangeTransition: the hold of its replacement was let go; reject it, and open another.
            ReturnApprovalNeeded: the refund is above the limit, and whoever acts has opened the claim.
            SpokenFor: another on its units, opened in the same moment, was approved.
            TooManyUnits: the customer has fewer by now. AllowanceTooLarge: the order isn't worth so much any more.
            OutOfStock: the replacement ran out of its time, and is gone. NotLocal: nobody can pay by *refund_to*.
            GiftCardSpent, KeptByGiftCards: gift cards among the goods were used, or among what stays.
            InvalidInput, KeyReused: the key. In all cases nothing was changed.
        """
        id = _id(claim)
        if refund_to is not None:
            check_way_back(refund_to)

        async def step(unit: Unit) -> Claim:
            async def make() -> str:
                if preview is None:
                    await self._approved(unit, id, refund_to)
                else:
                    confirm(preview, await self._shown(unit, id, refund_to))
                return id

            await once(unit, APPROVE, key, (id, refund_to), make)
            return await unit[CLAIMS].get(id)

        done = await self._write(APPROVE, step)
        if self.gateways:

            async def intent(unit: Unit) -> str:
                return (await unit[ORDERS].get(done.order_id)).intent_id

            await advance(self.work, self.gateways, await self.work.read(intent), self.observe)
        return done

    @command
    async def preview_approve(self, claim: Claim | ClaimId, *, refund_to: str | None = None) -> OrderPreview:
        """What `approve` would do to the order's money, stock and units, shown before it is done.

        Raises:
            As `approve`, but for its key. Nothing is changed.
        """
        if refund_to is not None:
            check_way_back(refund_to)

        async def step(unit: Unit) -> OrderPreview:
            return await self._shown(unit, _id(claim), refund_to)

        return await self.work.rehearse(APPROVE, step)

    async def _approved(self, unit: Unit, id: ClaimId, refund_to: str | None) -> Claim:
        return await steps.approve(unit, id, refund_to=refund_to, observe=self.observe, gateways=self.gateways)

    async def _shown(self, unit: Unit, id: ClaimId, refund_to: str | None) -> OrderPreview:
        claim, request = await unit[CLAIMS].get(id), fingerprint((id, refund_to))
        mine = await steps.set_aside(unit, claim)
        approving = partial(self._approved, unit, id, refund_to)
        return await shown_order(unit, claim.order_id, APPROVE, request, approving, set_aside=mine)

    @command
    async def reject(self, claim: Claim | ClaimId, *, note: str) -> Claim:
        """The shop doesn't make up for it, and says why; a replacement is free again.

        Raises:
            NotFound: there is no such claim. IllegalClaimTransition: it was decided. OnlyByStaff: a customer acts.
            InvalidInput: a note that can't be kept. In all cases nothing was changed.
        """
        why = given_reason(note, path="note")

        async def step(unit: Unit) -> Claim:
            return await steps.reject(unit, _id(claim), why)

        return await self._write("claims.reject", step)

    @command
    async def withdraw(self, claim: Claim | ClaimId, *, reason: str) -> Claim:
        """The customer lets it be; a replacement is free again.

        Raises:
            NotFound: there is no such claim. IllegalClaimTransition: it was decided.
            InvalidInput: a reason that can't be kept. In all cases nothing was changed.
        """
        why = given_reason(reason)

        async def step(unit: Unit) -> Claim:
            return await steps.withdraw(unit, _id(claim), why)

        return await self._write("claims.withdraw", step)

    @command
    async def recharge(self, claim: Claim | ClaimId, amount: Money, *, owed_by: str, reference: str = "") -> Claim:
        """The claim with a note that somebody else owes the shop *amount* for it, such as `supplier:acme`.

        It moves no money. What a courier owes for a parcel that was lost, or came back broken, is `shipments.claim`.

        Raises:
            NotFound: there is no such claim. IllegalClaimTransition: it wasn't approved.
            InvalidAmount, CurrencyMismatch: no such amount. InvalidInput: text that can't be kept.
            In all cases nothing was changed.
        """
        whom, named = line("owed_by", owed_by, required=True), line("reference", reference)

        async def step(unit: Unit) -> Claim:
            return await steps.recharge(unit, _id(claim), whom, amount, named)

        return await self._write("claims.recharge", step)

    @command
    async def get(self, claim: ClaimId) -> Claim:
        """A claim by its id.

        Raises:
            NotFound: there is none.
        """

        async def step(unit: Unit) -> Claim:
            return await unit[CLAIMS].get(claim)

        return await self.work.read(step)

    @command
    async def of(self, order: Order | OrderId) -> tuple[Claim, ...]:
        """All claims of an order, the first one first.

        Raises:
            NotFound: there is no such order.
        """
        id = order.id if isinstance(order, Order) else order

        async def step(unit: Unit) -> tuple[Claim, ...]:
            return await claims_of(unit, id) or await nothing_of(unit, id)

        return await self.work.read(step)

    async def _write(self, permission: str, step: Callable[[Unit], Awaitable[T]]) -> T:
        return await looking_again(self.work, permission, step)


def _id(claim: Claim | ClaimId) -> ClaimId:
    return claim.id if isinstance(claim, Claim) else claim


def _fault(path: str, message: str, value: object) -> InvalidInput:
    return InvalidInput((Fault(path, "returns.bad_claim", message, shown(value)),))


def _check_fits(
    kind: ClaimKind, remedy: ClaimRemedy, *, goods_back: bool, amount: Money | None, until: datetime | None
) -> None:
    """Pass where what was named is what the remedy needs, and nothing else."""
    if (amount is not None) is not (remedy is ClaimRemedy.ALLOWANCE):
        raise _fault("amount", "must be named for an allowance, and for nothing else", amount)
    if (until is not None) is not (remedy is ClaimRemedy.REPLACEMENT):
        raise _fault("until", "must be named for a replacement, which is held, and for nothing else", until)
    if goods_back and (kind is ClaimKind.MISSING or remedy is ClaimRemedy.ALLOWANCE):
        raise _fault("goods_back", "must be left out of what is missing, or stays with the customer", goods_back)
