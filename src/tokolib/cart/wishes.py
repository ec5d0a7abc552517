"""Lines as callers give them: quantities by SKU, or one wish for each line."""

from collections.abc import Iterable, Iterator, Mapping

from tokolib.cart.model import LineWish
from tokolib.kernel.errors import Fault, InvalidInput, shown
from tokolib.kernel.quantity import Counted

Lines = Mapping[str, Counted] | Iterable[LineWish]
"""Quantities by SKU, or one `LineWish` for each line."""


def as_wishes(lines: Lines) -> tuple[LineWish, ...]:
    """*lines* as wishes.

    Raises:
        InvalidInput: some are none, or have a SKU or a reason that is no text; all of them are named.
    """
    if isinstance(lines, Mapping):
        return tuple(LineWish(sku, quantity) for sku, quantity in lines.items())
    wishes = tuple(lines)
    if faults := tuple(fault for at, wish in enumerate(wishes) for fault in _faults(f"lines[{at}]", wish)):
        raise InvalidInput(faults)
    return wishes


def _faults(path: str, wish: object) -> Iterator[Fault]:
    if not isinstance(wish, LineWish):
        yield Fault(path, "kernel.wrong_type", "must be a LineWish", shown(wish))
        return
    texts: tuple[tuple[str, object], ...] = (("sku", wish.sku), ("reason", wish.reason))
    for name, text in texts:
        if not isinstance(text, str):
            yield Fault(f"{path}.{name}", "kernel.wrong_type", "must be text", shown(text))
