"""The repository that charge rules need; `records` implements it."""

from typing import Protocol

from tokolib.kernel.unit import Port, Repository
from tokolib.pricing.charges.model import ChargeRule


class ChargeRules(Repository[ChargeRule], Protocol):
    """**Port.** Charge rules, by code; index `running` (active)."""


CHARGE_RULES: Port[ChargeRules] = Port("charge_rules")
