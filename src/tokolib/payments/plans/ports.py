"""The repository that payment plans need; `records` implements it."""

from typing import Protocol

from tokolib.kernel.unit import Port, Repository
from tokolib.payments.plans.model import PlanOffer


class PlanOffers(Repository[PlanOffer], Protocol):
    """**Port.** The shop's payment plans, by their names; index `by_id` lists all."""


PLANS: Port[PlanOffers] = Port("payment_plans")
