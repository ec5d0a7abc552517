"""What claims keep."""

from typing import Protocol

from tokolib.kernel.unit import Port, Repository
from tokolib.returns.claims.model import Claim


class Claims(Repository[Claim], Protocol):
    """The claims of the shop; index `by_order` finds those of one order."""


CLAIMS: Port[Claims] = Port("claims")
