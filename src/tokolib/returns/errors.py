"""What returns refuse."""

from typing import ClassVar

import attrs

from tokolib.kernel.errors import TokolibError
from tokolib.kernel.transitions import IllegalTransition


@attrs.frozen
class IllegalReturnTransition(IllegalTransition):
    """The return is in a state that does not allow this; nothing was changed."""

    code: ClassVar[str] = "returns.illegal_transition"
    thing: ClassVar[str] = "return"


@attrs.frozen
class NothingToReturn(TokolibError):
    """No units were named, or none of the order is with the customer; nothing was changed."""

    code: ClassVar[str] = "returns.nothing_to_return"
    order_id: str

    def __str__(self) -> str:
        return f"nothing of order {self.order_id} was named that the customer has"

    @property
    def hint(self) -> str:
        return "name shipped units by SKU or line id, such as {'KOPI-250': 1}"


@attrs.frozen
class AllRefused(TokolibError):
    """Nothing of what came is taken back, so there is nothing to credit. Nothing was changed."""

    code: ClassVar[str] = "returns.all_refused"
    status: ClassVar[int] = 409
    return_id: str

    def __str__(self) -> str:
        return f"return {self.return_id}: all that came was refused, and there is nothing to credit"

    @property
    def hint(self) -> str:
        return (
            "reject the return and say why (shop.returns.reject), or the exchange that it is a part of "
            "(shop.exchanges.reject); or inspect the goods anew (shop.returns.inspect)"
        )


@attrs.frozen
class AmbiguousSku(TokolibError):
    """Several lines of the order have this SKU; say which line. Nothing was changed."""

    code: ClassVar[str] = "returns.ambiguous_sku"
    order_id: str
    sku: str
    lines: tuple[str, ...]

    def __str__(self) -> str:
        return f"order {self.order_id} has {self.sku} in several lines: {', '.join(self.lines)}"

    @property
    def hint(self) -> str:
        return "name the line's id instead of the SKU"


@attrs.frozen
class NoReturnLabel(TokolibError):
    """No label of the return is bought or asked for. Nothing was changed."""

    code: ClassVar[str] = "returns.no_label"
    status: ClassVar[int] = 409
    return_id: str

    def __str__(self) -> str:
        return f"return {self.return_id} has no label that could be given back"

    @property
    def hint(self) -> str:
        return "shop.return_labels.of(goods) lists those that it had; buy one: shop.return_labels.buy(goods, ...)"


@attrs.frozen
class PartOfAnother(TokolibError):
    """The return is settled together with what replaces its goods, not by itself. Nothing was changed."""

    code: ClassVar[str] = "returns.part_of_another"
    status: ClassVar[int] = 409
    return_id: str
    part_of: str

    def __str__(self) -> str:
        return f"return {self.return_id} is a part of {self.part_of}, and is settled with it"

    @property
    def hint(self) -> str:
        return "complete or reject that one instead: shop.exchanges.complete(...), shop.exchanges.reject(...)"


@attrs.frozen
class NotEven(TokolibError):
    """What replaces the goods can't take over what they were sold for, unit by unit. Nothing was changed."""

    code: ClassVar[str] = "returns.not_even"
    status: ClassVar[int] = 409
    order_id: str
    why: str

    def __str__(self) -> str:
        return f"order {self.order_id}: no even replacement: {self.why}"

    @property
    def hint(self) -> str:
        return "replace unit by unit what is counted and taxed alike, or give it a price: pricing='now', or a LineWish"
