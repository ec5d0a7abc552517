"""Charge rules on an open unit: those that run, and how one is kept."""

from tokolib.kernel.unit import Unit
from tokolib.pricing.charges.decide import put_charge
from tokolib.pricing.charges.model import ChargeRule, ChargeTerms
from tokolib.pricing.charges.ports import CHARGE_RULES
from tokolib.pricing.charges.tariff import Tariff
from tokolib.tax.rules import check_class


async def tariff(unit: Unit) -> Tariff:
    """All charge rules that run, made ready."""
    return await unit[CHARGE_RULES].derived("running", {"active": 1}, Tariff)


async def keep_charge(unit: Unit, id: str, terms: ChargeTerms) -> ChargeRule:
    """Make a charge rule, or change its terms; the same again changes nothing.

    Raises:
        InvalidInput: every fault of the terms. UnknownTaxClass: the shop's country has no such class.
    """
    settings = await unit.settings()
    held = await unit[CHARGE_RULES].find(id)
    events = put_charge(held, id, terms, settings)
    check_class(settings.country, terms.tax_class)
    return held if held is not None and not events else unit[CHARGE_RULES].record(held, *events)
