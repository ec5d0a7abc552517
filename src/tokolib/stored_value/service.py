"""The door `gift_cards`: sold, given away, stopped, and what is on them."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Protocol, TypeVar, runtime_checkable

import attrs

from tokolib.kernel.again import looking_again
from tokolib.kernel.hosting import Colour, Service, command
from tokolib.kernel.ids import GiftCardId, OrderId
from tokolib.kernel.lines import given_reason
from tokolib.kernel.moments import Moment, moment
from tokolib.kernel.money import Money
from tokolib.kernel.rows import Page
from tokolib.kernel.unit import Unit
from tokolib.kernel.work import Work, once
from tokolib.stored_value import codes, selling, statements, steps
from tokolib.stored_value.events import GiftCardBlocked, GiftCardCodeChanged, GiftCardUnblocked
from tokolib.stored_value.lifecycle import check
from tokolib.stored_value.model import GiftCard, GiftCardState, IssuedCard, Statement
from tokolib.stored_value.ports import GIFT_CARDS, CardLines
from tokolib.stored_value.postings import GIVEN, Cause

T = TypeVar("T")


@runtime_checkable
class BuyingOrder(Protocol):
    """Anything that is an order, as far as gift cards care."""

    @property
    def id(self) -> OrderId:
        """The order's id."""
        ...


@attrs.frozen
class GiftCardService(Service[Colour]):
    """Gift cards: whoever has the code pays with it, at `orders.place(..., credit=[FromGiftCard(code)])`."""

    work: Work
    blocking: bool
    lines: CardLines

    @command
    async def issue(self, amount: Money, *, reason: str, key: str, valid_until: Moment = None) -> IssuedCard:
        """A gift card that is given away, at the shop's expense, and its code, which is told this once.

        It is good until *valid_until*, a moment or the end of a day in the shop's zone; without one for ever. The
        same *key* with the same request answers the same card, without its code.

        Raises:
            InvalidAmount, NotMoney: such an amount is none. InvalidInput: a reason or key that can't be kept, a
            currency that the shop doesn't sell in, or a date that has come. NaiveDatetime: an instant without a zone.
            KeyReused: *key* belongs to another card. In all cases nothing was stored.
        """
        why = given_reason(reason)

        async def make(unit: Unit, until: datetime | None) -> tuple[GiftCard, str]:
            await steps.check_worth(unit, amount, until)
            return steps.issue(unit, amount, until, Cause.ISSUED, GIVEN, reason=why)

        step = issuing("gift_cards.issue", key, (amount, why), valid_until, make)
        return await self._write("gift_cards.issue", step)

    @command
    async def sell(self, amount: Money, *, method: str, key: str, valid_until: Moment = None) -> IssuedCard:
        """A gift card against *amount* that came over the counter by the local *method*, and its code.

        It is a debt of the shop, and no sale, until something is bought with it. *valid_until* and *key* are as in
        `issue`.

        Raises:
            NotLocal: people don't handle *method*. BoughtWithStoredValue: it is a gift card or store credit itself.
            what `issue` raises. In all cases nothing was stored.
        """

        async def make(unit: Unit, until: datetime | None) -> tuple[GiftCard, str]:
            return await selling.sell(unit, amount, method, until)

        return await self._write(
            "gift_cards.sell", issuing("gift_cards.sell", key, (amount, method), valid_until, make)
        )

    @command
    async def sell_in(
        self,
        order: BuyingOrder | str,
        amount: Money,
        *,
        key: str,
        sku: str = "",
        valid_until: Moment = None,
    ) -> IssuedCard:
        """A gift card that a paid order bought, and its code: what it booked as a sale is owed now.

        It is one unit of an untaxed line, and worth what that unit cost; *sku* says of which, where several goods cost
        so much. Cancelling the order, or accepting the return of that unit, takes the card back while it is unspent;
        once it was used, both are refused, as are a refund or an allowance of what the order's cards were bought with.
        *valid_until* and *key* are as in `issue`.

        Raises:
            NotFound: no such order. NotPaidFor: not so much was paid, or other cards were bought for it.
            NoGiftCardLine: no unit of it, or of *sku*, can be that card, or those of several goods can.
            BoughtWithStoredValue: a part of it was paid with a gift card or store credit.
            CurrencyMismatch: its currency is another. what `issue` raises. In all cases nothing was stored.
        """
        id = order if isinstance(order, str) else order.id

        async def make(unit: Unit, until: datetime | None) -> tuple[GiftCard, str]:
            return await selling.sell_in(unit, id, amount, until, sku, self.lines)

        return await self._write(
            "gift_cards.sell_in", issuing("gift_cards.sell_in", key, (id, amount, sku), valid_until, make)
        )

    @command
    async def balance(self, code: str) -> Money:
        """What can be paid with the gift card of a *code*, for whoever has it.

        Raises:
            GiftCardMistyped: it can't be a card's code. GiftCardRefused: no card of that code pays; why isn't told.
        """

        async def step(unit: Unit) -> Money:
            (pot,) = await steps.pots_of(unit, [await steps.card_of(unit, code)])
            return Money(pot.left, pot.value.amount.currency)

        return await self.work.read(step)

    @command
    async def find(self, code: str) -> GiftCard:
        """The gift card of a *code*, for whoever has it.

        Raises:
            GiftCardMistyped: it can't be a card's code. GiftCardRefused: no card of that code pays; why isn't told.
        """

        async def step(unit: Unit) -> GiftCard:
            return await steps.card_of(unit, code)

        return await self.work.read(step)

    @command
    async def get(self, card: GiftCardId) -> GiftCard:
        """A gift card by its id, whatever its state: for staff.

        Raises:
            NotFound: there is none.
        """

        async def step(unit: Unit) -> GiftCard:
            return await unit[GIFT_CARDS].get(card)

        return await self.work.read(step)

    @command
    async def page(
        self, *, state: GiftCardState = GiftCardState.ACTIVE, after: str | None = None, limit: int = 100
    ) -> Page[GiftCard]:
        """Gift cards in a *state*, those that expire first in front; at most `Limits.page` at a time.

        Raises:
            InvalidInput: a *limit* below 1.
        """

        async def step(unit: Unit) -> Page[GiftCard]:
            most = await unit.page_size(limit)
            return await unit[GIFT_CARDS].where("by_date", equals={"state": state.value}, after=after, limit=most)

        return await self.work.read(step)

    @command
    async def statement(self, card: GiftCard | GiftCardId) -> Statement:
        """What can be paid with a gift card now, and every movement of it: for staff.

        Nothing can be paid with one that is blocked or past its date; the movements add up to what is on it all the
        same, and that can be paid again when it is unblocked.

        Raises:
            NotFound: there is none.
        """
        id = card.id if isinstance(card, GiftCard) else card

        async def step(unit: Unit) -> Statement:
            return await statements.of_card(unit, await unit[GIFT_CARDS].get(id))

        return await self.work.read(step)

    @command
    async def block(self, card: GiftCard | GiftCardId, *, reason: str) -> GiftCard:
        """Let a gift card pay nothing until it is unblocked; what is on it stays. One that is blocked stays so.

        Raises:
            NotFound: there is none. IllegalGiftCardTransition: it has expired, or was taken back.
            InvalidInput: a reason that can't be kept. In all cases nothing was changed.
        """
        why = given_reason(reason)

        def decide(unit: Unit, held: GiftCard) -> GiftCard:
            if held.state is GiftCardState.BLOCKED:
                return held
            check(held, GiftCardBlocked)
            steps.stop(unit, held)
            return unit[GIFT_CARDS].record(held, GiftCardBlocked(why))

        return await self._write("gift_cards.block", changing(card, decide))

    @command
    async def unblock(self, card: GiftCard | GiftCardId, *, reason: str) -> GiftCard:
        """Let a blocked gift card pay again, until its date. One that isn't blocked stays as it is.

        Raises:
            NotFound: there is none. InvalidInput: a reason that can't be kept. In all cases nothing was changed.
        """
        why = given_reason(reason)

        def decide(unit: Unit, held: GiftCard) -> GiftCard:
            if held.state is not GiftCardState.BLOCKED:
                return held
            steps.start(unit, held)
            return unit[GIFT_CARDS].record(held, GiftCardUnblocked(why))

        return await self._write("gift_cards.unblock", changing(card, decide))

    @command
    async def new_code(self, card: GiftCard | GiftCardId, *, reason: str) -> IssuedCard:
        """A gift card with another code, for one that was lost: the code before it is nobody's from now on.

        Raises:
            NotFound: there is none. IllegalGiftCardTransition: it has expired.
            InvalidInput: a reason that can't be kept. In all cases nothing was changed.
        """
        why, made = given_reason(reason), [""]

        def decide(unit: Unit, held: GiftCard) -> GiftCard:
            check(held, GiftCardCodeChanged)
            made[0] = code = codes.new_code(unit)
            ending = code[-codes.ENDING :]
            return unit[GIFT_CARDS].record(held, GiftCardCodeChanged(codes.digest_of(code), ending, why))

        changed = await self._write("gift_cards.new_code", changing(card, decide))
        return IssuedCard(changed, codes.printed(made[0]))

    async def _write(self, permission: str, step: Callable[[Unit], Awaitable[T]]) -> T:
        return await looking_again(self.work, permission, step)


def issuing(
    scope: str,
    key: str,
    request: tuple[object, ...],
    valid_until: Moment,
    make: Callable[[Unit, datetime | None], Awaitable[tuple[GiftCard, str]]],
) -> Callable[[Unit], Awaitable[IssuedCard]]:
    """The step that issues a card under *key*, once; its code is told to whoever comes first."""

    async def step(unit: Unit) -> IssuedCard:
        until = moment(valid_until, (await unit.settings()).zone, "valid_until", whole_day=True)
        made: list[str] = []

        async def run() -> str:
            card, code = await make(unit, until)
            made.append(codes.printed(code))
            return card.id

        id, _ = await once(unit, scope, key, (*request, until), run)
        return IssuedCard(await unit[GIFT_CARDS].get(id), made[0] if made else None)

    return step


def changing(
    card: GiftCard | GiftCardId, decide: Callable[[Unit, GiftCard], GiftCard]
) -> Callable[[Unit], Awaitable[GiftCard]]:
    """The step that changes a card as *decide* says."""
    id = card.id if isinstance(card, GiftCard) else card

    async def step(unit: Unit) -> GiftCard:
        return decide(unit, await unit[GIFT_CARDS].get(id))

    return step
