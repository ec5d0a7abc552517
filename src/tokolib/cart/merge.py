"""Two carts become one: a guest signs in, and the customer has a cart already.

The laws, checked by Hypothesis: merging the same cart again changes nothing; nothing that one of the two wished
for is lost unless a limit says so, and then what was cut is named; and it doesn't matter which pair of three
carts is merged first, as long as no limit bites.

`ALL` keeps every line of both: a line is known by its id, so one that came in before isn't added again. `LARGER`
takes each SKU from the cart that has more of it, and from the first when both have as much.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

import attrs

from tokolib.cart.model import Cart, CartLine
from tokolib.kernel.limits import Limits


class MergePolicy(StrEnum):
    """What becomes of a SKU that both carts have."""

    ALL = "all"
    LARGER = "larger"


@attrs.frozen
class Cut:
    """A line that a limit made smaller, or (kept: 0) left out."""

    line: CartLine
    kept: int


@attrs.frozen
class MergedCart:
    """What came of a merge: the cart, and what limits have cut from it."""

    cart: Cart
    cuts: tuple[Cut, ...] = ()
    left_out: tuple[str, ...] = ()
    """Coupons that the cart has no room for."""


def merged(into: Sequence[CartLine], other: Sequence[CartLine], policy: MergePolicy) -> tuple[CartLine, ...]:
    """The lines of both, those of *into* first, before any limit."""
    if policy is MergePolicy.LARGER:
        mine, theirs = totals(into), totals(other)
        stay = [line for line in into if mine[line.key] >= theirs.get(line.key, 0)]
        come = [line for line in other if theirs[line.key] > mine.get(line.key, 0)]
        return _united(stay, come)
    return _united(into, other)


def _united(first: Sequence[CartLine], second: Sequence[CartLine]) -> tuple[CartLine, ...]:
    """Lines by id; one that is in both has the larger quantity."""
    lines = {line.id: line for line in first}
    for line in second:
        known = lines.setdefault(line.id, line)
        if line.quantity > known.quantity:
            lines[line.id] = attrs.evolve(known, quantity=line.quantity)
    return tuple(lines.values())


def totals(lines: Iterable[CartLine]) -> dict[str, int]:
    """Steps by SKU key."""
    sums: dict[str, int] = {}
    for line in lines:
        sums[line.key] = sums.get(line.key, 0) + line.quantity
    return sums


def united_coupons(into: Sequence[str], other: Sequence[str], most: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The coupons of both, each once, *most* at most; and those beyond."""
    once = tuple(dict.fromkeys([*into, *other]))
    return once[:most], once[most:]


def capped(
    lines: Iterable[CartLine], purchase_limits: Mapping[str, int | None], limits: Limits
) -> tuple[tuple[CartLine, ...], tuple[Cut, ...]]:
    """*lines* within the limits of each SKU, of each line and of the cart, earlier ones first; and what was cut."""
    left = {key: most for key, most in purchase_limits.items() if most is not None}
    kept: list[CartLine] = []
    cuts: list[Cut] = []
    for line in lines:
        most = min(line.quantity, limits.line_quantity, left.get(line.key, line.quantity))
        if len(kept) >= limits.cart_lines:
            most = 0
        if line.key in left:
            left[line.key] -= most
        if most > 0:
            kept.append(line if most == line.quantity else attrs.evolve(line, quantity=most))
        if most < line.quantity:
            cuts.append(Cut(line, most))
    return tuple(kept), tuple(cuts)
