"""How a world begins: its shop, its provider's habits and its policies, as a seed has them."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Final

from tokolib.adapters.tax_table.provider import TableTaxProvider
from tokolib.adapters.urls import storage_from_url
from tokolib.inventory.lots.model import LotReceipt
from tokolib.inventory.model import Tracked
from tokolib.kernel.hosting import resolved
from tokolib.kernel.money import IDR
from tokolib.kernel.policies import (
    CaptureMoment,
    CouponOnCancel,
    CreditReturn,
    PlacementPolicy,
    Policies,
    RefundOrder,
    StockTaken,
    TaxOutage,
)
from tokolib.kernel.quantity import KILOGRAM
from tokolib.kernel.registration import Registration
from tokolib.kernel.return_fees import ReturnFee, ReturnFeeKind
from tokolib.kernel.return_policy import ClawBack, ReturnPolicy, ReturnRule
from tokolib.kernel.sourcing_rules import SourcingPlace, SourcingRules
from tokolib.payments.plans.model import DepositOnCancel, GoodsLeave, LateRule, PlanStep
from tokolib.pricing.promotions.benefits import Scope
from tokolib.records.collections import COLLECTIONS
from tokolib.testing.builders import Given
from tokolib.testing.clock import ManualClock
from tokolib.testing.fake_broker import FakeBroker
from tokolib.testing.fake_courier import AsyncFakeCourier, FakeCourier
from tokolib.testing.fake_gateway import AsyncFakeGateway, FakeGateway, FakeWorld
from tokolib.testing.fake_tax import RATES, AsyncFakeTaxProvider
from tokolib.testing.ids import SeededIds
from tokolib.testing.simulator.collecting import POINTS
from tokolib.testing.simulator.deciding import own_rules
from tokolib.testing.simulator.world import (
    CARD,
    COUPON,
    GAME,
    GOODS,
    MILK,
    NEW,
    PLACES,
    PLANS,
    TO_POINTS,
    Setting,
    Style,
    World,
)

ABROAD: Final = Registration("US", date(2018, 10, 1), scheme="CA")
"""Where the shop owes the tax that its provider works out."""


async def make_world(setting: Setting) -> World:
    """A shop that has just opened, in a world that *setting* and its seed make."""
    luck = Random(setting.seed)
    style = luck.choice(tuple(Style))
    signs, policies = luck.random() < 0.7, _policies(luck)
    style = setting.style or style
    clock = ManualClock()
    bank = FakeWorld(clock, dedupe=style.dedupe, lookup_lag=style.lag)
    made = setting.storage() if setting.storage else "memory://"
    storage = storage_from_url(made, COLLECTIONS, asynchronous=setting.asynchronous) if isinstance(made, str) else made
    await resolved(storage.migrate())
    kind = AsyncFakeGateway if setting.asynchronous else FakeGateway
    awaited = AsyncFakeTaxProvider(clock)
    carrier = AsyncFakeCourier if setting.asynchronous else FakeCourier
    world = World(
        setting=setting,
        style=style,
        clock=clock,
        bank=bank,
        adapter=setting.gateway(bank) if setting.gateway else kind(bank, "fake", signs),
        taxes=awaited if setting.asynchronous else awaited.inner,
        taxman=awaited.inner,
        stand_in=TableTaxProvider(RATES, clock=clock, zone="America/Los_Angeles", stands_in=True),
        broker=FakeBroker(),
        courier=carrier(dedupes=luck.random() < 0.5, looks_up=luck.random() < 0.4, points=POINTS),
        storage=storage,
        ids=SeededIds(setting.seed),
    )
    await world.open("ID")
    with world.plan.quiet():
        await _furnish(world, setting.policies or policies, luck)
    world.watch.fresh(None, 0)
    return world


def _policies(luck: Random) -> Policies:
    return Policies(
        placement=luck.choice(tuple(PlacementPolicy)),
        stock_taken=luck.choice(tuple(StockTaken)),
        coupon_on_cancel=luck.choice(tuple(CouponOnCancel)),
        capture=luck.choice(tuple(CaptureMoment)),
        refund_order=luck.choice(tuple(RefundOrder)),
        credit_return=luck.choice(tuple(CreditReturn)),
        tax_outage=luck.choice(tuple(TaxOutage)),
    )


async def _furnish(world: World, policies: Policies, luck: Random) -> None:
    shop, given = world.shop, Given(world.shop)
    hold_minutes = luck.choice((15, 60))
    places = tuple(SourcingPlace(location=where) for where in PLACES)
    rules = SourcingRules(places=places) if luck.random() < 0.5 else SourcingRules()
    own = {
        "sourcing": rules,
        "policies": policies,
        "hold_minutes": hold_minutes,
        "quote_minutes": 3 * 24 * 60,
        "transfer_hours": 6,
        "return_policy": _return_policy(luck),
    }
    changes = own | own_rules(world.setting.seed) | {"registrations": (ABROAD,)} | world.setting.settings
    await resolved(shop.stock.open_location(PLACES[1], "Toko"))
    changed = await resolved(shop.settings.change(**changes))
    world.purse.returns = changed.policies.credit_return
    await resolved(given.goods(GOODS, stock=12))
    await resolved(given.goods({CARD: 50_000}, stock=12))
    await resolved(given.goods({NEW: 60_000}, stock=0))
    await resolved(shop.backorders.allow(NEW, 8, days=3))
    await resolved(shop.catalog.put(GAME, "Gim", digital=True))
    await resolved(shop.prices.put(GAME, IDR(150_000)))
    await resolved(shop.licences.add(GAME, [f"FIRST-{number}" for number in range(12)], key="keys"))
    for sku in GOODS:
        await resolved(shop.stock.receive(sku, 6, location=PLACES[1], key=f"toko-{sku}"))
    await resolved(given.goods({"GULA": 14_500}, unit=KILOGRAM, weight="1 kg", stock="15"))
    await resolved(given.goods({"PAKET": 100_000}, components={"KOPI": 1, "TEH": 2}))
    await resolved(given.delivery({"jne": 18_000}))
    await resolved(given.delivery({"kurir": 30_000, "kapal": 90_000}, cod=False))
    await resolved(shop.delivery.flat(TO_POINTS, IDR(9_000), points_of=world.courier.name))
    await _stock_milk(world)
    await resolved(shop.promotions.percent("hemat", 10, coupon=COUPON, usage_limit=2))
    await resolved(shop.promotions.fixed("ongkir", IDR(5_000), on=Scope.SHIPPING))
    await _offer_plans(world, luck)


async def _stock_milk(world: World) -> None:
    """Goods in lots, of which the first one to expire leaves first."""
    shop, days = world.shop, {"B-0": 3, "B-1": 30}
    world.lots |= {lot: world.clock.now().date() + timedelta(days=left) for lot, left in days.items()}
    await resolved(shop.catalog.put(MILK, "Susu", weight="1 kg"))
    await resolved(shop.prices.put(MILK, IDR(24_000)))
    await resolved(shop.lots.track(MILK, Tracked.LOT))
    lots = [LotReceipt(lot, 4, expires_on=on) for lot, on in world.lots.items()]
    await resolved(shop.stock.receive(MILK, 8, lots=lots, key="milk"))


def _return_policy(luck: Random) -> ReturnPolicy:
    """In half of the shops all may come back at any time and for nothing; in the others by rules, and for a fee."""
    if luck.random() < 0.5:
        return ReturnPolicy()
    fee = ReturnFee(kind=ReturnFeeKind.RESTOCKING, label="Restocking fee", rate=Decimal("0.1"))
    way_back = ReturnFee(kind=ReturnFeeKind.RETURN_SHIPPING, label="Return shipping", once=IDR(15_000))
    fees = luck.choice(((), (fee,), (fee, way_back)))
    return ReturnPolicy(
        rules=(ReturnRule(code="usual", days=luck.choice((3, 30)), fees=fees),),
        claw_back=luck.choice(tuple(ClawBack)),
    )


async def _offer_plans(world: World, luck: Random) -> None:
    """A deposit and two instalments, as late as the seed lets them be; and half now, half tomorrow, on credit."""
    first, second = PLANS
    await resolved(
        world.shop.plans.put(
            first,
            title="DP 30 %",
            deposit="0.30",
            steps=(PlanStep(days=1), PlanStep(days=2, weight=2)),
            late=luck.choice(tuple(LateRule)),
            deposit_on_cancel=luck.choice(tuple(DepositOnCancel)),
        )
    )
    await resolved(
        world.shop.plans.put(
            second,
            title="Bayar separuh",
            deposit="0.5",
            steps=(PlanStep(days=1),),
            late=luck.choice(tuple(LateRule)),
            goods=GoodsLeave.WHILE_ON_TIME,
        )
    )
