"""Stored value at the till: cards are sold, given away, blocked and lost; customers get credit, and lose it again."""

from datetime import timedelta
from random import Random
from typing import Any, Final

from tokolib.kernel.ids import GiftCardId
from tokolib.kernel.money import IDR, Money
from tokolib.payments.tenders import STORED
from tokolib.stored_value.model import IssuedCard
from tokolib.testing.simulator.acts import Act
from tokolib.testing.simulator.book import Deal
from tokolib.testing.simulator.buyers import CUSTOMERS
from tokolib.testing.simulator.world import CARD, World

_KEY: Final = CARD.casefold()


def make_card(world: World, luck: Random) -> Act | None:
    """A gift card is sold, given away, or made of what an order bought; some are good for hours only."""
    rash = luck.random() < 0.15
    bought = world.book.orders(luck, lambda deal: _may_be_card(deal) and (rash or _is_paid_for(deal)))
    if bought is not None and luck.random() < 0.6:
        return _sell_in(world, luck, bought)
    key, amount = f"card-{luck.randrange(10**9)}", Money(luck.randint(10_000, 150_000), IDR(0).currency)
    until = _until(world, luck)
    method = luck.choice(("", "cash", "bank_transfer"))
    world.purse.asked["gift_card", amount.minor_units] += 1

    def do(shop: Any) -> Any:
        if method:
            return shop.gift_cards.sell(amount, method=method, key=key, valid_until=until)
        return shop.gift_cards.issue(amount, reason="raffle", key=key, valid_until=until)

    return Act(f"{'sells' if method else 'gives away'} a card of {amount}", do, then=_learn(world))


def _may_be_card(deal: Deal) -> bool:
    """Whether an order that stands has a card among its goods that nobody has the code of."""
    cards = [len(line.sold) for line in deal.order.lines if line.key == _KEY]
    return deal.order.placed_at is not None and not deal.is_dead and sum(cards) > len(deal.intent.cards)


def _is_paid_for(deal: Deal) -> bool:
    """Whether it was paid, and not with cards and credit itself."""
    stored = any(each.provider in STORED and each.succeeded for each in deal.intent.operations)
    return deal.order.due.minor_units <= 0 and not stored


def _sell_in(world: World, luck: Random, deal: Deal) -> Act:
    line = next(line for line in deal.order.lines if line.key == _KEY)
    amount = Money(line.line.total // line.units, deal.order.currency)
    world.purse.asked["gift_card", amount.minor_units] += 1
    key, until = f"bought-{luck.randrange(10**9)}", _until(world, luck)
    return Act(
        f"makes a card of {amount} that {deal.id} bought",
        lambda shop: shop.gift_cards.sell_in(deal.order.id, amount, key=key, sku=CARD, valid_until=until),
        then=_learn(world),
    )


def _until(world: World, luck: Random) -> Any:
    hours = luck.choice((0, 0, 0, 12, 48))
    return world.clock.now() + timedelta(hours=hours) if hours else None


def _learn(world: World) -> Any:
    def learn(issued: IssuedCard) -> None:
        if issued.code is not None:  # else it was told to nobody: whoever asks for a new one gets it
            world.book.codes[issued.card.id] = issued.code

    return learn


def watch_card(world: World, luck: Random) -> Act | None:
    """A card is reported lost or stolen: it is blocked, pays again, or gets another code."""
    cards = [pot for pot in world.purse.pots.values() if pot.customer is None]
    if not cards:
        return None
    blocked = [pot for pot in cards if pot.blocked]
    if blocked and luck.random() < 0.7:
        id = GiftCardId(luck.choice(blocked).id)
        return Act(f"unblocks {id}", lambda shop: shop.gift_cards.unblock(id, reason="found"))
    id = GiftCardId(luck.choice(cards[-8:]).id)
    if luck.random() < 0.5:
        return Act(f"blocks {id}", lambda shop: shop.gift_cards.block(id, reason="reported stolen"))
    return Act(f"gives {id} another code", lambda shop: shop.gift_cards.new_code(id, reason="lost"), then=_learn(world))


def give_credit(world: World, luck: Random) -> Act | None:
    """A customer is granted store credit, or some of it is taken back."""
    customer, key = f"cus_{luck.choice(CUSTOMERS)}", f"credit-{luck.randrange(10**9)}"
    has = world.purse.has(customer, world.clock.now())
    if has and luck.random() < 0.25:
        part = Money(max(1, has // luck.choice((1, 2, 3))), IDR(0).currency)
        return Act(
            f"takes {part} of the credit of {customer} back",
            lambda shop: shop.store_credit.withdraw(customer, part, reason="given by mistake", key=key),
        )
    amount, until = Money(luck.randint(5_000, 60_000), IDR(0).currency), _until(world, luck)
    world.purse.asked["store_credit", amount.minor_units] += 1
    return Act(
        f"grants {customer} {amount}",
        lambda shop: shop.store_credit.grant(customer, amount, reason="late parcel", key=key, valid_until=until),
    )
