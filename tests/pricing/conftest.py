"""A counter at which tests ask for prices: everything has a default, and a test says what it is about."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs
import pytest

from tokolib.adapters.memory.storage import MemoryStorage
from tokolib.adapters.system import SystemIds
from tokolib.conditions import Predicate
from tokolib.conditions.model import ALWAYS
from tokolib.kernel.configuration import SettingsChanged
from tokolib.kernel.ctx import AllowAll, Ctx
from tokolib.kernel.defaults import defaults
from tokolib.kernel.events import stream_of
from tokolib.kernel.explain import reason
from tokolib.kernel.hosting import Awaiting, Blocking, drive, resolved
from tokolib.kernel.ids import PriceListId, PromotionId
from tokolib.kernel.money import IDR, Currency, Money
from tokolib.kernel.policies import Policies
from tokolib.kernel.rounding import RoundingLevel, RoundingMode, RoundingProfile
from tokolib.kernel.settings import Settings
from tokolib.kernel.unit import SETTINGS, Unit
from tokolib.kernel.unit_price import UnitPrice
from tokolib.kernel.work import Work
from tokolib.pricing.model import ChargeKind, ChargeLine, PriceLine, StatedPrice
from tokolib.pricing.price import price
from tokolib.pricing.priced import Priced
from tokolib.pricing.prices.book import PriceBook
from tokolib.pricing.prices.model import Price, PriceList, Tier
from tokolib.pricing.prices.service import PriceService
from tokolib.pricing.promotions.benefits import AmountOff, Benefit, FixedPrice, Off, Percent, Scope, Value
from tokolib.pricing.promotions.model import Coupon, Promotion, Terms
from tokolib.pricing.promotions.offers import Offers
from tokolib.pricing.promotions.rules import RuleSet
from tokolib.pricing.promotions.service import PromotionService
from tokolib.pricing.promotions.terms import amounts
from tokolib.records.collections import COLLECTIONS
from tokolib.records.registry import repositories
from tokolib.tax.model import Assessment, Component

NOW = datetime(2026, 1, 31, 5, 0, tzinfo=UTC)
LINE_HALF_UP = RoundingProfile(RoundingMode.HALF_UP, RoundingLevel.LINE)
PPN = Component("PPN", "PPN", Decimal(12), Fraction(11, 12), "S", "PMK 131/2024")
LOCAL = Component("PB1", "Pajak daerah", Decimal(10), Fraction(1), "S", "Perda")


def assessment(*components: Component, profile: RoundingProfile = LINE_HALF_UP) -> Assessment:
    return Assessment(components, profile, reason("tax.rule" if components else "tax.not_registered"))


NO_TAX = assessment()
WITH_PPN = assessment(PPN)


class Counter:
    """Builders with defaults, and `ask`."""

    now = NOW
    ppn = WITH_PPN
    no_tax = NO_TAX
    local = assessment(PPN, LOCAL)

    def line(self, id: str, key: str | None = None, quantity: int = 1, **more: Any) -> PriceLine:
        name = key or id
        return PriceLine(id, name, name.upper(), quantity, **more)

    def stated(self, price: Money | UnitPrice) -> StatedPrice:
        return StatedPrice(UnitPrice.of(price), "staff:ani", "kemasan penyok")

    def shipping(self, amount: int, id: str = "ship", **more: Any) -> ChargeLine:
        return ChargeLine(id, ChargeKind.SHIPPING, "JNE REG", amount, **more)

    def list(self, code: str = "idr", currency: str = "IDR", **more: Any) -> PriceList:
        return PriceList(PriceListId(f"pls_{code}"), 1, code, code, currency, **more)

    def price(
        self, key: str, amount: Money | UnitPrice, into: str = "idr", tiers: Mapping[Any, Money] | None = None
    ) -> Price:
        steps = tuple(Tier(Decimal(at), UnitPrice.of(each)) for at, each in sorted((tiers or {}).items()))
        return Price(f"prc_pls_{into}|{key}", 1, PriceListId(f"pls_{into}"), key, UnitPrice.of(amount), steps)

    def book(self, prices: Mapping[str, int], currency: Currency = IDR) -> PriceBook:
        code = currency.code.lower()
        rows = tuple(self.price(key, Money(amount, currency), code) for key, amount in prices.items())
        return PriceBook((self.list(code, currency.code),), rows)

    def promotion(
        self,
        id: str,
        scope: Scope = Scope.ORDER,
        *,
        percent: Any = None,
        amount: Money | None = None,
        price: Money | None = None,
        target: Predicate = ALWAYS,
        benefit: Benefit | None = None,
        **more: Any,
    ) -> Promotion:
        value: Value
        if amount is not None:
            value = AmountOff(amount)
        else:
            value = Percent(percent or 10) if price is None else FixedPrice(price)
        given = benefit or Off(value, scope, target)
        named = [*amounts(given), *(more[name] for name in ("cap", "at_least") if more.get(name) is not None)]
        more.setdefault("currency", named[0].currency.code if named else "")
        return Promotion(PromotionId(f"prm_{id}"), 1, Terms(id, given, **more))

    def coupon(self, code: str, promotion: Promotion, **more: Any) -> Coupon:
        return Coupon(f"cpn_{code}", 1, code, promotion.id, **more)

    def settings(self, policies: Policies | None = None, **changes: Any) -> Settings:
        if policies is not None:
            changes["policies"] = policies
        return attrs.evolve(defaults("ID"), **changes)

    def ask(
        self,
        lines: Sequence[PriceLine],
        charges: Sequence[ChargeLine] = (),
        *,
        prices: Mapping[str, int] | None = None,
        book: PriceBook | None = None,
        promotions: Sequence[Promotion] = (),
        issued: Sequence[Coupon] = (),
        coupons: Sequence[str] = (),
        used: Mapping[str, int] | None = None,
        facts: Mapping[str, Any] | None = None,
        tax: Assessment | Mapping[str, Assessment] = NO_TAX,
        settings: Settings | None = None,
        currency: Currency = IDR,
    ) -> Priced:
        rules = tax if isinstance(tax, Mapping) else {}
        return price(
            lines,
            charges,
            book=book if book is not None else self.book(prices or {}, currency),
            promotions=Offers(
                RuleSet(each for each in promotions if not each.terms.by_coupon),
                tuple(each for each in promotions if each.terms.by_coupon),
                tuple(issued),
                used or {},
            ),
            coupons=coupons,
            facts={"now": NOW, **(facts or {})},
            tax=lambda name: rules[name] if rules else tax,
            settings=settings or self.settings(),
            currency=currency,
        )


@pytest.fixture(scope="session")
def counter() -> Counter:
    """The counter at which tests ask."""
    return Counter()


class Clock:
    """A clock that a test sets."""

    time = NOW

    def now(self) -> datetime:
        return self.time


KINDS = {"pls_": "price_lists", "prc_": "prices", "prm_": "promotions", "cpn_": "coupons"}
"""The collection of an id, by how the id begins."""


class Till:
    """The doors `prices` and `promotions` of a shop, blocking and awaited, on a storage in memory."""

    def __init__(self) -> None:
        storage = MemoryStorage(COLLECTIONS)
        self.work = Work(storage, repositories(), Clock(), SystemIds(), AllowAll(), Ctx())
        self.prices: PriceService[Blocking] = PriceService(self.work, True)
        self.promotions: PromotionService[Blocking] = PromotionService(self.work, True)
        self.awaited: PriceService[Awaiting] = PriceService(self.work, False)
        self.do(self._start)

    async def _start(self, unit: Unit) -> None:
        unit[SETTINGS].record(None, SettingsChanged(attrs.evolve(defaults("ID"), currencies=("USD",))))

    def do(self, step: Callable[[Unit], Awaitable[Any]]) -> Any:
        """Run a step in a unit of its own, and commit."""
        return drive(self.work.write("test", step))

    def history(self, id: str) -> list[str]:
        """The topics of what happened to an aggregate."""

        async def step(unit: Unit) -> list[str]:
            return [event.topic for event in await resolved(unit.work.history(stream_of(KINDS[id[:4]], id)))]

        topics: list[str] = self.do(step)
        return topics


@pytest.fixture
def till() -> Till:
    """An empty shop's prices and promotions."""
    return Till()
