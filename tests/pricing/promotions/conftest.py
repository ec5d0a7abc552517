"""A bench on which tests look into the engine: floors that no price list has to state, and what lies before tills."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import attrs
import pytest

from tokolib.kernel.money import IDR
from tokolib.kernel.policies import Policies
from tokolib.pricing.facts import goods_facts
from tokolib.pricing.model import ChargeLine, PriceLine
from tokolib.pricing.price import MINIMUM_FACTS
from tokolib.pricing.promotions.eligible import Question, Sifted, sift
from tokolib.pricing.promotions.giving.candidates import Candidate
from tokolib.pricing.promotions.giving.workings import Terrain, Workings
from tokolib.pricing.promotions.model import Promotion
from tokolib.pricing.promotions.offers import Offers
from tokolib.pricing.promotions.rules import RuleSet

NOW = datetime(2026, 1, 31, 5, 0, tzinfo=UTC)


class Bench:
    """Lines with their prices, charges and floors, and the promotions that look at them."""

    def ground(
        self,
        lines: Sequence[PriceLine],
        prices: Mapping[str, int],
        charges: Sequence[ChargeLine] = (),
        *,
        floors: Mapping[str, int] | None = None,
        policies: Policies | None = None,
        facts: Mapping[str, Any] | None = None,
    ) -> Terrain:
        """The terrain of *lines* at *prices* for one unit; *floors* are for one unit as well."""
        chosen = policies or Policies()
        amounts = [line.quantity * prices[line.key] for line in lines]
        units = [line.quantity for line in lines]
        least = [line.quantity * min((floors or {}).get(line.key, 0), prices[line.key]) for line in lines]
        fees = [charge.amount for charge in charges]
        known = {"now": NOW, "currency": "IDR", **goods_facts(lines), "subtotal": sum(amounts), **(facts or {})}
        return Terrain(
            Workings.of(amounts, units, units, least),
            Workings.of(fees, [1] * len(fees), [1] * len(fees), [0] * len(fees)),
            chosen,
            known,
            MINIMUM_FACTS[chosen.thresholds],
            lambda workings: sum(workings.rest),
        )

    def question(
        self,
        lines: Sequence[PriceLine],
        ground: Terrain,
        promotions: Sequence[Promotion],
        charges: Sequence[ChargeLine] = (),
        *,
        used: Mapping[str, int] | None = None,
        most: int = 250_000,
    ) -> Question:
        """What *promotions* are asked on *ground*."""
        offers = Offers(RuleSet(promotions), used=used or {})
        return Question(offers, ground.facts, IDR, lines, ground, charges, "Asia/Jakarta", most)

    def sift(self, *args: Any, **more: Any) -> Sifted:
        """The candidates among promotions, and who is none."""
        return sift(self.question(*args, **more), ())

    def candidate(self, promotion: Promotion, lines: Sequence[PriceLine], ground: Terrain) -> Candidate | None:
        """The one candidate that *promotion* is; None when it is none."""
        return next(iter(self.sift(lines, ground, [promotion]).candidates), None)

    def with_used(self, ground: Terrain, used: Sequence[int]) -> Terrain:
        """The same, with units that serve in combinations already."""
        return attrs.evolve(ground, lines=attrs.evolve(ground.lines, used=list(used)))


@pytest.fixture(scope="session")
def bench() -> Bench:
    """The bench."""
    return Bench()
