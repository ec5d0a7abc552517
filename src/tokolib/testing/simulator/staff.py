"""Staff: they receive goods and money, ship, take back, refund, change prices, and say things twice."""

from random import Random

from tokolib.effects.model import EffectKind
from tokolib.kernel.money import IDR, Money
from tokolib.orders.lines import OrderLine
from tokolib.orders.model import OrderState
from tokolib.payments.tenders import STORED
from tokolib.returns.model import Disposition
from tokolib.testing.simulator.acts import Act
from tokolib.testing.simulator.book import Deal, Word
from tokolib.testing.simulator.world import CARD, COUPON, GOODS, NEW, PLACES, World

STOCKED = (*GOODS, NEW, "GULA", CARD)


def receive_goods(world: World, luck: Random) -> Act | None:
    """A delivery arrives."""
    sku, key = luck.choice(STOCKED), f"delivery-{luck.randrange(10**9)}"
    pieces, where = luck.randint(2, 8), luck.choice((PLACES[0], *PLACES))
    return Act(
        f"receives {pieces} {sku} at {where}", lambda shop: shop.stock.receive(sku, pieces, location=where, key=key)
    )


def count_goods(world: World, luck: Random) -> Act | None:
    """What is on the shelf isn't what the books say, or broke."""
    sku, change = luck.choice(STOCKED), luck.choice((-2, -1, 1))
    if change > 0 or luck.random() < 0.5:
        return Act(
            f"counts {change:+} {sku}", lambda shop: shop.stock.adjust(sku, change, reason="counted"), again=False
        )
    return Act(
        f"writes {-change} {sku} off", lambda shop: shop.stock.write_off(sku, -change, reason="broken"), again=False
    )


def take_money(world: World, luck: Random) -> Act | None:
    """A transfer arrives: whole, in part, too much, too late, or it is said twice; or the courier's cash does."""
    if world.book.words and luck.random() < 0.2:
        return say(world, luck.choice(world.book.words))
    late, part = luck.random() < 0.3, luck.random() < 0.6
    over = (OrderState.EXPIRED,) if luck.random() < 0.8 else (OrderState.CANCELLED, OrderState.COMPLETED)

    def is_over(deal: Deal) -> bool:
        waited = deal.order.tender == "bank_transfer" and deal.order.state in over
        return waited and (not part or _rest(deal) < deal.order.total.minor_units)

    def is_awaited(deal: Deal) -> bool:
        order = deal.order
        if order.tender == "cod":
            return order.state is OrderState.PLACED and order.due.minor_units > 0
        return order.tender == "bank_transfer" and order.state is OrderState.PENDING_PAYMENT

    deal = (late and world.book.orders(luck, is_over)) or world.book.orders(luck, is_awaited)
    if not deal:
        return None
    due = _rest(deal) if deal.is_dead else max(deal.order.due.minor_units, 1_000)
    paid = luck.choices((due, due * 2, due // 2, due + 500), (45, 10, 35, 10) if deal.is_dead else (70, 8, 14, 8))[0]
    word = Word(deal.id, Money(paid, deal.order.currency), deal.order.tender, f"trf-{luck.randrange(10**9)}")
    return say(world, word)


def _rest(deal: Deal) -> int:
    """What somebody was to transfer who doesn't know that the order is over: all but what cards and credit had paid."""
    stored = (each for each in deal.intent.operations if each.provider in STORED and each.kind is EffectKind.CHARGE)
    return max(1_000, deal.order.total.minor_units - sum(each.amount.minor_units for each in stored))


def say(world: World, word: Word) -> Act:
    """Somebody says that money came, for the first time or again."""
    if word not in world.book.said:
        world.book.remember(world.book.words, word)
        world.book.said.append(word)
    return Act(
        f"says that {word.amount} came for {word.order_id} as {word.reference}",
        lambda shop: shop.payments.received(word.order_id, word.amount, method=word.method, reference=word.reference),
        then=lambda _: world.book.heard.add(word),
    )


def hand_over(world: World, luck: Random) -> Act | None:
    """Goods leave, all or some; at times of an order that may not ship."""
    rash = luck.random() < 0.1

    def fits(deal: Deal) -> bool:
        return rash or (deal.order.shippable and any(map(leaves, deal.order.lines)))

    if (deal := world.book.orders(luck, fits)) is None:
        return None
    lines = [line for line in deal.order.lines if len(line.ready) > 1 and line.key != "gula"]
    goods = {luck.choice(lines).id: 1} if lines and luck.random() < 0.4 else None
    number = luck.randrange(10**9)
    key, where, tracking = f"shipment-{number}", place_of(deal, luck), luck.choice(("", f"RESI{number}"))
    return Act(
        f"hands {deal.id} over",
        lambda shop: shop.shipments.hand_over(deal.order.id, goods, location=where, tracking=tracking, key=key),
    )


def leaves(line: OrderLine) -> bool:
    """Whether goods of a line are here, and may be sent."""
    return bool(line.ready) and not line.line.digital


def place_of(deal: Deal, luck: Random) -> str:
    """One of the places that an order leaves from, where it leaves from several; at times nobody names it."""
    places = sorted({each.location for line in deal.order.lines for each in line.sources})
    return luck.choice((*places, "")) if places else ""


def deliver(world: World, luck: Random) -> Act | None:
    """A shipment arrives; some are told to have arrived twice."""
    twice = luck.random() < 0.05
    on_the_way = [each for each in world.book.shipments.values() if twice or each.delivered_at is None]
    if not on_the_way:
        return None
    shipment = luck.choice(on_the_way)
    return Act(f"{shipment.id} arrives", lambda shop: shop.shipments.delivered(shipment.id))


def take_back(world: World, luck: Random) -> Act | None:
    """Goods come back, and are accepted as they are."""
    if (named := _kept(world, luck)) is None:
        return None
    deal, goods = named
    key, shelf = f"return-{luck.randrange(10**9)}", luck.choice((Disposition.RESTOCK, Disposition.WRITE_OFF))
    to = "cash" if deal.order.tender == "cod" and luck.random() < 0.5 else None
    return Act(
        f"takes {goods} of {deal.id} back",
        lambda shop: shop.returns.accept(
            deal.order.id, goods, reason="too small", disposition=shelf, refund_to=to, key=key
        ),
    )


def ask_return(world: World, luck: Random) -> Act | None:
    """A customer wants to send goods back."""
    if (named := _kept(world, luck)) is None:
        return None
    deal, goods = named
    key = f"wish-{luck.randrange(10**9)}"
    return Act(
        f"wants to send {goods} of {deal.id} back",
        lambda shop: shop.returns.request(deal.order.id, goods, reason="too large", key=key),
    )


def judge_return(world: World, luck: Random) -> Act | None:
    """Goods that were announced arrive, or may not come."""
    waiting = world.book.requested_returns()
    if not waiting:
        return None
    goods = luck.choice(waiting)
    if luck.random() < 0.3:
        return Act(f"refuses {goods.id}", lambda shop: shop.returns.reject(goods.id, note="worn"))
    key = f"judged-{luck.randrange(10**9)}"
    return Act(f"accepts {goods.id}", lambda shop: shop.returns.accept(goods.id, key=key))


def _kept(world: World, luck: Random) -> tuple[Deal, dict[str, int]] | None:
    card = luck.random() < 0.4

    def fits(deal: Deal) -> bool:
        kept = any(line.kept for line in deal.order.lines if line.key != "gula")
        return kept and (not card or bool(deal.intent.cards))

    if (deal := world.book.orders(luck, fits)) is None:
        return None
    line = luck.choice([line for line in deal.order.lines if line.kept and line.key != "gula"])
    units = len(line.kept)
    return deal, {line.id: luck.randint(1, units)}


def refund(world: World, luck: Random) -> Act | None:
    """Money goes back out of courtesy, at times more than there is."""
    if (deal := world.book.orders(luck, lambda deal: deal.intent.totals.refundable > 0)) is None:
        return None
    most = deal.intent.totals.refundable
    amount = Money(luck.choice((most, max(1, most // 3), 1_000, most + 1)), deal.order.currency)
    key = f"refund-{luck.randrange(10**9)}"
    return Act(
        f"refunds {amount} of {deal.id}",
        lambda shop: shop.payments.refund(deal.order.id, amount, reason="sorry", key=key),
    )


def allow(world: World, luck: Random) -> Act | None:
    """A part of the price is let off."""
    if (deal := world.book.orders(luck, lambda deal: deal.order.state is OrderState.PLACED)) is None:
        return None
    amount, key = IDR(luck.choice((500, 5_000, 50_000))), f"allowance-{luck.randrange(10**9)}"
    return Act(
        f"lets {amount} of {deal.id} off",
        lambda shop: shop.orders.grant_allowance(deal.order.id, amount, reason="a scratch", key=key),
    )


def reprice(world: World, luck: Random) -> Act | None:
    """A price changes, so that quotes no longer hold where prices are worked out anew."""
    sku = luck.choice(tuple(GOODS))
    price = IDR(GOODS[sku] + luck.randint(-3, 3) * 1_000)
    return Act(f"{sku} costs {price} now", lambda shop: shop.prices.put(sku, price))


def raise_limit(world: World, luck: Random) -> Act | None:
    """So many more orders may have the coupon."""
    used = sum(any(use.code for use in deal.order.uses) for deal in world.book.deals.values() if not deal.is_dead)
    limit = used + luck.randint(1, 2)
    return Act(
        f"lets {limit} orders have {COUPON}",
        lambda shop: shop.promotions.percent("hemat", 10, coupon=COUPON, usage_limit=limit),
    )


def pay_out(world: World, luck: Random) -> Act | None:
    """A refund is handed over, or can't be; or it is said twice."""
    if (deal := world.book.orders(luck, lambda deal: deal.intent.payouts)) is None:
        return None
    operation = luck.choice(deal.intent.payouts)
    if luck.random() < 0.2:
        return Act(
            f"can't hand {operation.amount} of {deal.id} over",
            lambda shop: shop.payments.payout_failed(operation.id, reason="no such account"),
        )
    return Act(
        f"hands {operation.amount} of {deal.id} over",
        lambda shop: shop.payments.paid_out(operation.id, reference=f"out-{operation.id}"),
    )


def charge(world: World, luck: Random) -> Act | None:
    """What is outstanding is charged once more, or by the gateway for the first time."""

    def fits(deal: Deal) -> bool:
        alive = deal.order.state in (OrderState.PENDING_PAYMENT, OrderState.PLACED)
        return alive and not deal.intent.outstanding.is_zero

    if (deal := world.book.orders(luck, fits)) is None:
        return None
    return Act(
        f"charges {deal.id} by {world.gateway}", lambda shop: shop.payments.charge(deal.order.id, gateway=world.gateway)
    )


def write_paper(world: World, luck: Random) -> Act | None:
    """An invoice, or a credit note for what came back, or for an order that was cancelled."""
    accepted = [goods for goods in world.book.returns.values() if goods.refund is not None]
    if accepted and luck.random() < 0.4:
        goods = luck.choice(accepted)
        return Act(f"writes a credit note of {goods.id}", lambda shop: shop.invoices.credit(goods.id))
    if (deal := world.book.orders(luck, lambda deal: deal.order.placed_at is not None)) is None:
        return None
    if deal.is_dead and luck.random() < 0.5:
        return Act(f"writes a credit note of {deal.id}", lambda shop: shop.invoices.credit(deal.order.id))
    return Act(f"writes the invoice of {deal.id}", lambda shop: shop.invoices.issue(deal.order.id))
