"""A shop's payment plans on an open unit."""

from collections.abc import Collection

from tokolib.kernel.money import Money
from tokolib.kernel.unit import Unit
from tokolib.payments.plans.decide import put_plan
from tokolib.payments.plans.model import PaymentPlan, PlanOffer, PlanTerms
from tokolib.payments.plans.offering import agreed
from tokolib.payments.plans.ports import PLANS
from tokolib.payments.tenders import Tender


async def offers(unit: Unit) -> tuple[PlanOffer, ...]:
    """Every plan of the shop, those that are no longer offered among them."""
    return await unit[PLANS].derived("by_id", {}, tuple)


async def agree(unit: Unit, name: str, total: Money, tender: Tender, *, reserves: bool) -> PaymentPlan | None:
    """The plan of that *name* for an order of *total* that is asked for now; None for no name.

    Raises:
        UnknownPlan: the shop has none. PlanRefused: the order can't be paid by it. Nothing was recorded.
    """
    if not name:
        return None
    zone = (await unit.settings()).zone
    return agreed(await offers(unit), name, total, tender, reserves=reserves, on=await unit.today(), zone=zone)


async def keep_plan(unit: Unit, name: str, terms: PlanTerms, gateways: Collection[str]) -> PlanOffer:
    """Offer a plan on *terms*; the same again changes nothing.

    Raises:
        UnknownTender, InvalidInput: see `decide.put_plan`.
    """
    held = await unit[PLANS].find(name)
    events = put_plan(held, name, terms, gateways=gateways, settings=await unit.settings())
    return held if held is not None and not events else unit[PLANS].record(held, *events)
