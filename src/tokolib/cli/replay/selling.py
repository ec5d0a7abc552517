"""Living the year again through the shop's own doors: each document at its own time, and nothing behind their back."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

import attrs

from tokolib.cart.model import LineWish
from tokolib.catalog.drafts import ProductDraft
from tokolib.checkout.model import ChargeWish
from tokolib.cli.replay.accounts import TENTHS_A_PENNY, Accounts, pennies
from tokolib.cli.replay.client import Client
from tokolib.cli.replay.kinds import FEES
from tokolib.cli.replay.planning import Plan
from tokolib.cli.replay.reading import Row
from tokolib.cli.replay.surveying import Article
from tokolib.kernel.ids import CustomerId, OrderId
from tokolib.kernel.limits import Limits
from tokolib.kernel.money import GBP, Money
from tokolib.kernel.policies import PlacementPolicy
from tokolib.kernel.unit_price import PRICE_SCALE, UnitPrice

BATCH: Final = 100
"""Products stored in one go."""
CHANNEL: Final = "replay"


class ReplayClock:
    """The clock of the retailer's year: it says what it was set to."""

    def __init__(self, start: datetime) -> None:
        self.at = start

    def now(self) -> datetime:
        """The instant that is being lived again, in UTC."""
        return self.at


class Till:
    """Does what plans say, and keeps account of what the shop answers."""

    def __init__(self, client: Client, clock: ReplayClock) -> None:
        self.accounts = Accounts()
        self._client = client
        self._clock = clock
        self._orders: list[OrderId] = []
        settings = client.does(lambda shop: shop.settings.get())
        policies = attrs.evolve(settings.policies, placement=PlacementPolicy.FROZEN)  # what is history stays
        self._limits: Limits = client.does(lambda shop: shop.settings.change(policies=policies)).limits

    def stock_up(self, articles: dict[str, Article]) -> None:
        """Make a product of every article, and receive what must have been there."""
        drafts = [ProductDraft(each.name, each.sku) for each in articles.values()]
        for at in range(0, len(drafts), BATCH):
            self._put(drafts[at : at + BATCH])
        for key, article in articles.items():
            self.accounts.of(key).received = article.opening
            if article.opening:
                self._receive(key, article)

    def act(self, plan: Plan) -> None:
        """Do everything that a plan says, at its time."""
        self._clock.at = plan.document.at
        self.accounts.plan(plan)
        for row in plan.found:
            self._find(row)
        if plan.lines:
            self._sell(plan)
        for row in plan.write_offs:
            self._write_off(row)
        for order, lines in plan.returns.items():
            self._take_back(plan, self._orders[order], lines)

    def _put(self, drafts: list[ProductDraft]) -> None:
        for outcome in self._client.does(lambda shop: shop.catalog.put_products(drafts)):
            if outcome.error is not None:
                raise outcome.error

    def _receive(self, key: str, article: Article) -> None:
        sku, units = article.sku, article.opening
        self._client.does(lambda shop: shop.stock.receive(sku, units, key=f"opening:{key}", reference="opening"))

    def _find(self, row: Row) -> None:
        reason, key = _remark(row, "found"), f"found:{row.line}"
        self._client.does(lambda shop: shop.stock.adjust(row.sku, row.quantity, reason=reason, key=key))
        self.accounts.of(row.key).found += row.quantity

    def _write_off(self, row: Row) -> None:
        reason, key = _remark(row, "written off"), f"written-off:{row.line}"
        self._client.does(
            lambda shop: shop.stock.write_off(row.sku, -row.quantity, reason=reason, key=key, reference=row.document)
        )
        self.accounts.of(row.key).written_off -= row.quantity

    def _sell(self, plan: Plan) -> None:
        does, number = self._client.does, plan.document.number
        self._make_room(len(plan.lines))
        wishes = [_wish(row, number) for row in plan.lines]
        charges = [_charge(row, number) for row in plan.charges]
        cart = does(lambda shop: shop.carts.start(wishes, customer=_customer(plan.lines), channel=CHANNEL))
        quote = does(lambda shop: shop.carts.quote(cart, charges=charges))
        order = does(lambda shop: shop.orders.place(quote, tender="cash", key=number))
        shipment = does(lambda shop: shop.shipments.hand_over(order.id, tracking=number, key=number))
        self._orders.append(order.id)
        accounts, keys = self.accounts, {line.id: line.key for line in order.lines}
        for run in shipment.runs:
            accounts.of(keys[run.line_id]).sold += run.units
        fees = 0
        for row, charge in zip(plan.charges, order.charges, strict=True):
            accounts.charged(FEES[row.key].name, charge.total * TENTHS_A_PENNY)
            fees += charge.total
        accounts.money_in.add((order.paid.minor_units - fees) * TENTHS_A_PENNY, len(plan.lines))
        accounts.orders += 1
        accounts.free_orders += order.total.is_zero

    def _take_back(self, plan: Plan, id: OrderId, lines: dict[int, int]) -> None:
        does, number = self._client.does, plan.document.number
        order = does(lambda shop: shop.orders.get(id))
        goods = {str(order.lines[position].id): units for position, units in lines.items()}
        reason, key = f"cancelled by {number}", f"{number}:{id}"
        back = does(lambda shop: shop.returns.accept(id, goods, reason=reason, key=key))
        for line in back.lines:
            sold = order.line(line.run.line_id)
            if sold is not None:
                self.accounts.of(sold.key).returned += line.run.units
        if back.refund is not None:
            self.accounts.money_back.amount -= back.refund.amount.minor_units * TENTHS_A_PENNY
        self.accounts.returns += 1

    def _make_room(self, lines: int) -> None:
        """Raise the limit of a cart's lines when a document has more."""
        if lines > self._limits.cart_lines:
            limits = attrs.evolve(self._limits, cart_lines=lines)
            self._limits = self._client.does(lambda shop: shop.settings.change(limits=limits)).limits


def _wish(row: Row, number: str) -> LineWish:
    price = UnitPrice(row.price * (PRICE_SCALE // TENTHS_A_PENNY), GBP)
    return LineWish(row.sku, row.quantity, price, f"invoice {number}" if row.price else f"gift, invoice {number}")


def _charge(row: Row, number: str) -> ChargeWish:
    fee = FEES[row.key]
    return ChargeWish(fee.kind, row.description or fee.name, Money(pennies(row), GBP), f"invoice {number}")


def _customer(lines: Iterable[Row]) -> CustomerId | None:
    return next((CustomerId(f"cus_{row.customer}") for row in lines if row.customer), None)


def _remark(row: Row, otherwise: str) -> str:
    return row.description or otherwise
