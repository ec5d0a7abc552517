"""The repository that accepting tenders needs; `records` implements it."""

from typing import Protocol

from tokolib.kernel.unit import Port, Repository
from tokolib.payments.accepting.model import TenderPolicy


class TenderPolicies(Repository[TenderPolicy], Protocol):
    """**Port.** The shop's word on tenders, by the tender's name; index `by_id` lists all."""


TENDERS: Port[TenderPolicies] = Port("tenders")
