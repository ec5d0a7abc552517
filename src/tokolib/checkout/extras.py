"""What a customer wishes beside the goods: lines wrapped as gifts, and codes of charge rules."""

from collections.abc import Iterable, Sequence

from tokolib.cart.model import CartLine
from tokolib.catalog.sku import key as sku_key
from tokolib.kernel.errors import Fault, InvalidInput
from tokolib.pricing.charges.decide import charge_code

Wrap = bool | Sequence[CartLine | str]
"""All lines, none, or some: by line, by its id, or by SKU."""


def lines_to_wrap(wrap: Wrap, lines: Sequence[CartLine]) -> tuple[str, ...]:
    """The ids of the *lines* that are to be wrapped, in their order.

    Raises:
        InvalidInput: something that is to be wrapped is none of them; all, with paths.
    """
    if isinstance(wrap, bool):
        return tuple(line.id for line in lines) if wrap else ()
    found = set[str]()
    faults: list[Fault] = []
    for at, each in enumerate(wrap):
        name = each.id if isinstance(each, CartLine) else each
        named = {line.id for line in lines if line.id == name or line.key == sku_key(name)}
        if not named:
            wanted = "is no line of it: give a line, its id, or its SKU"
            faults.append(Fault(f"wrap[{at}]", "checkout.unknown_line", wanted, name[:100]))
        found |= named
    if faults:
        raise InvalidInput(tuple(faults))
    return tuple(line.id for line in lines if line.id in found)


def codes_of(extras: Iterable[str]) -> tuple[str, ...]:
    """The codes of charge rules that are wished for, each once.

    Raises:
        InvalidInput: some are no codes.
    """
    return tuple(sorted({charge_code(each) for each in extras}))
