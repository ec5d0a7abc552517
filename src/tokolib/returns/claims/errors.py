"""What claims refuse."""

from typing import ClassVar

import attrs

from tokolib.kernel.errors import TokolibError
from tokolib.kernel.transitions import IllegalTransition


@attrs.frozen
class IllegalClaimTransition(IllegalTransition):
    """The claim is in a state that doesn't allow this; nothing was changed."""

    code: ClassVar[str] = "returns.illegal_claim_transition"
    thing: ClassVar[str] = "claim"


@attrs.frozen
class SpokenFor(TokolibError):
    """Something open is on these units already, and would make up for them twice. Nothing was changed."""

    code: ClassVar[str] = "returns.spoken_for"
    status: ClassVar[int] = 409
    order_id: str
    sku: str
    units: tuple[str, ...]
    """Which units, by line: `lin_1[1-2]` are its first two."""
    by: tuple[str, ...]
    """The ids of the open claims, exchanges and returns that are on them."""

    def __str__(self) -> str:
        units, by = ", ".join(self.units), ", ".join(self.by)
        return f"order {self.order_id}: of {self.sku} the units {units} are spoken for by {by}"

    @property
    def hint(self) -> str:
        ways = {
            "clm_": "decide the claim once: shop.claims.approve, shop.claims.reject or shop.claims.withdraw",
            "exc_": "end the exchange first: shop.exchanges.complete, shop.exchanges.reject or shop.exchanges.cancel",
            "ret_": "settle the return first: shop.returns.accept, shop.returns.reject or shop.returns.cancel",
        }
        return "; ".join(way for prefix, way in ways.items() if any(id.startswith(prefix) for id in self.by))
